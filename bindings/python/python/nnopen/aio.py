"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING

from . import _drive
from ._base import Base
from ._calls import AsyncCalls
from ._native import Done, Load, Request, Swap
from .errors import NnopenError

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._effects import Effect, Effects
    from ._native import Call
    from .stores import AsyncStore, Store
    from .transports import AsyncTransport

__all__ = ["AsyncClient"]


class AsyncClient(Base, AsyncCalls):
    """As `Client`, for asyncio. Tasks may share it; the standard library's transport runs in threads."""

    def __init__(
        self,
        *,
        app_key: str,
        app_secret: str,
        tax_num: str,
        environment: str = "",
        service_url: str | None = None,
        token_url: str | None = None,
        service_provider: bool = False,
        permanent_token: str | None = None,
        transport: AsyncTransport | None = None,
        store: Store | AsyncStore | None = None,
        clock: Callable[[], int] = _drive.now,
        entropy: Callable[[], bytes] = _drive.entropy,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        try:
            self._open(
                app_key, app_secret, tax_num, environment, service_url, token_url, service_provider, permanent_token
            )
        finally:
            del app_secret, permanent_token
        self._clock = clock
        self._entropy = entropy
        self._store: Store | AsyncStore = store if store is not None else self._usual_store()
        if transport is None:
            from .transports.stdlib import StdlibTransport
            from .transports.threads import ThreadTransport

            transport = ThreadTransport(StdlibTransport())
        self._transport = transport
        self._sleep = sleep

    async def _run(self, call: Call) -> Done:
        effects = self._effects(call)
        try:
            effect = next(effects)
            while not isinstance(effect, Done):
                effect = await self._do(effects, effect)
            return effect
        except NnopenError as error:
            # Without the frames in between: their variables are a request and its answer.
            raise error.with_traceback(None)

    async def _do(self, effects: Effects, effect: Effect) -> Effect:
        try:
            told = await self._told(effect)
        except BaseException as error:
            del effect
            return effects.throw(error)
        return effects.send(told)

    async def _told(self, effect: Effect) -> object:
        if isinstance(effect, float):
            return await self._sleep(effect)
        if isinstance(effect, Request):
            return await self._transport.send(effect)
        key = self._session.store_key
        if isinstance(effect, Load):
            return await _asked(self._store.load, key)
        if isinstance(effect, Swap):
            return await _asked(self._store.swap, key, effect.version, effect.data)
        raise TypeError(f"{effect!r} is nothing to do")

    async def close(self) -> None:
        """Closes the transport."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def _asked(verb: Callable[..., object], *args: object) -> object:
    """Asks a store of either kind; one that blocks, in a thread."""
    told = verb(*args) if iscoroutinefunction(verb) else await asyncio.to_thread(verb, *args)
    return (await told) if isawaitable(told) else told
