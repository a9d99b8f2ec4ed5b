"""What is wrong with params. It stands alone so that `errors` is loaded without it."""

from __future__ import annotations

from typing import NamedTuple


class Violation(NamedTuple):
    """One thing wrong with params, or worth a look."""

    path: str
    """Where: `order.invoiceDetail[3].taxRate`."""
    rule: str
    severity: str
    """`error` or `warning`."""
    message: str
    message_en: str
    code: str | None = None
    """The code that the platform would answer, if that is known."""


Violation.__module__ = "nnopen.errors"
