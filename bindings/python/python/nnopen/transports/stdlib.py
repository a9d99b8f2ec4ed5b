"""The standard library's HTTP client: no dependency."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from urllib.parse import urlsplit

from . import NotSent
from ._answer import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any

    from .._native import Request


class StdlibTransport:
    """Sends with `http.client`, on a new connection each time: only so is it sure what was not sent.

    `timeout` is in seconds: to connect, and for the whole answer. `ca_file` names certificates (PEM) to be trusted
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
        url = urlsplit(request.url)
        connection = self._connection(url.scheme, url.hostname or "", url.port)
        try:
            connection.connect()
        except BaseException as error:
            connection.close()
            if not isinstance(error, Exception):
                raise
            raise NotSent(f"{type(error).__name__}: {error}") from error
        with _Timed(connection.sock, self._timeout) as timed:
            # It has what `http.client` needs of a socket.
            connection.sock = timed
            target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
            connection.putrequest("POST", target, skip_accept_encoding=True)
            for name, value in request.headers:
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body)
            return self._answer(connection)

    def _answer(self, connection: http.client.HTTPConnection) -> tuple[int, bytes]:
        with connection.getresponse() as response:
            body = Answer(self._timeout, response.headers.get("Content-Encoding"))
            while piece := response.read1(1 << 16):
                body.add(piece)
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            return response.status, body.whole()

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


class _Timed:
    """A socket with one time limit for all that is sent and received, not one for each piece."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock = sock
        self._until = time.monotonic() + seconds

    def sendall(self, data: bytes) -> None:
        self._wind()
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def receive(self, into: memoryview) -> int:
        self._wind()
        return self._sock.recv_into(into)

    def _wind(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)

    def close(self) -> None:
        """`http.client` closes early; `with` closes at the end."""

    def __enter__(self) -> _Timed:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()


class _Reader(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self._timed.receive(memoryview(into))


def _proxy_of_environment(host: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    return "" if proxy_bypass(host) else getproxies().get("https", "")
