<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\Legacy\TokenFile;
use Nnopen\TokenStore;
use Psr\SimpleCache\CacheInterface;

/**
 * PSR-16 缓存 · A PSR-16 cache, such as Laravel's Cache::store().
 *
 * PSR-16 can't compare and swap, so a lock file of this machine stands in: between machines two processes can fetch at
 * the same moment, which costs one token call. A cache that forgets, forgets the ledger of token calls too. For several
 * machines take Redis.
 */
final class Psr16Store implements TokenStore
{
    public function __construct(
        private readonly CacheInterface $cache,
        private readonly string $prefix = 'nnopen.',
        private readonly ?string $lockFolder = null,
    ) {
    }

    public function load(string $key): array
    {
        $held = $this->cache->get($this->prefix . $key);
        $whole = is_array($held) && is_int($held[0] ?? null) && is_string($held[1] ?? null);

        return $whole ? [$held[0], $held[1]] : [0, ''];
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        $release = TokenFile::lock($this->path("{$key}.swap"));
        try {
            if ($this->load($key)[0] !== $version) {
                return false;
            }
            if (!$this->cache->set($this->prefix . $key, [$version + 1, $bytes])) {
                throw new \RuntimeException('the cache did not take the token');
            }

            return true;
        } finally {
            $release();
        }
    }

    private function path(string $name): string
    {
        return TokenFile::folder($this->lockFolder ?? TokenFile::ours()) . "/{$name}";
    }
}
