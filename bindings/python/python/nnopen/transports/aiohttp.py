"""`aiohttp`: `pip install nnopen[aiohttp]`."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from . import BIGGEST_ANSWER, NotSent, TooBig

if TYPE_CHECKING:
    import os

    from .._native import Request


class AiohttpTransport:
    """Sends with an `aiohttp.ClientSession`: your own (which you close yourself), or a new one at the first request."""

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
            self._session = aiohttp.ClientSession(trust_env=True)
        try:
            async with self._session.post(
                URL(request.url, encoded=True),
                data=request.body,
                headers=dict(request.headers),
                timeout=self._timeout,
                ssl=self._tls,
                allow_redirects=False,
            ) as answer:
                body = bytearray()
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if len(body) > BIGGEST_ANSWER:
                        raise TooBig("the answer is too big")
                return answer.status, bytes(body)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Closes the session, if it is our own."""
        if self._owned and self._session is not None:
            await self._session.close()
            self._session = None
