<?php

declare(strict_types=1);

// What a web page does, under php-fpm: `legacy` asks Api.php for the token, else the client asks the platform.

require __DIR__ . '/../../autoload.php';
require __DIR__ . '/../../Api.php';

$url = $_SERVER['SIMULATOR'];
if ($_SERVER['QUERY_STRING'] === 'legacy') {
    putenv("NNOPEN_TOKEN_URL={$url}/accessToken");
    putenv("NNOPEN_STATE_DIR={$_SERVER['FOLDER']}");
    echo json_decode(Api::getMerchantToken('SD00000001', 'SD00000000000001'))->expires_in > 86000 ? 'token' : 'no token';

    return;
}
$config = Nnopen\Config::of([
    'app_key' => 'SD00000001',
    'app_secret' => 'SD00000000000001',
    'tax_num' => '339901999999142',
    'service_url' => "{$url}/open/v1/services",
    'token_url' => "{$url}/accessToken",
]);
$client = new Nnopen\Client($config, new Nnopen\Store\FileStore($_SERVER['FOLDER']));
try {
    $client->call(new Nnopen\Api\Query\QueryInvoiceResult(['orderNos' => ['A-1']]));
} catch (Nnopen\NnopenException $error) {
    echo $error->failure()->code;
}
