"""Orders before they are sent: what their lines come to, splitting, red orders. Exact, without the network.

An order is what stands under `order` in the params of `nuonuo.OpeMplatform.requestBillingNew`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _native
from ._json import loads
from ._values import plain

if TYPE_CHECKING:
    from .types import codes
    from .types.invoicing import RequestBillingNewOrder

__all__ = ["Amounts", "amounts", "fill", "red", "split", "totals"]


class Amounts(NamedTuple):
    """What a line or an order comes to."""

    tax_excluded: Decimal
    tax: Decimal
    tax_included: Decimal


def amounts(line: Mapping[str, object]) -> Amounts:
    """A line's three amounts. `InputError` names the member that is missing or does not fit."""
    return Amounts(*map(Decimal, _native.amounts(line)))


def totals(order: Mapping[str, object]) -> Amounts:
    """The amounts of all lines together."""
    return Amounts(*map(Decimal, _native.totals(order)))


def fill(order: Mapping[str, object]) -> RequestBillingNewOrder:
    """The order with the amounts that its lines lack, as texts."""
    filled: Any = loads(_native.fill(order))
    return filled  # type: ignore[no-any-return]


def split(order: Mapping[str, object], limit: Decimal | int | str) -> list[RequestBillingNewOrder]:
    """Orders whose amounts without tax are at most `limit`; together they come to the same cent."""
    if not isinstance(limit, (Decimal, int, str)) or isinstance(limit, bool):
        raise TypeError(f"limit is a Decimal, an int or a text, not a {type(limit).__name__}")
    orders: Any = loads(_native.split(order, format(limit, "f") if isinstance(limit, Decimal) else str(limit)))
    return orders  # type: ignore[no-any-return]


def red(
    blue: Mapping[str, object], order_no: str, invoice_date: datetime | str, reason: codes.RedReason
) -> RequestBillingNewOrder:
    """The order that takes back `blue`."""
    _, date = plain(invoice_date) if isinstance(invoice_date, datetime) else ("", invoice_date)
    if not isinstance(date, str):
        raise TypeError("invoice_date needs a time zone")
    made: Any = loads(_native.red(blue, order_no, date, reason))
    return made  # type: ignore[no-any-return]
