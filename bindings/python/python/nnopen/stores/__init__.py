"""Where the token is kept, for all processes that use it: 50 token calls in 30 days are all that the platform takes.

A store of your own needs `load` and `swap`; what it must hold to is in `Store`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._store import AsyncStore, Store
    from .local import FileStore
    from .memory import MemoryStore
    from .redis import AsyncRedisStore, RedisStore
    from .sql import SqlStore

__all__ = ["AsyncRedisStore", "AsyncStore", "FileStore", "MemoryStore", "RedisStore", "SqlStore", "Store"]

_LATER = {
    "AsyncRedisStore": "redis",
    "AsyncStore": "_store",
    "FileStore": "local",
    "MemoryStore": "memory",
    "RedisStore": "redis",
    "SqlStore": "sql",
    "Store": "_store",
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
