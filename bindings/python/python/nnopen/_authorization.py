"""What a sign-in gives, and the page on which a merchant authorises."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class SignedIn(NamedTuple):
    """What a sign-in gave. The token itself stays in the session and its store."""

    tax_num: str | None
    user_id: str | None
    expires_at: datetime | None
    """In UTC; None if it never ends."""


class Authorization(NamedTuple):
    """What the authorize page sent back."""

    code: str
    """Used once, within minutes: hand it to `sign_in`."""
    tax_num: str | None
    state_matched: bool
    """Whether the state came back; if not, take it only if you know that this browser began."""

    def __repr__(self) -> str:
        return f"Authorization(code='***', tax_num={self.tax_num!r}, state_matched={self.state_matched!r})"


__all__ = ["Authorization", "SignedIn"]
