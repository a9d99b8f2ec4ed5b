import os
from functools import partial

import nnopen
from nnopen.stores import MemoryStore

settings = {"service_url": os.environ["NNOPEN_URL"], "token_url": os.environ["NNOPEN_TOKEN_URL"], "store": MemoryStore()}
Client = partial(nnopen.Client, **settings)
app_key, app_secret, tax_num = (os.environ[f"NNOPEN_{name}"] for name in ("APP_KEY", "APP_SECRET", "TAX_NUM"))
import json

params = json.load(open("examples/order.json", encoding="utf-8"))

# BLOCK
