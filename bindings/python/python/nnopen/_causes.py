"""The exceptions of transports and stores, made fit to be shown: there are secrets in what they carry."""

from __future__ import annotations

from ._native import Request, Swap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._native import Load


class NotSent(Exception):
    """The request surely did not leave: no connection, or no TLS."""


NotSent.__module__ = "nnopen.transports"


def reason(error: BaseException) -> str:
    """Why there was no answer, in a line."""
    text = str(error).strip().splitlines()
    name = type(error).__name__
    return f"{name}: {text[0][:200]}" if text else name


def bare(error: BaseException, step: Request | Load | Swap) -> BaseException:
    """The error, and all that hang on it, without what could tell a secret of `step`.

    Frames go, for tools show their variables; so do requests, answers and other objects that an exception carries. In place
    of one that tells a secret even then, or nothing any more, stands its text.
    """
    hidden = tuple(secret for secret in _secrets(step) if len(secret) > 5)
    return _Cleaner(hidden).clean(error)


class _Cleaner:
    def __init__(self, hidden: tuple[str, ...]) -> None:
        self.hidden = hidden
        self.done: dict[int, BaseException] = {}

    def clean(self, link: BaseException) -> BaseException:
        if id(link) in self.done:
            return self.done[id(link)]
        self.done[id(link)] = link
        text = self.scrub(reason(link))
        link.__traceback__ = None
        link.args = tuple(map(self.plain, link.args))
        for name, value in getattr(link, "__dict__", {}).items():
            link.__dict__[name] = self.plain(value)
        for member in getattr(link, "exceptions", ()):
            self.clean(member)
        suppressed = link.__suppress_context__
        link.__cause__ = self.clean(link.__cause__) if link.__cause__ else None
        link.__context__ = self.clean(link.__context__) if link.__context__ else None
        link.__suppress_context__ = suppressed
        if not self.is_quiet(link):
            self.done[id(link)] = ConnectionError(text)
        return self.done[id(link)]

    def plain(self, value: object) -> object:
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, BaseException):
            return self.clean(value)
        if isinstance(value, (list, tuple)) and all(isinstance(item, BaseException) for item in value):
            return value
        return value if value is None or isinstance(value, (bool, int, float)) else f"<{type(value).__name__}>"

    def scrub(self, text: str) -> str:
        for secret in self.hidden:
            text = text.replace(secret, "***")
        return text

    def is_quiet(self, link: BaseException) -> bool:
        try:
            told = f"{link!s} {link!r}"
        except Exception:
            return False
        return not any(secret in told for secret in self.hidden)


def _secrets(step: Request | Load | Swap) -> Iterator[str]:
    if isinstance(step, Request):
        yield from (value for name, value in step.headers if name.lower() in ("accesstoken", "x-nuonuo-sign"))
        if b"client_secret=" in step.body:
            from urllib.parse import parse_qsl

            form = dict(parse_qsl(step.body.decode()))
            yield from (form.get(name, "") for name in ("client_secret", "code", "refresh_token"))
    elif isinstance(step, Swap):
        from ._json import loads

        record = loads(step.data.decode())
        token = record.get("token") if isinstance(record, dict) else None
        if isinstance(token, dict):
            yield from (str(token.get(name) or "") for name in ("access", "refresh"))


__all__ = ["bare", "reason"]
