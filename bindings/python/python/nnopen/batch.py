"""Many orders followed at once, at a rate: what has become of each? It asks and never writes.

    with client.follow("nuonuo.OpeMplatform.queryInvoiceResult", rate=5) as batch:
        for number in submitted:
            batch.add(number)
        for event in batch:
            book(event.kind, event.key, event.rows)
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from . import _drive
from ._json import moment
from ._native import Event, Idle

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._native import Batch as _Batch
    from ._native import Session
    from .aio import AsyncClient
    from .client import Client
    from .errors import NnopenError

__all__ = ["AsyncBatch", "Batch", "BatchEvent", "BatchProgress"]

Rows = TypeVar("Rows")

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class BatchEvent(Generic[Rows]):
    """What has become of an order, or what troubles the batch."""

    kind: Literal["done", "failed", "needs_retry", "absent", "gave_up", "trouble"]
    """`trouble` ends no order: they are asked about again. The others are an order's end: `done` it is issued or voided,
    `failed` at least in part, `needs_retry` issued but not sealed, `absent` never there (settle it with `again=True`),
    `gave_up` not final for too long."""
    keys: tuple[str, ...]
    """The order; with `trouble`, all that were asked about."""
    rows: Rows
    """The order's rows, as the query gives them; none if it was never seen."""
    error: NnopenError | None
    """With `trouble`: why."""

    def __init__(self, event: Event, method: str) -> None:
        from ._results import convert

        kind: Any = event.what
        self.kind = kind
        self.keys = event.keys
        self.rows = convert(method, event.rows or "[]")
        self.error = event.error

    @property
    def key(self) -> str | None:
        """The order; None with `trouble`."""
        return None if self.kind == "trouble" else self.keys[0]

    def __repr__(self) -> str:
        return f"<nnopen.BatchEvent {self.kind} {', '.join(self.keys[:3])}{'…' if len(self.keys) > 3 else ''}>"


class BatchProgress(NamedTuple):
    """Figures to show."""

    pending: int
    """Orders that are followed."""
    done: int
    failed: int
    needs_retry: int
    absent: int
    gave_up: int
    queries: int
    """Sent so far."""
    asked_per_second: int
    """Orders, over the last ten seconds."""
    oldest: datetime | None
    """When the oldest order that is still followed was submitted."""


class _Base(Generic[Rows]):
    """What both kinds have in common: all but the loop."""

    _clock: Callable[[], int]

    def __init__(
        self,
        session: Session,
        method: str,
        by: str | None,
        rate: int | None,
        slowest: int | None,
        give_up: int | None,
        params: Mapping[str, object] | None,
        endless: bool,
    ) -> None:
        more = "" if params is None else json.dumps(params, ensure_ascii=False)
        self._method = method
        self._batch: _Batch = session.follow(
            method, by=by, rate=rate, slowest=slowest, give_up=give_up, params=more
        )
        self._endless = endless
        self._closed = False

    def add(self, key: str, since: datetime | None = None) -> bool:
        """Follows an order that was submitted at `since` (now, if it is not told); False if it is followed already."""
        now = self._clock()
        added = self._batch.add(key, now if since is None else _millis(since), now)
        self._waken()
        return added

    def hint(self, key: str) -> bool:
        """A push came about this order: it is asked about soon. False if it is not followed."""
        followed = self._batch.hint(key, self._clock())
        self._waken()
        return followed

    def progress(self) -> BatchProgress:
        """The figures of now. It looks at every order."""
        told = self._batch.progress()
        return BatchProgress(*told[:8], None if told[8] is None else moment(told[8]))

    def snapshot(self) -> str:
        """All orders that have no event yet, as JSON text: keys and times, neither secret nor token.

        Take in an event first, keep the snapshot then: after a crash its events come again, and none is lost.
        """
        return self._batch.snapshot()

    def resume(self, snapshot: str) -> int:
        """Follows all orders of a snapshot too; gives how many came in."""
        count = self._batch.resume(snapshot, self._clock())
        self._waken()
        return count

    def close(self) -> None:
        """Ends the loop before its next wait; what is followed stays in the snapshot."""
        self._closed = True
        self._waken()

    def _is_over(self, effect: object) -> bool:
        return self._closed or (isinstance(effect, Idle) and not self._endless)

    def _waken(self) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<nnopen.{type(self).__name__} {self._method}>"


class Batch(_Base[Rows]):
    """Many orders followed by a `Client`: iterate over it in one thread; others may `add`, `hint` and `close`."""

    def __init__(self, client: Client, method: str, **rules: Any) -> None:
        super().__init__(client.session, method, **rules)
        self._client = client
        self._clock = client._clock
        self._wake = threading.Event()

    def __iter__(self) -> Iterator[BatchEvent[Rows]]:
        effects = _drive.follow(self._batch, self._clock, self._client._entropy)
        effect = next(effects)
        while True:
            if isinstance(effect, Event):
                yield BatchEvent(effect, self._method)
            elif isinstance(effect, (Idle, float)):
                if self._is_over(effect):
                    return
                self._wait(_drive.LONGEST_SLEEP if isinstance(effect, Idle) else effect)
            else:
                effect = self._client._do(effects, effect)
                continue
            effect = next(effects)

    def _wait(self, seconds: float) -> None:
        if self._client._sleep is time.sleep:
            self._wake.wait(seconds)
            self._wake.clear()
        else:
            self._client._sleep(seconds)

    def _waken(self) -> None:
        self._wake.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncBatch(_Base[Rows]):
    """Many orders followed by an `AsyncClient`: `async for` in one task; any task or thread may `add`, `hint`, `close`."""

    def __init__(self, client: AsyncClient, method: str, **rules: Any) -> None:
        super().__init__(client.session, method, **rules)
        self._client = client
        self._clock = client._clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None

    async def __aiter__(self) -> AsyncIterator[BatchEvent[Rows]]:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        effects = _drive.follow(self._batch, self._clock, self._client._entropy)
        effect = next(effects)
        while True:
            if isinstance(effect, Event):
                yield BatchEvent(effect, self._method)
            elif isinstance(effect, (Idle, float)):
                if self._is_over(effect):
                    return
                await self._wait(_drive.LONGEST_SLEEP if isinstance(effect, Idle) else effect)
            else:
                effect = await self._client._do(effects, effect)
                continue
            effect = next(effects)

    async def _wait(self, seconds: float) -> None:
        wake = self._wake
        if self._client._sleep is not asyncio.sleep or wake is None:
            await self._client._sleep(seconds)
            return
        try:
            await asyncio.wait_for(wake.wait(), seconds)
        except asyncio.TimeoutError:
            pass
        wake.clear()

    def _waken(self) -> None:
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None and not loop.is_closed():
            loop.call_soon_threadsafe(wake.set)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def _millis(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise TypeError("since needs a time zone")
    return (moment - _EPOCH) // timedelta(milliseconds=1)
