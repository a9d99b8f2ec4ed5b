<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 没有做成，可以重试 · Nothing was done, may be tried again. */
final class TransportException extends \RuntimeException implements NnopenException
{
    use Carries;
}
