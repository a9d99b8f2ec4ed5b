"""Plays all of tests/vectors: each file is a conversation, and every step must be as the file says."""

from __future__ import annotations

import json
import sys
import traceback
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from batches import play_batch
from conftest import VECTORS

import nnopen
from nnopen import NnopenError, Session, _native


class Token(str):
    """A number by its own text, so that `1.0` differs from `1.00`."""


def loads(text: str) -> Any:
    """JSON with its members in order and its numbers as tokens."""
    return json.loads(text, parse_float=Token, parse_int=Token, object_pairs_hook=Members)


class Members(list):
    """An object's members in order, repeated ones included."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for member, value in self if member == name), default)

    def __contains__(self, name: object) -> bool:
        return any(member == name for member, _ in self)


def same(a: Any, b: Any) -> bool:
    """Equal with types: a token is no text."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Members):
        return len(a) == len(b) and all(x == y and same(v, w) for (x, v), (y, w) in zip(a, b))
    if isinstance(a, list):
        return len(a) == len(b) and all(same(v, w) for v, w in zip(a, b))
    return bool(a == b)


def plain(value: Any) -> Any:
    """As a host would give it: dicts, lists, int, Decimal."""
    if isinstance(value, Members):
        return {name: plain(item) for name, item in value}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Token):
        return int(value) if value.lstrip("-").isdigit() else Number(value)
    return value


class Number:
    """A bare number that no Python type spells out: only JSON text can carry it."""

    def __init__(self, token: str) -> None:
        self.token = token


def text(value: Any) -> str:
    """JSON text again."""
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(name)}:{text(item)}" for name, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(text(item) for item in value) + "]"
    if isinstance(value, Token):
        return str.__str__(value)
    return json.dumps(value, ensure_ascii=False)


def has_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_number, value.values()))
    if isinstance(value, list):
        return any(map(has_number, value))
    return isinstance(value, Number)


def params_of(vector: Any, walked: bool) -> Any:
    """Params as the host's own objects if they can be had so, otherwise as text."""
    params = vector.get("params")
    if isinstance(params, str) and not isinstance(params, Token):
        return params
    if isinstance(params, Members) and "times" in params:
        return whole(params)
    host = plain(params)
    if walked and isinstance(host, dict) and not has_number(host):
        return host
    return text(params)


class Wrong(Exception):
    """What is not as the vector says."""


def expect(what: str, theirs: Any, ours: Any) -> None:
    if not same(theirs, ours):
        raise Wrong(f"{what} must be\n  {theirs!r}\nis\n  {ours!r}")


def play(vector: Members, walked: bool = True) -> None:
    """Plays one conversation."""
    must_fail = vector.get("start_error")
    try:
        sessions, calls = begin(vector, walked)
    except NnopenError as error:
        if must_fail is None:
            raise Wrong(f"could not be begun: {error}") from error
        return same_error(must_fail, error)
    if must_fail is not None:
        raise Wrong(f"begun, though {must_fail} must come")
    script = vector.get("script") or []
    if not script:
        raise Wrong("the script is empty")
    store = Kept(vector.get("store"))
    for at, line in enumerate(script):
        try:
            play_line(sessions, calls, store, at, line)
        except Wrong as wrong:
            raise Wrong(f"line {at}: {wrong}") from None


class Kept:
    """The store that all sessions of a vector share."""

    def __init__(self, told: Any) -> None:
        self.version, self.data = 0, b""
        self.swapping: dict[int, tuple[int, bytes]] = {}
        if told is not None:
            record = told.get("record")
            self.version = int(told.get("version"))
            self.data = (record if type(record) is str else text(record)).encode()

    def swap(self, call: int) -> bool:
        version, data = self.swapping.pop(call)
        fits = version == self.version
        if fits:
            self.version, self.data = version + 1, data
        return fits


def begin(vector: Members, walked: bool) -> tuple[list[Session], list[Any]]:
    told = vector.get("sessions") or [vector.get("session")]
    sessions = [open_session(session) for session in told]
    if "snapshot" in vector:
        sessions[0].restore(text(vector.get("snapshot")))
    calls = vector.get("calls") or []
    return sessions, [start(sessions[int(call.get("session", 0))], call, walked) for call in calls]


def open_session(told: Members) -> Session:
    config = {name: str(value) for name, value in told if name not in ("role", "shared")}
    role, shared = told.get("role"), told.get("shared") is True
    return Session(service_provider=role == "service_provider", shared=shared, **config)  # type: ignore[arg-type]


