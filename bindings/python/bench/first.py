"""Prints the seconds from before the import of an SDK until its first request is ready; `bench.py` runs it.

`request`: until the request stands, all that sends it left aside. `socket`: with the transport that each SDK has by itself,
until that looks up the platform's address.
"""

import os
import sys
import time

KEY, SECRET, TOKEN, TAX_NUM = "SD00000001", "SD00000000000001", "0123456789abcdef0123456789abcdef", "339901999999142"
METHOD, PARAMS = "nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["BENCH-1"]}


def nnopen(until: str) -> None:
    from nnopen import Client

    if until == "socket":
        client = Client(app_key=KEY, app_secret=SECRET, tax_num=TAX_NUM, permanent_token=TOKEN)
        stop_at_the_socket()
    else:
        from nnopen.stores import MemoryStore

        client = Client(
            app_key=KEY, app_secret=SECRET, tax_num=TAX_NUM, permanent_token=TOKEN, transport=Quiet(), store=MemoryStore()
        )
    client.call(METHOD, PARAMS)


class Quiet:
    def send(self, request: object) -> "tuple[int, bytes]":
        ready()
        return 200, b""

    def close(self) -> None: ...


def nuonuo(until: str) -> None:
    from nuonuo import Nuonuo

    client = Nuonuo(KEY, SECRET, access_token=TOKEN, tax_number=TAX_NUM)
    if until == "socket":
        stop_at_the_socket()
    else:
        client._post = ready
    client.call(METHOD, PARAMS)


def stop_at_the_socket() -> None:
    import socket

    socket.getaddrinfo = ready


def ready(*_: object, **__: object) -> None:
    print(time.process_time() - begun, flush=True)
    os._exit(0)


begun = time.process_time()
{"nnopen": nnopen, "nuonuo": nuonuo}[sys.argv[1]](sys.argv[2])
