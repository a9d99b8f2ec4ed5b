"""What must hold beside the protocol: odd values, secrets, threads, forks, hostile servers, light imports."""

from __future__ import annotations

import asyncio
import copy
import enum
import gc
import json
import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable

import pytest

import nnopen
from nnopen import (
    AsyncClient,
    Client,
    FileStore,
    InputError,
    MemoryStore,
    NnopenError,
    PlatformError,
    TransportError,
    UncertainError,
    Violation,
    errors,
)
from nnopen._native import check
from nnopen.testing import Simulator
from nnopen.transports import StdlibTransport

ISSUE = "nuonuo.OpeMplatform.requestBillingNew"
QUERY = "nuonuo.OpeMplatform.queryInvoiceResult"
SECRET = Simulator.app_secret
no_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def with_order(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    params = copy.deepcopy(order)
    params["order"].update(more)
    return params


def with_line(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    params = copy.deepcopy(order)
    params["order"]["invoiceDetail"][0].update(more)
    return params


def body(params: Any) -> Any:
    violations, text = check(ISSUE, params)
    assert text is not None, violations
    return json.loads(text)


def faults(params: Any) -> list[tuple[str, str]]:
    return [(v.path, v.message_en) for v in nnopen.check(ISSUE, params) if v.severity == "error"]


# Values


@pytest.mark.parametrize("value", [0.13, float("nan"), 1e300, float("inf")])
def test_a_float_for_money_is_told_with_its_path(order: dict[str, Any], value: float) -> None:
    (fault,) = faults(with_line(order, taxRate=value))
    assert fault == ("order.invoiceDetail[0].taxRate", "must be an exact decimal such as \"0.13\", not a float")


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (Decimal("0.130"), "0.130"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "-0.00"),
        (Decimal("0E-8"), "0.00000000"),
        (Decimal("0.300000000000000001"), "0.300000000000000001"),
        (13, "13"),
        (10**30, str(10**30)),
        ("3.50000000", "3.50000000"),
    ],
)
def test_an_exact_number_keeps_its_digits(order: dict[str, Any], value: object, wire: str) -> None:
    assert body(with_line(order, price=value))["order"]["invoiceDetail"][0]["price"] == wire


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999999")])
def test_a_decimal_that_is_no_number_is_refused(order: dict[str, Any], value: Decimal) -> None:
    (fault,) = faults(with_line(order, price=value))
    assert fault[0] == "order.invoiceDetail[0].price" and "Decimal out of range" in fault[1]


def test_an_aware_datetime_is_sent_as_chinas_time(order: dict[str, Any]) -> None:
    noon = datetime(2026, 9, 22, 12, 0, 30, 999999, tzinfo=timezone.utc)
    tokyo = noon.astimezone(timezone(timedelta(hours=9)))
    for moment in (noon, tokyo):
        assert body(with_order(order, invoiceDate=moment))["order"]["invoiceDate"] == "2026-09-22 20:00:30"


def test_a_naive_datetime_is_refused(order: dict[str, Any]) -> None:
    (fault,) = faults(with_order(order, invoiceDate=datetime(2026, 9, 22, 12)))
    assert fault[0] == "order.invoiceDate" and "naive datetime" in fault[1]


def test_a_date_is_a_date_and_no_time(order: dict[str, Any]) -> None:
    assert faults(with_order(order, invoiceDate=date(2026, 9, 22)))[0][0] == "order.invoiceDate"


class Line(enum.Enum):
    SPECIAL = "bs"
    PLAIN = "pc"


class Text(str, enum.Enum):
    PLAIN = "pc"


class Whole(enum.IntEnum):
    ONE = 1


def test_enums_mappings_and_tuples_are_what_they_stand_for(order: dict[str, Any]) -> None:
    assert body(with_order(order, invoiceLine=Line.PLAIN))["order"]["invoiceLine"] == "pc"
    assert body(with_order(order, invoiceLine=Text.PLAIN))["order"]["invoiceLine"] == "pc"
    assert body(with_order(order, invoiceType=Whole.ONE))["order"]["invoiceType"] == "1"
    lines = tuple(map(MappingProxyType, order["order"]["invoiceDetail"]))
    assert body(MappingProxyType(OrderedDict(order))) == body(order)
    assert body({"order": {**order["order"], "invoiceDetail": lines}}) == body(order)


