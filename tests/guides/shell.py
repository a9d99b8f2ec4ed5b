"""Shell blocks: all of a page are one session, against a simulator of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from blocks import ROOT, Block, agrees, commands

# `simulate` and `preview` run until they are stopped: they go to the background, and their first line is shown.
PRELUDE = r"""
nnopen() {
    case "$1" in
        simulate | preview)
            command nnopen "$@" > .background 2>&1 &
            for _ in $(seq 100); do [ -s .background ] && break; sleep 0.05; done
            head -n 1 .background ;;
        *) command nnopen "$@" ;;
    esac
}
cargo() {
    (cd "$ROOT" && command cargo "$@")
}
"""


def run(blocks: list[Block], language: str, programs: Path, port: int, mend: bool) -> list[str]:
    """Runs the blocks of one page in order; gives what went wrong."""
    steps: list[tuple[Block, str, str | None]] = []
    for block in blocks:
        steps += [(block, command, None) for command in block.labels.get("before", [])]
        if block.language == "sh":
            steps.append((block, block.code, None))
        else:
            steps += [(block, command, shown) for command, shown in commands(block.code)]
    script = PRELUDE
    for number, (_, command, _) in enumerate(steps):
        command = SERIAL.sub("'\"$SERIAL\"'" if "'{" in command else "$SERIAL", with_port(command.rstrip("\n"), port))
        script += f"printf '\\036%d\\036' {number}\n{command}\nprintf '\\037%d\\037' $?\n"
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "examples", Path(folder) / "examples")
        done = session(script, Path(folder), language, programs, port)
    told = next((told for told in PORTS if any(told in text for block in blocks for text in [block.code, *block.labels.get("before", [])])), PORTS[0])
    done = done.replace(f"127.0.0.1:{port}", f"127.0.0.1:{told}")
    return judge(steps, done, mend)


#: A serial number in a command stands for the one that a `before` has put into this variable.
SERIAL = re.compile(r"\b2611\d{16}\b")


def judge(steps: list[tuple[Block, str, str | None]], done: str, mend: bool) -> list[str]:
    faults = []
    pieces = done.split("\036")[1:]
    said = {int(number): text for number, text in zip(pieces[::2], pieces[1::2])}
    for number, (block, command, shown) in enumerate(steps):
        text, status, *_ = [*said.get(number, "").split("\037"), "none", ""]
        if shown is None and status != "0":
            faults.append(f"{block.name}: ended with {status}: {command}\n{text}")
        elif shown is not None and shown.strip() and not agrees(shown, text):
            if mend:
                page = ROOT / block.page
                page.write_text(page.read_text("utf-8").replace(f"$ {command}\n{shown}", f"$ {command}\n{text.rstrip()}\n"), "utf-8")
            faults.append(f"{block.name}: $ {command}\n--- shown\n{shown}--- said\n{text}---")
        elif shown is not None and not shown.strip() and status != "0":
            faults.append(f"{block.name}: ended with {status}: $ {command}\n{text}")
    return faults


def session(script: str, folder: Path, language: str, programs: Path, port: int) -> str:
    shell = subprocess.Popen(
        ["bash", "-c", script], cwd=folder, env=environment(folder, language, programs, port), text=True,
        encoding="utf-8", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )
    try:
        return shell.communicate(timeout=300)[0]
    except subprocess.TimeoutExpired:
        return ""
    finally:
        # What it left in the background ends with it.
        try:
            os.killpg(shell.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass


#: Orders for the commands that a reader does not see.
FILES = Path(__file__).parent / "files"


def environment(folder: Path, language: str, programs: Path, port: int) -> dict[str, str]:
    """Nothing of the user's own settings, a folder of its own for tokens and journals."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("NNOPEN_", "LC_", "LANG"))}
    return ours | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8", "NNOPEN_LANG": language, "NNOPEN_CONFIG": os.devnull,
        "NNOPEN_STATE_DIR": str(folder / "state"), "NO_PROXY": "127.0.0.1", "FILES": str(FILES), "GUIDES": str(FILES.parent), "ROOT": str(ROOT),
    }


#: Ports that pages use; each run takes a free one instead.
PORTS = ("18080", "8089", "8787")


def with_port(code: str, port: int) -> str:
    for told in PORTS:
        code = code.replace(f"127.0.0.1:{told}", f"127.0.0.1:{port}").replace(f"--port {told}", f"--port {port}")
    return code
