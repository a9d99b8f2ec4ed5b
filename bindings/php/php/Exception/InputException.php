<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 参数有误：改参数，见 failure()->violations · The params are wrong: see failure()->violations. */
final class InputException extends \InvalidArgumentException implements NnopenException
{
    use Carries;
}
