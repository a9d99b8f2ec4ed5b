"""Run by `cargo xtask package` where nothing but the package is installed: threads that each issue an invoice, and a program."""

import importlib.metadata
import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime, timezone
from decimal import Decimal

import nnopen
from nnopen.testing import Simulator

others = {found.metadata["Name"] for found in importlib.metadata.distributions()} - {"nnopen", "pip", "setuptools"}
assert not others, f"not empty: {others}"
assert sys.prefix in nnopen.__file__, nnopen.__file__


def order(number: str) -> dict:
    line = {"goodsName": "服务", "withTaxFlag": "1", "taxRate": Decimal("0.13"), "price": Decimal("113.00"), "num": 1}
    return {
        "order": {
            "orderNo": number,
            "buyerName": "示例购方有限公司",
            "salerTaxNum": Simulator.tax_num,
            "salerTel": "0571-00000001",
            "salerAddress": "示例市示例区示例路1号",
            "invoiceDate": datetime.now(timezone.utc),
            "clerk": "张三",
            "pushMode": "-1",
            "invoiceType": "1",
            "invoiceLine": "pc",
            "invoiceDetail": [line],
        }
    }


with Simulator() as simulator, tempfile.TemporaryDirectory() as folder:
    client = simulator.client(store=nnopen.FileStore(folder))
    taken: "list[str]" = []

    def issue(number: int) -> None:
        answer = client.call("nuonuo.OpeMplatform.requestBillingNew", order(f"I{number}"))
        taken.append(answer["invoiceSerialNum"])

    threads = [threading.Thread(target=issue, args=(number,)) for number in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(taken)) == 16, taken
    settings = {
        "NNOPEN_APP_KEY": simulator.app_key,
        "NNOPEN_APP_SECRET": simulator.app_secret,
        "NNOPEN_TAX_NUM": simulator.tax_num,
        "NNOPEN_URL": simulator.service_url,
        "NNOPEN_TOKEN_URL": simulator.token_url,
        "NNOPEN_STATE_DIR": folder,
        "PYTHONIOENCODING": "utf-8",
    }
    subprocess.run([sys.executable, "-I", sys.argv[1]], check=True, env={**os.environ, **settings})
