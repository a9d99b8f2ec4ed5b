"""Plays `calls/`, `stores/` and `broken/`: a session, its calls, and what each step must be."""

from __future__ import annotations

import traceback
from typing import Any

import nnopen
from nnopen import NnopenError, Session

from .reading import Members, Token, Wrong, expect, loads, params_of, same_members, text


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
