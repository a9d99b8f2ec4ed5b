<?php

declare(strict_types=1);

// A process of its own: asks once, with the token that all share. Arguments: the simulator's address, the store's folder.

require __DIR__ . '/../../autoload.php';

[, $url, $folder] = $argv;
$config = Nnopen\Config::of([
    'app_key' => 'SD00000001',
    'app_secret' => 'SD00000000000001',
    'tax_num' => '339901999999142',
    'service_url' => "{$url}/open/v1/services",
    'token_url' => "{$url}/accessToken",
]);
$client = new Nnopen\Client($config, new Nnopen\Store\FileStore($folder));
try {
    $client->call(new Nnopen\Api\Query\QueryInvoiceResult(['orderNos' => ['A-1']]));
} catch (Nnopen\NnopenException $error) {
    echo $error->failure()->code ?? $error->getMessage(), "\n";
}
