"""What nnopen costs in Python beside programs that do the same work: `cargo xtask bench python`.

Every line times programs turn by turn in this process and tells the best round of each; a ratio is how often nnopen is done
in the time of the other. An order is checked against the model and all rules, written and signed; the others check nothing.
The other SDK is `nuonuo-sdk`, sending nothing: once only what it does before `requests`, once with `requests` up to the socket.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import nnopen

ISSUE = "nuonuo.OpeMplatform.requestBillingNew"
QUERY = "nuonuo.OpeMplatform.queryInvoiceResult"
KEY, SECRET, TOKEN, TAX_NUM = "SD00000001", "SD00000000000001", "0123456789abcdef0123456789abcdef", "339901999999142"
FIRST = Path(__file__).with_name("first.py")
ROUNDS, ROUND = 30, 0.01
# For `cargo xtask bench`, which collects lines of JSON.
AS_JSON = "NNOPEN_BENCH_JSON" in os.environ
CHINA = timezone(timedelta(hours=8))


def main() -> None:
    if AS_JSON:
        print(json.dumps({"runtime": f"Python {platform.python_version()}"}))
    print(f"Python {platform.python_version()}, {platform.machine()}; nnopen {importlib.metadata.version('nnopen')}", end="")
    other = importlib.util.find_spec("nuonuo") is not None
    print(f", nuonuo-sdk {importlib.metadata.version('nuonuo-sdk')}" if other else "; nuonuo-sdk is not installed")
    session = nnopen.Session(
        app_key=KEY, app_secret=SECRET, tax_num=TAX_NUM, environment="production", permanent_token=TOKEN
    )

    def ours(params: Any) -> object:
        return session.start("call", ISSUE, params).step(now(), os.urandom(20))

    def asked() -> nnopen.Call:
        call = session.start("call", QUERY, {"orderNos": ["BENCH-1"]})
        call.step(now(), os.urandom(20))
        return call

    for lines in (1, 10, 100, 2000):
        params = order(lines)
        assert not [found for found in nnopen.check(ISSUE, params) if found.severity == "error"]
        rivals: dict[str, Program] = {
            "json.dumps first, given as text": lambda _: ours(json.dumps(params, ensure_ascii=False)),
            "json.dumps + hmac": lambda _: by_hand(params),
        }
        if other:
            rivals["nuonuo-sdk, before requests"] = quiet_sdk(before_requests=True, params=params)
            rivals["nuonuo-sdk, up to the socket"] = quiet_sdk(before_requests=False, params=params)
        compare(f"a dict of {lines} lines: checked, written, signed", lambda _: ours(params), rivals)
    params = in_decimal(order(10))
    assert not [found for found in nnopen.check(ISSUE, params) if found.severity == "error"]
    compare(
        "an order of 10 lines in Decimal: checked, written, signed",
        lambda _: ours(params),
        {"json.dumps + hmac": lambda _: by_hand(params)},
    )
    for count in (1, 50):
        body = answer(count)
        assert read(asked(), body) == read_by_hand(body)
        compare(
            f"an answer of {count} invoices: Decimal, datetime",
            lambda call: read(call, body),
            {
                "json.loads, the same by hand": lambda _: read_by_hand(body),
                "json.loads alone": lambda _: json.loads(body),
            },
            asked,
        )
    names = ["nnopen", *(["nuonuo"] if other else [])]
    compare_first("import and first request, in a new process", "request", names)
    compare_first("the whole stack loaded, up to the socket, in a new process", "socket", names)


def order(lines: int) -> dict[str, object]:
    """An order that breaks no rule, its lines of different prices."""
    return {
        "order": {
            "buyerName": "示例购方有限公司",
            "buyerTaxNum": "339901999999199",
            "salerTaxNum": TAX_NUM,
            "salerTel": "0571-00000000",
            "salerAddress": "示例市示例路1号",
            "orderNo": "BENCH-1",
            "invoiceDate": "2026-09-22 10:00:00",
            "clerk": "示例",
            "pushMode": "1",
            "buyerPhone": "13800000000",
            "invoiceType": "1",
            "invoiceLine": "pc",
            "invoiceDetail": [line(at) for at in range(lines)],
        }
    }


def line(at: int) -> dict[str, object]:
    cents = 10_000 + 100 * (at % 977)
    tax = cents * 13 // 100
    return {
        "goodsName": "激光打印机",
        "goodsCode": "1090511030000000000",
        "withTaxFlag": "0",
        "price": yuan(cents),
        "num": "1",
        "unit": "台",
        "specType": "A4 双面",
        "tax": yuan(tax),
        "taxRate": "0.13",
        "taxExcludedAmount": yuan(cents),
        "taxIncludedAmount": yuan(cents + tax),
        "invoiceLineProperty": "0",
        "favouredPolicyFlag": "0",
    }


def in_decimal(params: Any) -> dict[str, object]:
    """The same, its amounts as Decimal and its time as datetime."""
    params["order"]["invoiceDate"] = datetime(2026, 9, 22, 10, tzinfo=CHINA)
    for line in params["order"]["invoiceDetail"]:
        line.update({name: Decimal(line[name]) for name in LINE_AMOUNTS})
    return params


LINE_AMOUNTS = ("price", "num", "tax", "taxRate", "taxExcludedAmount", "taxIncludedAmount")


def yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def by_hand(params: dict[str, object]) -> tuple[str, dict[str, str], bytes]:
    """As a program without an SDK would do it."""
    body = json.dumps(params, ensure_ascii=False, separators=(",", ":"), default=written)
    senid, nonce, timestamp = uuid.uuid4().hex, str(int.from_bytes(os.urandom(3), "big") + 10**7), str(int(time.time()))
    text = f"a=services&l=v1&p=open&k={KEY}&i={senid}&n={nonce}&t={timestamp}&f={body}"
    digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).digest()
    url = f"https://sdk.nuonuo.com/open/v1/services?senid={senid}&nonce={nonce}&timestamp={timestamp}&appkey={KEY}"
    headers = {
        "Content-Type": "application/json",
        "X-Nuonuo-Sign": base64.b64encode(digest).decode(),
        "accessToken": TOKEN,
        "userTax": TAX_NUM,
        "method": ISSUE,
    }
    return url, headers, body.encode()


def written(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def quiet_sdk(*, before_requests: bool, params: dict[str, object]) -> Program:
    """The other SDK, its network call replaced by an answer that is always the same."""
    import nuonuo
    import requests

    client = nuonuo.Nuonuo(KEY, SECRET, access_token=TOKEN, tax_number=TAX_NUM)
    if before_requests:
        client._post = lambda url, **request: {"code": "E0000"}
        return lambda _: client.call(ISSUE, params)

    class Quiet(requests.adapters.BaseAdapter):
        def send(self, request: Any, **_: object) -> requests.Response:
            response = requests.Response()
            response.status_code, response._content, response.request = 200, b'{"code":"E0000"}', request
            response.url = request.url
            response.raw = Raw()
            return response

        def close(self) -> None: ...

    class Raw:
        _original_response = None

        def release_conn(self) -> None: ...

        def close(self) -> None: ...

    client._session.mount("https://", Quiet())
    return lambda _: client.call(ISSUE, params)


def answer(invoices: int) -> bytes:
    rows = [
        {
            "serialNo": f"26092210000000{at:06}",
            "orderNo": f"BENCH-{at}",
            "status": "2",
            "statusMsg": "开票完成（最终状态）",
            "invoiceNo": f"26{at:018}",
            "invoiceTime": 1790042400000 + at,
            "invoiceType": "1",
            "invoiceKind": "数电普票",
            "salerName": "示例销方有限公司",
            "salerTaxNum": TAX_NUM,
            "payerName": "示例购方有限公司",
            "payerTaxNo": "339901999999199",
            "orderAmount": "113.00",
            "exTaxAmount": "100.00",
            "taxAmount": "13.00",
            "pdfUrl": f"https://invoices.example/{at}.pdf",
            "ofdUrl": f"https://invoices.example/{at}.ofd",
            "invoiceItems": [
                {
                    "itemName": "激光打印机",
                    "itemCode": "1090511030000000000",
                    "itemUnit": "台",
                    "itemNum": "1",
                    "itemPrice": "100.00000000",
                    "itemAmount": "113.00",
                    "itemTaxAmount": "13.00",
                    "itemTaxRate": "0.13",
                    "isIncludeTax": "false",
                    "itemSelfCode": "",
                }
                for _ in range(2)
            ],
        }
        for at in range(invoices)
    ]
    return json.dumps({"code": "E0000", "describe": "获取成功", "result": rows}, ensure_ascii=False).encode()


def read(call: nnopen.Call, body: bytes) -> object:
    """From the bytes of an answer to the rows that a client returns."""
    from nnopen._results import convert

    call.receive(200, body, now())
    return convert(QUERY, call.step(now(), os.urandom(20)))


AMOUNTS = {"orderAmount", "exTaxAmount", "taxAmount"}
ITEM_AMOUNTS = {"itemNum", "itemPrice", "itemAmount", "itemTaxAmount", "itemTaxRate"}


def read_by_hand(body: bytes) -> object:
    told = json.loads(body, parse_float=Decimal)
    if told["code"] != "E0000":
        raise RuntimeError(told["describe"])
    rows = told["result"]
    for row in rows:
        for name in AMOUNTS & row.keys():
            row[name] = Decimal(row[name]) if row[name] else None
        row["invoiceTime"] = datetime.fromtimestamp(row["invoiceTime"] // 1000, CHINA).replace(
            microsecond=row["invoiceTime"] % 1000 * 1000
        )
        for item in row["invoiceItems"]:
            for name in ITEM_AMOUNTS & item.keys():
                item[name] = Decimal(item[name]) if item[name] else None
    return rows


def now() -> int:
    return time.time_ns() // 1_000_000


# It is given what was made ready for it, one for each turn.
Program = Callable[[Any], object]


def compare(
    what: str, ours: Program, rivals: dict[str, Program], prepare: Callable[[], object] = lambda: None
) -> None:
    programs = {"nnopen": ours, **rivals}
    turns = {name: max(1, int(ROUND / max(timed(1, program, prepare), 1e-7))) for name, program in programs.items()}
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(ROUNDS):
        for name, program in programs.items():
            best[name] = min(best[name], timed(turns[name], program, prepare))
    tell(what, best)


def timed(turns: int, program: Program, prepare: Callable[[], object]) -> float:
    prepared = [prepare() for _ in range(turns)]
    begun = time.process_time()
    for one in prepared:
        program(one)
    return (time.process_time() - begun) / turns


def compare_first(what: str, until: str, names: list[str]) -> None:
    """New processes: the CPU time from before the import until the first request is ready."""
    best = dict.fromkeys(names, float("inf"))
    for _ in range(10):
        for name in names:
            told = subprocess.run([sys.executable, FIRST, name, until], capture_output=True, text=True, check=True)
            best[name] = min(best[name], float(told.stdout))
    tell(what, best)


def tell(what: str, best: dict[str, float]) -> None:
    ours = best["nnopen"]
    if AS_JSON:
        for name, seconds in best.items():
            if name != "nnopen":
                line = {"name": what.split(":")[0], "beside": name, "ours_ns": ours * 1e9, "theirs_ns": seconds * 1e9}
                print(json.dumps({**line, "ratio": seconds / ours}))
        return
    print(f"\n{what}")
    for name, seconds in best.items():
        print(f"  {name:<34}{seconds * 1e6:>12.1f} µs" + ("" if name == "nnopen" else f"{seconds / ours:>8.2f} ×"))


if __name__ == "__main__":
    main()
