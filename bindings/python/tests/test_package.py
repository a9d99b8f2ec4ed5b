"""What a host sees: light imports, both clients alike, its own clock, logger and transport."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest
from common import ISSUE, QUERY, canned

import nnopen
from nnopen import AsyncClient, Client, PlatformError, UncertainError


@pytest.mark.parametrize("answer", [(200, "text"), (200, None), None, (200,), ("200", b""), (-1, b"")])
def test_a_transport_that_answers_wrongly_is_uncertain_for_a_write(order: dict[str, Any], answer: Any) -> None:
    with pytest.raises(UncertainError) as caught:
        canned(answer).call(ISSUE, order)  # type: ignore[call-overload]
    assert isinstance(caught.value.__cause__, TypeError)


def test_warnings_are_logged(order: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "nnopen"), pytest.raises(PlatformError):
        canned((200, b'{"code": "E9500", "describe": "none"}')).call(QUERY, {"orderNos": ["A"], "orderNo": "A"})  # type: ignore[call-overload]
    assert "orderNo" in caplog.text


def test_clock_entropy_and_sleep_are_the_hosts() -> None:
    pending = b'{"code": "E0000", "result": [{"serialNo": "1", "orderNo": "A", "status": "20"}]}'
    final = pending.replace(b'"20"', b'"2"')
    now, slept = [1_700_000_000_000], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += int(seconds * 1000)

    numbers = iter(range(1, 256))
    client = canned((200, pending), (200, final), clock=lambda: now[0], entropy=lambda: bytes([next(numbers)] * 20), sleep=sleep)
    assert client.poll(QUERY, {"orderNos": ["A"]})[0]["status"] == "2"
    assert sum(slept) >= 1 and client.sign_in if slept else False


def test_importing_is_light() -> None:
    program = (
        "import sys, nnopen; heavy = {'ssl', 'http', 'http.client', 'asyncio', 'decimal', 'json', 'socket', 'urllib.request',"
        " 'nnopen.types', 'nnopen.client'} & set(sys.modules); print(sorted(heavy)); import nnopen.types;"
        " print('nnopen.types.codes' in sys.modules); print(all(hasattr(nnopen, name) for name in nnopen.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split("\n") == ["[]", "False", "True", ""], done.stdout + done.stderr


def test_a_first_request_is_light() -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        "from nnopen import Client\nfrom nnopen.stores import MemoryStore\n"
        "class Heard:\n"
        "    def send(self, request):\n"
        "        heavy = {'typing', 're', 'collections', 'enum', 'functools', 'pathlib', 'threading', 'decimal', 'datetime'}\n"
        "        print(sorted(heavy & (set(sys.modules) - before)))\n"
        "        return 200, b'{\"code\": \"E0000\", \"result\": []}'\n"
        "client = Client(app_key='SD00000001', app_secret='SD00000000000001', tax_num='339901999999142',"
        " permanent_token='T', transport=Heard(), store=MemoryStore())\n"
        "print(client.call('nuonuo.OpeMplatform.queryInvoiceResult', {'orderNos': ['A']}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split("\n") == ["[]", "[]", ""], done.stdout + done.stderr


def test_every_transport_names_what_is_missing() -> None:
    program = (
        "import sys; sys.modules['requests'] = None\n"
        "try:\n    from nnopen.transports import RequestsTransport\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "requests" in done.stdout, done.stderr


def test_async_and_sync_clients_offer_the_same() -> None:
    def verbs(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert verbs(Client) == verbs(AsyncClient)
