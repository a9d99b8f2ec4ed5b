"""Where the token is kept, for all processes that use it: 50 token calls in 30 days are all that the platform takes."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ._native import Session

__all__ = ["FileStore", "MemoryStore", "Store"]


class Store(Protocol):
    """A place for records, each with a version that grows by one whenever it is replaced.

    A record holds tokens: keep it where only you can read it.
    """

    def load(self, key: str) -> tuple[int, bytes]:
        """The record and its version; `(0, b"")` if there is none."""

    def swap(self, key: str, version: int, data: bytes) -> bool:
        """Replaces the record if it still has this version, and tells whether it did."""


class MemoryStore:
    """Keeps the token in this process only. Each process then makes token calls of its own."""

    def __init__(self) -> None:
        self._records: dict[str, tuple[int, bytes]] = {}
        self._lock = threading.Lock()

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


class FileStore:
    """Keeps each record in a file of its owner's alone, shared by all processes of this machine.

    A file is replaced in one step: whoever reads it sees the old record or the new one, even after a crash. The folder
    must be on a local disk.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = Path(folder) if folder is not None else _state_folder()

    def load(self, key: str) -> tuple[int, bytes]:
        try:
            version, _, data = self._path(key).read_bytes().partition(b"\n")
            return int(version), data
        except FileNotFoundError:
            return 0, b""
        except ValueError:
            raise ValueError(f"{self._path(key)}: this token record can't be read") from None

    def swap(self, key: str, version: int, data: bytes) -> bool:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked(key):
            if self.load(key)[0] != version:
                return False
            self._replace(self._path(key), b"%d\n%b" % (version + 1, data))
            return True

    def __repr__(self) -> str:
        return f"<nnopen.FileStore {str(self.folder)!r}>"

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.token"

    def _replace(self, path: Path, data: bytes) -> None:
        new = path.with_name(f".{path.name}-{os.getpid()}-{threading.get_ident()}")
        try:
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(file, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(new, path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        if sys.platform != "win32":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        file = os.open(self.folder / f"{key}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file, msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)


class Keeper:
    """One session's record: taken over when it is newer, replaced when the session has changed."""

    def __init__(self, session: Session, store: Store) -> None:
        identity = json.loads(session.snapshot())
        parts = [identity[name] for name in ("environment", "appKey", "taxNum")]
        self._key = hashlib.sha256("".join(f"{part}\0" for part in parts).encode()).hexdigest()[:32]
        self._session = session
        self._store = store
        self._version = 0
        self._kept = session.revision
        self._lock = threading.RLock()

    def look(self) -> None:
        """Takes over what other processes have left."""
        with self._lock:
            version, data = self._store.load(self._key)
            if version != self._version:
                self._session.restore(data.decode())
                self._version = version
                self._kept = self._session.revision

    def keep(self) -> None:
        """Stores the session as it is, if it has changed."""
        with self._lock:
            while self._session.revision != self._kept:
                revision, data = self._session.revision, self._session.snapshot().encode()
                if self._store.swap(self._key, self._version, data):
                    self._version += 1
                    self._kept = revision
                else:
                    version, theirs = self._store.load(self._key)
                    self._session.restore(theirs.decode())
                    self._version = version


def _state_folder() -> Path:
    given = os.environ.get("NNOPEN_STATE_DIR")
    if given:
        return Path(given) / "python"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "nnopen" / "python"
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "nnopen" / "python"
