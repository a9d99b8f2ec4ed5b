"""`requests`: `pip install nnopen[requests]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from requests.exceptions import ConnectionError, ConnectTimeout, SSLError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from . import NotSent
from ._answer import Answer

if TYPE_CHECKING:
    import os

    from .._native import Request


class RequestsTransport:
    """Sends with a `requests.Session`: your own (which you close yourself), or a new one.

    A session of your own must not repeat a POST by itself, nor switch verification off. `timeout` is in seconds: to connect,
    between two pieces of the answer's head, and for its whole body.
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        *,
        timeout: float = 30.0,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self._session = requests.Session() if session is None else session
        self._owned = session is None
        self._timeout = timeout
        self._verify = None if ca_file is None else str(ca_file)

    def send(self, request: Request, /) -> tuple[int, bytes]:
        """Sends it as it is."""
        try:
            answer = self._session.post(
                request.url,
                data=request.body,
                headers={**dict(request.headers), "Accept-Encoding": "identity"},
                timeout=self._timeout,
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            )
        except ConnectTimeout as error:
            raise NotSent(str(error)) from error
        except ConnectionError as error:
            if _never_connected(error):
                raise NotSent(type(error).__name__) from error
            raise
        with answer:
            body = Answer(self._timeout, answer.headers.get("Content-Encoding"))
            while piece := answer.raw.read1(1 << 16, decode_content=False):
                body.add(piece)
            return answer.status_code, body.whole()

    def close(self) -> None:
        """Closes the session, if it is our own."""
        if self._owned:
            self._session.close()


def _never_connected(error: ConnectionError) -> bool:
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, (NewConnectionError, NameResolutionError)):
        return True
    # A handshake that failed; a certificate is looked at before anything is sent.
    return isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)
