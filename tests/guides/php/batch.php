<?php

require getenv('GUIDES') . '/php/host.php';

use Nnopen\Api\Invoicing\RequestBillingNew;

$submitted = [];
foreach (['A-1', 'A-2'] as $orderNo) {
    $client->call(new RequestBillingNew(['order' => ['orderNo' => $orderNo] + $order]));
    $submitted[$orderNo] = (int) (microtime(true) * 1000);
}
$events = [];
function record(array $keys, string $kind, mixed $rows): void
{
    $GLOBALS['events'][] = $kind;
}
function save(string $snapshot): void
{
    json_decode($snapshot, false, 64, JSON_THROW_ON_ERROR);
}

// BLOCK

$events === ['done', 'done'] || throw new RuntimeException(json_encode($events));
