"""Connecting an account on its server's own page: no password is ever seen here."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms import oauth
from autosched.platforms.base import Begun, Connection, PlatformError
from autosched.platforms.bluesky import errors, grants, identity
from autosched.platforms.bluesky.addresses import server_address
from autosched.platforms.bluesky.client import SCOPES, client_for
from autosched.platforms.bluesky.connecting import profile
from autosched.platforms.bluesky.dpop import Key
from autosched.platforms.bluesky.errors import Refusal, Unreached

_TITLE = "Bluesky"


def begin(form: dict[str, str], redirect_uri: str, state: str, default_service: str) -> Begun:
    """Push the request to the server that guards the account, and send the browser there.

    `form`: `identifier` (a handle), `service` (who is asked whose it is).
    """
    client = client_for(redirect_uri)
    name = identity.written(form.get("identifier", ""))
    if not name:
        raise InvalidError("Your handle is needed.", remedy="It looks like yourname.bsky.social.")
    service = server_address(form.get("service", "") or default_service)
    who = identity.find(name, service)
    guard = identity.guard_of(who.pds)
    key, verifier = Key.new(), oauth.verifier()
    keep = {
        "did": who.did,
        "handle": who.handle,
        "pds": who.pds,
        "service": service,
        "issuer": guard.issuer,
        "token_url": guard.token,
        "revoke_url": guard.revoke,
        "client": client.id,
        "key": key.stored(),
        "verifier": verifier,
    }
    asked = {
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "login_hint": who.handle,
        "code_challenge": oauth.challenge(verifier),
        "code_challenge_method": "S256",
    }
    pushed = _asked(guard.push, key, keep, asked)
    url = oauth.consent(guard.authorize, client_id=client.id, request_uri=pushed["request_uri"])
    return Begun(url, keep)


def finish(keep: dict[str, Any], answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """Exchange the code, and believe the tokens only if they are this account's."""
    if answer.get("iss") != keep["issuer"]:
        raise ForbiddenError(
            "The answer came from another server than the one that was asked.",
            remedy="Connect the account again; if it comes back, use an app password.",
            code="other_issuer",
        )
    form = {
        "grant_type": "authorization_code",
        "code": oauth.agreed(answer, _TITLE),
        "redirect_uri": redirect_uri,
        "code_verifier": keep["verifier"],
    }
    told = _asked(keep["token_url"], Key.opened(keep["key"]), keep, form)
    names = ("did", "handle", "pds", "issuer", "token_url", "revoke_url", "client", "key")
    secret = {"login": "oauth", "began": time.time(), **{name: keep[name] for name in names}}
    secret |= grants.facts(told, secret)
    _check(told, secret)
    name, avatar = profile(secret)
    return [
        Connection(
            remote_id=keep["did"],
            handle=keep["handle"],
            name=name or keep["handle"],
            secret=secret,
            options={
                "service": keep["service"],
                "identifier": keep["handle"],
                "login": "oauth",
            },
            avatar=avatar,
        )
    ]


def _check(told: dict[str, Any], secret: dict[str, Any]) -> None:
    """Refuse tokens of another account or kind, and give them back."""
    try:
        if told.get("sub") != secret["did"]:
            raise ForbiddenError(
                f"You agreed as another account than {secret['handle']}.",
                remedy="Connect it again, and choose the account whose handle you have given.",
                code="other_account",
            )
        if str(told.get("token_type", "")).lower() != "dpop":
            raise ForbiddenError(
                "The account's server gave access of a kind that can't be used safely.",
                remedy="Connect the account with an app password instead.",
                code="consent_failed",
            )
        oauth.require(SCOPES, told.get("scope"), _TITLE)
    except ForbiddenError:
        with suppress(Refusal, Unreached):  # else they end by themselves: nobody keeps them here
            grants.give_back(secret)
        raise


def _asked(url: str, key: Key, keep: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
    try:
        return grants.ask(url, key, keep, form)
    except Unreached as failure:
        raise errors.unreached(failure) from failure
    except Refusal as refusal:
        raise _refused(refusal) from refusal


def _refused(refusal: Refusal) -> PlatformError | ForbiddenError:
    if refusal.status >= 500 or refusal.status == 429 or "dpop" in refusal.name:
        return errors.classify(refusal)
    said = refusal.message.rstrip(".") or refusal.name or "no reason was given"
    return ForbiddenError(
        f"Bluesky did not let the account be connected: {said}.",
        remedy="Try it once more; if it comes back, use an app password.",
        code="consent_failed",
    )
