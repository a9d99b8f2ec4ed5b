"""What needs no client: checking params, reading answers, explaining codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from . import _native
from ._json import Json, loads
from .errors import NnopenError, Violation


def check(method: str, params: Mapping[str, object] | str) -> list[Violation]:
    """All that is wrong with params, errors and warnings, each with its path. An empty list: nothing is.

    Params are a dict or JSON text.
    """
    return [Violation(*violation) for violation in _native.check(method, params)[0]]


class Answer(NamedTuple):
    """An answer as it was read."""

    code: str | None
    describe: str | None
    result: Json
    """As it came; `error` is None if it is a success."""
    error: NnopenError | None


def read(method: str, status: int, body: bytes) -> Answer:
    """Reads an answer to `method` that was got by other means."""
    code, describe, result, error = _native.read(method, status, body)
    return Answer(code, describe, loads(result), error)


class Document(NamedTuple):
    """A file of an invoice."""

    kind: Literal["ofd", "pdf", "xml", "paper_pdf", "page", "image"]
    url: str
    """Its address, with a scheme. It is personal: whoever has it can read the invoice."""
    field: str
    """The member it was found in."""
    original: bool
    """Whether it is the legal original."""


def documents(invoice: Mapping[str, object]) -> list[Document]:
    """The files of an issued invoice (a row of an answer, or the content of a push), the legal original first."""
    found: Any = _native.documents(invoice)
    return [Document(*one) for one in found]


class Explanation(NamedTuple):
    """What a code means."""

    code: str
    scope: str
    """Where it is answered: a method, or all of them."""
    text: str
    """The platform's own words, where one code has several meanings."""
    meaning_zh: str
    meaning_en: str
    cause_zh: str
    cause_en: str
    fix_zh: str
    fix_en: str
    retry: str
    """Whether trying again can help: `no`, `later`, `sign_in` or `ask`."""
    order_free: bool
    """Whether the order number is free again."""


def explain(code: str) -> list[Explanation]:
    """All that is known about a code or status; an empty list if nothing is."""
    return [Explanation(*row) for row in _native.explain(code)]


__all__ = ["Answer", "Document", "Explanation", "check", "documents", "explain", "read"]
