"""What Python's values are on the wire: those that are no str, int, bool, None, list or dict."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The platform's time zone; China has had no summer time since 1992."""

EPOCH = datetime(1970, 1, 1, 8, tzinfo=CHINA)

_LONGEST = 60
"""The most digits that a Decimal is written out with."""


def plain(value: object) -> tuple[str, object]:
    """The value as one of the plain types, after an empty text; or what makes it unfit."""
    if isinstance(value, enum.Enum):
        value = value.value
        if not isinstance(value, (Decimal, date, enum.Enum)):
            return "", value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            return "naive datetime", None
        try:
            return "", value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        except OverflowError:
            return "datetime out of range", None
    if isinstance(value, date):
        return "", value.isoformat()
    if isinstance(value, int):
        return "", int(value)
    if isinstance(value, Mapping):
        return "", dict(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "bytes", None
    if isinstance(value, (set, frozenset)):
        return "set", None
    index = getattr(type(value), "__index__", None)
    if index is not None:
        return "", int(index(value))
    return "object", None


def _decimal(value: Decimal) -> tuple[str, object]:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or max(abs(value.adjusted()), abs(exponent)) > _LONGEST:
        return "Decimal out of range", None
    return "", format(value, "f")
