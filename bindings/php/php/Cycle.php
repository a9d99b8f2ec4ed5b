<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 数组里又出现了自己 · Stands where an array or object holds itself: refused by its path. */
final class Cycle
{
}
