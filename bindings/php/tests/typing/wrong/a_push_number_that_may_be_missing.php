<?php

declare(strict_types=1);

// 回传可能没有订单号 · a push may have no order number

use Nnopen\Push;

function wrong(Push $push): int
{
    return strlen($push->orderNo);
}
