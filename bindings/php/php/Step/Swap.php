<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Secret;
use Nnopen\Step;

/** 仍是这个版本才换成新内容，然后 swapped · Put the bytes there if it still holds this version, then tell by swapped. */
final class Swap implements Step
{
    public function __construct(public readonly int $version, public readonly Secret $bytes)
    {
    }
}
