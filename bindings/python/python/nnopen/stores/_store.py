"""What a store of your own needs."""

from __future__ import annotations

from typing import Protocol


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


__all__ = ["AsyncStore", "Store"]
