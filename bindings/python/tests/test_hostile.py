"""Servers that mean no good, to every transport: no hanging, no redirect, no memory eaten, no secret shown."""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable

import pytest
from common import ISSUE, SECRET, ask, chain, shown

from nnopen import Client, MemoryStore, NnopenError, TransportError, UncertainError
from nnopen.transports import StdlibTransport, ThreadTransport

TOKEN = "T-PERMANENT-0001"


def _transport(module: str, name: str) -> Callable[..., Any]:
    def make(**more: Any) -> Any:
        pytest.importorskip(module)
        from nnopen import transports

        return getattr(transports, name)(**more)

    return make


TRANSPORTS: dict[str, Callable[..., Any]] = {
    "stdlib": StdlibTransport,
    "threads": lambda **more: ThreadTransport(StdlibTransport(**more)),
    "requests": _transport("requests", "RequestsTransport"),
    "httpx": _transport("httpx", "HttpxTransport"),
    "httpx-async": _transport("httpx", "AsyncHttpxTransport"),
    "aiohttp": _transport("aiohttp", "AiohttpTransport"),
}
each_transport = pytest.mark.parametrize("transport", TRANSPORTS)


class Server:
    """Answers one connection after another, as it is told, until the test ends."""

    def __init__(self, answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self.answer, self.tls, self.connections = answer, tls, 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._loop, daemon=True).start()

    def _loop(self) -> None:
        while True:
            connection, _ = self.listening.accept()
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection if self.tls is None else self.tls.wrap_socket(connection, server_side=True) as talk:
                came = talk.recv(1 << 16)
                while b"\r\n\r\n" not in came:
                    came += talk.recv(1 << 16)
                self.answer(talk)
        except OSError:
            pass

    def settings(self, scheme: str = "http", host: str = "127.0.0.1", **more: Any) -> dict[str, Any]:
        url = f"{scheme}://{host}:{self.port}"
        return {
            "app_key": "SD00000001",
            "app_secret": SECRET,
            "tax_num": "339901999999142",
            "service_url": f"{url}/open/v1/services",
            "token_url": f"{url}/accessToken",
            "store": MemoryStore(),
            **more,
        }


