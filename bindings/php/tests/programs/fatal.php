<?php

declare(strict_types=1);

// A fatal error while a session is open: no destructor runs, yet the core holds it no longer. For a process of its own.

require __DIR__ . '/../../autoload.php';

$session = new Nnopen\Session(new Nnopen\Config('SD00000001', 'SD00000000000001', '339901999999142', 'sandbox'));
echo Nnopen\Native\Library::ask('snapshot', '1')[0], "\n";
register_shutdown_function(static function (): void {
    echo "\n", Nnopen\Native\Library::ask('snapshot', '1')[0], "\n";
});
ini_set('memory_limit', '16M');
ini_set('display_errors', '0');
echo strlen(str_repeat('x', 64_000_000));
