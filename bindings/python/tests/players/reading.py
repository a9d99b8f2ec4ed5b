"""Vectors read and compared: JSON with each number's text, its members in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conftest import VECTORS


def files(folder: str, root: Path = VECTORS) -> list[Path]:
    found = sorted((root / folder).glob("*.json"))
    if not found:
        raise AssertionError(f"{root / folder} holds no vectors")
    return found


def loads(text: str) -> Any:
    """JSON with its members in order and its numbers as tokens."""
    return json.loads(text, parse_float=Token, parse_int=Token, object_pairs_hook=Members)


class Token(str):
    """A number by its own text, so that `1.0` differs from `1.00`."""


class Members(list):
    """An object's members in order, repeated ones included."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for member, value in self if member == name), default)

    def __contains__(self, name: object) -> bool:
        return any(member == name for member, _ in self)


class Wrong(Exception):
    """What is not as the vector says."""


def expect(what: str, theirs: Any, ours: Any) -> None:
    if not same(theirs, ours):
        raise Wrong(f"{what} must be\n  {theirs!r}\nis\n  {ours!r}")


def same(a: Any, b: Any) -> bool:
    """Equal with types: a token is no text."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Members):
        return len(a) == len(b) and all(x == y and same(v, w) for (x, v), (y, w) in zip(a, b))
    if isinstance(a, list):
        return len(a) == len(b) and all(same(v, w) for v, w in zip(a, b))
    return bool(a == b)


def same_members(expected: Any, ours: Any, path: str) -> None:
    """Everything that stands in `expected` must be in `ours`."""
    if isinstance(expected, Members):
        for name, value in expected:
            if not isinstance(ours, Members) or name not in ours:
                raise Wrong(f"{path}.{name} is missing")
            same_members(value, ours.get(name), f"{path}.{name}")
    elif not same(expected, ours):
        raise Wrong(f"{path} must be {expected!r}, is {ours!r}")


def params_of(vector: Any, walked: bool) -> Any:
    """Params as the host's own objects if they can be had so, otherwise as text."""
    params = vector.get("params")
    if isinstance(params, str) and not isinstance(params, Token):
        return params
    if isinstance(params, Members) and "times" in params:
        return whole(params)
    host = plain(params)
    if walked and isinstance(host, dict) and not has_number(host):
        return host
    return text(params)


def plain(value: Any) -> Any:
    """As a host would give it: dicts, lists, int, Decimal."""
    if isinstance(value, Members):
        return {name: plain(item) for name, item in value}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Token):
        return int(value) if value.lstrip("-").isdigit() else Number(value)
    return value


class Number:
    """A bare number that no Python type spells out: only JSON text can carry it."""

    def __init__(self, token: str) -> None:
        self.token = token


def has_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_number, value.values()))
    if isinstance(value, list):
        return any(map(has_number, value))
    return isinstance(value, Number)


def text(value: Any) -> str:
    """JSON text again."""
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(name)}:{text(item)}" for name, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(text(item) for item in value) + "]"
    if isinstance(value, Token):
        return str.__str__(value)
    return json.dumps(value, ensure_ascii=False)


def whole(value: Any) -> str:
    """A text, or one that is told as prefix, a part repeated, and suffix."""
    if isinstance(value, Members):
        return str(value.get("prefix", "")) + str(value.get("repeat", "")) * int(value.get("times", 0)) + str(
            value.get("suffix", "")
        )
    return str(value)
