<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 一个接口和它的参数 · A method and its params. The classes in Nnopen\Api are generated, one for each method.
 *
 * @template-covariant TResult
 */
interface Endpoint
{
    /** 接口名 · The name on the wire. */
    public function method(): string;

    /** @return array<array-key, mixed> */
    public function params(): array;
}
