import json
import os
import sys
import time
import urllib.request

sys.path = [place for place in sys.path if place != os.path.dirname(os.path.abspath(__file__))]
from fastapi.testclient import TestClient

PUSH_KEY = "6f1c9a"
came = []


def confirm(said):
    came.append(said.order_no)


# BLOCK


body = "operater=callback&orderno=A-1&content=%7B%22c_orderno%22%3A%22A-1%22%7D"
form = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
with TestClient(app) as web:
    answer = web.post("/nuonuo/6f1c9a", content=body, headers=form)
    assert answer.status_code == 200 and answer.json()["status"] == "0000", answer.text
    assert web.post("/nuonuo/guessed", content=body, headers=form).status_code == 404
assert came == ["A-1"], came
