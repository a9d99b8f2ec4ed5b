<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Step;

/** 批次没有要跟踪的了 · Nothing is followed by the batch. */
final class Idle implements Step
{
}
