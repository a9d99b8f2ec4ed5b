from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

from .errors import NnopenError

__all__ = [
    "Batch",
    "Call",
    "Done",
    "Event",
    "Idle",
    "Load",
    "Reader",
    "Request",
    "Session",
    "Swap",
    "Wait",
    "amounts",
    "check",
    "documents",
    "explain",
    "fill",
    "methods",
    "push_accepted",
    "push_refused",
    "read",
    "read_push",
    "red",
    "sign",
    "split",
    "totals",
]

@final
class Session:
    """One application and, for a service provider, one merchant."""

    def __new__(
        cls,
        *,
        app_key: str,
        app_secret: str,
        tax_num: str,
        environment: str = "",
        service_url: str | None = None,
        token_url: str | None = None,
        service_provider: bool = False,
        permanent_token: str | None = None,
        shared: bool = False,
    ) -> Session: ...
    def start(
        self,
        mode: Literal["call", "poll", "settle", "settle_again"],
        method: str,
        params: Mapping[str, object] | str,
    ) -> Call:
        """Starts a call of a method by its name; params are a dict or JSON text."""
    def start_raw(self, method: str, body: str) -> Call:
        """Starts a call with a body of the caller's own, signed and sent byte for byte."""
    def resume(self, snapshot: str) -> Call:
        """Goes on with a call that was kept by `Call.snapshot`: it asks first."""
    def follow(
        self,
        method: str,
        *,
        by: str | None = None,
        rate: int | None = None,
        slowest: int | None = None,
        give_up: int | None = None,
        params: str = "",
    ) -> Batch:
        """Follows many orders at once by a query; `params` are its other params as JSON text."""
    def sign_in(
        self,
        grant: Literal["client_credentials", "refresh", "authorization_code"] = "client_credentials",
        *,
        code: str | None = None,
        tax_num: str = "",
        redirect_uri: str = "",
    ) -> Call:
        """Starts getting a token."""
    def snapshot(self) -> str:
        """Token, ledger and pause as JSON text; it holds tokens."""
    def restore(self, snapshot: str) -> None:
        """Takes over a snapshot."""
    @property
    def revision(self) -> int:
        """A number that grows whenever the snapshot changes."""
    @property
    def store_key(self) -> str:
        """Under which name a store keeps the token: the same for the same environment, application and merchant."""
    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What looks wrong in the settings, as pairs of Chinese and English."""
    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """The page on which a merchant authorises this application."""
    def read_return(self, url: str, state: str) -> tuple[str, str | None, bool]:
        """Reads the return from that page: the code, the tax number, whether the state came back."""

@final
class Call:
    """One call in progress."""

    def step(self, now: int, entropy: bytes) -> Request | Wait | Load | Swap | Done:
        """What to do now. `entropy` is 20 fresh random bytes, `now` milliseconds since 1970."""
    def receive(self, status: int, body: bytes, now: int) -> None:
        """The answer to the request sent last."""
    def fail(self, not_sent: bool, reason: str, now: int) -> None:
        """The request sent last got no answer; `not_sent` only if it surely did not leave."""
    def snapshot(self) -> str:
        """This call as JSON text, for `Session.resume`: it holds the body, neither secret nor token."""
    def loaded(self, version: int, data: bytes, now: int) -> None:
        """What the token's store holds; 0 and nothing, if nothing was put into it yet."""
    def swapped(self, stored: bool, now: int) -> None:
        """Whether the store held the version that was to be replaced, and holds the new data now."""
    def store_failed(self, reason: str, now: int) -> None:
        """The store could not be read or written, or did not answer."""
    @property
    def warnings(self) -> list[tuple[str, str, str, str, str, str | None]]:
        """What someone should look at in the params: path, rule, severity, message, message_en, code."""

