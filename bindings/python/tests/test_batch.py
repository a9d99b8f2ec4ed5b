"""Many orders followed at once: the loop, waking it, keeping it, both clients alike."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from common import ISSUE, QUERY, SECRET, Canned, shown, token_calls, with_order

from nnopen import AsyncClient, BatchEvent, Client, InputError, MemoryStore, TransportError, UsageError
from nnopen.testing import Simulator


class Clocked:
    """A client of either kind whose sleep moves the simulator's clock and its own; its batches as lists of events."""

    def __init__(self, simulator: Simulator, kind: str, **more: Any) -> None:
        self.simulator, self.kind, self.offset = simulator, kind, 0
        self.loop = asyncio.new_event_loop()
        settings: dict[str, Any] = {"clock": self.clock, **more}
        if kind == "sync":
            self.client: Any = simulator.client(sleep=self.forward, **settings)
        else:
            self.client = simulator.async_client(sleep=self.forward_async, **settings)

    def clock(self) -> int:
        return time.time_ns() // 1_000_000 + self.offset

    def forward(self, seconds: float) -> None:
        self.simulator.advance(seconds)
        self.offset += int(seconds * 1000)

    async def forward_async(self, seconds: float) -> None:
        self.forward(seconds)

    def call(self, *args: Any) -> Any:
        result = self.client.call(*args)
        return result if self.kind == "sync" else self.loop.run_until_complete(result)

    def events(self, batch: Any, most: int = 10**6) -> list[BatchEvent[Any]]:
        if self.kind == "sync":
            return list(islice(batch, most))

        async def collect() -> list[BatchEvent[Any]]:
            found = []
            async for event in batch:
                found.append(event)
                if len(found) == most:
                    break
            return found

        return self.loop.run_until_complete(collect())


@pytest.fixture(params=["sync", "async"])
def host(request: pytest.FixtureRequest, simulator: Simulator) -> Iterator[Clocked]:
    host = Clocked(simulator, request.param)
    yield host
    host.loop.close()


def issued(host: Clocked, order: dict[str, Any], count: int, suffix: str = "") -> list[str]:
    numbers = [f"B{number:04}{suffix}" for number in range(count)]
    for number in numbers:
        host.call(ISSUE, with_order(order, orderNo=number))
    return numbers


def test_every_order_ends_in_one_event(host: Clocked, order: dict[str, Any]) -> None:
    numbers = issued(host, order, 60)
    failing = issued(host, order, 2, "-FAIL")
    batch = host.client.follow(QUERY, rate=50, params={"isOfferInvoiceDetail": "1"})
    for number in [*numbers, *failing, "NEVER-SENT"]:
        assert batch.add(number) and not batch.add(number)
    assert batch.progress().pending == 63 and batch.progress().oldest is not None
    events = host.events(batch)
    ends = {event.key: event for event in events if event.kind != "trouble"}
    assert len(ends) == 63 and {event.kind for event in events} == {"done", "failed", "absent"}
    assert all(ends[number].kind == "done" for number in numbers) and ends["NEVER-SENT"].kind == "absent"
    assert all(ends[number].kind == "failed" for number in failing)
    (row,) = ends[numbers[0]].rows
    assert row["orderAmount"] == Decimal("3198.00") and isinstance(row["invoiceTime"], datetime)
    assert row["invoiceItems"] and ends["NEVER-SENT"].rows == []
    figures = batch.progress()
    assert (figures.pending, figures.done, figures.failed, figures.absent) == (0, 60, 2, 1)
    assert figures.queries < 60 and figures.oldest is None
    assert token_calls(host.simulator) == 1


def test_a_batch_is_kept_and_taken_up_by_another_process(host: Clocked, order: dict[str, Any]) -> None:
    numbers = issued(host, order, 3)
    batch = host.client.follow(QUERY, by="orderNos")
    for number in numbers:
        batch.add(number)
    (first,) = host.events(batch, most=1)
    kept = batch.snapshot()
    assert SECRET not in kept and first.key is not None and first.key not in kept
    again = host.client.follow(QUERY)
    assert again.resume(kept) == 2 and again.resume(kept) == 0
    rest = host.events(again)
    assert {event.key for event in [first, *rest]} == set(numbers)
    stranger = Client(app_key="SD00000002", app_secret="S", tax_num="1", environment="sandbox", store=MemoryStore())
    with pytest.raises(InputError):
        stranger.follow(QUERY).resume(kept)


def test_trouble_is_told_and_ends_no_order(host: Clocked, order: dict[str, Any]) -> None:
    issued(host, order, 1)
    for _ in range(6):
        host.simulator.fault("lost_before", method=QUERY)
    batch = host.client.follow(QUERY)
    batch.add("B0000")
    trouble, done = host.events(batch)
    assert (trouble.kind, trouble.keys, trouble.key) == ("trouble", ("B0000",), None)
    assert isinstance(trouble.error, TransportError) and trouble.error.__cause__ is not None
    assert (done.kind, done.key, done.error) == ("done", "B0000", None)
    assert SECRET not in shown(trouble.error) and "B0000" in repr(done)


