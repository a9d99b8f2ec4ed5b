"""Prints the seconds from before the import of an SDK until its first request is ready; `bench.py` runs it."""

import sys
import time

KEY, SECRET, TOKEN, TAX_NUM = "SD00000001", "SD00000000000001", "0123456789abcdef0123456789abcdef", "339901999999142"
METHOD, PARAMS = "nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["BENCH-1"]}


def nnopen() -> None:
    from nnopen import Client
    from nnopen.stores import MemoryStore

    class Quiet:
        def send(self, request: object) -> "tuple[int, bytes]":
            ready()
            return 200, b'{"code":"E0000","describe":"","result":[]}'

        def close(self) -> None: ...

    client = Client(
        app_key=KEY, app_secret=SECRET, tax_num=TAX_NUM, permanent_token=TOKEN, transport=Quiet(), store=MemoryStore()
    )
    client.call(METHOD, PARAMS)


def nuonuo() -> None:
    from nuonuo import Nuonuo

    client = Nuonuo(KEY, SECRET, access_token=TOKEN, tax_number=TAX_NUM)
    client._post = lambda url, **request: ready() or {"code": "E0000"}
    client.call(METHOD, PARAMS)


def ready() -> None:
    print(time.process_time() - begun)


begun = time.process_time()
{"nnopen": nnopen, "nuonuo": nuonuo}[sys.argv[1]]()
