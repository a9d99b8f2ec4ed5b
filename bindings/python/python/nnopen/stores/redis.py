"""Redis, by `redis-py`: `pip install nnopen[redis]`."""

from __future__ import annotations

from typing import Any

import redis
import redis.asyncio

from . import shared

__all__ = ["AsyncRedisStore", "RedisStore"]


class RedisStore:
    """Keeps each record in a hash of a Redis that all processes reach: one primary, no replica that lags.

    Redis must neither evict the record nor let it expire, for it counts the token calls of 30 days; it holds tokens. The
    client is yours, you close it.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._swap = client.register_script(shared("redis.lua"))

    def load(self, key: str) -> tuple[int, bytes]:
        answer: Any = self._client.hmget(_name(key), "version", "bytes")
        return _record(answer)

    def swap(self, key: str, version: int, data: bytes) -> bool:
        done: Any = self._swap(keys=[_name(key)], args=[version, data])
        # The client may have sent it twice, when the first answer was lost.
        return int(done) == 1 or self.load(key) == (version + 1, data)

    def __repr__(self) -> str:
        return "<nnopen.RedisStore>"


class AsyncRedisStore:
    """As `RedisStore`, for asyncio: with a client of `redis.asyncio`."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._client = client
        self._swap = client.register_script(shared("redis.lua"))

    async def load(self, key: str) -> tuple[int, bytes]:
        answer: Any = await self._client.hmget(_name(key), "version", "bytes")
        return _record(answer)

    async def swap(self, key: str, version: int, data: bytes) -> bool:
        done: Any = await self._swap(keys=[_name(key)], args=[version, data])
        return int(done) == 1 or await self.load(key) == (version + 1, data)

    def __repr__(self) -> str:
        return "<nnopen.AsyncRedisStore>"


def _name(key: str) -> str:
    return f"nnopen:token:{key}"


def _record(answer: list[Any]) -> tuple[int, bytes]:
    version, data = answer
    # A client with `decode_responses` gives texts.
    return int(version or 0), data.encode() if isinstance(data, str) else data or b""
