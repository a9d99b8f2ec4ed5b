"""The pages of the book and the code blocks that stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: What a block is written in, and how its comments begin. `console` and `text` are compared otherwise.
COMMENTS = {
    "sh": "#", "python": "#", "toml": "#",
    "rust": "//", "js": "//", "ts": "//", "php": "//", "java": "//", "kotlin": "//", "swift": "//",
    "console": "#", "json": "", "xml": "", "text": "",
}

#: What may stand in a comment above a block.
LABELS = {"frame", "before", "not run", "compiled", "held by", "output"}

#: With these a block is not run here.
LEFT = {"not run", "held by"}

#: These are run as programs; what they print may be shown below them.
RUN = {"rust", "python", "js", "php", "java", "kotlin"}

#: These are never run: a block of theirs is held by a label.
NEVER_RUN = {"text", "swift"}


@dataclass
class Block:
    page: str
    line: int
    language: str
    code: str
    labels: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def stem(self) -> str:
        """A name for a file: `docs_python_12`."""
        return re.sub(r"\W", "_", self.page.removesuffix(".md")) + f"_{self.line}"

    def label(self, key: str) -> str | None:
        return self.labels[key][-1] if key in self.labels else None


def pages() -> list[str]:
    """The Chinese pages with code that people copy: guides and READMEs."""
    found = [*ROOT.glob("README.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bindings/*/README.md")]
    found = [page for page in found if not page.name.endswith(".en.md") and not page.name.startswith("SUMMARY")]
    return sorted(page.relative_to(ROOT).as_posix() for page in found)


def twin(page: str) -> str:
    return page.removesuffix(".md") + ".en.md"


def blocks(page: str, faults: list[str]) -> list[Block]:
    """The fenced blocks of a page, each with the labels that stand above it."""
    found: list[Block] = []
    labels: dict[str, list[str]] = {}
    block: Block | None = None
    fence = indent = ""
    for number, line in enumerate((ROOT / page).read_text("utf-8").split("\n"), 1):
        if block is not None:
            if line.strip() == fence:
                found.append(block)
                block, labels = None, {}
            else:
                block.code += line.removeprefix(indent) + "\n"
            continue
        comment = re.fullmatch(r"\s*<!-- (.*?) -->", line)
        opening = re.fullmatch(r"(\s*)(`{3,})(.*)", line)
        if comment:
            key, _, value = comment[1].partition(": ")
            if key in LABELS:
                labels.setdefault(key, []).append(value)
        elif opening:
            indent, fence, language = opening.groups()
            block = Block(page, number, language, "", labels)
            if language not in COMMENTS:
                faults.append(f"{block.name}: a block in {language or 'no language'}; there are {', '.join(COMMENTS)}")
            else:
                faults += [f"{block.name}: {fault} (tests/guides/README.md)" for fault in unheld(block, found)]
        elif line.strip():
            labels = {}
    if block is not None:
        faults.append(f"{block.name}: the block has no end")
    return found


def unheld(block: Block, before: list[Block]) -> list[str]:
    """What is wrong with the labels of a block."""
    held = block.labels.keys() & LEFT
    if block.language in NEVER_RUN and not held and not block.labels.keys() & {"output", "compiled"}:
        return [f"nothing tells what holds this {block.language}"]
    if "output" in block.labels and not (before and before[-1].language in RUN and not before[-1].labels.keys() & {*LEFT, "compiled"}):
        return ["nothing that is run stands above this output"]
    if "compiled" in block.labels and block.language not in {*RUN, "swift"}:
        return [f"no compiler for {block.language}"]
    return [f"no reason: {key}" for key in held - {"held by"} if len((block.label(key) or "").split()) < 2]


def bare(block: Block) -> str:
    """A block without its comments and blanks: what both languages of a page must have alike."""
    code = block.code
    if block.language == "console":
        code = "\n".join(command for command, _ in commands(code))
    elif block.language == "text":
        return ""
    mark = COMMENTS[block.language]
    if mark == "//":
        code = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    # An English page shows the English words of a hint: hintEn for hintZh, .en for .zh.
    code = re.sub(r"(?<=[._])(zh|en)\b|(?<=[a-z])(Zh|En)\b", "LANGUAGE", code)
    lines = [uncommented(line, mark) if mark else line for line in code.split("\n")]
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def uncommented(line: str, mark: str) -> str:
    """The line without a comment at its end: a mark outside of quotes, at the line's start or after a blank."""
    quote = ""
    for at, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote and line[at - 1] != "\\" else quote
        elif letter in "'\"`":
            quote = letter
        elif line.startswith(mark, at) and (at == 0 or line[at - 1].isspace()):
            return line[:at]
    return line


def commands(code: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown."""
    found: list[list[str]] = []
    is_open = False
    for line in code.rstrip("\n").split("\n"):
        if is_open:
            found[-1][0] += "\n" + line
        elif line.startswith("$ "):
            found.append([line[2:], ""])
        elif found:
            found[-1][1] += line + "\n"
            continue
        elif line.strip():
            raise ValueError(f"a console block begins with a command, not with {line!r}")
        else:
            continue
        command = found[-1][0]
        is_open = command.endswith("\\") or command.count("'") % 2 == 1
    return [(command, shown) for command, shown in found]


#: What differs from one run to the next, and the word that stands for it while outputs are compared.
MASKS = [
    (r"127\.0\.0\.1:\d+", "ADDRESS"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "TIME"),
    (r"\bDEMO\d{16}\b", "DEMO"),
    (r"\b\d\d(0[1-9]|1[0-2])\d{8}(?=\d{8}\b)", "SERIAL"),
    (r"\b[0-9a-f]{32}\b", "HEX"),
    (r"nonce=\d{8}", "nonce=N"),
    (r"\b1[789]\d{8}(\d{3})?\b", "EPOCH"),
    (r"\b\d+(\.\d+)? (ms|B)\b", "N"),
]


def agrees(shown: str, said: str) -> bool:
    """Whether an output is what the page shows: blanks do not count, `…` stands for anything."""
    def masked(text: str) -> str:
        for pattern, word in MASKS:
            text = re.sub(pattern, word, text)
        return "".join(text.split())

    pieces = [re.escape(masked(piece)) for piece in re.split("…+", shown)]
    return re.fullmatch(".*".join(pieces), masked(said), re.DOTALL) is not None
