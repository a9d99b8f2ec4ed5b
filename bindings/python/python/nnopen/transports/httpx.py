"""`httpx`, sync and async: `pip install nnopen[httpx]`."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import httpx

from . import NotSent
from ._answer import Answer

if TYPE_CHECKING:
    import os

    from .._native import Request

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def _tls(ca_file: str | os.PathLike[str] | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=ca_file)
    return context


class HttpxTransport:
    """Sends with an `httpx.Client`: your own (which you close yourself), or a new one.

    `timeout` is in seconds: to connect, between two pieces of the answer's head, and for its whole body.
    """

    def __init__(
        self,
        client: httpx.Client | None = None,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self._client = httpx.Client(verify=_tls(ca_file)) if client is None else client
        self._owned = client is None
        self._timeout = timeout

    def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        try:
            with self._client.stream(
                "POST",
                request.url,
                content=request.body,
                headers=[*request.headers, ("Accept-Encoding", "identity")],
                timeout=self._timeout,
                follow_redirects=False,
            ) as answer:
                body = Answer(self._timeout, answer.headers.get("Content-Encoding"))
                for piece in answer.iter_raw():
                    body.add(piece)
                return answer.status_code, body.whole()
        except _NOT_SENT as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Closes the client, if it is our own."""
        if self._owned:
            self._client.close()


class AsyncHttpxTransport:
    """Sends with an `httpx.AsyncClient`: your own (which you close yourself), or a new one.

    `timeout` is in seconds: to connect, and for the whole answer.
    """

    def __init__(
        self,
        client: httpx.AsyncClient | None = None,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self._client = httpx.AsyncClient(verify=_tls(ca_file)) if client is None else client
        self._owned = client is None
        self._timeout = timeout

    async def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        return await asyncio.wait_for(self._send(request), 2 * self._timeout)

    async def _send(self, request: Request) -> tuple[int, bytes]:
        try:
            async with self._client.stream(
                "POST",
                request.url,
                content=request.body,
                headers=[*request.headers, ("Accept-Encoding", "identity")],
                timeout=self._timeout,
                follow_redirects=False,
            ) as answer:
                body = Answer(self._timeout, answer.headers.get("Content-Encoding"))
                async for piece in answer.aiter_raw():
                    body.add(piece)
                return answer.status_code, body.whole()
        except _NOT_SENT as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Closes the client, if it is our own."""
        if self._owned:
            await self._client.aclose()
