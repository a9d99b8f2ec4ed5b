"""What both clients have in common."""

from __future__ import annotations

from ._drive import drive
from ._native import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ._authorization import Authorization
    from ._effects import Effects
    from ._native import Call
    from .stores import Store


class Base:
    """A session and its clock."""

    _name: str = ""
    _is_permanent: bool
    _session: Session
    _clock: Callable[[], int]
    _entropy: Callable[[], bytes]

    def _open(
        self,
        app_key: str,
        app_secret: str,
        tax_num: str,
        environment: str,
        service_url: str | None,
        token_url: str | None,
        service_provider: bool,
        permanent_token: str | None,
    ) -> None:
        self._is_permanent = permanent_token is not None
        try:
            self._session = Session(
                app_key=app_key,
                app_secret=app_secret,
                tax_num=tax_num,
                environment=environment or ("production" if service_url is None and token_url is None else ""),
                service_url=service_url,
                token_url=token_url,
                service_provider=service_provider,
                permanent_token=permanent_token,
                shared=True,
            )
        finally:
            del app_secret, permanent_token
        self._name = f"{app_key[:4]}… {environment or service_url or 'production'}"

    def _usual_store(self) -> Store:
        if self._is_permanent:
            # It is nothing to share.
            from .stores import MemoryStore

            return MemoryStore()
        from .stores import FileStore

        return FileStore()

    def _effects(self, call: Call) -> Effects:
        warnings = call.warnings
        if warnings:
            import logging

            for path, _, _, message, message_en, _ in warnings:
                logging.getLogger("nnopen").warning("%s: %s · %s", path, message, message_en)
        return drive(call, self._clock, self._entropy)

    @property
    def session(self) -> Session:
        """The core's session."""
        return self._session

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """The page on which a merchant authorises this application (for service providers)."""
        return self._session.authorize_url(redirect_uri, state)

    def read_return(self, url: str, state: str) -> Authorization:
        """Reads the return from that page."""
        from ._authorization import Authorization

        return Authorization(*self._session.read_return(url, state))

    def __repr__(self) -> str:
        return f"<nnopen.{type(self).__name__} {self._name}>"

    def __reduce__(self) -> str:
        raise TypeError(f"{type(self).__name__} holds a secret and is not pickled: make one in each process")
