"""Blocks in programming languages: each is put into a frame and run, or compiled, against a simulator of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from blocks import ROOT, Block
from shell import PORTS, environment, with_port

FRAMES = Path(__file__).parent
SUFFIX = {"rust": "rs", "python": "py", "js": "mjs", "ts": "ts", "php": "php", "java": "java", "kotlin": "kt", "swift": "swift"}


@dataclass
class Tools:
    """What is there to run blocks with; a language that lacks its tool is left out and told."""

    nnopen: Path
    target: Path
    python: str | None = None
    node: str | None = None
    php: str | None = None
    classes: str | None = None
    kotlin: str | None = None

    def missing(self, language: str) -> str | None:
        needs = {"python": self.python, "js": self.node, "ts": self.node, "php": self.php, "java": self.classes, "kotlin": self.kotlin}
        return None if needs.get(language, "there") else f"{language} is not built"


def framed(block: Block) -> str:
    """The block where its frame says BLOCK, each line as far in as that word's line."""
    name = block.label("frame") or "plain"
    frame = (FRAMES / block.language / f"{name}.{SUFFIX[block.language]}").read_text("utf-8")
    place = re.search(r"^([ \t]*)(?:#|//) BLOCK$", frame, re.MULTILINE)
    if place is None:
        raise ValueError(f"the frame {block.language}/{name} has no line BLOCK")
    code = "".join(place[1] + line if line.strip() else line for line in block.code.splitlines(keepends=True))
    return (frame[: place.start()] + code.rstrip("\n") + frame[place.end() :]).replace("CLASS", block.stem)


