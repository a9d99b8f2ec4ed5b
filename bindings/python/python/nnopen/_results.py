"""Results as the model knows them: amounts are Decimal, times are datetime, codes and texts are str.

What can't be read as its type stays as it came, members that the model does not know too. An empty text where a number,
date or time is meant is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from ._json import Json, loads
from ._model import ASKS, RESULTS, SHAPES
from ._values import CHINA

_Read = Callable[[Json], Any]
_READERS: dict[str, _Read] = {}


def convert(method: str, text: str) -> Any:
    """The result of `method`."""
    return convert_form(text, RESULTS.get(method, "json"))


def convert_form(text: str, form: str) -> Any:
    """A value of a form that the model names."""
    return _reader(form)(loads(text))


def convert_settled(method: str, text: str) -> Any:
    """The rows of the question that settles `method`."""
    return convert(ASKS.get(method, ""), text)


def _reader(form: str) -> _Read:
    """What reads values of a form; it is put together once, and is known to others when it is whole."""
    read = _READERS.get(form)
    if read is None:
        made: dict[str, _Read] = {}
        read = _made(form, made)
        _READERS.update(made)
    return read


def _made(form: str, made: dict[str, _Read]) -> _Read:
    read = _READERS.get(form) or made.get(form)
    if read is not None:
        return read
    if form.startswith("list:"):
        read = _list_reader(_made(form[5:], made))
    elif form == "decimal":
        read = _decimal
    elif form in _READ:
        read = _scalar_reader(_READ[form])
    else:
        return _object_reader(form, made)
    made[form] = read
    return read


def _list_reader(read: _Read) -> _Read:
    return lambda value: [read(item) for item in value] if isinstance(value, list) else value


def _scalar_reader(read: Callable[[str], Any]) -> _Read:
    def read_scalar(value: Json) -> Any:
        if value.__class__ is not str and (value is None or isinstance(value, (bool, list, dict))):
            return value
        try:
            return read(str(value))
        except (ValueError, InvalidOperation, OverflowError):
            return value

    return read_scalar


def _object_reader(form: str, made: dict[str, _Read]) -> _Read:
    readers: dict[str, _Read] = {}
    # What came as a text and is one is nothing to look at: most members are.
    others: dict[str, _Read] = {}

    def read_object(value: Json) -> Any:
        if isinstance(value, dict):
            for name, item in value.items():
                read = (others if item.__class__ is str else readers).get(name)
                if read is not None:
                    value[name] = read(item)
        return value

    # Before its members: a shape may hold itself.
    made[form] = read_object
    for name, member in SHAPES.get(form, {}).items():
        readers[name] = _made(member, made)
        if member != "text":
            others[name] = readers[name]
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
