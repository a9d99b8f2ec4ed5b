<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 读不懂的应答：请报告 · An answer that can't be read: report it. */
final class ReplyException extends \RuntimeException implements NnopenException
{
    use Carries;
}
