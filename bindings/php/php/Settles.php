<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 可以查清结果的写操作 · A write that can be followed to its end.
 *
 * @template-covariant TResult
 * @template-covariant TSettled
 *
 * @extends Endpoint<TResult>
 */
interface Settles extends Endpoint
{
}
