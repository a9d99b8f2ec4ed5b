import json
import os
import time
import urllib.request
from functools import partial

import nnopen

app_key, app_secret, tax_num = "SD00000001", "SD00000000000001", "339901999999142"
method = "nuonuo.OpeMplatform.requestBillingNew"
params = json.load(open("examples/order.json", encoding="utf-8"))
TheirSession = partial(nnopen.Session, service_url=os.environ["NNOPEN_URL"], token_url=os.environ["NNOPEN_TOKEN_URL"])


def now():
    return time.time_ns() // 1_000_000


def sleep_until(until):
    time.sleep(max(0, until - now()) / 1000)


def post(step):
    with urllib.request.urlopen(urllib.request.Request(step.url, step.body, dict(step.headers))) as answer:
        return answer.status, answer.read()


def simulated(**settings):
    """The same session, at the simulator instead of in production."""
    return TheirSession(**{**settings, "environment": ""})


nnopen.Session = simulated

# BLOCK

assert json.loads(step.output)[0]["status"] == "2", step.output
