"""Every transport's way through a real platform: the simulator, strict about each header's case."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable

import pytest

import nnopen
from nnopen import AsyncClient, Client, MemoryStore, PlatformError, TransportError, UncertainError
from nnopen.testing import Simulator
from nnopen.transports import (
    AiohttpTransport,
    AsyncHttpxTransport,
    HttpxTransport,
    RequestsTransport,
    StdlibTransport,
    ThreadTransport,
)

ISSUE = "nuonuo.OpeMplatform.requestBillingNew"
QUERY = "nuonuo.OpeMplatform.queryInvoiceResult"

SYNC: dict[str, Callable[..., Any]] = {
    "stdlib": StdlibTransport,
    "requests": RequestsTransport,
    "httpx": HttpxTransport,
}
ASYNC: dict[str, Callable[..., Any]] = {
    "httpx-async": AsyncHttpxTransport,
    "aiohttp": AiohttpTransport,
    "threads": lambda **more: ThreadTransport(StdlibTransport(**more)),
}


class Host:
    """A client of either kind, spoken to in one way; its sleep moves the simulator's clock and its own."""

    def __init__(self, simulator: Simulator, name: str, **more: Any) -> None:
        self.loop = asyncio.new_event_loop() if name in ASYNC else None
        self.offset = 0
        settings: dict[str, Any] = {**simulator.settings(), "store": MemoryStore(), "clock": self.clock, **more}

        def forward(seconds: float) -> None:
            simulator.advance(seconds)
            self.offset += int(seconds * 1000)

        async def forward_async(seconds: float) -> None:
            forward(seconds)

        self.client: Any
        if self.loop is None:
            settings.setdefault("transport", SYNC.get(name, StdlibTransport)())
            self.client = Client(sleep=forward, **settings)
        else:
            settings.setdefault("transport", ASYNC[name]())
            self.client = AsyncClient(sleep=forward_async, **settings)

    def clock(self) -> int:
        from nnopen import _drive

        return _drive.now() + self.offset

    def __getattr__(self, verb: str) -> Any:
        def do(*args: Any, **more: Any) -> Any:
            result = getattr(self.client, verb)(*args, **more)
            return result if self.loop is None else self.loop.run_until_complete(result)

        return do

    def done(self) -> None:
        self.close()
        if self.loop is not None:
            self.loop.close()


@pytest.fixture
def strict() -> Iterator[Simulator]:
    with Simulator(["--strict"]) as simulator:
        yield simulator


@pytest.fixture(params=[*SYNC, *ASYNC])
def host(request: pytest.FixtureRequest, strict: Simulator) -> Iterator[Host]:
    host = Host(strict, request.param)
    yield host
    host.done()


def token_calls(simulator: Simulator) -> int:
    return sum("/accessToken" in request["target"] for request in simulator.requests())


_numbers = iter(range(1, 1_000_000))


@pytest.fixture
def fresh(order: dict[str, Any]) -> dict[str, Any]:
    params = copy.deepcopy(order)
    params["order"]["orderNo"] = f"PY{next(_numbers):06}"
    return params


def test_an_order_from_token_to_invoice(host: Host, strict: Simulator, fresh: dict[str, Any]) -> None:
    assert not [v for v in nnopen.check(ISSUE, fresh) if v.severity == "error"]
    taken = host.call(ISSUE, fresh)
    assert taken["invoiceSerialNum"]
    rows = host.poll(QUERY, {"orderNos": [fresh["order"]["orderNo"]], "isOfferInvoiceDetail": "1"})
    (row,) = rows
    assert row["status"] == "2" and row["orderNo"] == fresh["order"]["orderNo"]
    assert row["orderAmount"] == Decimal("3198.00") and str(row["orderAmount"]) == "3198.00"
    assert isinstance(row["invoiceTime"], datetime) and row["invoiceTime"].utcoffset() == timedelta(hours=8)
    # The token was asked for once, for all of it.
    assert token_calls(strict) == 1


