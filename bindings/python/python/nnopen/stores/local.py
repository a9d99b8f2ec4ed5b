"""The store of this machine: a file for each record."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import InputError

__all__ = ["FileStore"]


class FileStore:
    """Keeps each record in a file of its owner's alone, shared by all processes of this machine.

    A file is replaced in one step: whoever reads it sees the old record or the new one, even after a crash. The folder
    must be on a local disk; if none is named it is that of the command line and of every other language.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = Path(folder if folder is not None else _state_folder())

    def load(self, key: str) -> tuple[int, bytes]:
        try:
            version, end, data = self._path(key).read_bytes().partition(b"\n")
            if not end or not version.isdigit():
                raise ValueError
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

                until = time.monotonic() + 5
                while True:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        if time.monotonic() > until:
                            raise TimeoutError("the token's file is locked for too long") from None
                        time.sleep(0.005)
            yield
        finally:
            os.close(file)


def default_folder(system: str, variables: Mapping[str, str]) -> str | None:
    """The folder by what a system is called (`linux`, `macos`, `windows`) and its variables; None if there is none.

    All languages keep to one rule; it stands in the guide to the token's store.
    """
    named = variables.get("NNOPEN_STATE_DIR")
    if named:
        return named
    if system == "windows":
        local = variables.get("LOCALAPPDATA")
        return f"{local}\\nnopen" if local else None
    state, home = variables.get("XDG_STATE_HOME", ""), variables.get("HOME", "")
    if state.startswith("/"):
        return f"{state}/nnopen"
    usual = "Library/Application Support" if system == "macos" else ".local/state"
    return f"{home}/{usual}/nnopen" if home.startswith("/") else None


def _state_folder() -> str:
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    folder = default_folder(system, {**os.environ, "HOME": os.environ.get("HOME") or _known_home()})
    if folder is None:
        raise InputError(
            "there is no home directory to keep the token in",
            hint_zh="用环境变量 NNOPEN_STATE_DIR 指定目录，或给出 store",
            hint_en="Name a folder by the environment variable NNOPEN_STATE_DIR, or give a store",
        )
    return folder


def _known_home() -> str:
    """The home that the system knows: a service or a container may have no HOME."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        return ""