def start(session: Session, call: Members, walked: bool) -> Any:
    word, method = call[0]
    modes = {"call": "call", "poll": "poll", "settle": "settle", "resume": "settle_again"}
    if word in modes:
        return session.start(modes[word], method, params_of(call, walked))  # type: ignore[arg-type]
    if word == "raw":
        return session.start_raw(method, call.get("body", ""))
    if isinstance(method, Members):
        given = method.get("authorization_code")
        return session.sign_in("authorization_code", **{name: str(value) for name, value in given})
    return session.sign_in(method)


def play_line(sessions: list[Session], calls: list[Any], store: Kept, at: int, line: Members) -> None:
    if "snapshot" in line:
        ours = sessions[int(line.get("session", 0))].snapshot()
        return same_members(line.get("snapshot"), loads(ours), "snapshot")
    if "store" in line:
        expect("version", int(line.get("store").get("version")), store.version)
        return same_members(line.get("store").get("record"), loads(store.data.decode()), "store")
    index, now = int(line.get("call", 0)), int(line.get("now"))
    if "drop" in line:
        calls[index] = None
        return None
    call = calls[index]
    if call is None:
        raise Wrong("the call was dropped")
    if "step" in line:
        entropy = bytes.fromhex(line.get("entropy")) if "entropy" in line else bytes([at % 255 + 1] * 20)
        try:
            step = call.step(now, entropy)
        except NnopenError as error:
            step = error
        if step.__class__ is nnopen.Swap:
            store.swapping[index] = (step.version, step.data)
        return same_step(line.get("step"), step)
    told: NnopenError | None = None
    try:
        if "loaded" in line:
            call.loaded(store.version, store.data, now)
        elif "swapped" in line:
            tell_swapped(call, store, index, line.get("swapped"), now)
        elif "load_failed" in line:
            call.store_failed("the store is down", now)
        elif "receive" in line:
            answer = line.get("receive")
            body = answer.get("body", "")
            raw = body if isinstance(body, str) and not isinstance(body, Token) else text(body)
            call.receive(int(answer.get("status")), raw.encode(), now)
        elif line.get("fail") in ("not_sent", "maybe_sent"):
            call.fail(line.get("fail") == "not_sent", "no answer", now)
        else:
            raise Wrong("the line says nothing")
    except NnopenError as error:
        told = error
    if (told is None) != ("error" not in line):
        raise Wrong(f"{line.get('error')} must come, {told!r} came")
    if told is not None:
        same_error(line.get("error"), told)
    return None


def tell_swapped(call: Any, store: Kept, index: int, answer: Any, now: int) -> None:
    if isinstance(answer, bool):
        if store.swap(index) != answer:
            raise Wrong(f"the store says {not answer}")
        call.swapped(answer, now)
        return
    # The answer to the swap is lost, or the swap itself.
    if answer == "lost_after":
        store.swap(index)
    store.swapping.pop(index, None)
    call.store_failed("the store is down", now)


def same_step(expected: Members, step: Any) -> None:
    if len(expected) != 1:
        raise Wrong("a step must tell one thing")
    word, told = expected[0]
    if word == "error":
        if not isinstance(step, NnopenError):
            raise Wrong(f"an error must come, {step!r} came")
        return same_error(told, step)
    if isinstance(step, NnopenError):
        raise Wrong(f"{word} must come, {step!r} came: {step}")
    if word != step.kind:
        raise Wrong(f"{word} must come, {step.kind} came")
    if word == "send":
        if {name for name, _ in told} != {"url", "headers", "body"}:
            raise Wrong("a send must tell url, headers and body")
        expect("url", told.get("url"), step.url)
        expect("headers", [list(pair) for pair in told.get("headers")], [list(pair) for pair in step.headers])
        expect("body", told.get("body"), step.body.decode())
    elif word == "load":
        pass
    elif word == "swap":
        expect("version", int(told.get("version")), step.version)
        same_members(told.get("record"), loads(step.data.decode()), "swap")
    elif word == "wait":
        expect("wait", str(told), str(step.until))
    else:
        expect("done", told, loads(step.output))
    return None


def same_error(expected: Members, error: NnopenError) -> None:
    def different(what: str) -> Wrong:
        return Wrong(f"{what} of the error must be as in {expected}, {error!r} came: {error.__dict__}")

    if expected.get("kind") != error.kind:
        raise different("the kind")
    if "code" in expected and expected.get("code") != error.code:
        raise different("the code")
    if "retry_at" in expected:
        at = None if error.retry_at is None else str(round(error.retry_at.timestamp() * 1000))
        theirs = expected.get("retry_at")
        if at != (None if theirs is None else str(theirs)):
            raise different("retry_at")
    if "paths" in expected:
        paths = [violation.path for violation in error.violations if violation.severity == "error"]
        if paths != expected.get("paths"):
            raise different("the paths")
    shown = "".join(traceback.format_exception(type(error), error, None)) + repr(error) + repr(error.__dict__)
    if any(secret in shown for secret in expected.get("without", [])):
        raise different("the texts")