def says(*pieces: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return answer


def for_ever(head: bytes, piece: bytes, pause: float = 0) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


OK = b"HTTP/1.1 200 OK\r\n"
PACKED = b"Content-Encoding: gzip\r\n"
BOMB = gzip.compress(b"[" * (64 << 20))
HOSTILE: dict[str, Callable[[socket.socket], None]] = {
    "endless": for_ever(OK + b"\r\n", b"x" * 65536),
    "endless in chunks": for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"),
    "endless and packed": for_ever(OK + PACKED + b"\r\n", BOMB),
    "a bomb": says(OK + PACKED + b"Content-Length: %d\r\n\r\n" % len(BOMB), BOMB),
    "a bomb in a bomb": says(OK + b"Content-Encoding: gzip, gzip\r\n\r\n", gzip.compress(BOMB)),
    "packed and cut off": says(OK + PACKED + b"\r\n", gzip.compress(b'{"code": "E0000"}' * 99)[:40]),
    "packed and broken": says(OK + PACKED + b"\r\n", b"not packed at all"),
    "dripping": for_ever(OK + b"Content-Length: 1000\r\n\r\n", b"x", 0.05),
    "silent": lambda connection: time.sleep(10),
    "nothing": says(),
    "no HTTP": says(b"\x00\xff" * 100),
    "a redirect": says(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
    "many headers": says(OK + b"a: b\r\n" * 10_000),
    "a long header": says(OK + b"a: " + b"b" * 1_000_000),
    "short": says(OK + b"Content-Length: 100\r\n\r\n{"),
    "deep": says(b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 200_000),
    "a status too large": says(b"HTTP/1.1 99999 X\r\nContent-Length: 2\r\n\r\n{}"),
    "a length below zero": says(OK + b"Content-Length: -5\r\n\r\n{}"),
}
# Heads that never end: `requests` and `httpx` without asyncio limit the pauses, not the whole.
HEADS = {
    "dripping": for_ever(OK, b"a", 0.05),
    "hints for ever": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnopen.transports import _answer

    monkeypatch.setattr(_answer, "BIGGEST", 1 << 20)


def hidden(error: BaseException) -> None:
    text = shown(error)
    for secret in (SECRET, TOKEN):
        assert secret not in text, text


@each_transport
@pytest.mark.parametrize("name", HOSTILE)
def test_a_write_is_uncertain_and_nothing_is_shown(name: str, transport: str, order: dict[str, Any]) -> None:
    server = Server(HOSTILE[name])
    began = time.monotonic()
    with pytest.raises(UncertainError) as caught:
        ask(TRANSPORTS[transport](timeout=1), "call", ISSUE, order, **server.settings(permanent_token=TOKEN))
    assert time.monotonic() - began < 20
    # Never sent twice by itself.
    assert server.connections == 1
    hidden(caught.value)


@each_transport
@pytest.mark.parametrize("name", ["endless and packed", "short", "silent", "no HTTP", "a redirect", "a status too large"])
def test_the_token_endpoint_gets_one_request_and_nothing_is_shown(name: str, transport: str) -> None:
    server = Server(HOSTILE[name])
    with pytest.raises(NnopenError) as caught:
        ask(TRANSPORTS[transport](timeout=1), "sign_in", **server.settings())
    assert caught.value.kind == "auth" and server.connections == 1
    hidden(caught.value)


@pytest.mark.parametrize("transport", ["stdlib", "threads", "httpx-async", "aiohttp"])
@pytest.mark.parametrize("name", HEADS)
def test_a_head_without_end_has_one(name: str, transport: str, order: dict[str, Any]) -> None:
    server, began = Server(HEADS[name]), time.monotonic()
    with pytest.raises(UncertainError) as caught:
        ask(TRANSPORTS[transport](timeout=1), "call", ISSUE, order, **server.settings(permanent_token=TOKEN))
    assert time.monotonic() - began < 20
    hidden(caught.value)


@each_transport
def test_a_redirect_gets_nothing(transport: str, order: dict[str, Any]) -> None:
    other = Server(says(OK + b"\r\n"))
    for status in (301, 302, 303, 307, 308):
        answer = says(b"HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n" % (status, other.port))
        with pytest.raises(UncertainError) as caught:
            ask(TRANSPORTS[transport](timeout=2), "call", ISSUE, order, **Server(answer).settings(permanent_token=TOKEN))
        hidden(caught.value)
    assert other.connections == 0


@each_transport
def test_an_answer_that_was_packed_unasked_is_read(transport: str) -> None:
    packed = gzip.compress(b'{"access_token": "T-1", "expires_in": 86400}')
    answer = says(OK + PACKED + b"Content-Length: %d\r\n\r\n" % len(packed), packed)
    assert ask(TRANSPORTS[transport](timeout=5), "sign_in", **Server(answer).settings()).expires_at is not None


@each_transport
def test_a_certificate_that_is_wrong_gets_nothing(transport: str, order: dict[str, Any], tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme")
    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    past = datetime.now(timezone.utc) - timedelta(days=1)
    certificates = {
        "good": authority.issue_cert("127.0.0.1"),
        "of another host": authority.issue_cert("other.example"),
        "of nobody": stranger.issue_cert("127.0.0.1"),
        "over": authority.issue_cert("127.0.0.1", not_after=past),
    }
    for name, certificate in certificates.items():
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(tls)
        answered: list[int] = []
        server = Server(lambda connection: answered.append(1), tls)
        more = server.settings("https", permanent_token=TOKEN)
        with pytest.raises(UncertainError if name == "good" else TransportError) as caught:
            ask(TRANSPORTS[transport](timeout=5, ca_file=tmp_path / "ca.pem"), "call", ISSUE, order, **more)
        # The request left only where the certificate is right: so nothing was done elsewhere, surely.
        assert bool(answered) == (name == "good"), name
        hidden(caught.value)


@each_transport
def test_nobody_who_listens_did_nothing(transport: str, order: dict[str, Any]) -> None:
    server = Server(says())
    server.port = 9
    with pytest.raises(TransportError) as caught:
        ask(TRANSPORTS[transport](timeout=2), "call", ISSUE, order, **server.settings(permanent_token=TOKEN))
    assert any("connect" in str(link).lower() for link in chain(caught.value))
    hidden(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_an_interrupt_shows_no_secret(order: dict[str, Any]) -> None:
    server = Server(HOSTILE["silent"])
    main = threading.get_ident()
    timer = threading.Timer(0.5, lambda: signal.pthread_kill(main, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        ask(StdlibTransport(timeout=5), "call", ISSUE, order, **server.settings(permanent_token=TOKEN))
    hidden(caught.value)


def test_a_cancelled_task_shows_no_secret(order: dict[str, Any]) -> None:
    pytest.importorskip("httpx")
    from nnopen import AsyncClient
    from nnopen.transports import AsyncHttpxTransport

    async def cancelled() -> BaseException:
        server = Server(HOSTILE["silent"])
        async with AsyncClient(transport=AsyncHttpxTransport(), **server.settings(permanent_token=TOKEN)) as client:
            task = asyncio.ensure_future(client.call(ISSUE, order))  # type: ignore[call-overload]
            await asyncio.sleep(0.3)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as error:
                return error
        raise AssertionError("it was not cancelled")

    hidden(asyncio.run(cancelled()))


class Telling:
    """A transport that puts all it knows into its exceptions."""

    def send(self, request: Any) -> Any:
        error = OSError(f"{dict(request.headers)} {request.body!r}")
        error.request, error.body = request, request.body  # type: ignore[attr-defined]
        try:
            raise ValueError(request.body, request.headers)
        except ValueError:
            raise error

    def close(self) -> None:
        pass


def test_a_transport_that_tells_all_is_silenced(order: dict[str, Any]) -> None:
    for verb, args, more in (("call", (ISSUE, order), {"permanent_token": TOKEN}), ("sign_in", (), {})):
        with pytest.raises(NnopenError) as caught:
            ask(Telling(), verb, *args, **Server(says()).settings(**more))
        hidden(caught.value)


@pytest.mark.parametrize("flags", [["-l", "--tb=long", "--showlocals", "--full-trace"], ["-X", "faulthandler"]])
def test_pytest_and_faulthandler_show_no_secret(flags: list[str], tmp_path: Path) -> None:
    program = """
import faulthandler, os, sys
from nnopen import Client, MemoryStore

def settings():
    return dict(app_key="SD00000001", app_secret=os.environ["HIDDEN"], tax_num="339901999999142",
        service_url="http://127.0.0.1:9/open/v1/services", token_url="http://127.0.0.1:9/accessToken", permanent_token=os.environ["TOKEN"])

class Dumping:
    def send(self, request):
        faulthandler.dump_traceback(sys.__stderr__)
        raise OSError("down")
    def close(self): pass

def test_it():
    client = Client(store=MemoryStore(), transport=Dumping(), **settings())
    client.call("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["A"]})

def test_settings():
    Client(store=MemoryStore(), **{**settings(), "tax_num": "no\\nnumber"})

if __name__ == "__main__":
    test_it()
"""
    path = tmp_path / "test_program.py"
    path.write_text(program)
    args = [*flags, str(path)] if flags[0] == "-X" else ["-m", "pytest", "-s", "-p", "no:cacheprovider", *flags, str(path)]
    environment = {**os.environ, "HIDDEN": "S3CRET-IN-TEST", "TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=tmp_path
    )
    assert done.returncode != 0 and "Error: [" in done.stdout and ", line 11 in send" in done.stdout, done.stdout
    assert "S3CRET-IN-TEST" not in done.stdout and TOKEN not in done.stdout, done.stdout


def test_all_transports_are_met() -> None:
    needed = {"requests", "httpx", "aiohttp", "trustme"}
    missing = {name for name in needed if importlib.util.find_spec(name) is None}
    if missing:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")
    assert Client and len(TRANSPORTS) == 6
