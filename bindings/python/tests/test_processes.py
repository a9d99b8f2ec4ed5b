"""Threads, forks, interpreters, tasks, clients that are dropped."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from common import ISSUE, QUERY, SECRET, token_calls, with_order

import nnopen
from nnopen import Client, FileStore, NnopenError, PlatformError
from nnopen.testing import Simulator


no_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def test_threads_share_a_client_and_its_token(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client()
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            client.call(ISSUE, with_order(order, orderNo=f"T{number}"))  # type: ignore[call-overload]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failed and len(simulator.orders()) == 16 and token_calls(simulator) == 1


@no_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_made_by_fork_uses_the_same_token(simulator: Simulator, order: dict[str, Any], tmp_path: Path) -> None:
    client = simulator.client(store=FileStore(tmp_path))
    client.sign_in()
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            try:
                client.call(ISSUE, with_order(order, orderNo=f"F{number}"))  # type: ignore[call-overload]
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert len(simulator.orders()) == 4 and token_calls(simulator) == 1


def test_processes_share_one_token_through_the_file(simulator: Simulator, tmp_path: Path) -> None:
    program = """
import json, sys
from nnopen import Client, FileStore, PlatformError
client = Client(**json.loads(sys.argv[1]), store=FileStore(sys.argv[2]))
try:
    client.call("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["NONE"]})
except PlatformError as error:
    assert error.code == "E9500", error
"""
    args = [sys.executable, "-c", program, json.dumps(simulator.settings()), str(tmp_path)]
    running = [subprocess.Popen(args) for _ in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert token_calls(simulator) == 1
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
        assert SECRET not in file.read_text()


def test_a_second_interpreter_is_refused_not_crashed() -> None:
    program = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import nnopen
other = interpreters.create()
try:
    said = interpreters.run_string(other, "import nnopen")
except Exception as error:
    said = error
print("refused" if said is not None else "taken", said)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    # Before 3.12 Python lets a second interpreter use the first one's module.
    if sys.version_info >= (3, 12):
        assert done.stdout.startswith("refused") and "ImportError" in done.stdout


def test_a_cancelled_task_leaves_the_others_their_token(simulator: Simulator) -> None:
    async def both() -> str:
        simulator.fault("slow", method="accessToken", ms=600)
        async with simulator.async_client() as client:
            first = asyncio.ensure_future(client.sign_in())
            await asyncio.sleep(0.2)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            with pytest.raises(NnopenError) as caught:
                await client.call(QUERY, {"orderNos": ["NONE"]})
            return caught.value.kind

    # The token call was lost: that is a pause with an end, and no call waits for ever.
    assert asyncio.run(asyncio.wait_for(both(), 20)) in ("auth", "platform")


def test_a_client_dropped_in_mid_flight_is_gone(simulator: Simulator) -> None:
    client = simulator.client()
    call = client.session.sign_in()
    call.step(1_700_000_000_000, os.urandom(20))
    del call, client
    gc.collect()


def test_a_call_that_was_kept_goes_on_and_asks_first(simulator: Simulator, order: dict[str, Any]) -> None:
    client = simulator.client()
    client.sign_in()
    call = client.session.start("settle", ISSUE, order)
    step = call.step(time.time_ns() // 1_000_000, os.urandom(20))
    assert isinstance(step, nnopen.Request)
    kept = call.snapshot()
    assert SECRET not in kept and json.loads(client.session.snapshot())["token"]["access"] not in kept
    client._transport.send(step)
    # Here the process dies; another one finds what was kept.
    again = simulator.client()
    json.loads(again._run(again.session.resume(kept)).output)
    (taken,) = simulator.orders()
    assert len(taken["invoices"]) == 1
