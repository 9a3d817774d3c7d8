"""Connecting: one consent gives the member, and every page that the member administers."""

from __future__ import annotations

import os
import secrets
import time
from typing import Any

from autosched.errors import ForbiddenError
from autosched.platforms import apps, oauth, tokens, wire
from autosched.platforms.base import Begun, Connection, PlatformError
from autosched.platforms.linkedin import errors
from autosched.platforms.linkedin.checks import TITLE
from autosched.platforms.linkedin.rest import REST, headers
from autosched.platforms.wire import Reply, Unreached

_OAUTH = "https://www.linkedin.com/oauth/v2"
_USERINFO = "https://api.linkedin.com/v2/userinfo"

MEMBER_SCOPES = ("openid", "profile", "w_member_social")
PAGE_SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")
FIGURES_SCOPE = "r_member_postAnalytics"
SCOPES = tuple(
    os.environ.get(
        "AUTOSCHED_LINKEDIN_SCOPES", " ".join((*MEMBER_SCOPES, *PAGE_SCOPES, FIGURES_SCOPE))
    ).split()
)
"""What is asked for. LinkedIn grants more than the first three to approved apps only, and lets
nobody in who asks for more than the app may."""

_PAGES_MOST = 100


def begin(redirect_uri: str, state: str) -> Begun:
    """The consent page."""
    app = apps.keys("linkedin", TITLE)
    url = oauth.consent(
        f"{_OAUTH}/authorization",
        response_type="code",
        client_id=app.client_id,
        redirect_uri=redirect_uri,
        state=state,
        scope=" ".join(SCOPES),
    )
    return Begun(url)


def finish(answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """The member first, then the pages by name."""
    if answer.get("error") == "unauthorized_scope_error":
        raise ForbiddenError(
            "This installation's app is not approved by LinkedIn for pages and figures.",
            remedy="Set AUTOSCHED_LINKEDIN_SCOPES to “openid profile w_member_social” and restart: "
            "then members can be connected, without their pages.",
            code="scope_missing",
        )
    form = {
        "grant_type": "authorization_code",
        "code": oauth.agreed(answer, TITLE),
        "redirect_uri": redirect_uri,
    }
    told = _token(form)
    oauth.require(MEMBER_SCOPES, told.get("scope"), TITLE)
    secret = {**_facts(told), "scopes": _scopes(told)}
    who = _asked(_USERINFO, secret["access"])
    member = f"urn:li:person:{who.get('sub')}"
    # Accounts of one consent share it: giving one's access back ends that of the others.
    common = {"member": member, "grant": secrets.token_hex(8), "scopes": secret["scopes"]}
    name = str(who.get("name") or "")
    return [
        Connection(
            remote_id=member,
            handle=name,
            name=name,
            secret=secret,
            options={"login": "member", "urn": member, **common},
            avatar=who.get("picture"),
        ),
        *(
            Connection(
                remote_id=urn,
                handle=vanity or title,
                name=title,
                secret=secret,
                options={"login": "page", "urn": urn, **common},
            )
            for urn, title, vanity in _pages(secret)
        ),
    ]


def refreshed(secret: dict[str, Any]) -> dict[str, Any]:
    """The secret with a fresh access token; the refresh token stays, and so does its end."""
    if not secret.get("refresh"):
        raise errors.access_ended()
    told = _token({"grant_type": "refresh_token", "refresh_token": secret["refresh"]})
    return {**secret, **_facts(told, secret)}


def give_back(secret: dict[str, Any]) -> None:
    """End the consent, and with it the access of every account that it gave."""
    app = apps.keys("linkedin", TITLE)
    form = {"client_id": app.client_id, "client_secret": app.client_secret}
    reply = _post("revoke", {**form, "token": secret["access"]})
    if reply.status >= 500 or reply.status == 429:
        raise errors.classify(reply)


def _token(form: dict[str, str]) -> dict[str, Any]:
    app = apps.keys("linkedin", TITLE)
    keys = {"client_id": app.client_id, "client_secret": app.client_secret}
    reply = _post("accessToken", {**form, **keys})
    if reply.good and isinstance(reply.get("access_token"), str):
        found: dict[str, Any] = reply.body
        return found
    raise errors.refused_grant(reply)


def _post(endpoint: str, form: dict[str, str]) -> Reply:
    try:
        return wire.call("POST", f"{_OAUTH}/{endpoint}", data=form)
    except Unreached as failure:
        raise errors.unreached(failure) from failure


def _facts(told: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    now, held = time.time(), before or {}
    return {
        "access": str(told["access_token"]),
        "ends": tokens.ends_at(told.get("expires_in"), now),
        "refresh": told.get("refresh_token") or held.get("refresh", ""),
        "refresh_ends": tokens.ends_at(told.get("refresh_token_expires_in"), now)
        or held.get("refresh_ends"),
    }


def _scopes(told: dict[str, Any]) -> list[str]:
    said = str(told.get("scope") or " ".join(SCOPES))
    return said.replace(",", " ").split()


def _asked(url: str, token: str, **named: str) -> dict[str, Any]:
    try:
        reply = wire.call("GET", url, headers={"Authorization": f"Bearer {token}", **named})
    except Unreached as failure:
        raise errors.unreached(failure) from failure
    if not reply.good or not isinstance(reply.body, dict):
        raise errors.classify(reply)
    return reply.body


def _pages(secret: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The pages that may be posted to: URN, name and the name in the address."""
    if oauth.missing(("w_organization_social", "rw_organization_admin"), secret["scopes"]):
        return []
    query = f"q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&count={_PAGES_MOST}"
    roles = _asked(f"{REST}/organizationAcls?{query}", secret["access"], **headers())
    found = []
    for role in roles.get("elements", []):
        urn = str(role.get("organization") or role.get("organizationTarget") or "")
        try:
            where = f"{REST}/organizations/{urn.rpartition(':')[2]}"
            page = _asked(where, secret["access"], **headers())
        except PlatformError:
            page = {}  # a page without its name is a page all the same
        found.append((urn, str(page.get("localizedName") or urn), str(page.get("vanityName", ""))))
    return sorted(found, key=lambda each: each[1])
