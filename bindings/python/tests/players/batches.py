"""Plays the vectors of `batch/`: many orders followed in one conversation."""

from __future__ import annotations

from typing import Any

import nnopen
from nnopen import NnopenError, Session

from . import calls
from .calls import open_session, same_error
from .reading import Members, Token, Wrong, expect, loads, same_members, text


def play_batch(vector: Members) -> None:
    """Plays one conversation."""
    follow = vector.get("follow")
    session = open_session(vector.get("session"))
    try:
        batch = begin(session, follow)
    except NnopenError as error:
        if "start_error" not in vector:
            raise Wrong(f"could not be begun: {error}") from error
        return same_error(vector.get("start_error"), error)
    if "start_error" in vector or not vector.get("script"):
        raise Wrong("begun, which must not be; or the script is empty")
    for at, line in enumerate(vector.get("script")):
        try:
            if "restart" in line:
                kept, saved = batch.snapshot(), session.snapshot()
                session = open_session(vector.get("session"))
                session.restore(saved)
                batch = begin(session, follow)
                expect("restart", int(line.get("restart")), batch.resume(kept, int(line.get("now"))))
            else:
                play_line(batch, at, line)
        except Wrong as wrong:
            raise Wrong(f"line {at}: {wrong}") from None
    return None


def begin(session: Session, follow: Any) -> Any:
    rules: dict[str, Any] = {name: int(follow.get(name)) for name in ("rate", "slowest", "give_up") if name in follow}
    if "by" in follow:
        rules["by"] = follow.get("by")
    if "with" in follow:
        rules["params"] = text(follow.get("with"))
    return session.follow(follow.get("method"), **rules)


def play_line(batch: Any, at: int, line: Any) -> None:
    if "progress" in line:
        names = ("pending", "done", "failed", "needs_retry", "absent", "gave_up", "queries", "asked_per_second", "oldest")
        ours = Members((name, value if value is None else Token(value)) for name, value in zip(names, batch.progress()))
        return same_members(line.get("progress"), ours, "progress")
    if "snapshot" in line:
        return same_members(line.get("snapshot"), loads(batch.snapshot()), "snapshot")
    now = int(line.get("now"))
    failed: NnopenError | None = None
    try:
        if "add" in line:
            add = line.get("add")
            said: Any = batch.add(add.get("key"), int(add.get("since")), now)
        elif "hint" in line:
            said = batch.hint(line.get("hint"), now)
        elif "step" in line:
            entropy = bytes.fromhex(line.get("entropy")) if "entropy" in line else bytes([at % 255 + 1] * 20)
            try:
                step = batch.step(now, entropy)
            except NnopenError as error:
                return calls.same_step(line.get("step"), error)
            return same_step(line.get("step"), step)
        elif "receive" in line:
            answer = line.get("receive")
            body = answer.get("body", "")
            raw = body if type(body) is str else text(body)
            said = batch.receive(int(answer.get("status")), raw.encode(), now)
        elif line.get("fail") in ("not_sent", "maybe_sent"):
            said = batch.fail(line.get("fail") == "not_sent", "no answer", now)
        else:
            raise Wrong("the line says nothing")
    except NnopenError as error:
        failed = error
    if (failed is None) != ("error" not in line):
        raise Wrong(f"{line.get('error')} must come, {failed!r} came")
    if failed is not None:
        return same_error(line.get("error"), failed)
    return expect("is", line.get("is"), said)


def same_step(expected: Any, step: Any) -> None:
    word, what = expected[0]
    if word == "idle":
        return expect("step", word, step.kind)
    if word != "event":
        return calls.same_step(expected, step)
    if not isinstance(step, nnopen.Event):
        raise Wrong(f"an event must come, {step.kind} came")
    expect("kind", what.get("kind"), step.what)
    expect("keys", what.get("keys"), list(step.keys))
    expect("rows", what.get("rows"), None if step.rows is None else loads(step.rows))
    if "error" in what:
        if step.error is None:
            raise Wrong("an error must come with it")
        same_error(what.get("error"), step.error)
    return None
