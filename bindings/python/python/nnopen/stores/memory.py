"""The store of this process."""

from __future__ import annotations

# As `threading.Lock`, without all else that loading `threading` takes.
from _thread import allocate_lock

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keeps the token in this process only. Each process then makes token calls of its own."""

    def __init__(self) -> None:
        self._records: dict[str, tuple[int, bytes]] = {}
        self._lock = allocate_lock()

    def load(self, key: str) -> tuple[int, bytes]:
        with self._lock:
            return self._records.get(key, (0, b""))

    def swap(self, key: str, version: int, data: bytes) -> bool:
        with self._lock:
            if self._records.get(key, (0, b""))[0] != version:
                return False
            self._records[key] = (version + 1, data)
            return True

    def __repr__(self) -> str:
        return "<nnopen.MemoryStore>"
