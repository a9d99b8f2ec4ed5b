<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Request;
use Nnopen\Step;

/** 发送它，然后 receive 或 fail · Send it, then tell by receive or fail. */
final class Send implements Step
{
    public function __construct(public readonly Request $request)
    {
    }
}
