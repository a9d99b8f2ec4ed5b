import asyncio
import json
import os
from functools import partial

import nnopen
from nnopen.stores import MemoryStore
from nnopen.transports import AsyncHttpxTransport

AsyncClient = partial(
    nnopen.AsyncClient, store=MemoryStore(), service_url=os.environ["NNOPEN_URL"], token_url=os.environ["NNOPEN_TOKEN_URL"]
)
app_key, app_secret, tax_num = "SD00000001", "SD00000000000001", "339901999999142"
order = json.load(open("examples/order.json", encoding="utf-8"))
orders = [{"order": {**order["order"], "orderNo": number}} for number in ("A-1", "A-2", "A-3")]


async def main():
    # BLOCK
    assert [row["status"] for [row] in rows] == ["2", "2", "2"]


asyncio.run(main())
