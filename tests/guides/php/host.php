<?php

// What the frames share: a client of the simulator, an order.

use Nnopen\{Client, Config};
use Nnopen\Store\MemoryStore;

$settings = [
    'app_key' => 'SD00000001',
    'app_secret' => 'SD00000000000001',
    'tax_num' => '339901999999142',
    'service_url' => getenv('NNOPEN_URL'),
    'token_url' => getenv('NNOPEN_TOKEN_URL'),
];
$config = Config::of($settings);
$order = json_decode((string) file_get_contents('examples/order.json'), true, 64, JSON_THROW_ON_ERROR)['order'];
$client = new Client($config, new MemoryStore());
