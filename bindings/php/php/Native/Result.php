<?php

declare(strict_types=1);

namespace Nnopen\Native;

use Nnopen\Json;

/**
 * 一个结果，用于 FFI · Over FFI, a result: it is asked as the extension's own `Held` is.
 *
 * @internal
 */
final class Result
{
    public function __construct(private readonly string $json)
    {
    }

    public function ask(string $word): mixed
    {
        return match ($word) {
            'json' => $this->json,
            'value' => Json::read($this->json),
            default => null,
        };
    }
}
