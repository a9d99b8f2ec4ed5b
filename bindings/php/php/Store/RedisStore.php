<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\TokenStore;

/**
 * Redis（phpredis 扩展）：多台机器共用 · Redis by the extension phpredis: for several machines.
 *
 * The record is that of every other language. It must not be evicted, and should be written to disk (appendonly).
 */
final class RedisStore implements TokenStore
{
    /** As crates/store/share/redis.lua. */
    private const SWAP = <<<'LUA'
        local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
        if version ~= tonumber(ARGV[1]) then
          return 0
        end
        redis.call('HSET', KEYS[1], 'version', string.format('%d', version + 1), 'bytes', ARGV[2])
        return 1
        LUA;

    /** @param \Redis $redis 已连接，不带序列化与前缀 · connected, without serializer and prefix */
    public function __construct(private readonly \Redis $redis)
    {
    }

    public function load(string $key): array
    {
        $held = $this->redis->hMGet("nnopen:token:{$key}", ['version', 'bytes']);
        if (!is_array($held)) {
            throw new \RuntimeException('Redis did not answer');
        }

        return is_string($held['version']) ? [(int) $held['version'], (string) $held['bytes']] : [0, ''];
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        $stored = $this->redis->eval(self::SWAP, ["nnopen:token:{$key}", (string) $version, $bytes], 1);
        if ($stored === false) {
            throw new \RuntimeException('Redis did not answer');
        }

        return $stored === 1;
    }
}
