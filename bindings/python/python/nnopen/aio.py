"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING

from . import _drive
from ._base import Base
from ._calls import AsyncCalls
from ._native import Load, Request
from .errors import NnopenError

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._drive import Effect, Effects, Wanted
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
        if store is None:
            from .stores import FileStore

            store = FileStore()
        self._store: Store | AsyncStore = store
        if transport is None:
            from .transports.stdlib import StdlibTransport
            from .transports.threads import ThreadTransport

            transport = ThreadTransport(StdlibTransport())
        self._transport = transport
        self._sleep = sleep

    async def _run(self, call: Call) -> str:
        effects = self._effects(call)
        try:
            effect = next(effects)
            while not isinstance(effect, str):
                effect = await self._do(effects, effect)
            return effect
        except NnopenError as error:
            # Without the frames in between: their variables are a request and its answer.
            raise error.with_traceback(None)

    async def _do(self, effects: Effects, effect: Wanted) -> Effect:
        try:
            told = await self._told(effect)
        except BaseException as error:
            del effect
            return effects.throw(error)
        return effects.send(told)

    async def _told(self, effect: Wanted) -> object:
        if isinstance(effect, float):
            return await self._sleep(effect)
        if isinstance(effect, Request):
            return await self._transport.send(effect)
        told = (
            self._store.load(self._session.store_key)
            if isinstance(effect, Load)
            else self._store.swap(self._session.store_key, effect.version, effect.data)
        )
        return (await told) if isawaitable(told) else told

    async def close(self) -> None:
        """Closes the transport."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
