import json
import urllib.error
import urllib.request

import nnopen
from nnopen.stores import MemoryStore
from nnopen.testing import Simulator

state, tax_num = "a-random-text", "339901999999199"


def visit(url):
    """The merchant agrees; the simulator sends the browser back."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(Stay).open(url.replace("https://open.nuonuo.com", simulator.url))
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    raise AssertionError("the simulator did not send the browser back")


account = f"SD00000002:SD00000000000002:{tax_num}:https://isv.example/nuonuo/return"
with Simulator(["--account", account]) as simulator, nnopen.Client(
    app_key="SD00000002", app_secret="SD00000000000002", tax_num=tax_num, service_provider=True, store=MemoryStore(),
    service_url=simulator.service_url, token_url=simulator.token_url,
) as client:
    # BLOCK
