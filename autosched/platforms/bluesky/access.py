"""An account's access, of whichever kind: an app password's session, or a consent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from autosched.platforms.base import Desk
from autosched.platforms.bluesky import grants, tokens
from autosched.platforms.bluesky.errors import Refusal
from autosched.platforms.bluesky.grants import DAY, GrantTokens
from autosched.platforms.bluesky.tokens import AppPasswordTokens
from autosched.platforms.common import moment

_EARLY_DAYS = 30
"""A session's tokens are renewed so long before they end, of their 90 days."""


def authoriser(desk: Desk) -> AppPasswordTokens | GrantTokens:
    """What signs this account's requests."""
    return GrantTokens(desk) if _by_consent(desk.secret) else AppPasswordTokens(desk)


def renew_at(secret: dict[str, Any]) -> datetime | None:
    """When the tokens should be renewed though nobody has used them; `None` for never."""
    if _by_consent(secret):
        return moment(secret["renews"])
    ends = _ends(secret)
    return None if ends is None else moment(ends - _EARLY_DAYS * DAY)


def ends_at(secret: dict[str, Any]) -> datetime | None:
    """When a person is needed, unless the tokens are renewed before."""
    return moment(_ends(secret))


def give_back(secret: dict[str, Any]) -> None:
    """End the session or the consent; that it has ended already is no error."""
    try:
        (grants.give_back if _by_consent(secret) else tokens.end_session)(secret)
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.status == 429:
            raise


def _by_consent(secret: dict[str, Any]) -> bool:
    return secret.get("login") == "oauth"


def _ends(secret: dict[str, Any]) -> float | None:
    if _by_consent(secret):
        return float(secret["refresh_ends"])
    ends = tokens.ends(secret["refresh"])
    return None if ends == float("inf") else ends
