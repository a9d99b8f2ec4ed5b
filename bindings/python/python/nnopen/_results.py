"""Results as the model knows them: amounts are Decimal, times are datetime, codes and texts are str.

What can't be read as its type stays as it came, members that the model does not know too. An empty text where a number,
date or time is meant is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from ._json import Json, loads
from ._model import ASKS, RESULTS, SHAPES
from ._values import CHINA


def convert(method: str, text: str) -> Any:
    """The result of `method`."""
    return convert_form(text, RESULTS.get(method, "json"))


def convert_form(text: str, form: str) -> Any:
    """A value of a form that the model names."""
    return _reader(form)(loads(text))


def convert_settled(method: str, text: str) -> Any:
    """The rows of the question that settles `method`."""
    return convert(ASKS.get(method, ""), text)


@lru_cache(maxsize=None)
def _reader(form: str) -> Callable[[Json], Any]:
    """What reads values of a form; it is put together once."""
    if form.startswith("list:"):
        return _list_reader(_reader(form[5:]))
    if form == "decimal":
        return _decimal
    if form in _READ:
        return _scalar_reader(_READ[form])
    return _object_reader(SHAPES.get(form, {}))


def _list_reader(read: Callable[[Json], Any]) -> Callable[[Json], Any]:
    return lambda value: [read(item) for item in value] if isinstance(value, list) else value


def _scalar_reader(read: Callable[[str], Any]) -> Callable[[Json], Any]:
    def read_scalar(value: Json) -> Any:
        if value.__class__ is not str and (value is None or isinstance(value, (bool, list, dict))):
            return value
        try:
            return read(str(value))
        except (ValueError, InvalidOperation, OverflowError):
            return value

    return read_scalar


def _object_reader(shape: dict[str, str]) -> Callable[[Json], Any]:
    readers = {name: _reader(form) for name, form in shape.items()}
    # What came as a text and is one is nothing to look at: most members are.
    others = {name: read for name, read in readers.items() if shape[name] != "text"}

    def read_object(value: Json) -> Any:
        if isinstance(value, dict):
            for name, item in value.items():
                read = (others if item.__class__ is str else readers).get(name)
                if read is not None:
                    value[name] = read(item)
        return value

    return read_object


def _decimal(value: Json) -> Any:
    """As the other scalars, in one step: most of what is no text is an amount."""
    if value.__class__ is not str and (value is None or isinstance(value, (bool, list, dict))):
        return value
    token = str(value)
    if not token:
        return None
    try:
        return Decimal(token) if _is_number(token) else value
    except (ValueError, InvalidOperation, OverflowError):
        return value


def _integer(token: str) -> int | None:
    return int(_number(token)) if token else None


def _number(token: str) -> str:
    """The token, if it is a number as JSON writes it: Python takes `NaN`, `1_000` and `１２` too."""
    if _is_number(token) is None:
        raise ValueError(token)
    return token


_is_number = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?").fullmatch


def _date(token: str) -> date | None:
    return date.fromisoformat(token) if token else None


def _time(token: str) -> datetime | None:
    if not token:
        return None
    if token.isascii() and token.isdigit() and len(token) in (10, 13):
        return _EPOCH + timedelta(milliseconds=int(token) * (1000 if len(token) == 10 else 1))
    return datetime.strptime(token, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)


_EPOCH = datetime(1970, 1, 1, 8, tzinfo=CHINA)

_READ: dict[str, Callable[[str], Any]] = {
    "text": str,
    "integer": _integer,
    "date": _date,
    "time": _time,
}

__all__ = ["convert", "convert_form", "convert_settled"]
