"""Results as the model knows them: amounts are Decimal, times are datetime, codes and texts are str.

What can't be read as its type stays as it came, members that the model does not know too. An empty text where a number,
date or time is meant is None.
"""

from __future__ import annotations

from ._model import ASKS, RESULTS, SHAPES
from ._native import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import Done

_READERS: dict[str, Reader] = {}


def convert(method: str, told: Done | str) -> Any:
    """The result of `method`: that of its call, or JSON text."""
    return convert_form(RESULTS.get(method, "json"), told)


def convert_form(form: str, told: Done | str) -> Any:
    """A value of a form that the model names."""
    reader = _READERS.get(form)
    if reader is None:
        reader = _READERS[form] = Reader(form, SHAPES)
    return reader.read(told)


def convert_settled(method: str, told: Done | str) -> Any:
    """The rows of the question that settles `method`."""
    return convert(ASKS.get(method, ""), told)


__all__ = ["convert", "convert_form", "convert_settled"]
