"""What the tests share: the vectors' folder, an order that can be issued, every transport."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nnopen.testing import Simulator

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "tests" / "vectors"


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where clients keep their tokens unless told: never in the home of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("NNOPEN_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def order() -> dict[str, Any]:
    """The order of the demo."""
    text = (ROOT / "examples" / "order.json").read_text(encoding="utf-8")
    params: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return params


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator of its own for each test."""
    with Simulator() as simulator:
        yield simulator