@pytest.mark.parametrize(
    ("value", "name"),
    [(b"pc", "bytes"), ({"p", "c"}, "set"), (object(), "object"), (iter("pc"), "object"), (True, "bool"), ([], "list")],
)
def test_what_has_no_form_is_told_with_its_name(order: dict[str, Any], value: object, name: str) -> None:
    (fault,) = faults(with_order(order, invoiceLine=value))
    assert fault[0] == "order.invoiceLine" and fault[1].endswith(f" {name}")


def test_odd_dicts_are_told_not_sent(order: dict[str, Any]) -> None:
    odd: dict[Any, Any] = {**order["order"], 7: "seven", None: "nothing"}
    assert [path for path, _ in faults({"order": odd})] == ["order.7", "order.None"]
    assert faults(with_order(order, remark="half \ud800"))[0][0] == "order.remark"


def test_params_that_are_no_object_are_told() -> None:
    for params in (None, [], 7, 1.5, b"{}", object()):
        assert faults(params)[0][0] == ""
    assert faults("{broken")[0] == ("", faults("{broken")[0][1])


def test_cycles_end(order: dict[str, Any]) -> None:
    wide: list[Any] = []
    wide += [wide, wide]
    deep: dict[str, Any] = {}
    deep.update(a=deep, b=deep, order=deep)
    began = time.monotonic()
    assert any("nested too deep" in text for _, text in faults(with_order(order, x=wide)))
    assert any("nested too deep" in text for _, text in faults(deep))
    assert time.monotonic() - began < 5


class Raises(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        raise ZeroDivisionError("of the caller's own")


def test_an_exception_of_the_callers_own_comes_through(order: dict[str, Any]) -> None:
    with pytest.raises(ZeroDivisionError, match="of the caller's own"):
        nnopen.check(ISSUE, with_order(order, invoiceDetail=[Raises()]))


def test_ten_megabytes_are_checked_quickly(order: dict[str, Any]) -> None:
    lines = order["order"]["invoiceDetail"] * 10
    params = with_order(order, invoiceDetail=[{**line, "note": "x" * 500_000} for line in lines])
    began = time.monotonic()
    text = check(ISSUE, params)[1]
    assert text is not None and len(text) > 10_000_000
    assert time.monotonic() - began < 5


def test_wrong_types_of_arguments_are_type_errors(order: dict[str, Any]) -> None:
    client: Any = canned()
    with pytest.raises(TypeError):
        client.call(1, order)
    with pytest.raises(TypeError):
        client.session.start("call", ISSUE, order).step("now", b"")
    with pytest.raises(errors.UsageError, match="20 bytes"):
        client.session.start("call", ISSUE, order).step(1_700_000_000_000, b"short")
    with pytest.raises(OverflowError):
        client.session.start("call", ISSUE, order).receive(70_000, b"", 0)
    with pytest.raises(NnopenError):
        client.call("no.such.method", {})
    with pytest.raises(ValueError):
        client.session.start("send", ISSUE, order)


# Errors


def test_errors_are_pickled_and_copied() -> None:
    for kind in ("input", "usage", "auth", "platform", "reply", "transport", "uncertain"):
        row = ("order.orderNo", "required", "error", "必填", "is required", "E9100")
        error = errors.build(kind, "what", "E9106", "怎么办", "what to do", [row], 1_700_000_000_123, "ask", True, '{"a": 1.50}')
        assert isinstance(error, NnopenError) and isinstance(error, Exception) and error.kind == kind
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error) and again.__dict__ == error.__dict__ and str(again) == str(error)
            assert again.violations == (Violation(*row),) and again.result == {"a": Decimal("1.50")}
            assert again.retry_at == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=timezone.utc)
            assert (again.code, again.order_free, again.retry) == ("E9106", True, "ask")


def test_an_error_tells_what_and_where_and_what_to_do(order: dict[str, Any]) -> None:
    with Client(app_key="SD00000001", app_secret="S", tax_num="1", environment="sandbox", store=MemoryStore()) as client:
        with pytest.raises(InputError) as caught:
            client.issue(with_line(order, taxRate=0.13))  # type: ignore[arg-type]
    shown = str(caught.value)
    assert "order.invoiceDetail[0].taxRate" in shown and "[input]" in shown
    assert isinstance(caught.value, ValueError)