@final
class Batch:
    """Orders (or serials) that are followed."""

    def add(self, key: str, since: int, now: int) -> bool:
        """Follows an order that was submitted at `since`; False if it is followed already."""
    def hint(self, key: str, now: int) -> bool:
        """A push came about this order; False if it is not followed."""
    def step(self, now: int, entropy: bytes) -> Request | Wait | Load | Swap | Event | Idle:
        """What to do now: as `Call.step`, or an `Event` to take in, or `Idle` if nothing is followed."""
    def receive(self, status: int, body: bytes, now: int) -> None:
        """The answer to the request sent last."""
    def fail(self, not_sent: bool, reason: str, now: int) -> None:
        """The request sent last got no answer; `not_sent` only if it surely did not leave."""
    def loaded(self, version: int, data: bytes, now: int) -> None:
        """What the token's store holds; 0 and nothing, if nothing was put into it yet."""
    def swapped(self, stored: bool, now: int) -> None:
        """Whether the store held the version that was to be replaced, and holds the new data now."""
    def store_failed(self, reason: str, now: int) -> None:
        """The store could not be read or written, or did not answer."""
    def progress(self) -> tuple[int, int, int, int, int, int, int, int, int | None]:
        """Figures: pending, done, failed, needs_retry, absent, gave_up, queries, asked per second, since when the oldest waits."""
    def snapshot(self) -> str:
        """All orders that have no event yet, as JSON text: keys and times, neither secret nor token."""
    def resume(self, snapshot: str, now: int) -> int:
        """Follows all orders of a snapshot too; the answer is how many came in."""

@final
class Event:
    """What has become of an order, or what troubles the batch."""

    kind: ClassVar[Literal["event"]]
    @property
    def what(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> str | None: ...
    @property
    def error(self) -> NnopenError | None: ...

@final
class Idle:
    """A batch follows nothing."""

    kind: ClassVar[Literal["idle"]]

@final
class Request:
    """A request to be sent as it is: always a POST."""

    kind: ClassVar[Literal["send"]]
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def body(self) -> bytes: ...

@final
class Wait:
    """Ask again at this time, in milliseconds since 1970."""

    kind: ClassVar[Literal["wait"]]
    @property
    def until(self) -> int: ...

@final
class Load:
    """Read the token's store, then tell what it holds."""

    kind: ClassVar[Literal["load"]]

@final
class Swap:
    """Put `data` into the store if it still holds this version, then tell whether it did. It holds tokens."""

    kind: ClassVar[Literal["swap"]]
    @property
    def version(self) -> int: ...
    @property
    def data(self) -> bytes: ...

@final
class Done:
    """It is done."""

    kind: ClassVar[Literal["done"]]
    @property
    def output(self) -> str:
        """The result as JSON text."""

@final
class Reader:
    """Reads values of one form."""

    def __new__(cls, form: str, shapes: dict[str, str]) -> Reader:
        """`form` is what `shapes` call one: `decimal`, `list:` and another form, a shape's name. A shape is a line for each
        member, `name: form`."""
    def read(self, told: Done | str) -> Any:
        """The result of a call, or JSON text, as Python's values."""

def check(
    method: str, params: Mapping[str, object] | str
) -> tuple[list[tuple[str, str, str, str, str, str | None]], str | None]:
    """All that is wrong with params (a dict or JSON text), and the body if nothing is."""

def read(
    method: str, status: int, body: bytes
) -> tuple[str | None, str | None, str, NnopenError | None]:
    """Reads an answer: code, describe, the result as JSON text, and why it is no success."""

def read_push(
    content_type: str, body: bytes
) -> tuple[
    str, bool, str | None, str | None, str | None, str | None, str | None, str, str, str | None, str | None
]:
    """Reads what the platform pushed: operater, known, the three numbers, status and its code, content and raw as JSON
    text, the method that confirms it and its params as JSON text."""

def documents(invoice: Mapping[str, object]) -> list[tuple[str, str, str, bool]]:
    """The files of an issued invoice, the legal original first: kind, address, member, whether it is the original."""

def push_accepted() -> str:
    """The answer to a push that was taken in."""

def push_refused(reason: str) -> str:
    """The answer to a push that could not be taken in; `reason` is for people."""

def amounts(line: Mapping[str, object]) -> list[str]:
    """A line's amounts: without tax, the tax, with tax."""

def totals(order: Mapping[str, object]) -> list[str]:
    """The amounts of all lines of an order together."""

def fill(order: Mapping[str, object]) -> str:
    """The order with the amounts that its lines lack, as JSON text."""

def split(order: Mapping[str, object], limit: str) -> str:
    """Orders whose amounts without tax are at most `limit`, as a JSON list."""

def red(blue: Mapping[str, object], order_no: str, date: str, reason: str) -> str:
    """The order that takes back `blue`, as JSON text."""

def explain(code: str) -> list[tuple[str, str, str, str, str, str, str, str, str, str, bool]]:
    """All that is known about a code or status."""

def sign(
    *, app_secret: str, path: str, app_key: str, senid: str, nonce: str, timestamp: str, body: str
) -> tuple[str, str]:
    """What is signed, and the signature."""

def methods() -> list[str]:
    """The names of all methods that are known."""

