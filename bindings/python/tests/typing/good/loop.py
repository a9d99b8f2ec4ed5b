"""The loop by hand, with one's own HTTP client."""

import os
import time
from typing import Callable, Tuple

from nnopen import Call, Done, Request, Session

Post = Callable[[Request], Tuple[int, bytes]]


def drive(call: Call, post: Post) -> str:
    while True:
        now = time.time_ns() // 1_000_000
        step = call.step(now, os.urandom(20))
        if step.kind == "send":
            status, body = post(step)
            call.receive(status, body, now)
        elif step.kind == "wait":
            time.sleep((step.until - now) / 1000)
        elif step.kind == "done":
            return step.output
        else:
            raise RuntimeError("only of a session that shares its token")


def ask(session: Session, post: Post) -> str:
    call = session.start("call", "nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["A-1"]})
    step = call.step(0, os.urandom(20))
    if isinstance(step, Done):
        return step.output
    return drive(call, post)