def test_amounts_and_times_may_be_pythons_own(host: Host, fresh: dict[str, Any]) -> None:
    fresh["order"]["invoiceDate"] = datetime.now(nnopen_china())
    for line in fresh["order"]["invoiceDetail"]:
        for name in ("price", "tax", "taxRate", "taxExcludedAmount", "taxIncludedAmount"):
            line[name] = Decimal(line[name])
        line["num"] = int(line["num"])
    assert host.issue(fresh)[0]["status"] == "2"


def nnopen_china() -> Any:
    from nnopen._values import CHINA

    return CHINA


def test_a_second_order_with_the_same_number_is_refused(host: Host, fresh: dict[str, Any]) -> None:
    host.call(ISSUE, fresh)
    with pytest.raises(PlatformError) as caught:
        host.call(ISSUE, fresh)
    assert caught.value.code == "E9106" and not caught.value.order_free and caught.value.hint_zh


def test_a_failed_order_is_a_platform_error(host: Host, fresh: dict[str, Any]) -> None:
    fresh["order"]["orderNo"] += "-FAIL"
    with pytest.raises(PlatformError) as caught:
        host.issue(fresh)
    assert caught.value.code == "22"


@pytest.mark.parametrize("fault", ["lost_before", "lost_after", "truncated"])
def test_a_lost_answer_makes_one_invoice(host: Host, strict: Simulator, fresh: dict[str, Any], fault: Any) -> None:
    strict.fault(fault, method=ISSUE)
    rows = host.issue(fresh)
    assert [row["status"] for row in rows] == ["2"]
    (order,) = [order for order in strict.orders() if order["orderNo"] == fresh["order"]["orderNo"]]
    assert len(order["invoices"]) == 1


def test_a_plain_call_with_a_lost_answer_is_uncertain(host: Host, strict: Simulator, fresh: dict[str, Any]) -> None:
    strict.fault("lost_after", method=ISSUE)
    with pytest.raises(UncertainError) as caught:
        host.call(ISSUE, fresh)
    assert caught.value.__cause__ is not None
    # Followed up, asking first.
    assert host.settle(ISSUE, fresh, again=True)[0]["status"] == "2"


def test_a_lost_read_is_harmless(host: Host, strict: Simulator) -> None:
    host.sign_in()
    strict.fault("lost_before", method=QUERY)
    with pytest.raises(TransportError):
        host.call(QUERY, {"orderNos": ["PY-NONE"]})


def test_nobody_listening_is_no_token_call(strict: Simulator) -> None:
    for name in [*SYNC, *ASYNC]:
        host = Host(strict, name, token_url="http://127.0.0.1:9/accessToken")
        with pytest.raises(nnopen.NnopenError) as caught:
            host.sign_in()
        assert caught.value.kind in ("transport", "auth")
        assert '"fetched":[]' in host.client.session.snapshot().replace(" ", ""), name
        host.done()


def test_a_raw_body_is_signed_as_it_is(host: Host) -> None:
    with pytest.raises(PlatformError):
        host.call_raw(QUERY, '{"orderNos": ["PY-NONE"] }')


def test_certificates_are_verified(tmp_path: Path) -> None:
    pem = tmp_path / "ca.pem"
    with Simulator(["--tls", "--cert-out", str(pem)]) as simulator:
        # What asks the simulator itself can't do so over TLS: only the clients do.
        for name, make in {**SYNC, **ASYNC}.items():
            settings: dict[str, Any] = {**simulator.settings(), "store": MemoryStore()}
            stranger, friend = make(), make(ca_file=pem)
            for transport, trusted in ((stranger, False), (friend, True)):
                if name in SYNC:
                    client: Any = Client(transport=transport, **settings)
                    tell = client.sign_in
                else:
                    tell = _async_sign_in(transport, settings)
                if trusted:
                    assert tell().expires_at is not None, name
                else:
                    with pytest.raises(nnopen.NnopenError) as caught:
                        tell()
                    shown = f"{caught.value} {caught.value.__cause__}"
                    assert "CERTIFICATE" in shown.upper() or "SSL" in shown.upper(), (name, shown)
                    assert caught.value.code is None
    assert ssl.CERT_REQUIRED == StdlibTransport()._tls.verify_mode


