"""JSON text as Python values: numbers never pass through a float."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Dict, List, Union

from ._native import Done, Reader

Json = Union[None, bool, int, Decimal, str, List["Json"], Dict[str, "Json"]]
"""A JSON value. A number without point and exponent is an int, any other a Decimal with its zeros."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_READER = Reader("json", {})


def loads(told: Done | str) -> Json:
    """Reads the result of a call, or JSON text."""
    value: Json = _READER.read(told)
    return value


def moment(milliseconds: int) -> datetime:
    """A time in UTC from milliseconds since 1970."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.utc)
