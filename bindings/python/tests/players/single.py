"""Plays what is asked and answered at once: `sign/`, `checks/`, `orders/`, `replies/`, `pushes/`."""

from __future__ import annotations

import nnopen
from nnopen import NnopenError, Session, _native

from .reading import Members, Token, Wrong, expect, loads, params_of, text, whole


def play_sign(vector: Members) -> None:
    path = vector.get("path")
    given = {name: whole(vector.get(name)) for name in ("app_secret", "app_key", "senid", "nonce", "timestamp", "body")}
    given["path"] = "".join(f"/{whole(piece)}" for piece in path) if type(path) is list else whole(path)
    canonical, signature = nnopen.sign(**given)
    expect("canonical", whole(vector.get("canonical")), canonical)
    expect("signature", vector.get("signature"), signature)


def play_check(vector: Members, walked: bool = True, codes: bool = False) -> None:
    violations = nnopen.check(vector.get("method"), params_of(vector, walked))
    if "violations" in vector:
        theirs = [(v.get("severity"), v.get("rule"), v.get("path", ""), v.get("code", "")) for v in vector.get("violations")]
        ours = [(v.severity, v.rule, v.path, v.code or "") for v in violations]
        expect("violations", *(sorted(row if codes else row[:3] for row in rows) for rows in (theirs, ours)))
    if "ok" in vector:
        expect("ok", vector.get("ok"), not any(v.severity == "error" for v in violations))
    if "ok" not in vector and "violations" not in vector:
        raise Wrong("nothing is expected")


def play_reply(vector: Members) -> None:
    name, status = vector.get("method"), int(vector.get("status", 200))
    body = vector.get("body", "")
    raw = body if isinstance(body, str) and not isinstance(body, Token) else text(body)
    compare(vector, READERS.get(name, read_answer)(vector, status, raw))


def play_push(vector: Members) -> None:
    compare(vector, read_push(vector))


def compare(vector: Members, ours: Members) -> None:
    """Whether all that is expected was told."""
    for member, theirs in vector.get("expect"):
        if member == "without":
            if any(secret in text(ours) for secret in theirs):
                raise Wrong(f"a secret of {theirs} stands in {ours}")
        elif member not in ours:
            raise Wrong(f"{member} is expected, but not told")
        else:
            expect(member, theirs, ours.get(member))


def read_answer(vector: Members, status: int, raw: str) -> Members:
    code, describe, result, error = _native.read(vector.get("method"), status, raw.encode())
    kind = None if error is None else error.kind
    members = [("ok", error is None), ("kind", kind), ("code", code), ("describe", describe), ("result", loads(result))]
    return Members(members)


def read_token(vector: Members, status: int, raw: str) -> Members:
    now = 1_700_000_000_000
    session = service_provider(vector)
    call = session.sign_in(
        "authorization_code", code="C1-secret", tax_num="339901999999142", redirect_uri="https://example.com"
    )
    try:
        call.step(now, bytes([1] * 20))
        call.receive(status, raw.encode(), now)
        call.step(now, bytes([2] * 20))
    except NnopenError as error:
        return refused(error)
    token = loads(session.snapshot()).get("token")
    ends = token.get("expiresAt")
    result = [(name, token.get(name)) for name in ("access", "refresh", "userId", "taxNum")]
    result.append(("expiresIn", None if ends is None else Token((int(ends) - now) // 1000)))
    return Members([("ok", True), ("kind", None), ("code", None), ("result", Members(result))])


def read_authorize(vector: Members, status: int, raw: str) -> Members:
    try:
        code, tax_num, matched = service_provider(vector).read_return(raw, vector.get("state", ""))
    except NnopenError as error:
        return Members([*refused(error), ("stateless", False)])
    result = Members([("code", code), ("taxNum", tax_num)])
    kind = None if matched else "auth"
    return Members([("ok", matched), ("kind", kind), ("result", result), ("stateless", not matched)])


def service_provider(vector: Members) -> Session:
    return Session(
        environment="sandbox",
        app_key="SD00000001",
        app_secret=vector.get("app_secret", "SD00000000000001"),
        tax_num="339901999999142",
        service_provider=True,
    )


def read_push(vector: Members) -> Members:
    body = vector.get("body", "")
    raw = body if isinstance(body, str) and not isinstance(body, Token) else text(body)
    data = bytes.fromhex(vector.get("body_hex")) if "body_hex" in vector else raw.encode()
    content_type = vector.get("content_type", "")
    try:
        operater, known, order_no, serial_no, bill_no, *rest = _native.read_push(content_type, data)
    except NnopenError as error:
        return refused(error)
    status, status_code, content, raw, method, params = rest
    nnopen.read_push(content_type, data).invoice_result()
    asked = None if method is None else Members([("method", method), ("params", loads(params))])
    return Members(
        [
            ("ok", True),
            ("operater", operater),
            ("known", known),
            ("orderNo", order_no),
            ("serialNo", serial_no),
            ("billNo", bill_no),
            ("status", status),
            ("statusCode", status_code),
            ("content", loads(content)),
            ("raw", loads(raw)),
            ("confirm", asked),
        ]
    )


def refused(error: NnopenError) -> Members:
    return Members(
        [("ok", False), ("kind", error.kind), ("code", error.code), ("describe", error.describe), ("result", None)]
    )


READERS = {"accessToken": read_token, "authorize": read_authorize}