def same_members(expected: Any, ours: Any, path: str) -> None:
    """Everything that stands in `expected` must be in `ours`."""
    if isinstance(expected, Members):
        for name, value in expected:
            if not isinstance(ours, Members) or name not in ours:
                raise Wrong(f"{path}.{name} is missing")
            same_members(value, ours.get(name), f"{path}.{name}")
    elif not same(expected, ours):
        raise Wrong(f"{path} must be {expected!r}, is {ours!r}")


def whole(value: Any) -> str:
    """A text, or one that is told as prefix, a part repeated, and suffix."""
    if isinstance(value, Members):
        return str(value.get("prefix", "")) + str(value.get("repeat", "")) * int(value.get("times", 0)) + str(
            value.get("suffix", "")
        )
    return str(value)


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


def service_provider(vector: Members) -> Session:
    return Session(
        environment="sandbox",
        app_key="SD00000001",
        app_secret=vector.get("app_secret", "SD00000000000001"),
        tax_num="339901999999142",
        service_provider=True,
    )


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


def refused(error: NnopenError) -> Members:
    return Members(
        [("ok", False), ("kind", error.kind), ("code", error.code), ("describe", error.describe), ("result", None)]
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


READERS = {"accessToken": read_token, "authorize": read_authorize}


def files(folder: str, root: Path = VECTORS) -> list[Path]:
    found = sorted((root / folder).glob("*.json"))
    if not found:
        raise AssertionError(f"{root / folder} holds no vectors")
    return found


def each(folder: str) -> Any:
    paths = files(folder)
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


@each("sign")
def test_sign(path: Path) -> None:
    play_sign(loads(path.read_text(encoding="utf-8")))


@each("calls")
def test_calls(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play(vector, walked=True)
    play(vector, walked=False)


@each("orders")
def test_orders(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play_check(vector, walked=True, codes=True)
    play_check(vector, walked=False, codes=True)


@each("amounts")
def test_amounts(path: Path) -> None:
    cases = loads(path.read_text(encoding="utf-8")).get("cases")
    assert cases
    for case in cases:
        line = {name: Decimal(value) if type(value) is Token else value for name, value in case.get("line")}
        try:
            ours: Any = [str(amount) for amount in nnopen.order.amounts(line)]
        except nnopen.InputError as error:
            ours = error.violations[0].path
        expect(f"the amounts of {line}", case.get("amounts") or case.get("fault"), ours)


@each("stores")
def test_stores(path: Path) -> None:
    play(loads(path.read_text(encoding="utf-8")))


@each("checks")
def test_checks(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play_check(vector, walked=True)
    play_check(vector, walked=False)


@each("replies")
def test_replies(path: Path) -> None:
    play_reply(loads(path.read_text(encoding="utf-8")))


@each("pushes")
def test_pushes(path: Path) -> None:
    play_push(loads(path.read_text(encoding="utf-8")))


if (VECTORS / "batch").is_dir():

    @each("batch")
    def test_batch(path: Path) -> None:
        play_batch(loads(path.read_text(encoding="utf-8")), sys.modules[__name__])


@each("documents")
def test_documents(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    ours = [list(document) for document in nnopen.documents(plain(vector.get("invoice")))]
    expected = [[one.get(name) for name in ("kind", "url", "field", "original")] for one in vector.get("documents")]
    expect("documents", expected, ours)


@each("broken")
def test_a_broken_conversation_fails(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    for walked in (True, False):
        with pytest.raises(Wrong):
            play(vector, walked)


def test_every_folder_of_vectors_is_played() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    folders = [path.name for path in VECTORS.iterdir() if path.is_dir()]
    assert len(folders) >= 10
    for folder in folders:
        assert files(folder) and f'@each("{folder}")' in source, folder


def test_an_empty_folder_of_vectors_fails(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    with pytest.raises(AssertionError, match="holds no vectors"):
        files("calls", tmp_path)


def test_most_params_are_walked_as_pythons_own_objects() -> None:
    calls = [call for path in files("calls") for call in loads(path.read_text(encoding="utf-8")).get("calls") or []]
    params = [call for call in calls if "params" in call]
    walked = [call for call in params if isinstance(params_of(call, True), dict)]
    assert len(walked) > len(params) * 0.8


