"""Good programs pass both type checkers, wrong ones fail; the stubs are those of the code."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "typing"
GOOD = sorted((HERE / "good").glob("*.py"))
WRONG = sorted((HERE / "wrong").glob("*.py"))

mypy = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
pyright = pytest.mark.skipif(importlib.util.find_spec("pyright") is None, reason="pyright is not installed")


def run(*args: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, done.stdout


def faulty(output: str) -> set[str]:
    """The names of the files that mypy complains of."""
    return {Path(line.split(":", 1)[0]).stem for line in output.splitlines() if ": error:" in line}


@mypy
def test_good_programs_pass_mypy(tmp_path: Path) -> None:
    code, output = run("mypy", "--strict", "--no-incremental", *map(str, GOOD), folder=tmp_path)
    assert code == 0, output


@mypy
def test_wrong_programs_fail_mypy(tmp_path: Path) -> None:
    assert len(WRONG) >= 10
    _, output = run("mypy", "--strict", "--no-incremental", *map(str, WRONG), folder=tmp_path)
    assert faulty(output) == {path.stem for path in WRONG}, output


@mypy
def test_the_package_passes_mypy(tmp_path: Path) -> None:
    code, output = run("mypy", "--strict", "--no-incremental", "-p", "nnopen", folder=tmp_path)
    assert code == 0, output


@mypy
def test_the_stubs_are_those_of_the_code(tmp_path: Path) -> None:
    code, output = run("mypy.stubtest", "nnopen", "--allowlist", str(HERE / "stubtest.txt"), folder=tmp_path)
    assert code == 0, output


def pyright_complains(paths: list[Path], folder: Path) -> dict[str, list[str]]:
    config = {"strict": ["**"], "pythonVersion": "3.11", "include": ["."]}
    for path in paths:
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    _, output = run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=folder)
    report = json.loads(output[output.index("{") :])
    assert report["summary"]["filesAnalyzed"] == len(paths), output
    found: dict[str, list[str]] = {}
    for fault in report["generalDiagnostics"]:
        if fault["severity"] == "error":
            found.setdefault(Path(fault["file"]).stem, []).append(fault["message"])
    return found


@pyright
def test_good_programs_pass_pyright(tmp_path: Path) -> None:
    assert pyright_complains(GOOD, tmp_path) == {}


@pyright
def test_wrong_programs_fail_pyright(tmp_path: Path) -> None:
    assert set(pyright_complains(WRONG, tmp_path)) == {path.stem for path in WRONG}


def test_no_type_says_any() -> None:
    import nnopen.types

    folder = Path(nnopen.types.__file__).parent
    for path in [*folder.glob("*.py"), folder.parent / "_calls.pyi"]:
        assert "Any" not in path.read_text(encoding="utf-8").replace("Anything", ""), path
