"""The loop, without I/O: one generator that `Client` and `AsyncClient` both drive.

It yields what is to be done and is told what came of it, by sending it in or by throwing in what went wrong: a `Request`
is answered by `(status, body)`, a `Load` by `(version, data)`, a `Swap` by whether it was done, the seconds to sleep by
nothing. The text that it yields at the end is the result.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from typing import Any, Union

from ._native import Call, Done, Load, Request, Swap, Wait
from .errors import NnopenError
from .transports import NotSent

Wanted = Union[Request, Load, Swap, float]
Effect = Union[Wanted, str]
Effects = Generator[Effect, Any, None]

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
            yield step.output
            return
        if isinstance(step, Wait):
            yield min(max(step.until - clock(), 0) / 1000, LONGEST_SLEEP)
            continue
        try:
            told = yield step
            if isinstance(step, Request):
                status, body = _reply(told)
                call.receive(status, body, clock())
            elif isinstance(step, Load):
                version, data = told
                call.loaded(version, data, clock())
            else:
                call.swapped(bool(told), clock())
            cause = None
        except NnopenError:
            raise
        except BaseException as error:
            why = reason(error)
            if isinstance(step, Request):
                call.fail(isinstance(error, NotSent), why, clock())
            else:
                call.store_failed(why, clock())
            if not isinstance(error, Exception):
                # Cancelled or interrupted.
                raise
            cause = bare(error)
        told = None


def reason(error: BaseException) -> str:
    """Why there was no answer, in a line."""
    text = str(error).strip().splitlines()
    name = type(error).__name__
    return f"{name}: {text[0][:200]}" if text else name


def bare(error: BaseException) -> BaseException:
    """The error without what its frames hold: there are secrets in a request, and tools show local variables."""
    seen: set[int] = set()
    chain: list[BaseException | None] = [error]
    while chain:
        link = chain.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        link.__traceback__ = None
        for name in ("request", "response", "_request"):
            if name in getattr(link, "__dict__", ()):
                setattr(link, name, None)
        chain += [link.__cause__, link.__context__]
    return error


def _reply(reply: object) -> tuple[int, bytes]:
    if isinstance(reply, tuple) and len(reply) == 2:
        status, body = reply
        if isinstance(status, int) and 0 <= status < 65536 and isinstance(body, bytes):
            return status, body
    raise TypeError("a transport returns (status, body as bytes)")


__all__ = ["Effect", "Effects", "Wanted", "bare", "drive", "entropy", "now", "reason"]
