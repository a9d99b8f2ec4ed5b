<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 调用方式有误，或缺少扩展 · The code that calls is wrong, or the extension is missing. */
final class UsageException extends \LogicException implements NnopenException
{
    use Carries;
}
