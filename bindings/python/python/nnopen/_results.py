"""Results as the model knows them: amounts are Decimal, times are datetime, codes and texts are str.

What can't be read as its type stays as it came, members that the model does not know too. An empty text where a number,
date or time is meant is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ._json import Json, loads, moment
from ._model import ASKS, RESULTS, SHAPES
from ._values import CHINA


def convert(method: str, text: str) -> Any:
    """The result of `method`."""
    return convert_form(text, RESULTS.get(method, "json"))


def convert_form(text: str, form: str) -> Any:
    """A value of a form that the model names."""
    return _value(loads(text), form)


def convert_settled(method: str, text: str) -> Any:
    """The rows of the question that settles `method`."""
    return convert(ASKS.get(method, ""), text)


def _value(value: Json, form: str) -> Any:
    if form.startswith("list:"):
        return [_value(item, form[5:]) for item in value] if isinstance(value, list) else value
    if isinstance(value, dict):
        shape = SHAPES.get(form, {})
        for name, item in value.items():
            known = shape.get(name)
            # What came as a text and is one is nothing to look at: most members are.
            if known is not None and (known != "text" or item.__class__ is not str):
                value[name] = _value(item, known)
        return value
    read = _READ.get(form)
    if read is None or value is None or isinstance(value, (list, bool)):
        return value
    token = str(value)
    try:
        return read(token)
    except (ValueError, InvalidOperation, OverflowError):
        return value


def _decimal(token: str) -> Decimal | None:
    return Decimal(_number(token)) if token else None


def _integer(token: str) -> int | None:
    return int(_number(token)) if token else None


def _number(token: str) -> str:
    """The token, if it is a number as JSON writes it: Python takes `NaN`, `1_000` and `１２` too."""
    if _NUMBER.fullmatch(token) is None:
        raise ValueError(token)
    return token


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def _date(token: str) -> date | None:
    return date.fromisoformat(token) if token else None


def _time(token: str) -> datetime | None:
    if not token:
        return None
    if token.isascii() and token.isdigit() and len(token) in (10, 13):
        return moment(int(token) * (1000 if len(token) == 10 else 1)).astimezone(CHINA)
    return datetime.strptime(token, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)


_READ: dict[str, Callable[[str], Any]] = {
    "text": str,
    "decimal": _decimal,
    "integer": _integer,
    "date": _date,
    "time": _time,
}

__all__ = ["convert", "convert_form", "convert_settled"]