def _async_sign_in(transport: Any, settings: dict[str, Any]) -> Callable[[], Any]:
    async def tell() -> Any:
        async with AsyncClient(transport=transport, **settings) as client:
            return await client.sign_in()

    return lambda: asyncio.run(tell())


def test_the_fixture(nnopen_simulator: Simulator, fresh: dict[str, Any]) -> None:
    with nnopen_simulator.client() as client:
        assert client.sign_in().expires_at is not None
    assert nnopen_simulator.requests()


def test_many_tasks_share_one_token(strict: Simulator, order: dict[str, Any]) -> None:
    async def ask(client: AsyncClient, number: int) -> str:
        params = copy.deepcopy(order)
        params["order"]["orderNo"] = f"PYT{number:04}"
        taken: Any = await client.call(ISSUE, params)  # type: ignore[call-overload]
        return str(taken["invoiceSerialNum"])

    async def all_of_them() -> list[str]:
        async with strict.async_client(transport=AsyncHttpxTransport()) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(20)))

    assert len(set(asyncio.run(all_of_them()))) == 20
    assert token_calls(strict) == 1


def test_the_quickstart_runs(nnopen_simulator: Simulator, tmp_path: Path) -> None:
    program = Path(__file__).resolve().parents[1] / "examples" / "quickstart.py"
    settings = {
        "NNOPEN_APP_KEY": nnopen_simulator.app_key,
        "NNOPEN_APP_SECRET": nnopen_simulator.app_secret,
        "NNOPEN_TAX_NUM": nnopen_simulator.tax_num,
        "NNOPEN_URL": nnopen_simulator.service_url,
        "NNOPEN_TOKEN_URL": nnopen_simulator.token_url,
        "NNOPEN_STATE_DIR": str(tmp_path),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run([sys.executable, str(program)], capture_output=True, encoding="utf-8", env={**os.environ, **settings})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "开票完成 PY-1 26000000000000000001" and lines[1].startswith("价税合计 113.00 开票时间 ")
    assert "[platform E9106]" in done.stdout and "order.invoiceDetail[0].taxRate" in done.stdout


def test_a_push_is_read_and_confirmed(nnopen_simulator: Simulator, fresh: dict[str, Any]) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer

    came: list[nnopen.Push] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(nnopen.read_push(self.headers["Content-Type"], body))
            answer = nnopen.push_accepted().encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fresh["order"]["callBackUrl"] = f"http://127.0.0.1:{server.server_port}/push?key=guess"
    host = Host(nnopen_simulator, "stdlib")
    (row,) = host.issue(fresh)
    for _ in range(100):
        if came:
            break
        threading.Event().wait(0.05)
    push = came[0]
    assert (push.operater, push.status, push.order_no) == ("callback", "issued", fresh["order"]["orderNo"])
    invoice = push.invoice_result()
    assert invoice is not None and invoice.get("c_bhsje") == Decimal("2865.16") and push.void_result() is None
    assert push.confirm is not None
    method, params = push.confirm
    assert method == QUERY
    assert host.call(method, params)[0]["serialNo"] == push.serial_no == row["serialNo"]
    with pytest.raises(nnopen.ReplyError):
        nnopen.read_push("application/json", b"\xff")
    assert json.loads(nnopen.push_refused("later"))["status"] != "0000"
    server.shutdown()
    host.done()


def test_a_red_order_takes_an_invoice_back(host: Host, fresh: dict[str, Any]) -> None:
    fresh["order"]["invoiceLine"] = "p"
    (blue,) = host.issue(fresh)
    (row,) = host.call(QUERY, {"serialNos": [blue["serialNo"]], "isOfferInvoiceDetail": "1"})
    red = nnopen.order.red(row, f"{fresh['order']['orderNo']}-R", datetime.now(nnopen_china()), "1")
    (taken,) = host.issue({"order": red})
    assert taken["orderAmount"] == Decimal("-3198.00") and taken["status"] == "2"
