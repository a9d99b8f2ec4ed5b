<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 平台拒绝：按 failure()->code 处理 · The platform refused: read failure()->code. */
final class PlatformException extends \RuntimeException implements NnopenException
{
    use Carries;
}
