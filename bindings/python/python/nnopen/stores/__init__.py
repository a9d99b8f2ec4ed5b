"""Where the token is kept, for all processes that use it: 50 token calls in 30 days are all that the platform takes.

A store of your own needs `load` and `swap`; what it must hold to is in `Store`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .local import FileStore, MemoryStore
    from .redis import AsyncRedisStore, RedisStore
    from .sql import SqlStore

__all__ = ["AsyncRedisStore", "AsyncStore", "FileStore", "MemoryStore", "RedisStore", "SqlStore", "Store"]


class Store(Protocol):
    """A place for records, each with a version that grows by one whenever it is replaced.

    Comparing and replacing is one step that no other process comes between. A record holds tokens: keep it where only you
    can read it, and do not let it expire, for it counts the token calls of 30 days.
    """

    def load(self, key: str) -> tuple[int, bytes]:
        """The record and its version; `(0, b"")` if there is none."""

    def swap(self, key: str, version: int, data: bytes) -> bool:
        """Replaces the record if it still has this version, and tells whether it did."""


class AsyncStore(Protocol):
    """As `Store`, for asyncio."""

    async def load(self, key: str) -> tuple[int, bytes]:
        """The record and its version; `(0, b"")` if there is none."""

    async def swap(self, key: str, version: int, data: bytes) -> bool:
        """Replaces the record if it still has this version, and tells whether it did."""


_LATER = {
    "AsyncRedisStore": "redis",
    "FileStore": "local",
    "MemoryStore": "local",
    "RedisStore": "redis",
    "SqlStore": "sql",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'nnopen.stores' has no attribute {name!r}")
    from importlib import import_module

    loaded: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = loaded
    return loaded


def shared(name: str) -> str:
    """A file that all languages use: `redis.lua`, `schema.sql`."""
    from importlib.resources import files

    return (files("nnopen") / "share" / name).read_text(encoding="utf-8")
