// The token in Redis, for the processes of several machines.

import { SWAP } from './api/redis.js';
import type { TokenStore } from './store.js';

/** ioredis 中用到的部分 · The part of ioredis that is used. */
export interface IoRedisLike {
  eval(script: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>;
}

/** node-redis 中用到的部分 · The part of node-redis that is used. */
export interface NodeRedisLike {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<(string | null)[]>;
}

/**
 * 令牌存在 Redis；`ioredis` 与 `redis` 的客户端都可以 · Keeps the token in Redis, by a client of `ioredis` or of `redis`.
 *
 * 不要让它被淘汰或过期：它记着 30 天内取令牌的次数 · It must neither be evicted nor expire: it counts the token calls of 30
 * days. Read from the primary.
 */
export function redisStore(redis: IoRedisLike | NodeRedisLike, prefix = 'nnopen:token:'): TokenStore {
  const { load, swap } = 'hmGet' in redis ? nodeRedis(redis) : ioRedis(redis);
  return {
    async load(key) {
      const [version, bytes] = await load(prefix + key);
      if (typeof version !== 'string' || typeof bytes !== 'string') return undefined;
      return { version: Number(version), bytes: new TextEncoder().encode(bytes) };
    },
    async swap(key, version, bytes) {
      return Number(await swap(prefix + key, String(version), new TextDecoder().decode(bytes))) === 1;
    },
  };
}

function nodeRedis(redis: NodeRedisLike) {
  return {
    load: (key: string) => redis.hmGet(key, ['version', 'bytes']),
    swap: (key: string, version: string, bytes: string) => redis.eval(SWAP, { keys: [key], arguments: [version, bytes] }),
  };
}

function ioRedis(redis: IoRedisLike) {
  return {
    load: (key: string) => redis.hmget(key, 'version', 'bytes'),
    swap: (key: string, version: string, bytes: string) => redis.eval(SWAP, 1, key, version, bytes),
  };
}
