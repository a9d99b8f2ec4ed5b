"""The standard library's HTTP client: no dependency."""

from __future__ import annotations

import http.client
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import BIGGEST_ANSWER, NotSent, TooBig

if TYPE_CHECKING:
    import os

    from .._native import Request


class StdlibTransport:
    """Sends with `http.client`, on a new connection each time: only so is it sure what was not sent.

    `timeout` is in seconds, for connecting and for the whole answer. `ca_file` names certificates (PEM) to be trusted
    beside the system's. `proxy` is `http://host:port`; by default that of the environment (`https_proxy`).
    """

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
        proxy: str | None = None,
    ) -> None:
        self._timeout = timeout
        self._proxy = proxy
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(cafile=ca_file)

    def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        until = time.monotonic() + self._timeout
        url = urlsplit(request.url)
        connection = self._connection(url.scheme, url.hostname or "", url.port)
        try:
            try:
                connection.connect()
            except Exception as error:
                raise NotSent(f"{type(error).__name__}: {error}") from error
            target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
            connection.putrequest("POST", target, skip_accept_encoding=True)
            for name, value in request.headers:
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body)
            return self._answer(connection, until)
        finally:
            connection.close()

    def _answer(self, connection: http.client.HTTPConnection, until: float) -> tuple[int, bytes]:
        with connection.getresponse() as response:
            body = bytearray()
            while chunk := response.read1(1 << 16):
                body += chunk
                if len(body) > BIGGEST_ANSWER:
                    raise TooBig("the answer is too big")
                if time.monotonic() > until:
                    raise TimeoutError("the answer took too long")
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            return response.status, bytes(body)

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme != "https":
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        proxy = urlsplit(self._proxy or _proxy_of_environment(host))
        if not proxy.hostname:
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._tls)
        connection = http.client.HTTPSConnection(
            proxy.hostname, proxy.port or 8080, timeout=self._timeout, context=self._tls
        )
        connection.set_tunnel(host, port or 443)
        return connection

    def close(self) -> None:
        """Nothing is kept open."""


def _proxy_of_environment(host: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    return "" if proxy_bypass(host) else getproxies().get("https", "")
