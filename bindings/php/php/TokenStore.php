<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 令牌放在哪里 · Where the token is kept, so that all processes of one application share it.
 *
 * What is kept holds tokens (never the appSecret): keep it where only you can read it.
 */
interface TokenStore
{
    /**
     * 版本与内容；没有则为 0 与空 · What is held: its version and bytes; 0 and nothing, if nothing was put there yet.
     *
     * @return array{int, string}
     */
    public function load(string $key): array;

    /** 仍是这个版本才换成新内容 · Puts bytes there if it still holds this version; tells whether it did. */
    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool;
}
