import json
import os

import nnopen
from nnopen.stores import MemoryStore

client = nnopen.Client(
    app_key="SD00000001", app_secret="SD00000000000001", tax_num="339901999999142", store=MemoryStore(),
    service_url=os.environ["NNOPEN_URL"], token_url=os.environ["NNOPEN_TOKEN_URL"],
)
order = json.load(open("examples/order.json", encoding="utf-8"))
numbers = ["A-1", "A-2", "A-3-FAIL"]
for number in numbers:
    client.call("nuonuo.OpeMplatform.requestBillingNew", {"order": {**order["order"], "orderNo": number}})

# BLOCK
