<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\Secret;
use Nnopen\TokenStore;

/** 内存：只在本进程内 · In this process alone: for workers that live long, and for tests. */
final class MemoryStore implements TokenStore
{
    /** @var array<string, array{int, Secret}> */
    private array $held = [];

    public function load(string $key): array
    {
        $held = $this->held[$key] ?? null;

        return $held === null ? [0, ''] : [$held[0], $held[1]->expose()];
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        if (($this->held[$key][0] ?? 0) !== $version) {
            return false;
        }
        $this->held[$key] = [$version + 1, new Secret($bytes)];

        return true;
    }
}
