import urllib.request
from urllib.parse import urlsplit


class connect:
    """A connection of the reader's own, made of the standard library."""

    def __init__(self, url):
        self.url = url

    def post(self, headers, body):
        with urllib.request.urlopen(urllib.request.Request(self.url, body, dict(headers))) as answer:
            return answer.status, answer.read()


# BLOCK


import json
import os

import nnopen
from nnopen.stores import MemoryStore

assert urlsplit(os.environ["NNOPEN_URL"]).hostname == "127.0.0.1"
client = nnopen.Client(
    app_key="SD00000001", app_secret="SD00000000000001", tax_num="339901999999142", store=MemoryStore(),
    service_url=os.environ["NNOPEN_URL"], token_url=os.environ["NNOPEN_TOKEN_URL"], transport=MyTransport(),
)
with client, open("examples/order.json", encoding="utf-8") as order:
    assert len(client.issue(json.load(order))) == 1
