"""What a transport of your own needs."""

from __future__ import annotations

from typing import Protocol

from .._native import Request


class Transport(Protocol):
    """Sends a request, once, and gives the answer's status and body."""

    def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""

    def close(self) -> None:
        """Nothing will be sent any more."""


class AsyncTransport(Protocol):
    """As `Transport`, for asyncio."""

    async def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""

    async def close(self) -> None:
        """Nothing will be sent any more."""


__all__ = ["AsyncTransport", "Transport"]
