"""开一张票，走到底 · One invoice, from the order to its number."""

import os
from datetime import datetime, timezone
from decimal import Decimal

from nnopen import Client, InputError, NnopenError
from nnopen.types.invoicing import RequestBillingNewParams

params: RequestBillingNewParams = {
    "order": {
        "orderNo": "PY-1",
        "buyerName": "示例购方有限公司",
        "buyerTaxNum": "91330106MA00000003",
        "salerTaxNum": "339901999999142",
        "salerTel": "0571-00000001",
        "salerAddress": "示例市示例区示例路1号",
        "invoiceDate": datetime.now(timezone.utc),
        "clerk": "张三",
        "pushMode": "-1",
        "invoiceType": "1",
        "invoiceLine": "pc",
        "invoiceDetail": [
            {
                "goodsName": "咨询服务",
                "goodsCode": "3040000000000000000",
                "withTaxFlag": "1",
                "price": Decimal("113.00"),
                "num": 1,
                "taxRate": Decimal("0.13"),
                "taxExcludedAmount": Decimal("100.00"),
                "tax": Decimal("13.00"),
                "taxIncludedAmount": Decimal("113.00"),
            }
        ],
    }
}

with Client(
    app_key=os.environ["NNOPEN_APP_KEY"],
    app_secret=os.environ["NNOPEN_APP_SECRET"],
    tax_num=os.environ["NNOPEN_TAX_NUM"],
    service_url=os.environ["NNOPEN_URL"],
    token_url=os.environ["NNOPEN_TOKEN_URL"],
) as client:
    for row in client.issue(params):
        print("开票完成", row["orderNo"], row.get("allElectronicInvoiceNumber"))
        print("价税合计", row.get("orderAmount"), "开票时间", row.get("invoiceTime"))

    try:
        client.call("nuonuo.OpeMplatform.requestBillingNew", params)
    except NnopenError as error:
        print(error)

    try:
        params["order"]["invoiceDetail"][0]["taxRate"] = 0.13  # type: ignore[typeddict-item]
        client.issue(params)
    except InputError as error:
        print(error)