def run(block: Block, tools: Tools) -> tuple[str, str | None]:
    """What a block printed, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder, Simulator(tools.nnopen) as simulator:
        os.symlink(ROOT / "examples", Path(folder) / "examples")
        env = environment(Path(folder), "en" if ".en." in block.page else "zh", tools.nnopen.parent, simulator.port)
        env |= simulator.settings() | {"NNOPEN_BIN": str(tools.nnopen)}
        try:
            code = framed(block)
            commands = PREPARE[block.language](block, with_port(code, simulator.port), Path(folder), tools)
            said = ""
            for command in commands:
                done = subprocess.run(
                    command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", timeout=200,
                    stdin=subprocess.DEVNULL,
                )
                said = done.stdout
                if done.returncode != 0:
                    return said, f"{block.name}: {block.language} ended with {done.returncode}\n{(done.stdout + done.stderr)[-3000:]}"
            return said.replace(simulator.url, f"http://127.0.0.1:{PORTS[0]}"), None
        except (OSError, ValueError) as error:
            return "", f"{block.name}: {error}"
        except subprocess.TimeoutExpired:
            return "", f"{block.name}: {block.language} ran for more than 200 s"


class Simulator:
    def __init__(self, nnopen: Path) -> None:
        self.process = subprocess.Popen([nnopen, "simulate", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rpartition(":")[2])

    def settings(self) -> dict[str, str]:
        return {
            "NNOPEN_APP_KEY": "SD00000001", "NNOPEN_APP_SECRET": "SD00000000000001", "NNOPEN_TAX_NUM": "339901999999142",
            "NNOPEN_URL": f"{self.url}/open/v1/services", "NNOPEN_TOKEN_URL": f"{self.url}/accessToken", "SIMULATOR": self.url,
        }

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def python(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    is_test = "def test_" in code
    file = folder / ("test_block.py" if is_test else "block.py")
    file.write_text(code, "utf-8")
    check = [tools.python, "-m", "py_compile", str(file)]
    test = [tools.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    return [check if "compiled" in block.labels else test if is_test else [tools.python, str(file)]]


def js(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    for name in ("nnopen", "express", "axios"):
        package = ROOT / "bindings/node" if name == "nnopen" else FRAMES / "node_modules" / name
        (folder / "node_modules").mkdir(exist_ok=True)
        os.symlink(package, folder / "node_modules" / name)
    for file in ("order.mjs",):
        shutil.copy(FRAMES / "js" / file, folder)
    (folder / "block.mjs").write_text(code, "utf-8")
    return [[tools.node, *(["--check"] if "compiled" in block.labels else []), "block.mjs"]]


def ts(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    (folder / "node_modules/@types").mkdir(parents=True)
    os.symlink(ROOT / "bindings/node", folder / "node_modules/nnopen")
    os.symlink(ROOT / "bindings/node/node_modules/@types/node", folder / "node_modules/@types/node")
    (folder / "block.mts").write_text(code, "utf-8")
    tsc = str(ROOT / "bindings/node/node_modules/typescript/bin/tsc")
    return [[tools.node, tsc, "--strict", "--noEmit", "--module", "nodenext", "--target", "es2022", "--types", "node", "block.mts"]]


def php(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    (folder / "block.php").write_text(code, "utf-8")
    os.symlink(ROOT / "bindings/php", folder / "nnopen")
    options = ["-d", f"extension={tools.php}", "-d", f"include_path={ROOT}:/usr/share/php", "-d", "display_errors=stderr"]
    options += ["-d", f"auto_prepend_file={ROOT}/bindings/php/tests/bootstrap.php"]
    return [["php", *options, *(["-l"] if "compiled" in block.labels else []), "block.php"]]


def java(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    (folder / f"{block.stem}.java").write_text(code, "utf-8")
    return [javac(tools, f"{block.stem}.java"), *runs(block, tools, block.stem)]


def kotlin(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    (folder / f"{block.stem}.kt").write_text(code, "utf-8")
    compiler = ["java", "-cp", tools.kotlin, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect"]
    compiler += ["-jvm-target", "17", "-nowarn", "-d", "out", "-cp", f"out:{tools.classes}", f"{block.stem}.kt"]
    return [javac(tools), compiler, *runs(block, tools, f"{block.stem[0].upper()}{block.stem[1:]}Kt")]


def javac(tools: Tools, *files: str) -> list[str]:
    """What the frames share comes with each."""
    host = str(FRAMES / "java/Host.java")
    return ["javac", "-encoding", "utf-8", "-parameters", "-d", "out", "-cp", tools.classes, host, *files]


def runs(block: Block, tools: Tools, name: str) -> list[list[str]]:
    return [] if "compiled" in block.labels else [["java", "-Dfile.encoding=UTF-8", "-cp", f"out:{tools.classes}", name]]


def rust(block: Block, code: str, folder: Path, tools: Tools) -> list[list[str]]:
    """Compiled beforehand, all together."""
    return [] if "compiled" in block.labels else [[str(tools.target / "debug/examples" / block.stem)]]


PREPARE: dict[str, Callable[[Block, str, Path, Tools], list[list[str]]]] = {
    "python": python, "js": js, "ts": ts, "php": php, "java": java, "kotlin": kotlin, "rust": rust,
}


def compile_rust(blocks: list[Block], tools: Tools) -> str | None:
    """A crate outside of the workspace, an example for each block, with the workspace's own lock file."""
    crate = tools.target / "guides"
    shutil.rmtree(crate, ignore_errors=True)
    (crate / "examples").mkdir(parents=True)
    (crate / "src").mkdir()
    shutil.copy(FRAMES / "rust/host.rs", crate / "src/lib.rs")
    shutil.copy(ROOT / "Cargo.lock", crate)
    paths = "".join(f"{name} = {{ path = '{ROOT / 'crates' / folder}' }}\n" for name, folder in
                    [("nnopen", "core"), ("nnopen-simulator", "simulator")])
    (crate / "Cargo.toml").write_text(
        f"[package]\nname = 'guides'\nversion = '0.0.0'\nedition = '2024'\n\n[workspace]\n\n[dependencies]\n{paths}")
    for block in blocks:
        (crate / "examples" / f"{block.stem}.rs").write_text(framed(block), "utf-8")
    cargo = [os.environ.get("CARGO", "cargo"), "build", "--quiet", "--offline", "--examples"]
    done = subprocess.run(cargo, cwd=crate, env=os.environ | {"CARGO_TARGET_DIR": str(tools.target)}, capture_output=True, text=True)
    return None if done.returncode == 0 else f"rust blocks do not compile\n{done.stderr}"
