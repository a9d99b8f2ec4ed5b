"""Errors: what they tell, that they are pickled, that no secret is in them."""

from __future__ import annotations

import copy
import json
import os
import pickle
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from common import ISSUE, SECRET, shown, with_line

import nnopen
from nnopen import Client, InputError, MemoryStore, NnopenError, Violation, errors
from nnopen.testing import Simulator


def test_errors_are_pickled_and_copied() -> None:
    for kind in ("input", "usage", "auth", "platform", "reply", "transport", "uncertain"):
        row = ("order.orderNo", "required", "error", "必填", "is required", "E9100")
        error = errors.build(kind, "what", "E9106", "怎么办", "what to do", [row], 1_700_000_000_123, "ask", True, '{"a": 1.50}')
        assert isinstance(error, NnopenError) and isinstance(error, Exception) and error.kind == kind
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error) and again.__dict__ == error.__dict__ and str(again) == str(error)
            assert again.violations == (Violation(*row),) and again.result == {"a": Decimal("1.50")}
            assert again.retry_at == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=timezone.utc)
            assert (again.code, again.order_free, again.retry) == ("E9106", True, "ask")


def test_an_error_tells_what_and_where_and_what_to_do(order: dict[str, Any]) -> None:
    with Client(app_key="SD00000001", app_secret="S", tax_num="1", environment="sandbox", store=MemoryStore()) as client:
        with pytest.raises(InputError) as caught:
            client.issue(with_line(order, taxRate=0.13))  # type: ignore[arg-type]
    shown = str(caught.value)
    assert "order.invoiceDetail[0].taxRate" in shown and "[input]" in shown
    assert isinstance(caught.value, ValueError)


def test_no_error_shows_a_secret(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client(sleep=lambda seconds: simulator.advance(seconds))
    client.sign_in()
    token = json.loads(client.session.snapshot())["token"]["access"]
    hidden = [SECRET, token]
    del token
    for fault in ("lost_before", "lost_after", "truncated", "html", "status"):
        more = {"status": 502} if fault == "status" else {}
        simulator.fault(fault, method=ISSUE, **more)  # type: ignore[arg-type]
        with pytest.raises(NnopenError) as caught:
            client.call(ISSUE, order)  # type: ignore[call-overload]
        text = shown(caught.value)
        assert not [secret for secret in hidden if secret in text], text
    strangers = {**simulator.settings(), "store": MemoryStore()}
    for fault in ("lost_after", "html", "truncated"):
        simulator.fault(fault, method="accessToken")  # type: ignore[arg-type]
        stranger = Client(**strangers)
        with pytest.raises(NnopenError) as caught:
            stranger.sign_in()
        text = shown(caught.value)
        assert not [secret for secret in hidden if secret in text], text


def test_no_value_shows_a_secret(simulator: Simulator) -> None:
    client = simulator.client()
    call = client.session.sign_in()
    call.step(1_700_000_000_000, os.urandom(20))
    call.loaded(0, b"", 1_700_000_000_001)
    swap: Any = call.step(1_700_000_000_002, os.urandom(20))
    call.swapped(True, 1_700_000_000_003)
    request = call.step(1_700_000_000_004, os.urandom(20))
    assert isinstance(swap, nnopen.Swap) and isinstance(request, nnopen.Request)
    client = simulator.client()
    client.sign_in()
    token = json.loads(client.session.snapshot())["token"]["access"]
    for value in (client, client.session, call, swap, request, simulator.async_client(), client._store, client._transport):
        for hidden in (SECRET, token):
            assert hidden not in f"{value!r} {value!s}"
    for value in (client, client.session, call, swap, request, simulator.async_client()):
        with pytest.raises(TypeError):
            pickle.dumps(value)


def test_a_secret_that_is_no_text_is_not_shown() -> None:
    # As `os.environ` gives what is no UTF-8: Python's own UnicodeEncodeError would hold it.
    secret = "S3CRET-IN-TEST\udc80"
    settings = {"app_key": "SD00000001", "app_secret": "S", "tax_num": "1", "environment": "sandbox"}
    session = nnopen.Session(**settings)  # type: ignore[arg-type]
    url = f"https://example.com/?code={secret}"
    tries: list[Any] = [
        lambda: Client(**{**settings, "app_secret": secret}, store=MemoryStore()),  # type: ignore[arg-type]
        lambda: Client(**settings, permanent_token=secret, store=MemoryStore()),  # type: ignore[arg-type]
        lambda: session.sign_in("authorization_code", code=secret, tax_num="1", redirect_uri="https://example.com"),
        lambda: session.restore(secret),
        lambda: session.read_return(url, "state"),
        lambda: nnopen.sign(app_secret=secret, path="", app_key="", senid="", nonce="", timestamp="", body=""),
    ]
    for wrong in tries:
        with pytest.raises(ValueError, match="half a surrogate pair") as caught:
            wrong()
        assert type(caught.value) is ValueError and "S3CRET" not in shown(caught.value)


def test_a_constructor_that_fails_shows_no_secret() -> None:
    def build(secret: str) -> None:
        try:
            Client(app_key="SD00000001", app_secret=secret, tax_num="", environment="nowhere")
        finally:
            del secret

    with pytest.raises(NnopenError) as caught:
        build("S3CRET" + "-IN-TEST")
    assert "S3CRET-IN-TEST" not in shown(caught.value)
