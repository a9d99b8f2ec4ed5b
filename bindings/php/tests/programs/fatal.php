<?php

declare(strict_types=1);

// A page whose every request ends by a fatal error while a call of a megabyte is open: no destructor runs then. `how` asks
// how much memory the server has come to, in KiB.

require __DIR__ . '/../../autoload.php';

if ($_SERVER['QUERY_STRING'] === 'how') {
    preg_match('/^VmRSS:\s+(\d+)/m', (string) file_get_contents('/proc/self/status'), $found);
    exit($found[1]);
}
$session = new Nnopen\Session(new Nnopen\Config('SD00000001', 'SD00000000000001', '339901999999142', 'sandbox'));
$call = $session->raw('nuonuo.OpeMplatform.queryInvoiceResult', str_repeat('x', 1_000_000));
header('Call: open');
ini_set('memory_limit', '16M');
ini_set('display_errors', '0');
echo strlen(str_repeat('x', 64_000_000));
