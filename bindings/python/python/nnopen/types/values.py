"""What values may be given as."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Union

Amount = Union[Decimal, str, int]
"""An exact number: a Decimal, its text, or an int. A float is refused."""

Whole = Union[int, str]
"""A whole number or its text."""

Date = Union[date, str]
"""A day, or the text `yyyy-MM-dd`."""

Time = Union[datetime, str]
"""A datetime with a time zone, sent as China's time; or the text `yyyy-MM-dd HH:mm:ss`, which is China's time."""

__all__ = ["Amount", "Date", "Time", "Whole"]