def test_a_rule_that_can_not_be_right_is_told(simulator: Simulator) -> None:
    client: Any = simulator.client()
    for rules in ({"rate": 0}, {"rate": 1001}, {"by": "invoiceNos"}, {"params": {"orderNos": ["A"]}}):
        with pytest.raises(InputError):
            client.follow(QUERY, **rules)
    with pytest.raises(UsageError):
        client.follow(ISSUE)
    with pytest.raises((TypeError, OverflowError)):
        client.follow(QUERY, rate=-1)
    with pytest.raises(TypeError):
        client.follow(QUERY, params={"isOfferInvoiceDetail": Decimal(1)})
    batch = client.follow(QUERY)
    with pytest.raises(TypeError, match="time zone"):
        batch.add("A", datetime(2026, 1, 1))
    with pytest.raises(InputError):
        batch.add("line\nbreak")


def test_since_tells_how_old_an_order_is(simulator: Simulator) -> None:
    batch = simulator.client().follow(QUERY)
    since = datetime(2026, 11, 1, 12, 0, 0, 123000, tzinfo=timezone(timedelta(hours=8)))
    batch.add("A", since)
    assert batch.progress().oldest == since


PENDING = b'{"code": "E0000", "result": [{"serialNo": "1", "orderNo": "A", "status": "20"}]}'
FINAL = PENDING.replace(b'"20"', b'"2"')


class Changing(Canned):
    """A platform on which an order is under way, until it is told to be done."""

    def __init__(self) -> None:
        super().__init__()
        self.answer, self.asked = PENDING, threading.Event()

    def send(self, request: Any) -> Any:
        answer = self.answer
        self.asked.set()
        return 200, answer


def settings(transport: Any) -> dict[str, Any]:
    account = {"app_key": "SD00000001", "app_secret": SECRET, "tax_num": "339901999999142", "environment": "sandbox"}
    return {**account, "permanent_token": "T-PERMANENT", "store": MemoryStore(), "transport": transport}


def test_another_thread_may_add_hint_and_close() -> None:
    platform = Changing()
    batch = Client(**settings(platform)).follow(QUERY, rate=1000, endless=True)
    events: list[BatchEvent[Any]] = []
    came = threading.Event()

    def work() -> None:
        for event in batch:
            events.append(event)
            came.set()

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.2)
    # Idle, it would sleep for five seconds.
    assert batch.add("A", datetime.now(timezone.utc) - timedelta(days=2))
    assert platform.asked.wait(3)
    platform.answer = FINAL
    assert batch.hint("A") and not batch.hint("B")
    assert came.wait(10) and events[0].key == "A"
    assert thread.is_alive(), "it waits for more"
    batch.close()
    thread.join(3)
    assert not thread.is_alive()


def test_a_task_or_a_thread_may_add_hint_and_close() -> None:
    class Asynchronous(Changing):
        async def send(self, request: Any) -> Any:
            return Changing.send(self, request)

        async def close(self) -> None:
            pass

    async def both() -> list[str | None]:
        platform = Asynchronous()
        async with AsyncClient(**settings(platform)) as client:
            async with client.follow(QUERY, rate=1000, endless=True) as batch:

                async def collect() -> list[str | None]:
                    return [event.key async for event in batch]

                task = asyncio.ensure_future(collect())
                await asyncio.sleep(0.1)
                await asyncio.to_thread(batch.add, "A", datetime.now(timezone.utc) - timedelta(days=2))
                assert await asyncio.to_thread(platform.asked.wait, 3)
                platform.answer = FINAL
                assert await asyncio.to_thread(batch.hint, "A")
                while batch.progress().pending:
                    await asyncio.sleep(0.05)
                batch.close()
                return await asyncio.wait_for(task, 3)

    assert asyncio.run(asyncio.wait_for(both(), 30)) == ["A"]


def test_a_loop_that_is_left_and_taken_up_again_loses_nothing(simulator: Simulator, order: dict[str, Any]) -> None:
    host = Clocked(simulator, "sync")
    numbers = issued(host, order, 5)
    batch = host.client.follow(QUERY)
    for number in numbers:
        batch.add(number)
    found = []
    while batch.progress().pending:
        for event in batch:
            found.append(event.key)
            break
    assert sorted(found) == numbers


def test_a_cancelled_loop_can_go_on(simulator: Simulator, order: dict[str, Any]) -> None:
    async def cancelled() -> list[str | None]:
        async with simulator.async_client() as client:
            await client.call(ISSUE, order)  # type: ignore[call-overload]
            simulator.advance(60)
            batch = client.follow(QUERY)
            batch.add(order["order"]["orderNo"], datetime.now(timezone.utc) - timedelta(minutes=1))
            simulator.fault("slow", method=QUERY, ms=2000)

            async def collect() -> list[str | None]:
                return [event.key async for event in batch if event.kind != "trouble"]

            first = asyncio.ensure_future(collect())
            await asyncio.sleep(0.3)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return await collect()

    assert asyncio.run(asyncio.wait_for(cancelled(), 40)) == [order["order"]["orderNo"]]


def test_ten_thousand_orders_are_kept_quickly() -> None:
    batch = Client(**settings(Changing())).follow(QUERY)
    began = time.monotonic()
    assert all(batch.add(f"N{number}") for number in range(10_000))
    again = Client(**settings(Changing())).follow(QUERY)
    assert again.resume(batch.snapshot()) == 10_000 and len(json.loads(again.snapshot())) > 3
    assert time.monotonic() - began < 10
