<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\Failure;

/** @internal */
trait Carries
{
    public function __construct(private readonly Failure $failure, ?\Throwable $previous = null)
    {
        parent::__construct((string) $failure, 0, $previous);
    }

    public function failure(): Failure
    {
        return $this->failure;
    }
}
