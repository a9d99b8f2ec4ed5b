"""Values of all kinds, in and out: odd ones, wrong ones, very long ones."""

from __future__ import annotations

import enum
import json
import time
from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from common import ISSUE, QUERY, canned, with_line, with_order

import nnopen
from nnopen import InputError, NnopenError, _results, errors
from nnopen._native import check


def body(params: Any) -> Any:
    violations, text = check(ISSUE, params)
    assert text is not None, violations
    return json.loads(text)


def faults(params: Any) -> list[tuple[str, str]]:
    return [(v.path, v.message_en) for v in nnopen.check(ISSUE, params) if v.severity == "error"]


class Money(Decimal):
    def __str__(self) -> str:
        return f"¥{super().__str__()}"


@pytest.mark.parametrize("value", [0.13, float("nan"), 1e300, float("inf")])
def test_a_float_for_money_is_told_with_its_path(order: dict[str, Any], value: float) -> None:
    (fault,) = faults(with_line(order, taxRate=value))
    assert fault == ("order.invoiceDetail[0].taxRate", 'must be an exact decimal such as "0.13", not a float')


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (Decimal("0.130"), "0.130"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "-0.00"),
        (Decimal("0E-8"), "0.00000000"),
        (Decimal("0.0000001"), "0.0000001"),
        (Money("1.50"), "1.50"),
        (Decimal("0.300000000000000001"), "0.300000000000000001"),
        (13, "13"),
        (10**30, str(10**30)),
        ("3.50000000", "3.50000000"),
    ],
)
def test_an_exact_number_keeps_its_digits(order: dict[str, Any], value: object, wire: str) -> None:
    assert body(with_line(order, price=value))["order"]["invoiceDetail"][0]["price"] == wire


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999999")])
def test_a_decimal_that_is_no_number_is_refused(order: dict[str, Any], value: Decimal) -> None:
    (fault,) = faults(with_line(order, price=value))
    assert fault[0] == "order.invoiceDetail[0].price" and "Decimal out of range" in fault[1]


def test_an_aware_datetime_is_sent_as_chinas_time(order: dict[str, Any]) -> None:
    noon = datetime(2026, 9, 22, 12, 0, 30, 999999, tzinfo=timezone.utc)
    tokyo = noon.astimezone(timezone(timedelta(hours=9)))
    for moment in (noon, tokyo):
        assert body(with_order(order, invoiceDate=moment))["order"]["invoiceDate"] == "2026-09-22 20:00:30"


def test_a_naive_datetime_is_refused(order: dict[str, Any]) -> None:
    (fault,) = faults(with_order(order, invoiceDate=datetime(2026, 9, 22, 12)))
    assert fault[0] == "order.invoiceDate" and "naive datetime" in fault[1]


def test_a_datetime_beyond_chinas_calendar_is_refused(order: dict[str, Any]) -> None:
    (fault,) = faults(with_order(order, invoiceDate=datetime.max.replace(tzinfo=timezone.utc)))
    assert fault[0] == "order.invoiceDate" and "datetime out of range" in fault[1]


def test_a_date_is_a_date_and_no_time(order: dict[str, Any]) -> None:
    assert faults(with_order(order, invoiceDate=date(2026, 9, 22)))[0][0] == "order.invoiceDate"


class Line(enum.Enum):
    SPECIAL = "bs"
    PLAIN = "pc"


class Text(str, enum.Enum):
    PLAIN = "pc"


class Whole(enum.IntEnum):
    ONE = 1


def test_enums_mappings_and_tuples_are_what_they_stand_for(order: dict[str, Any]) -> None:
    assert body(with_order(order, invoiceLine=Line.PLAIN))["order"]["invoiceLine"] == "pc"
    assert body(with_order(order, invoiceLine=Text.PLAIN))["order"]["invoiceLine"] == "pc"
    assert body(with_order(order, invoiceType=Whole.ONE))["order"]["invoiceType"] == "1"
    lines = tuple(map(MappingProxyType, order["order"]["invoiceDetail"]))
    assert body(MappingProxyType(OrderedDict(order))) == body(order)
    assert body({"order": {**order["order"], "invoiceDetail": lines}}) == body(order)


@pytest.mark.parametrize(
    ("value", "name"),
    [(b"pc", "bytes"), ({"p", "c"}, "set"), (object(), "object"), (iter("pc"), "object"), (True, "boolean"), ([], "list")],
)
def test_what_has_no_form_is_told_with_its_name(order: dict[str, Any], value: object, name: str) -> None:
    (fault,) = faults(with_order(order, invoiceLine=value))
    assert fault[0] == "order.invoiceLine" and fault[1].endswith(f" {name}")


def test_odd_dicts_are_told_not_sent(order: dict[str, Any]) -> None:
    odd: dict[Any, Any] = {**order["order"], 7: "seven", None: "nothing"}
    assert [path for path, _ in faults({"order": odd})] == ["order.7", "order.None"]
    assert faults(with_order(order, remark="half \ud800"))[0][0] == "order.remark"


def test_params_that_are_no_object_are_told() -> None:
    for params in (None, [], 7, 1.5, b"{}", object()):
        assert faults(params)[0][0] == ""
    assert faults("{broken")[0] == ("", faults("{broken")[0][1])


def test_cycles_end(order: dict[str, Any]) -> None:
    wide: list[Any] = []
    wide += [wide, wide]
    deep: dict[str, Any] = {}
    deep.update(a=deep, b=deep, order=deep)
    began = time.monotonic()
    assert any("nested too deep" in text for _, text in faults(with_order(order, x=wide)))
    assert any("nested too deep" in text for _, text in faults(deep))
    assert time.monotonic() - began < 5


