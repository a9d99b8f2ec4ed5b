<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Step;

/** 读存放处，然后 loaded · Read the token's store, then tell what it holds by loaded. */
final class Load implements Step
{
}
