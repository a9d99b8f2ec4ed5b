<?php

declare(strict_types=1);

// A process of the fleet (`cargo xtask test fleet`): for each line three calls, and what became of them.

require __DIR__ . '/../../autoload.php';

$config = Nnopen\Config::of([
    'app_key' => (string) getenv('NNOPEN_APP_KEY'),
    'app_secret' => (string) getenv('NNOPEN_APP_SECRET'),
    'tax_num' => (string) getenv('NNOPEN_TAX_NUM'),
    'service_url' => (string) getenv('NNOPEN_URL'),
    'token_url' => (string) getenv('NNOPEN_TOKEN_URL'),
]);
$store = null;
if (getenv('NNOPEN_FLEET_REDIS') !== false) {
    $redis = new Redis();
    $redis->connect('127.0.0.1', (int) getenv('NNOPEN_FLEET_REDIS'));
    $store = new Nnopen\Store\RedisStore($redis);
}
$client = new Nnopen\Client($config, $store);
$ask = static function () use ($client): string {
    try {
        return (string) json_encode($client->call(new Nnopen\Api\Query\QueryInvoiceResult(['orderNos' => ['NONE']])));
    } catch (Nnopen\NnopenException $error) {
        return $error->failure()->code ?? $error->getMessage();
    }
};

echo "ready\n";
while (fgets(STDIN) !== false) {
    echo "{$ask()} {$ask()} {$ask()}\n";
}
