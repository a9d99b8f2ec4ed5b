"""Every code block of the guides is run, compiled, parsed, or says why not. README.md tells the labels.

    python3 tests/guides/run.py --target target [--python …] [--node …] [--php …] [--classes … --kotlin …] [--only docs/cli.md]
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tomllib
import xml.dom.minidom
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import blocks as guides
import programs
import shell
from blocks import ROOT, Block, bare, pages, twin
from programs import Tools


def main() -> int:
    arguments = argparse.ArgumentParser()
    for name in ("--python", "--node", "--php", "--classes", "--kotlin"):
        arguments.add_argument(name)
    arguments.add_argument("--target", type=lambda path: Path(path).resolve())
    arguments.add_argument("--swift", type=Path, help="writes the Swift blocks into this file, for `swift test`, and nothing else")
    arguments.add_argument("--mend", action="store_true", help="shows what commands print instead of what a page showed")
    arguments.add_argument("--only", nargs="*", default=[])
    told = arguments.parse_args()
    if told.swift:
        return swift(told.swift)
    tools = Tools(told.target / "debug/nnopen", told.target, told.python, told.node, told.php, told.classes, told.kotlin)
    faults: list[str] = []
    chosen = [page for page in pages() if not told.only or page in told.only]
    faults += [f"{page} has no twin" for page in chosen if not (ROOT / twin(page)).is_file()]
    if faults:
        return report(faults, Counter(), [])
    read = {page: guides.blocks(page, faults) for name in chosen for page in (name, twin(name))}
    for page in chosen if not faults else []:
        faults += twins(read[page], read[twin(page)])
    if faults:
        return report(faults, Counter(), [])
    count: Counter[str] = Counter()
    left_out: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(of_page, page, read[page], tools, count, left_out, told.mend) for page in read]
        every = [block for page in chosen for block in read[page]] + with_other_output(read, chosen)
        work.append(pool.submit(rust, [block for block in every if block.language == "rust"], read, tools, count, left_out))
        faults += [fault for part in work for fault in part.result()]
        runs = [block for block in every if block.language in programs.PREPARE and block.language != "rust"]
        faults += [fault for faults in pool.map(lambda block: program(block, read, tools, count, left_out), runs) for fault in faults]
    return report(faults, count, left_out)


def swift(file: Path) -> int:
    """Puts the framed Swift blocks into one file, which the package's tests are compiled with."""
    faults: list[str] = []
    framed = [programs.framed(block) for page in pages() for block in guides.blocks(page, faults) if "compiled" in block.labels and block.language == "swift"]
    text = "// Written by tests/guides/run.py: the code blocks of the guides.\n\nimport Foundation\nimport NNOpen\n\n" + "\n".join(framed)
    if not file.is_file() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")
    return report(faults, Counter({"written for Swift": len(framed)}), [])


def twins(ours: list[Block], theirs: list[Block]) -> list[str]:
    """Both languages of a page hold the same code."""
    if len(ours) != len(theirs):
        return [f"{ours[0].page if ours else theirs[0].page}: {len(ours)} blocks, its twin has {len(theirs)}"]
    faults = []
    for one, other in zip(ours, theirs):
        if (one.language, {*one.labels}) != (other.language, {*other.labels}):
            faults.append(f"{one.name}, {other.name}: blocks of another kind")
        elif bare(one) != bare(other):
            faults.append(f"{one.name}, {other.name}: not the same code\n{bare(one)}\n---\n{bare(other)}")
    return faults


def output(block: Block, read: dict[str, list[Block]]) -> str | None:
    """What the page shows that this block prints: the block after it, labelled `output`."""
    there = read[block.page]
    at = there.index(block) + 1
    return there[at].code if at < len(there) and "output" in there[at].labels else None


def with_other_output(read: dict[str, list[Block]], chosen: list[str]) -> list[Block]:
    """Programs of the English pages that show another output than the Chinese ones."""
    pairs = ((one, other) for page in chosen for one, other in zip(read[page], read[twin(page)]))
    return [other for one, other in pairs if output(one, read) != output(other, read)]


def of_page(page: str, there: list[Block], tools: Tools, count: Counter[str], left_out: list[str], mend: bool) -> list[str]:
    """What no program runs: the shell session of a page, data that is parsed, labels."""
    faults = []
    commands = []
    for block in there:
        if reason := block.label("not run"):
            left_out.append(f"{block.name}: {reason}")
        elif held := block.label("held by"):
            count["held by another test"] += 1
            faults += [] if holds(held, page) else [f"{block.name}: {held} does not name {Path(page).name}"]
        elif block.language in ("sh", "console"):
            commands.append(block)
        elif block.language == "swift":
            count["compiled by the part swift"] += 1
        elif block.language in PARSERS:
            count["parsed"] += 1
            try:
                PARSERS[block.language](block.code)
            except Exception as error:
                faults.append(f"{block.name}: {error}")
    if commands:
        language = "en" if ".en." in page else "zh"
        faults += shell.run(commands, language, tools.nnopen.parent, free_port(), mend)
        count["run"] += len(commands)
    return faults


PARSERS = {"json": json.loads, "toml": tomllib.loads, "xml": lambda text: xml.dom.minidom.parseString(f"<all>{text}</all>")}


def holds(file: str, page: str) -> bool:
    path = ROOT / file
    return path.is_file() and Path(page).name.replace(".en.md", ".md") in path.read_text("utf-8")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def rust(there: list[Block], read: dict[str, list[Block]], tools: Tools, count: Counter[str], left_out: list[str]) -> list[str]:
    there = [block for block in there if not block.labels.keys() & {"not run", "held by"}]
    fault = programs.compile_rust(there, tools) if there else None
    if fault:
        return [fault]
    return [fault for block in there for fault in program(block, read, tools, count, left_out)]


def program(block: Block, read: dict[str, list[Block]], tools: Tools, count: Counter[str], left_out: list[str]) -> list[str]:
    if block.labels.keys() & {"not run", "held by"}:
        return []
    if missing := tools.missing(block.language):
        left_out.append(f"{block.name}: {missing}")
        return []
    said, fault = programs.run(block, tools)
    shown = output(block, read)
    if fault is None and shown is not None and not guides.agrees(shown, said):
        fault = f"{block.name}: prints\n{said}---\nand not\n{shown}"
    count["compiled" if "compiled" in block.labels or block.language == "ts" else "run"] += 1
    return [fault] if fault else []


def report(faults: list[str], count: Counter[str], left_out: list[str]) -> int:
    for reason in sorted(left_out):
        print(f"left out: {reason}")
    for fault in faults:
        print(f"failed: {fault}")
    told = ", ".join(f"{number} {what}" for what, number in sorted(count.items()))
    print(f"blocks: {told or 'none'}, {len(left_out)} left out")
    print(f"{sum(count.values()) - min(len(faults), sum(count.values()))} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
