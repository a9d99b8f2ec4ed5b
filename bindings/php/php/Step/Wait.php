<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Step;

/** 到那时再问 · Ask again at this time, in milliseconds since 1970. */
final class Wait implements Step
{
    public function __construct(public readonly int $until)
    {
    }
}
