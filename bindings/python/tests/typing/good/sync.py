"""A program that both type checkers pass."""

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Final, List, Optional, Tuple

import nnopen
from nnopen import Client, FileStore, MemoryStore, NnopenError, PlatformError, Request
from nnopen.transports import NotSent, RequestsTransport
from nnopen.types import codes
from nnopen.types.invoicing import RequestBillingNewInvoiceDetail, RequestBillingNewParams
from nnopen.types.query import QueryInvoiceResultInvoice

ISSUE: Final = "nuonuo.OpeMplatform.requestBillingNew"


def line(name: str, amount: Decimal) -> RequestBillingNewInvoiceDetail:
    return {"goodsName": name, "withTaxFlag": "1", "taxRate": "0.13", "price": amount, "num": 1}


def order(number: str, kind: codes.InvoiceLine) -> RequestBillingNewParams:
    return {
        "order": {
            "buyerName": "示例购方有限公司",
            "salerTaxNum": "339901999999142",
            "orderNo": number,
            "invoiceDate": datetime.now(timezone.utc),
            "clerk": "张三",
            "pushMode": "-1",
            "invoiceType": "1",
            "invoiceLine": kind,
            "invoiceDetail": [line("服务", Decimal("113.00"))],
        }
    }


def total(rows: List[QueryInvoiceResultInvoice]) -> Decimal:
    amounts = [row.get("orderAmount") for row in rows]
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def main() -> Optional[Decimal]:
    with Client(app_key="SD", app_secret="S", tax_num="1", store=FileStore("/nowhere")) as client:
        try:
            rows = client.issue(order("A-1", "pc"))
            again = client.settle(ISSUE, order("A-1", "pc"), again=True)
            found = client.poll("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["A-1"]})
            when: Optional[datetime] = found[0].get("invoiceTime")
            print(when, rows[0]["status"] == "2", again[0]["serialNo"])
            return total(rows)
        except PlatformError as error:
            print(error.code, error.describe, error.hint_zh, error.order_free)
        except NnopenError as error:
            print(error.kind, [violation.path for violation in error.violations])
    return None


class Own:
    """A transport of one's own."""

    def send(self, request: Request, /) -> Tuple[int, bytes]:
        if not request.url.startswith("https"):
            raise NotSent("no TLS")
        return 200, request.body

    def close(self) -> None:
        pass


def others(body: bytes) -> None:
    Client(app_key="SD", app_secret="S", tax_num="1", transport=Own(), store=MemoryStore())
    Client(app_key="SD", app_secret="S", tax_num="1", transport=RequestsTransport(timeout=5))
    push = nnopen.read_push("application/json", body)
    invoice = push.invoice_result()
    if invoice is not None:
        amount: Optional[Decimal] = invoice.get("c_bhsje")
        print(amount, push.status)
    for row in nnopen.explain("E9106"):
        print(row.meaning_zh, row.fix_en)
    print(date.today(), nnopen.check(ISSUE, {"order": {}})[0].path)
