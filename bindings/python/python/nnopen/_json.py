"""JSON text as Python values: numbers never pass through a float."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Dict, List, Union, cast

Json = Union[None, bool, int, Decimal, str, List["Json"], Dict[str, "Json"]]
"""A JSON value. A number without point and exponent is an int, any other a Decimal with its zeros."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def loads(text: str) -> Json:
    """Reads JSON text."""
    return cast(Json, json.loads(text, parse_float=Decimal, parse_int=_integer))


def moment(milliseconds: int) -> datetime:
    """A time in UTC from milliseconds since 1970."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.utc)


def _integer(token: str) -> int | Decimal:
    # Python itself refuses to read an int of more than 4300 digits.
    return int(token) if len(token) <= 4000 else Decimal(token)
