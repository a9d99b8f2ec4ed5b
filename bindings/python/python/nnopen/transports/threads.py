"""A transport that blocks, made fit for asyncio."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._native import Request
    from . import Transport


class ThreadTransport:
    """Sends each request with `transport` in a thread of asyncio's pool."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        return await asyncio.to_thread(self._transport.send, request)

    async def close(self) -> None:
        """Closes the transport."""
        self._transport.close()