def test_orders_are_worked_out(order: dict[str, Any]) -> None:
    line = {"withTaxFlag": "1", "price": Decimal("50.50"), "num": 2, "taxRate": Decimal("0.13")}
    assert tuple(nnopen.order.amounts(line)) == (Decimal("89.38"), Decimal("11.62"), Decimal("101.00"))
    with pytest.raises(InputError) as caught:
        nnopen.order.amounts({**line, "taxRate": 0.13})
    assert caught.value.violations[0].path == "taxRate"
    assert nnopen.order.totals(order["order"]).tax_included == Decimal("3198.00")
    parts = nnopen.order.split(order["order"], Decimal("1000"))
    assert len(parts) > 1 and sum(nnopen.order.totals(part).tax_included for part in parts) == Decimal("3198.00")


# Secrets


def shown(error: BaseException) -> str:
    """All that tools show of an error: the traceback with its variables, the pickle, every text."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    # Not the variables of these tests themselves.
    told.stack[:] = [frame for frame in told.stack if frame.filename != __file__]
    text = "".join(told.format()) + repr(error) + str(error) + repr(error.__dict__)
    return text + (pickle.dumps(error).decode("latin-1") if isinstance(error, NnopenError) else "")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def test_no_error_shows_a_secret(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client(sleep=lambda seconds: simulator.advance(seconds))
    client.sign_in()
    token = json.loads(client.session.snapshot())["token"]["access"]
    hidden = [SECRET, token]
    del token
    for fault in ("lost_before", "lost_after", "truncated", "html", "status"):
        more = {"status": 502} if fault == "status" else {}
        simulator.fault(fault, method=ISSUE, **more)  # type: ignore[arg-type]
        with pytest.raises(NnopenError) as caught:
            client.call(ISSUE, order)  # type: ignore[call-overload]
        text = shown(caught.value)
        assert not [secret for secret in hidden if secret in text], text
    strangers = {**simulator.settings(), "store": MemoryStore()}
    for fault in ("lost_after", "html", "truncated"):
        simulator.fault(fault, method="accessToken")  # type: ignore[arg-type]
        stranger = Client(**strangers)
        with pytest.raises(NnopenError) as caught:
            stranger.sign_in()
        text = shown(caught.value)
        assert not [secret for secret in hidden if secret in text], text


def test_no_value_shows_a_secret(simulator: Simulator) -> None:
    client = simulator.client()
    call = client.session.sign_in()
    call.step(1_700_000_000_000, os.urandom(20))
    call.loaded(0, b"", 1_700_000_000_001)
    swap: Any = call.step(1_700_000_000_002, os.urandom(20))
    call.swapped(True, 1_700_000_000_003)
    request = call.step(1_700_000_000_004, os.urandom(20))
    assert isinstance(swap, nnopen.Swap) and isinstance(request, nnopen.Request)
    client = simulator.client()
    client.sign_in()
    token = json.loads(client.session.snapshot())["token"]["access"]
    for value in (client, client.session, call, swap, request, simulator.async_client(), client._store, client._transport):
        for hidden in (SECRET, token):
            assert hidden not in f"{value!r} {value!s}"
    for value in (client, client.session, call, swap, request, simulator.async_client()):
        with pytest.raises(TypeError):
            pickle.dumps(value)


def test_a_constructor_that_fails_shows_no_secret() -> None:
    def build(secret: str) -> None:
        try:
            Client(app_key="SD00000001", app_secret=secret, tax_num="", environment="nowhere")
        finally:
            del secret

    with pytest.raises(NnopenError) as caught:
        build("S3CRET" + "-IN-TEST")
    assert "S3CRET-IN-TEST" not in shown(caught.value)


# Threads, forks, interpreters


def token_calls(simulator: Simulator) -> int:
    return sum(request["target"] == "/accessToken" for request in simulator.requests())


def test_threads_share_a_client_and_its_token(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client()
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            client.call(ISSUE, with_order(order, orderNo=f"T{number}"))  # type: ignore[call-overload]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failed and len(simulator.orders()) == 16 and token_calls(simulator) == 1


@no_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_made_by_fork_uses_the_same_token(simulator: Simulator, order: dict[str, Any], tmp_path: Path) -> None:
    client = simulator.client(store=FileStore(tmp_path))
    client.sign_in()
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            try:
                client.call(ISSUE, with_order(order, orderNo=f"F{number}"))  # type: ignore[call-overload]
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert len(simulator.orders()) == 4 and token_calls(simulator) == 1


def test_processes_share_one_token_through_the_file(simulator: Simulator, tmp_path: Path) -> None:
    program = """
