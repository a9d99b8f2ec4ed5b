"""What can go wrong, by what the caller does next. All are `NnopenError`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any, ClassVar

    from ._json import Json
    from ._violation import Violation

__all__ = [
    "AuthError",
    "InputError",
    "NnopenError",
    "PlatformError",
    "ReplyError",
    "TransportError",
    "UncertainError",
    "UsageError",
    "Violation",
]


def __getattr__(name: str) -> object:
    if name != "Violation":
        raise AttributeError(f"module 'nnopen.errors' has no attribute {name!r}")
    from ._violation import Violation

    return Violation


class NnopenError(Exception):
    """Why a call ended without its result. No secret and no token is in it."""

    kind: ClassVar[str] = ""

    describe: str
    """What happened."""
    code: str | None
    """The platform's code, or a failed invoice's status."""
    hint_zh: str
    hint_en: str
    violations: tuple[Violation, ...]
    """All that is wrong with the params, and what is worth a look."""
    retry_at: datetime | None
    """When trying again can help, in UTC."""
    retry: str
    """Whether trying again can help: `no`, `later`, `sign_in` or `ask`."""
    order_free: bool
    """Whether the order number may be used again for a corrected order."""

    def __init__(
        self,
        describe: str = "",
        *,
        code: str | None = None,
        hint_zh: str = "",
        hint_en: str = "",
        violations: Sequence[Violation] = (),
        retry_at: datetime | None = None,
        retry: str = "no",
        order_free: bool = False,
        result: str | None = None,
    ) -> None:
        super().__init__(describe)
        self.describe = describe
        self.code = code
        self.hint_zh = hint_zh
        self.hint_en = hint_en
        self.violations = tuple(violations)
        self.retry_at = retry_at
        self.retry = retry
        self.order_free = order_free
        self._result = result

    @property
    def result(self) -> Json:
        """What the platform sent along, as it came: None if nothing did."""
        if self._result is None:
            return None
        from ._json import loads

        return loads(self._result)

    def __str__(self) -> str:
        lines = [f"[{self.kind}{' ' + self.code if self.code else ''}] {self.describe}"]
        lines += [f"  {v.path or '.'}: {v.message} · {v.message_en}" for v in self.violations if v.severity == "error"]
        if self.hint_zh:
            lines.append(f"  → {self.hint_zh} · {self.hint_en}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.describe, self.__dict__)


class InputError(NnopenError, ValueError):
    """The params are wrong: mend them. Nothing was sent."""

    kind = "input"


class UsageError(NnopenError):
    """The library is used wrongly, or has a fault of its own."""

    kind = "usage"


class AuthError(NnopenError):
    """There is no valid token: sign in again, `retry_at` tells when."""

    kind = "auth"


class PlatformError(NnopenError):
    """The platform said no: `code` tells why."""

    kind = "platform"


class ReplyError(NnopenError):
    """The answer makes no sense: report a bug."""

    kind = "reply"


class TransportError(NnopenError, ConnectionError):
    """Nothing was done: it may be tried again."""

    kind = "transport"


class UncertainError(NnopenError):
    """It may have been done: ask first. Only `settle` may send again."""

    kind = "uncertain"


_KINDS: dict[str, type[NnopenError]] = {
    error.kind: error
    for error in (InputError, UsageError, AuthError, PlatformError, ReplyError, TransportError, UncertainError)
}


def _again(kind: type[NnopenError], describe: str, members: dict[str, Any]) -> NnopenError:
    error = kind(describe)
    error.__dict__.update(members)
    return error


def build(
    kind: str,
    describe: str,
    code: str | None,
    hint_zh: str,
    hint_en: str,
    violations: Sequence[tuple[str, str, str, str, str, str | None]],
    retry_at: int | None,
    retry: str,
    order_free: bool,
    result: str | None,
) -> NnopenError:
    """The exception for a failure of the core."""
    from ._violation import Violation

    if retry_at is None:
        until = None
    else:
        from ._json import moment

        until = moment(retry_at)
    return _KINDS.get(kind, UsageError)(
        describe,
        code=code,
        hint_zh=hint_zh,
        hint_en=hint_en,
        violations=[Violation(*violation) for violation in violations],
        retry_at=until,
        retry=retry,
        order_free=order_free,
        result=result,
    )
