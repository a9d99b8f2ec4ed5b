<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 可以反复查询直到有结果的接口 · A question that can be asked until it has its answer.
 *
 * @template-covariant TResult
 *
 * @extends Endpoint<TResult>
 */
interface Polls extends Endpoint
{
}
