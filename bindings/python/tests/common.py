"""What the tests have in common: an order changed, a client of canned answers, all that tools show of an error."""

from __future__ import annotations

import asyncio
import copy
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnopen import AsyncClient, Client, MemoryStore, NnopenError
from nnopen.testing import Simulator

ISSUE = "nuonuo.OpeMplatform.requestBillingNew"
QUERY = "nuonuo.OpeMplatform.queryInvoiceResult"
SECRET = Simulator.app_secret
HERE = Path(__file__).parent


def with_order(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    params = copy.deepcopy(order)
    params["order"].update(more)
    return params


def with_line(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    params = copy.deepcopy(order)
    params["order"]["invoiceDetail"][0].update(more)
    return params


def token_calls(simulator: Simulator) -> int:
    return sum("/accessToken" in request["target"] for request in simulator.requests())


class Canned:
    """A transport that answers what it is told to."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def send(self, request: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        pass


TOKEN = (200, b'{"access_token": "T-1", "expires_in": 86400}')


def canned(*answers: Any, **more: Any) -> Client:
    settings: dict[str, Any] = {"app_key": "SD00000001", "app_secret": SECRET, "tax_num": "339901999999142"}
    return Client(environment="sandbox", store=MemoryStore(), transport=Canned(TOKEN, *answers), **settings, **more)


def ask(transport: Any, verb: str, *args: Any, **settings: Any) -> Any:
    """Asks once, by the client of the transport's kind."""
    if asyncio.iscoroutinefunction(transport.send):

        async def told() -> Any:
            async with AsyncClient(transport=transport, **settings) as client:
                return await getattr(client, verb)(*args)

        return asyncio.run(told())
    with Client(transport=transport, **settings) as client:
        return getattr(client, verb)(*args)


def shown(error: BaseException) -> str:
    """All that tools show of an error: tracebacks with their variables, the pickle, every text and member of the chain."""
    told = [_traced(traceback.TracebackException.from_exception(error, capture_locals=True))]
    for link in chain(error):
        told += [str(link), repr(link), repr(link.args), repr(getattr(link, "__dict__", None))]
        frame = link.__traceback__
        while frame is not None:
            if not _is_ours(frame.tb_frame.f_code.co_filename):
                told.append(f"{frame.tb_frame.f_code.co_name} {frame.tb_frame.f_locals!r}")
            frame = frame.tb_next
    if isinstance(error, NnopenError):
        told.append(pickle.dumps(error).decode("latin-1"))
    return "\n".join(told)


def chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__, *getattr(link, "exceptions", ())]


def _traced(told: traceback.TracebackException) -> str:
    links: list[traceback.TracebackException | None] = [told]
    while links:
        link = links.pop()
        if link is not None:
            # Not the variables of these tests themselves.
            link.stack[:] = [frame for frame in link.stack if not _is_ours(frame.filename)]
            links += [link.__cause__, link.__context__]
    return "".join(told.format())


def _is_ours(filename: str) -> bool:
    return Path(filename).parent == HERE or "pytest" in filename
