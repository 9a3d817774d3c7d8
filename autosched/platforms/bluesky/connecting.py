"""Connecting an account: its session is opened with the app password, which is not kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from autosched.errors import InvalidError
from autosched.platforms.base import Connection, PlatformError
from autosched.platforms.bluesky import errors, identity
from autosched.platforms.bluesky.addresses import server_address
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Session
from autosched.platforms.bluesky.tokens import session_facts

_WHERE = "App passwords are made in Bluesky under Settings, Privacy and security."


def connect(form: dict[str, str], default_service: str) -> Connection:
    """Open the session and read the profile.

    `form`: `identifier`, `password`, `service`. Raises `InvalidError` for what the person can
    mend in the form, else `PlatformError`.
    """
    identifier = identity.written(form.get("identifier", ""))
    password = form.get("password", "").strip()
    if not identifier or not password:
        raise InvalidError("A handle and an app password are needed.", remedy=_WHERE)
    service = server_address(form.get("service", "") or default_service)
    try:
        answer = Session(service).procedure(
            "com.atproto.server.createSession",
            {"identifier": identifier, "password": password},
        )
        secret = session_facts(answer, service)
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    except Unreached as failure:
        raise errors.unreached(failure) from failure
    except KeyError as error:
        raise _no_server() from error
    if answer.get("active") is False:
        raise errors.classify(Refusal(400, "AccountDeactivated", str(answer.get("status", ""))))
    name, avatar = profile(secret)
    return Connection(
        remote_id=secret["did"],
        handle=secret["handle"],
        name=name or secret["handle"],
        secret=secret,
        # What the form needs again when the account is reconnected, but for the password.
        options={"service": service, "identifier": secret["handle"]},
        avatar=avatar,
    )


def _refused(refusal: Refusal) -> InvalidError | PlatformError:
    if refusal.name == "AuthFactorTokenRequired":
        return InvalidError(
            "This is the account's main password, which asks for a second factor.",
            remedy=f"Use an app password instead. {_WHERE}",
            code="app_password_needed",
        )
    if refusal.name == "AuthenticationRequired" or (refusal.status == 401 and not refusal.name):
        return InvalidError(
            "Bluesky does not know this handle with this app password.",
            remedy=f"Check both. {_WHERE}",
            code="wrong_password",
        )
    if not refusal.name and refusal.status < 500 and refusal.status not in errors.BY_STATUS:
        return _no_server()
    return errors.classify(refusal)


def _no_server() -> InvalidError:
    return InvalidError(
        "At this address there is no Bluesky server.",
        remedy="Leave it as https://bsky.social unless your account is on another server.",
        code="no_server",
    )


def profile(secret: dict[str, Any]) -> tuple[str, str | None]:
    """The account's name and picture, as its own server keeps them; nothing if there are none."""
    session = Session(secret["pds"])
    try:
        answer = session.query(
            "com.atproto.repo.getRecord",
            repo=secret["did"],
            collection="app.bsky.actor.profile",
            rkey="self",
        )
    except (Refusal, Unreached):
        return "", None  # an account without a profile is an account all the same
    profile = answer.get("value")
    if not isinstance(profile, dict):
        return "", None
    return str(profile.get("displayName") or ""), _avatar(secret, profile.get("avatar"))


def _avatar(secret: dict[str, Any], blob: Any) -> str | None:
    link = blob.get("ref", {}).get("$link") if isinstance(blob, dict) else None
    if not isinstance(link, str):
        return None
    return (
        f"{secret['pds']}/xrpc/com.atproto.sync.getBlob"
        f"?did={quote(secret['did'], safe=':')}&cid={quote(link)}"
    )
