"""A process of the fleet (`cargo xtask test fleet`): for each line three calls at the same time, and what became of them."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from common import QUERY

from nnopen import Client, NnopenError
from nnopen.stores import RedisStore, Store

store: Store | None = None
port = os.environ.get("NNOPEN_FLEET_REDIS")
if port:
    import redis

    store = RedisStore(redis.Redis(port=int(port)))
client = Client(
    app_key=os.environ["NNOPEN_APP_KEY"],
    app_secret=os.environ["NNOPEN_APP_SECRET"],
    tax_num=os.environ["NNOPEN_TAX_NUM"],
    service_url=os.environ["NNOPEN_URL"],
    token_url=os.environ["NNOPEN_TOKEN_URL"],
    store=store,
)


def ask(_: int) -> str:
    try:
        return str(client.call(QUERY, {"orderNos": ["NONE"]}))
    except NnopenError as error:
        return error.code or str(error)


with ThreadPoolExecutor(3) as threads:
    print("ready", flush=True)
    for _ in sys.stdin:
        print(*threads.map(ask, range(3)), flush=True)
