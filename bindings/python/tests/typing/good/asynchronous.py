"""The same with asyncio."""

import asyncio
from typing import List

from nnopen import AsyncClient, UncertainError
from nnopen.transports import AiohttpTransport, AsyncHttpxTransport, StdlibTransport, ThreadTransport
from nnopen.types.query import QueryInvoiceResultInvoice, QueryInvoiceResultParams


async def ask(client: AsyncClient, numbers: List[str]) -> List[QueryInvoiceResultInvoice]:
    params: QueryInvoiceResultParams = {"orderNos": numbers, "isOfferInvoiceDetail": "1"}
    return await client.poll("nuonuo.OpeMplatform.queryInvoiceResult", params)


async def main() -> None:
    for transport in (AiohttpTransport(), AsyncHttpxTransport(), ThreadTransport(StdlibTransport())):
        async with AsyncClient(app_key="SD", app_secret="S", tax_num="1", transport=transport) as client:
            try:
                for row in await ask(client, ["A-1"]):
                    print(row["status"], [item.get("itemAmount") for item in row.get("invoiceItems") or []])
            except UncertainError as error:
                print(error.retry_at)


asyncio.run(main())
