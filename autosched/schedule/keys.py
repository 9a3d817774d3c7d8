"""Rotating the key under which accounts' secrets are sealed."""

from __future__ import annotations

from sqlmodel import col, select

from autosched import crypto, db
from autosched.schedule.models import Account, Consent


def rotate() -> tuple[int, int]:
    """Make a new key and seal every stored secret anew: the number of keys, and of secrets.

    A secret that a worker refreshes meanwhile is sealed by the key it knows, which still opens.
    """
    keys = crypto.add_key()
    with db.write(durable=True) as session:
        accounts = session.exec(
            select(Account).where(col(Account.secret).is_not(None)).with_for_update()
        ).all()
        consents = session.exec(select(Consent).with_for_update()).all()
        for account in accounts:
            account.secret = crypto.seal(crypto.unseal(account.secret or ""))
            session.add(account)
        for consent in consents:
            consent.kept = crypto.seal(crypto.unseal(consent.kept))
            session.add(consent)
    return keys, len(accounts) + len(consents)
