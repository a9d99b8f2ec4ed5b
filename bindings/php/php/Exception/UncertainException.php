<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 可能已经做成：先查询，用 settleAgain · It may have been done: ask first, with settleAgain. */
final class UncertainException extends \RuntimeException implements NnopenException
{
    use Carries;
}
