"""`aiohttp`: `pip install nnopen[aiohttp]`."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from . import NotSent
from ._answer import Answer

if TYPE_CHECKING:
    import os

    from .._native import Request


class AiohttpTransport:
    """Sends with an `aiohttp.ClientSession`: your own (which you close yourself), or a new one at the first request.

    `timeout` is in seconds, for all of it.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession | None = None,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self._session = session
        self._owned = session is None
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._tls: ssl.SSLContext | bool = True
        if ca_file is not None:
            self._tls = ssl.create_default_context()
            self._tls.load_verify_locations(cafile=ca_file)

    async def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True, auto_decompress=False)
        session = self._session
        try:
            async with session.post(
                URL(request.url, encoded=True),
                data=request.body,
                headers={**dict(request.headers), "Accept-Encoding": "identity"},
                timeout=self._timeout,
                ssl=self._tls,
                allow_redirects=False,
            ) as answer:
                packed = None if session.auto_decompress else answer.headers.get("Content-Encoding")
                body = Answer(self._timeout.total or 0, packed)
                async for piece in answer.content.iter_any():
                    body.add(piece)
                return answer.status, body.whole()
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error
        except aiohttp.ClientResponseError as error:
            # It carries the request's headers.
            raise aiohttp.ClientPayloadError(f"{error.status}: {error.message}") from None

    async def close(self) -> None:
        """Closes the session, if it is our own."""
        if self._owned and self._session is not None:
            await self._session.close()
            self._session = None
