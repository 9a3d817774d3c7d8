"""From a handle to the account, its server, and the server that guards it.

Nothing that one of them says is believed until the other has said it too: the handle names the
account, and the account's document must name the handle.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import regex

from autosched.errors import InvalidError
from autosched.platforms import wire
from autosched.platforms.base import PlatformError
from autosched.platforms.bluesky import errors
from autosched.platforms.bluesky.addresses import own_server, told_by
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Session, read

DIRECTORY = os.environ.get("AUTOSCHED_BLUESKY_DIRECTORY", "https://plc.directory")
"""Where documents of identities of the kind `did:plc` are kept; a closed network has its own."""

_UNSEEN = regex.compile(r"[\p{Cf}\s]")
_PROFILE_PAGE = regex.compile(r"https?://[^/]+/profile/([^/?#]+)")
_HANDLE = regex.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")
_PLC = regex.compile(r"did:plc:[a-z2-7]{24}")
_WEB = regex.compile(r"did:web:([A-Za-z0-9.-]+(?:%3A\d+)?)")


@dataclass(frozen=True)
class Identity:
    """An account as its document describes it. `pds`: the server that keeps its posts."""

    did: str
    handle: str
    pds: str


@dataclass(frozen=True)
class Guard:
    """An authorisation server and where it takes what. `issuer` as it names itself."""

    issuer: str
    authorize: str
    token: str
    push: str
    revoke: str | None


def written(text: str) -> str:
    """The handle (or e-mail) in what a person typed or pasted: `@name`, a profile's address."""
    seen = _UNSEEN.sub("", text)
    page = _PROFILE_PAGE.match(seen)
    return str(page[1] if page else seen).removeprefix("@")


def find(identifier: str, service: str) -> Identity:
    """The account behind a handle or DID; `service` is asked whom a handle belongs to.

    `InvalidError` if there is none, `PlatformError` if nobody answers.
    """
    try:
        by_did = identifier.startswith("did:")
        did = identifier if by_did else _named(identifier.lower(), service)
        document = _document(did, service)
        handle = _handle_of(document)
        if by_did and (not handle or _named(handle, service) != did):
            handle = did
    except Unreached as failure:
        raise errors.unreached(failure) from failure
    if not by_did and handle != identifier.lower():
        raise _nobody(f"the account behind it does not call itself {identifier.lower()}")
    pds = own_server(document, service)
    if pds is None:
        raise _nobody("it names no server that can be reached")
    return Identity(did, handle, pds)


def guard_of(pds: str) -> Guard:
    """The authorisation server of the accounts on a server; `InvalidError` if it has none."""
    try:
        kept = read(wire.call("GET", f"{pds}/.well-known/oauth-protected-resource"))
        issuers = kept.get("authorization_servers")
        issuer = issuers[0] if isinstance(issuers, list) and issuers else None
        place = _part(pds, issuer)
        said = read(wire.call("GET", f"{place}/.well-known/oauth-authorization-server"))
    except Unreached as failure:
        raise errors.unreached(failure) from failure
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.status in errors.BY_STATUS:
            raise errors.classify(refusal) from refusal
        raise _no_guard() from refusal
    if said.get("issuer") != issuer:
        raise _no_guard()
    revoke = said.get("revocation_endpoint")
    return Guard(
        str(issuer),
        _part(place, said.get("authorization_endpoint")),
        _part(place, said.get("token_endpoint")),
        _part(place, said.get("pushed_authorization_request_endpoint")),
        _part(place, revoke) if revoke else None,
    )


def _part(teller: str, address: Any) -> str:
    """An address that a server has told, whole with its path."""
    if not isinstance(address, str) or told_by(teller, address) is None:
        raise _no_guard()
    return wire.named(address).rstrip("/")


def _named(handle: str, service: str) -> str:
    if not _HANDLE.fullmatch(handle):
        raise _nobody("a handle looks like yourname.bsky.social")
    try:
        answer = Session(service).query("com.atproto.identity.resolveHandle", handle=handle)
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.status == 429:
            raise errors.classify(refusal) from refusal
        raise _nobody("nobody has this handle") from refusal
    return str(answer.get("did", ""))


def _document(did: str, service: str) -> dict[str, Any]:
    """The account's document, from where its kind of DID keeps it."""
    if _PLC.fullmatch(did):
        address = f"{DIRECTORY}/{quote(did, safe=':')}"
    elif web := _WEB.fullmatch(did):
        host = told_by(service, f"https://{unquote(web[1])}")
        if host is None:
            raise _nobody("it has no address")
        address = f"{host}/.well-known/did.json"
    else:
        raise _nobody("nobody has this handle")
    try:
        document = read(wire.call("GET", address))
    except Refusal as refusal:
        if refusal.status >= 500 or refusal.status == 429:
            raise errors.classify(refusal) from refusal
        raise _nobody("its identity is not known") from refusal
    if document.get("id") != did:
        raise _nobody("its identity is another's")
    return document


def _handle_of(document: dict[str, Any]) -> str:
    names = document.get("alsoKnownAs")
    for name in names if isinstance(names, list) else []:
        if isinstance(name, str) and name.startswith("at://"):
            return name.removeprefix("at://").lower()
    return ""


def _nobody(reason: str) -> InvalidError:
    return InvalidError(
        f"Bluesky does not know this handle: {reason}.",
        remedy="Check it; it stands on your profile, under your name.",
        code="unknown_handle",
    )


def _no_guard() -> InvalidError | PlatformError:
    return InvalidError(
        "This account's server has no page of its own for connecting.",
        remedy="Connect it with an app password instead.",
        code="no_consent_page",
    )
