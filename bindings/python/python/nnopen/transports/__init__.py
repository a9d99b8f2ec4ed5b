"""Ready transports. Each sends a request as it is, verifies certificates, follows no redirect and never sends twice.

A transport of your own needs `send(request) -> (status, body)` and `close()`. It raises `NotSent` if the request surely
did not leave; any other exception counts as perhaps sent.
"""

from __future__ import annotations

from .._causes import NotSent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._transport import AsyncTransport, Transport
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

_LATER = {
    "AiohttpTransport": "aiohttp",
    "AsyncHttpxTransport": "httpx",
    "AsyncTransport": "_transport",
    "HttpxTransport": "httpx",
    "RequestsTransport": "requests",
    "StdlibTransport": "stdlib",
    "ThreadTransport": "threads",
    "Transport": "_transport",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'nnopen.transports' has no attribute {name!r}")
    from importlib import import_module

    loaded: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = loaded
    return loaded
