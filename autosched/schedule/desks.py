"""Desks: what a platform is handed for an account when nothing is being published."""

from __future__ import annotations

from autosched.platforms import registry
from autosched.platforms.base import Desk
from autosched.schedule.lease import Secret
from autosched.schedule.meters import SharedMeter
from autosched.schedule.models import Account


def desk(account: Account, secret: Secret, *, reserve: float = 0.0) -> Desk:
    """A desk for the account; `UnavailableError` if no key opens its secret.

    `reserve`: the share of every rate limit that is left to publishing.
    """
    title = registry.platform(account.platform).title
    return Desk(
        secret=secret.opened(),
        options=dict(account.options),
        handle={},
        remember=lambda handle: None,
        keep_secret=secret.keep,
        stored_secret=secret.stored,
        meter=SharedMeter(account.platform, title, account.id, reserve),
    )
