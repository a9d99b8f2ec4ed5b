"""What the platform sends unasked (回传). Nothing in it is signed: it is a hint, never proof."""

from __future__ import annotations

from typing import Any

from . import _native
from ._json import Json, loads
from ._kinds import Kinds
from ._model import PUSHES
from ._results import convert_form


class Push(Kinds):
    """What the platform pushed. Ask the question that `confirm` names before acting on it."""

    operater: str
    """The platform's word for its kind (so spelt): `callback`."""
    known: bool
    """Whether the kind is known."""
    order_no: str | None
    serial_no: str | None
    bill_no: str | None
    """The application number of a red-letter form."""
    status: str | None
    """How things stand, in the words of its kind (`issued`, `failed`, `seal_failed`; `voided` …)."""
    status_code: str | None
    """The code itself; not that of the query."""
    content: Json
    """The content as it came."""
    raw: Json
    """Everything as it came."""
    confirm: tuple[str, dict[str, Json]] | None
    """The method that confirms it, and its params: `client.session.start("call", *push.confirm)`."""

    def __init__(self, content_type: str, body: bytes) -> None:
        told = _native.read_push(content_type, body)
        (self.operater, self.known, self.order_no, self.serial_no, self.bill_no) = told[:5]
        (self.status, self.status_code, self._text, raw, method, params) = told[5:]
        self.content = loads(self._text)
        self.raw = loads(raw)
        asked: Any = None if params is None else loads(params)
        self.confirm = None if method is None else (method, asked)

    def _content(self, operater: str) -> Any:
        return convert_form(PUSHES[operater], self._text) if operater == self.operater else None

    def __repr__(self) -> str:
        return f"<nnopen.Push {self.operater} {self.order_no or self.bill_no} {self.status}>"


def read_push(content_type: str, body: bytes) -> Push:
    """Reads a push: a form or JSON, whatever its content type says. `ReplyError` if it is neither."""
    return Push(content_type, body)


__all__ = ["Push", "read_push"]
