<?php

// The drop-in stands for the vendor's file: the same functions.

require getenv('GUIDES') . '/php/host.php';
require __DIR__ . '/nnopen/Api.php';

[$url, $appKey, $appSecret, $taxNum] = [getenv('NNOPEN_URL'), 'SD00000001', 'SD00000000000001', '339901999999142'];
$saved = [];
function save(string $orderNo, string $serialNo): void
{
    $GLOBALS['saved'][$orderNo] = $serialNo;
}

// BLOCK

count($saved) === 1 || throw new RuntimeException(json_encode($said));
