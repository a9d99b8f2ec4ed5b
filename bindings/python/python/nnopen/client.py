"""The client that waits."""

from __future__ import annotations

import time
from . import _drive
from ._base import Base
from ._calls import Calls
from ._native import Done, Load, Request, Swap
from .errors import NnopenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from ._effects import Effect, Effects
    from ._native import Call
    from .stores import Store
    from .transports import Transport

__all__ = ["Client"]


class Client(Base, Calls):
    """One application and the tax number that it calls for. Threads may share it.

    `environment` is `production` (the default) or `sandbox`; or give `service_url` and `token_url`. `transport` sends
    (the standard library by default), `store` keeps the token (a file by default). `clock`, `entropy` and `sleep` are
    for tests: milliseconds since 1970, 20 fresh random bytes, and how to sleep for seconds.
    """

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
        transport: Transport | None = None,
        store: Store | None = None,
        clock: Callable[[], int] = _drive.now,
        entropy: Callable[[], bytes] = _drive.entropy,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        try:
            self._open(
                app_key, app_secret, tax_num, environment, service_url, token_url, service_provider, permanent_token
            )
        finally:
            # Tools that show the variables of a traceback shall not show these.
            del app_secret, permanent_token
        self._clock = clock
        self._entropy = entropy
        self._store: Store = store if store is not None else self._usual_store()
        if transport is None:
            from .transports.stdlib import StdlibTransport

            transport = StdlibTransport()
        self._transport = transport
        self._sleep = sleep

    def _run(self, call: Call) -> Done:
        effects = self._effects(call)
        try:
            effect = next(effects)
            while not isinstance(effect, Done):
                effect = self._do(effects, effect)
            return effect
        except NnopenError as error:
            # Without the frames in between: their variables are a request and its answer.
            raise error.with_traceback(None)

    def _do(self, effects: Effects, effect: Effect) -> Effect:
        try:
            told = self._told(effect)
        except BaseException as error:
            del effect
            return effects.throw(error)
        return effects.send(told)

    def _told(self, effect: Effect) -> object:
        if isinstance(effect, float):
            return self._sleep(effect)
        if isinstance(effect, Request):
            return self._transport.send(effect)
        if isinstance(effect, Load):
            return self._store.load(self._session.store_key)
        if isinstance(effect, Swap):
            return self._store.swap(self._session.store_key, effect.version, effect.data)
        raise TypeError(f"{effect!r} is nothing to do")

    def close(self) -> None:
        """Closes the transport."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
