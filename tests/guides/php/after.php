<?php

require getenv('GUIDES') . '/php/host.php';

$saved = [];
function save(string $orderNo, string $serialNo): void
{
    $GLOBALS['saved'][$orderNo] = $serialNo;
}

// BLOCK

count($saved) === 1 || throw new RuntimeException("nothing was saved");
