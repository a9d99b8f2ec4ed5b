"""The loop, without I/O: one generator that `Client` and `AsyncClient` both drive.

It yields a `Request` to be sent, or the seconds to sleep; a request is answered by `(status, body)`, or by throwing in
what went wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Optional, Tuple, Union

from ._native import Call, Done, Request, Session
from .errors import NnopenError
from .transports import NotSent

if TYPE_CHECKING:
    from .stores import Keeper

Reply = Tuple[int, bytes]
Effects = Generator[Union[Request, float], Optional[Reply], str]

LONGEST_SLEEP = 5.0
"""Woken now and then, so that a clock that was set is noticed."""


def now() -> int:
    """The time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def entropy() -> bytes:
    """Twenty bytes from the system's random source; every step needs new ones."""
    return os.urandom(20)


def drive(call: Call, keeper: Keeper, clock: Callable[[], int], random: Callable[[], bytes]) -> Effects:
    """Drives a call to its end. Token calls are noted in the store before they leave."""
    cause: BaseException | None = None
    while True:
        keeper.look()
        try:
            step = call.step(clock(), random())
        except NnopenError as error:
            keeper.keep()
            raise error from cause
        if isinstance(step, Done):
            keeper.keep()
            return step.output
        if not isinstance(step, Request):
            keeper.keep()
            yield min(max(step.until - clock(), 0) / 1000, LONGEST_SLEEP)
            continue
        try:
            keeper.keep()
        except BaseException:
            call.fail(True, "the token store failed", clock())
            raise
        try:
            status, body = _checked((yield step))
        except Exception as error:
            call.fail(isinstance(error, NotSent), reason(error), clock())
            cause = bare(error)
        except BaseException:
            # Cancelled or interrupted: it may have been sent.
            call.fail(False, "interrupted", clock())
            keeper.keep()
            raise
        else:
            call.receive(status, body, clock())
            cause = None
        del step


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


def _checked(reply: object) -> Reply:
    if isinstance(reply, tuple) and len(reply) == 2:
        status, body = reply
        if isinstance(status, int) and 0 <= status < 65536 and isinstance(body, bytes):
            return status, body
    raise TypeError("a transport returns (status, body as bytes)")


__all__ = ["Effects", "Reply", "Session", "bare", "drive", "entropy", "now", "reason"]
