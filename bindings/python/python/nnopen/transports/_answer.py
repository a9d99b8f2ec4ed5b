"""An answer as it comes in: not for ever, and not for more than memory holds."""

from __future__ import annotations

import time
import zlib

BIGGEST = 64 << 20
"""An answer that is longer, unpacked, is not read to its end, and counts as none."""


class TooBig(Exception):
    """The answer is longer than any that is known."""


class Answer:
    """The body of an answer, taken in piece by piece. `seconds` are for all of it."""

    def __init__(self, seconds: float, encoding: str | None = None) -> None:
        self._until = time.monotonic() + seconds
        # Nobody asks for a packed answer; some proxies send one all the same.
        packed = (encoding or "").strip().lower() in ("gzip", "x-gzip", "deflate")
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
        self._body = bytearray()

    def add(self, piece: bytes) -> None:
        """Takes a piece in; raises if there is no end to it."""
        if self._unpack is None:
            self._body += piece
        else:
            self._body += self._unpack.decompress(piece, BIGGEST + 1 - len(self._body))
        if len(self._body) > BIGGEST:
            raise TooBig("the answer is too big")
        if time.monotonic() > self._until:
            raise TimeoutError("the answer took too long")

    def whole(self) -> bytes:
        """All of it."""
        if self._unpack is not None and not self._unpack.eof:
            raise EOFError("the answer was cut off")
        return bytes(self._body)
