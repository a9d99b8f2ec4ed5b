<?php

declare(strict_types=1);

// 存放处要给出版本 · a store tells a version

use Nnopen\TokenStore;

final class Wrong implements TokenStore
{
    public function load(string $key): array
    {
        return [$key];
    }

    public function swap(string $key, int $version, string $bytes): bool
    {
        return true;
    }
}
