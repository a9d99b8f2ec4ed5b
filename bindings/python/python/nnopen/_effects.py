"""What the loops yield: see `_drive`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Union

from ._native import Done, Event, Idle, Load, Request, Swap

Effect = Union[Request, Load, Swap, float, Event, Idle, Done]
Effects = Generator[Effect, Any, None]

__all__ = ["Effect", "Effects"]
