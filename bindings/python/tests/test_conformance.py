"""Plays all of tests/vectors: each file is a conversation, and every step must be as the file says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import VECTORS
from players.batches import play_batch
from players.calls import play
from players.reading import Token, Wrong, expect, files, loads, params_of, plain
from players.single import play_check, play_push, play_reply, play_sign

import nnopen


def each(folder: str) -> Any:
    paths = files(folder)
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


@each("sign")
def test_sign(path: Path) -> None:
    play_sign(loads(path.read_text(encoding="utf-8")))


@each("calls")
def test_calls(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play(vector, walked=True)
    play(vector, walked=False)


@each("orders")
def test_orders(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play_check(vector, walked=True, codes=True)
    play_check(vector, walked=False, codes=True)


@each("amounts")
def test_amounts(path: Path) -> None:
    cases = loads(path.read_text(encoding="utf-8")).get("cases")
    assert cases
    for case in cases:
        line = {name: Decimal(value) if type(value) is Token else value for name, value in case.get("line")}
        try:
            ours: Any = [str(amount) for amount in nnopen.order.amounts(line)]
        except nnopen.InputError as error:
            ours = error.violations[0].path
        expect(f"the amounts of {line}", case.get("amounts") or case.get("fault"), ours)


@each("stores")
def test_stores(path: Path) -> None:
    play(loads(path.read_text(encoding="utf-8")))


@each("checks")
def test_checks(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    play_check(vector, walked=True)
    play_check(vector, walked=False)


@each("replies")
def test_replies(path: Path) -> None:
    play_reply(loads(path.read_text(encoding="utf-8")))


@each("pushes")
def test_pushes(path: Path) -> None:
    play_push(loads(path.read_text(encoding="utf-8")))


@each("batch")
def test_batch(path: Path) -> None:
    play_batch(loads(path.read_text(encoding="utf-8")))


@each("documents")
def test_documents(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    ours = [list(document) for document in nnopen.documents(plain(vector.get("invoice")))]
    expected = [[one.get(name) for name in ("kind", "url", "field", "original")] for one in vector.get("documents")]
    expect("documents", expected, ours)


@each("broken")
def test_a_broken_conversation_fails(path: Path) -> None:
    vector = loads(path.read_text(encoding="utf-8"))
    for walked in (True, False):
        with pytest.raises(Wrong):
            play(vector, walked)


def test_every_folder_of_vectors_is_played() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    folders = [path.name for path in VECTORS.iterdir() if path.is_dir()]
    assert len(folders) >= 10
    for folder in folders:
        assert files(folder) and f'@each("{folder}")' in source, folder


def test_an_empty_folder_of_vectors_fails(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    with pytest.raises(AssertionError, match="holds no vectors"):
        files("calls", tmp_path)


def test_most_params_are_walked_as_pythons_own_objects() -> None:
    calls = [call for path in files("calls") for call in loads(path.read_text(encoding="utf-8")).get("calls") or []]
    params = [call for call in calls if "params" in call]
    walked = [call for call in params if isinstance(params_of(call, True), dict)]
    assert len(walked) > len(params) * 0.8
