"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from . import _drive
from ._base import Base
from ._calls import AsyncCalls
from .errors import NnopenError

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._native import Call
    from .stores import Store
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
        store: Store | None = None,
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
        self._prepare(store, clock, entropy)
        if transport is None:
            from .transports.stdlib import StdlibTransport
            from .transports.threads import ThreadTransport

            transport = ThreadTransport(StdlibTransport())
        self._transport = transport
        self._sleep = sleep

    async def _run(self, call: Call) -> str:
        effects = self._effects(call)
        try:
            step = next(effects)
            while True:
                if isinstance(step, float):
                    await self._sleep(step)
                    step = next(effects)
                    continue
                try:
                    reply = await self._transport.send(step)
                except BaseException as error:
                    del step
                    step = effects.throw(error)
                else:
                    step = effects.send(reply)
        except StopIteration as done:
            output: str = done.value
            return output
        except NnopenError as error:
            raise error.with_traceback(None)

    async def close(self) -> None:
        """Closes the transport."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