import json, sys
from nnopen import Client, FileStore, PlatformError
client = Client(**json.loads(sys.argv[1]), store=FileStore(sys.argv[2]))
try:
    client.call("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["NONE"]})
except PlatformError as error:
    assert error.code == "E9500", error
"""
    args = [sys.executable, "-c", program, json.dumps(simulator.settings()), str(tmp_path)]
    running = [subprocess.Popen(args) for _ in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert token_calls(simulator) == 1
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
        assert SECRET not in file.read_text()


def test_a_second_interpreter_is_refused_not_crashed() -> None:
    program = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import nnopen
other = interpreters.create()
try:
    said = interpreters.run_string(other, "import nnopen")
except Exception as error:
    said = error
print("refused" if said is not None else "taken", said)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    # Before 3.12 Python lets a second interpreter use the first one's module.
    if sys.version_info >= (3, 12):
        assert done.stdout.startswith("refused") and "ImportError" in done.stdout


# Async


def test_a_cancelled_task_leaves_the_others_their_token(simulator: Simulator) -> None:
    async def both() -> str:
        simulator.fault("slow", method="accessToken", ms=600)
        async with simulator.async_client() as client:
            first = asyncio.ensure_future(client.sign_in())
            await asyncio.sleep(0.2)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            with pytest.raises(NnopenError) as caught:
                await client.call(QUERY, {"orderNos": ["NONE"]})
            return caught.value.kind

    # The token call was lost: that is a pause with an end, and no call waits for ever.
    assert asyncio.run(asyncio.wait_for(both(), 20)) in ("auth", "platform")


def test_a_client_dropped_in_mid_flight_is_gone(simulator: Simulator) -> None:
    client = simulator.client()
    call = client.session.sign_in()
    call.step(1_700_000_000_000, os.urandom(20))
    del call, client
    gc.collect()


def test_a_call_that_was_kept_goes_on_and_asks_first(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client()
    client.sign_in()
    call = client.session.start("settle", ISSUE, order)
    step = call.step(time.time_ns() // 1_000_000, os.urandom(20))
    assert isinstance(step, nnopen.Request)
    kept = call.snapshot()
    assert SECRET not in kept and json.loads(client.session.snapshot())["token"]["access"] not in kept
    client._transport.send(step)
    # Here the process dies; another one finds what was kept.
    again = simulator.client()
    json.loads(again._run(again.session.resume(kept)))
    (taken,) = simulator.orders()
    assert len(taken["invoices"]) == 1


# Hosts of one's own


class Canned:
    """A transport that answers what it is told to."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def send(self, request: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        pass


TOKEN = (200, b'{"access_token": "T-1", "expires_in": 86400}')


def canned(*answers: Any, **more: Any) -> Client:
    settings: dict[str, Any] = {"app_key": "SD00000001", "app_secret": SECRET, "tax_num": "339901999999142"}
    return Client(environment="sandbox", store=MemoryStore(), transport=Canned(TOKEN, *answers), **settings, **more)


@pytest.mark.parametrize("answer", [(200, "text"), (200, None), None, (200,), ("200", b""), (-1, b"")])
def test_a_transport_that_answers_wrongly_is_uncertain_for_a_write(order: dict[str, Any], answer: Any) -> None:
    with pytest.raises(UncertainError) as caught:
        canned(answer).call(ISSUE, order)  # type: ignore[call-overload]
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_result_of_odd_values_is_kept(order: dict[str, Any]) -> None:
    rows = [
        {
            "serialNo": 26, "status": 2, "orderAmount": "", "taxAmount": "abc", "exTaxAmount": 1.50, "invoiceTime": "",
            "createTime": 1795323125, "updateTime": "2026-11-22 12:00:00", "stateUpdateTime": "soon", "unknown": 1.10,
            "invoiceItems": [{"itemAmount": 10, "itemIndex": "3"}, None, "x"], "remark": None, "requestSrc": True,
        }
    ]  # fmt: skip
    text = json.dumps({"code": "E0000", "describe": "", "result": rows}).replace("1.5,", "1.50,").replace("1.1,", "1.10,")
    (row,) = canned((200, text.encode())).call(QUERY, {"orderNos": ["A"]})
    odd: Any = row
    assert odd["serialNo"] == "26" and odd["status"] == "2" and odd["orderAmount"] is None
    assert odd["taxAmount"] == "abc" and str(odd["exTaxAmount"]) == "1.50" and odd["invoiceTime"] is None
    assert odd["createTime"] == datetime(2026, 11, 22, 4, 52, 5, tzinfo=timezone.utc)
    assert odd["updateTime"].utcoffset() == timedelta(hours=8) and odd["stateUpdateTime"] == "soon"
    assert str(odd["unknown"]) == "1.10" and odd["invoiceItems"][0] == {"itemAmount": Decimal(10), "itemIndex": 3}
    assert odd["invoiceItems"][1:] == [None, "x"] and odd["remark"] is None and odd["requestSrc"] is True


def test_numbers_of_an_answer_never_pass_through_a_float() -> None:
    for token in ("20190801120207971529", "0.00", "0.300000000000000001", "9" * 5000, "1e400"):
        text = f'{{"code": "E0000", "result": {{"n": {token}}}}}'
        result: Any = canned((200, text.encode())).call_raw(QUERY, "{}")
        assert Decimal(token) == Decimal(result["n"]) and not isinstance(result["n"], float)


def test_warnings_are_logged(order: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "nnopen"), pytest.raises(PlatformError):
        canned((200, b'{"code": "E9500", "describe": "none"}')).call(QUERY, {"orderNos": ["A"], "orderNo": "A"})  # type: ignore[call-overload]
    assert "orderNo" in caplog.text


def test_clock_entropy_and_sleep_are_the_hosts() -> None:
    pending = b'{"code": "E0000", "result": [{"serialNo": "1", "orderNo": "A", "status": "20"}]}'
    final = pending.replace(b'"20"', b'"2"')
    now, slept = [1_700_000_000_000], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += int(seconds * 1000)

    numbers = iter(range(1, 256))
    client = canned((200, pending), (200, final), clock=lambda: now[0], entropy=lambda: bytes([next(numbers)] * 20), sleep=sleep)
    assert client.poll(QUERY, {"orderNos": ["A"]})[0]["status"] == "2"
    assert sum(slept) >= 1 and client.sign_in if slept else False


class Failing(MemoryStore):
    """A store that is down, for so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def load(self, key: str) -> tuple[int, bytes]:
        self.times -= 1
        if self.times >= 0:
            raise OSError("the store is down")
        return super().load(key)


def test_a_store_that_fails_ends_a_call_before_anything_was_sent(simulator: Simulator) -> None:
    client = simulator.client(store=Failing(10**6))
    with pytest.raises(TransportError) as caught:
        client.sign_in()
    assert isinstance(caught.value.__cause__, OSError) and token_calls(simulator) == 0


def test_a_store_that_recovers_is_used(simulator: Simulator) -> None:
    client = simulator.client(store=Failing(1))
    with pytest.raises(TransportError):
        client.sign_in()
    assert client.sign_in().expires_at is not None and token_calls(simulator) == 1


def test_the_token_call_is_in_the_store_before_it_leaves(simulator: Simulator, tmp_path: Path) -> None:
    store, noted = FileStore(tmp_path), []

    class Looking(StdlibTransport):
        def send(self, request: Any, /) -> tuple[int, bytes]:
            noted.append(len(json.loads(store.load(client.session.store_key)[1])["fetched"]))
            return super().send(request)

    client = simulator.client(store=store, transport=Looking())
    client.sign_in()
    assert noted == [1]


def test_a_record_of_somebody_else_is_refused_and_left(simulator: Simulator, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    client = simulator.client(store=store)
    for data in (b"{}", b"no JSON", b"\xff"):
        version = store.load(client.session.store_key)[0]
        assert store.swap(client.session.store_key, version, data)
        with pytest.raises(InputError):
            client.sign_in()
        assert store.load(client.session.store_key)[1] == data
    (tmp_path / f"{client.session.store_key}.token").write_bytes(b"no version")
    with pytest.raises(TransportError):
        client.sign_in()


def test_asyncio_takes_a_store_of_either_kind(simulator: Simulator) -> None:
    class Waiting:
        def __init__(self) -> None:
            self.inner = MemoryStore()

        async def load(self, key: str) -> tuple[int, bytes]:
            await asyncio.sleep(0)
            return self.inner.load(key)

        async def swap(self, key: str, version: int, data: bytes) -> bool:
            await asyncio.sleep(0)
            return self.inner.swap(key, version, data)

    async def tell(store: Any) -> None:
        async with simulator.async_client(store=store) as client:
            await client.sign_in()

    for store in (Waiting(), MemoryStore()):
        asyncio.run(tell(store))


# Servers that mean no good


def serve(answer: Callable[[socket.socket], None]) -> tuple[str, threading.Thread]:
    """Answers one connection after another, until the test ends."""
    listening = socket.create_server(("127.0.0.1", 0))

    def loop() -> None:
        while True:
            connection, _ = listening.accept()
            with connection:
                try:
                    connection.recv(1 << 16)
                    answer(connection)
                except OSError:
                    pass

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}", thread


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


HOSTILE: dict[str, Callable[[socket.socket], None]] = {
    "endless": endless,
    "dripping": dripping,
    "nothing": lambda connection: None,
    "no HTTP": lambda connection: connection.sendall(b"\x00\xff" * 100),
    "redirect": lambda connection: connection.sendall(
        b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    ),
    "many headers": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10_000),
    "short": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "deep": lambda connection: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 200_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_is_uncertain_for_a_write(name: str, order: dict[str, Any], monkeypatch: Any) -> None:
    from nnopen.transports import stdlib

    monkeypatch.setattr(stdlib, "BIGGEST_ANSWER", 1 << 20)
    url, _ = serve(HOSTILE[name])
    client = Client(
        app_key="SD00000001",
        app_secret=SECRET,
        tax_num="339901999999142",
        service_url=f"{url}/open/v1/services",
        token_url=f"{url}/accessToken",
        permanent_token="T-PERMANENT",
        transport=StdlibTransport(timeout=1),
        store=MemoryStore(),
    )
    began = time.monotonic()
    with pytest.raises(UncertainError) as caught:
        client.call(ISSUE, order)  # type: ignore[call-overload]
    assert time.monotonic() - began < 10
    assert "T-PERMANENT" not in shown(caught.value)


def test_a_refused_connection_did_nothing(order: dict[str, Any]) -> None:
    client = Client(
        app_key="SD00000001",
        app_secret=SECRET,
        tax_num="339901999999142",
        service_url="http://127.0.0.1:9/open/v1/services",
        token_url="http://127.0.0.1:9/accessToken",
        permanent_token="T",
        store=MemoryStore(),
    )
    with pytest.raises(TransportError):
        client.call(ISSUE, order)  # type: ignore[call-overload]


# Imports


def test_importing_is_light() -> None:
    program = (
        "import sys, nnopen; heavy = {'ssl', 'http', 'http.client', 'asyncio', 'decimal', 'json', 'socket', 'urllib.request',"
        " 'nnopen.types', 'nnopen.client'} & set(sys.modules); print(sorted(heavy)); import nnopen.types;"
        " print('nnopen.types.codes' in sys.modules); print(all(hasattr(nnopen, name) for name in nnopen.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split("\n") == ["[]", "False", "True", ""], done.stdout + done.stderr


def test_every_transport_names_what_is_missing() -> None:
    program = (
        "import sys; sys.modules['requests'] = None\n"
        "try:\n    from nnopen.transports import RequestsTransport\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "requests" in done.stdout, done.stderr


def test_async_and_sync_clients_offer_the_same() -> None:
    def verbs(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert verbs(Client) == verbs(AsyncClient)
