"""The platform's simulator for tests, and its pytest fixture.

    def test_an_order(nnopen_simulator):
        with nnopen_simulator.client() as client:
            client.issue({"order": {…}})

It needs the command line `nnopen`: on the path, or named by `NNOPEN_BIN`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from typing_extensions import Self

    from .aio import AsyncClient
    from .client import Client

__all__ = ["Simulator"]

Fault = Literal[
    "lost_before", "lost_after", "slow", "status", "truncated", "html", "expired_token", "busy"
]


class _Settings(TypedDict):
    app_key: str
    app_secret: str
    tax_num: str
    service_url: str
    token_url: str


class Simulator:
    """A simulator in a process of its own, on a free port. Leave it by `with` or `stop()`."""

    app_key = "SD00000001"
    app_secret = "SD00000000000001"
    tax_num = "339901999999142"

    def __init__(self, args: Sequence[str] = (), *, binary: str | None = None) -> None:
        found = binary or os.environ.get("NNOPEN_BIN") or shutil.which("nnopen")
        if found is None:
            raise FileNotFoundError("no nnopen command: install nnopen-cli, or name it by NNOPEN_BIN")
        self._process = subprocess.Popen(
            [found, "simulate", "--port", "0", *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url.startswith("http"):
            self.stop()
            raise RuntimeError(f"{found} simulate did not start")

    @property
    def service_url(self) -> str:
        """Where methods are called."""
        return f"{self.url}/open/v1/services"

    @property
    def token_url(self) -> str:
        """Where tokens are had."""
        return f"{self.url}/accessToken"

    def settings(self) -> _Settings:
        """What a client needs to know: `Client(**simulator.settings())`."""
        return {
            "app_key": self.app_key,
            "app_secret": self.app_secret,
            "tax_num": self.tax_num,
            "service_url": self.service_url,
            "token_url": self.token_url,
        }

    def client(self, **more: Any) -> Client:
        """A client of the simulator that keeps its token in memory."""
        from .client import Client
        from .stores import MemoryStore

        return Client(**{**self.settings(), "store": MemoryStore(), **more})

    def async_client(self, **more: Any) -> AsyncClient:
        """The same for asyncio."""
        from .aio import AsyncClient
        from .stores import MemoryStore

        return AsyncClient(**{**self.settings(), "store": MemoryStore(), **more})

    def fault(self, fault: Fault, *, method: str | None = None, **more: object) -> None:
        """Lets the next call fail, or the next call of `method` (`accessToken` for tokens)."""
        body: dict[str, object] = {"fault": fault, **more}
        if method is not None:
            body["method"] = method
        self._ask("faults", body)

    def orders(self) -> list[dict[str, Any]]:
        """The orders that were taken, and their invoices."""
        orders: list[dict[str, Any]] = self._ask("orders")
        return orders

    def requests(self) -> list[dict[str, Any]]:
        """The requests that came, without secrets."""
        requests: list[dict[str, Any]] = self._ask("requests")
        return requests

    def advance(self, seconds: float) -> None:
        """Sets the simulator's clock forward."""
        self._ask("clock", {"advance": int(seconds * 1000)})

    def stop(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _ask(self, what: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_simulator/{what}", data)
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


try:
    import pytest
except ImportError:  # pragma: no cover
    pass
else:

    @pytest.fixture
    def nnopen_simulator() -> Iterator[Simulator]:
        """The platform's simulator, new for each test."""
        with Simulator() as simulator:
            yield simulator
