"""Ready transports. Each sends a request as it is, verifies certificates, follows no redirect and never sends twice.

A transport of your own needs `send(request) -> (status, body)` and `close()`. It raises `NotSent` if the request surely
did not leave; any other exception counts as perhaps sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .._native import Request

if TYPE_CHECKING:
    from .aiohttp import AiohttpTransport
    from .httpx import AsyncHttpxTransport, HttpxTransport
    from .requests import RequestsTransport
    from .stdlib import StdlibTransport
    from .threads import ThreadTransport

__all__ = [
    "AiohttpTransport",
    "AsyncHttpxTransport",
    "AsyncTransport",
    "HttpxTransport",
    "NotSent",
    "RequestsTransport",
    "StdlibTransport",
    "ThreadTransport",
    "Transport",
]

class NotSent(Exception):
    """The request surely did not leave: no connection, or no TLS."""


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


_LATER = {
    "AiohttpTransport": "aiohttp",
    "AsyncHttpxTransport": "httpx",
    "HttpxTransport": "httpx",
    "RequestsTransport": "requests",
    "StdlibTransport": "stdlib",
    "ThreadTransport": "threads",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'nnopen.transports' has no attribute {name!r}")
    from importlib import import_module

    loaded: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = loaded
    return loaded