class Raises(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        raise ZeroDivisionError("of the caller's own")


def test_an_exception_of_the_callers_own_comes_through(order: dict[str, Any]) -> None:
    with pytest.raises(ZeroDivisionError, match="of the caller's own"):
        nnopen.check(ISSUE, with_order(order, invoiceDetail=[Raises()]))


def test_ten_megabytes_are_checked_quickly(order: dict[str, Any]) -> None:
    lines = order["order"]["invoiceDetail"] * 10
    params = with_order(order, invoiceDetail=[{**line, "note": "x" * 500_000} for line in lines])
    began = time.monotonic()
    text = check(ISSUE, params)[1]
    assert text is not None and len(text) > 10_000_000
    assert time.monotonic() - began < 5


def test_wrong_types_of_arguments_are_type_errors(order: dict[str, Any]) -> None:
    client: Any = canned()
    with pytest.raises(TypeError):
        client.call(1, order)
    with pytest.raises(TypeError):
        client.session.start("call", ISSUE, order).step("now", b"")
    with pytest.raises(errors.UsageError, match="20 bytes"):
        client.session.start("call", ISSUE, order).step(1_700_000_000_000, b"short")
    with pytest.raises(OverflowError):
        client.session.start("call", ISSUE, order).receive(70_000, b"", 0)
    with pytest.raises(NnopenError):
        client.call("no.such.method", {})
    with pytest.raises(ValueError):
        client.session.start("send", ISSUE, order)


def test_orders_are_worked_out(order: dict[str, Any]) -> None:
    line = {"withTaxFlag": "1", "price": Decimal("50.50"), "num": 2, "taxRate": Decimal("0.13")}
    assert tuple(nnopen.order.amounts(line)) == (Decimal("89.38"), Decimal("11.62"), Decimal("101.00"))
    with pytest.raises(InputError) as caught:
        nnopen.order.amounts({**line, "taxRate": 0.13})
    assert caught.value.violations[0].path == "taxRate"
    # The params around an order are no order: they do not come to 0.00.
    with pytest.raises(InputError) as caught:
        nnopen.order.totals(order)
    assert caught.value.violations[0].path == "order.invoiceDetail"
    assert nnopen.order.totals(order["order"]).tax_included == Decimal("3198.00")
    parts = nnopen.order.split(order["order"], Decimal("1000"))
    for wrong in (1000.0, None, True):
        with pytest.raises(TypeError, match="limit is a Decimal"):
            nnopen.order.split(order["order"], wrong)  # type: ignore[arg-type]
    assert len(parts) > 1 and sum(nnopen.order.totals(part).tax_included for part in parts) == Decimal("3198.00")


def test_a_result_of_odd_values_is_kept(order: dict[str, Any]) -> None:
    rows = [
        {
            "serialNo": 26, "status": 2, "orderAmount": "", "taxAmount": "abc", "exTaxAmount": 1.50, "invoiceTime": "",
            "createTime": 1795323125, "updateTime": "2026-11-22 12:00:00", "stateUpdateTime": "soon", "unknown": 1.10,
            "invoiceItems": [{"itemAmount": 10, "itemIndex": "3"}, None, "x"], "remark": None, "requestSrc": True,
        }
    ]  # fmt: skip
    text = json.dumps({"code": "E0000", "describe": "", "result": rows}).replace("1.5,", "1.50,").replace("1.1,", "1.10,")
    (row,) = canned((200, text.encode())).call(QUERY, {"orderNos": ["A"]})
    odd: Any = row
    assert odd["serialNo"] == "26" and odd["status"] == "2" and odd["orderAmount"] is None
    assert odd["taxAmount"] == "abc" and str(odd["exTaxAmount"]) == "1.50" and odd["invoiceTime"] is None
    assert odd["createTime"] == datetime(2026, 11, 22, 4, 52, 5, tzinfo=timezone.utc)
    assert odd["updateTime"].utcoffset() == timedelta(hours=8) and odd["stateUpdateTime"] == "soon"
    assert str(odd["unknown"]) == "1.10" and odd["invoiceItems"][0] == {"itemAmount": Decimal(10), "itemIndex": 3}
    assert odd["invoiceItems"][1:] == [None, "x"] and odd["remark"] is None and odd["requestSrc"] is True


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "Infinity", "1_000", "１２", " 1.5", "+1", ".5", "0x10"])
def test_what_is_no_plain_number_stays_the_text_that_came(odd: str) -> None:
    row = {"serialNo": "1", "status": "2", "orderAmount": odd, "invoiceItems": [{"itemIndex": odd}]}
    (told,) = canned((200, json.dumps({"code": "E0000", "result": [row]}).encode())).call(QUERY, {"orderNos": ["A"]})
    result: Any = told
    assert result["orderAmount"] == odd and type(result["orderAmount"]) is str
    assert result["invoiceItems"][0]["itemIndex"] == odd


def test_numbers_of_an_answer_never_pass_through_a_float() -> None:
    for token in ("20190801120207971529", "0.00", "0.300000000000000001", "9" * 5000, "1e400"):
        text = f'{{"code": "E0000", "result": {{"n": {token}}}}}'
        result: Any = canned((200, text.encode())).call_raw(QUERY, "{}")
        assert Decimal(token) == Decimal(result["n"]) and not isinstance(result["n"], float)


def test_a_shape_may_hold_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_results, "_READERS", {})
    monkeypatch.setitem(_results.SHAPES, "Tree", "amount: decimal\nbelow: list:Tree")
    read = _results.convert_form("Tree", '{"amount":"1.50","below":[{"amount":"2"},{"below":[{"amount":"x"}]}]}')
    assert read == {"amount": Decimal("1.50"), "below": [{"amount": Decimal(2)}, {"below": [{"amount": "x"}]}]}
