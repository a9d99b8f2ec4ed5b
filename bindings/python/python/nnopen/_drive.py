"""The loops, without I/O: generators that the clients drive.

They yield what is to be done and are told what came of it, by sending it in or by throwing in what went wrong: a
`Request` is answered by `(status, body)`, a `Load` by `(version, data)`, a `Swap` by whether it was done, the seconds to
sleep by nothing. The `Done` that `drive` yields at the end has the result; `follow` yields events and `Idle`, and never ends.
"""

from __future__ import annotations

import os
import time

from ._causes import NotSent, bare, reason
from ._native import Done, Event, Idle, Load, Request, Wait
from .errors import NnopenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from ._effects import Effect, Effects
    from ._native import Batch, Call, Swap

LONGEST_SLEEP = 5.0
"""Woken now and then, so that a clock that was set is noticed."""


def now() -> int:
    """The time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def entropy() -> bytes:
    """Twenty bytes from the system's random source; every step needs new ones."""
    return os.urandom(20)


def drive(call: Call, clock: Callable[[], int], random: Callable[[], bytes]) -> Effects:
    """Drives a call to its end."""
    cause: BaseException | None = None
    while True:
        try:
            step = call.step(clock(), random())
        except NnopenError as error:
            raise error from cause
        if isinstance(step, Done):
            yield step
            return
        if isinstance(step, Wait):
            yield _seconds(step, clock)
        else:
            cause = yield from _exchange(call, step, clock)


def follow(batch: Batch, clock: Callable[[], int], random: Callable[[], bytes]) -> Effects:
    """Drives a batch for as long as it is asked to."""
    cause: BaseException | None = None
    while True:
        step = batch.step(clock(), random())
        if isinstance(step, Event) and step.error is not None:
            step.error.__cause__ = cause
        if isinstance(step, (Event, Idle)):
            yield step
        elif isinstance(step, Wait):
            yield _seconds(step, clock)
        else:
            cause = yield from _exchange(batch, step, clock)


def _seconds(wait: Wait, clock: Callable[[], int]) -> float:
    return min(max(wait.until - clock(), 0) / 1000, LONGEST_SLEEP)


def _exchange(
    asker: Call | Batch, step: Request | Load | Swap, clock: Callable[[], int]
) -> Generator[Effect, Any, BaseException | None]:
    """Has a step done and tells what came of it; gives why nothing did."""
    try:
        told = yield step
        if isinstance(step, Request):
            status, body = _reply(told)
            asker.receive(status, body, clock())
        elif isinstance(step, Load):
            version, data = told
            asker.loaded(version, data, clock())
        else:
            asker.swapped(bool(told), clock())
        return None
    except NnopenError:
        raise
    except BaseException as error:
        why = reason(error)
        if isinstance(step, Request):
            asker.fail(isinstance(error, NotSent), why, clock())
        else:
            asker.store_failed(why, clock())
        cause = bare(error, step)
        if not isinstance(error, Exception):
            # Cancelled or interrupted.
            raise
        return cause


def _reply(reply: object) -> tuple[int, bytes]:
    if isinstance(reply, tuple) and len(reply) == 2:
        status, body = reply
        if isinstance(status, int) and 0 <= status < 65536 and isinstance(body, bytes):
            return status, body
    raise TypeError("a transport returns (status, body as bytes)")


__all__ = ["drive", "entropy", "follow", "now"]
