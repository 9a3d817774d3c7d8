"""Connecting accounts: professional ones, by either log-in."""

from __future__ import annotations

from typing import Any

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms import apps, oauth
from autosched.platforms.base import Begun, Connection, Desk, Field
from autosched.platforms.instagram import accounts
from autosched.platforms.instagram.accounts import FACEBOOK, INSTAGRAM
from autosched.platforms.instagram.errors import ROWS, TITLE
from autosched.platforms.meta import login
from autosched.platforms.meta.graph import Graph

FIELDS = (
    Field(
        "login",
        "Log in with",
        hint="instagram, or facebook for accounts that belong to a Facebook page (videos then go "
        "up in resumable pieces, and posts can be deleted)",
        default=INSTAGRAM,
    ),
)
_PROFESSIONAL = ("BUSINESS", "MEDIA_CREATOR", "CREATOR")
_ME = "user_id,username,name,account_type,profile_picture_url"
_LINKED = "instagram_business_account"


def begin(form: dict[str, str], redirect_uri: str, state: str) -> Begun:
    """The consent page of the log-in that was chosen."""
    way = (form.get("login") or INSTAGRAM).strip().lower()
    if way not in (INSTAGRAM, FACEBOOK):
        raise InvalidError("Log in with instagram or with facebook.", code="login")
    if way == FACEBOOK:
        begun = login.begin(accounts.by_facebook(), wanted(way), redirect_uri, state)
        return Begun(begun.url, {"login": way})
    url = oauth.consent(
        "https://www.instagram.com/oauth/authorize",
        client_id=apps.keys("instagram", TITLE).client_id,
        redirect_uri=redirect_uri,
        response_type="code",
        scope=",".join(wanted(way)),
        state=state,
    )
    return Begun(url, {"login": way})


def finish(keep: dict[str, Any], answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """The accounts that the consent gave."""
    if keep.get("login") == FACEBOOK:
        return _by_facebook(answer, redirect_uri)
    return [_by_instagram(answer, redirect_uri)]


def wanted(way: str) -> tuple[str, ...]:
    """All rights that are asked for; only the needed ones must be granted."""
    more = (rights.get(way) for rights in (accounts.COMMENT, accounts.INSIGHTS, accounts.DELETE))
    return (*accounts.NEEDED[way], *(right for right in more if right))


def revoke(desk: Desk) -> None:
    """Give the rights back, where no other account hangs on them; Instagram's own log-in has no
    call for it."""
    if desk.secret.get("login") == FACEBOOK and desk.secret.get("accounts") == 1:
        own = tuple(right for right in wanted(FACEBOOK) if right.startswith("instagram_"))
        login.revoke(accounts.by_facebook(desk=desk), str(desk.secret["person"]), own)


def _by_instagram(answer: dict[str, str], redirect_uri: str) -> Connection:
    keys = apps.keys("instagram", TITLE)
    code = oauth.agreed(answer, TITLE)
    door = Graph(TITLE, ROWS, "", host="api.instagram.com", proved=False)

    def brief() -> dict[str, Any]:
        said = door.post(
            "oauth/access_token",
            client_id=keys.client_id,
            client_secret=keys.client_secret,
            grant_type="authorization_code",
            redirect_uri=redirect_uri,
            code=code,
        )
        listed = said.get("data")  # the token stands there or in the body itself
        return listed[0] if isinstance(listed, list) and listed else said

    first = login.token_of(TITLE, brief)
    granted = _listed(first.get("permissions"))
    oauth.require(accounts.NEEDED[INSTAGRAM], granted, TITLE)
    given = login.token_of(
        TITLE,
        lambda: accounts.unversioned().get(
            "access_token",
            grant_type="ig_exchange_token",
            client_secret=keys.client_secret,
            access_token=first["access_token"],
        ),
    )
    secret = {
        **accounts.lasting(given),
        "login": INSTAGRAM,
        "user": "",
        "scopes": granted or list(wanted(INSTAGRAM)),
    }
    desk = Desk(secret, {}, {}, lambda handle: None, lambda kept: None)
    me = accounts.graph_of(desk).get("me", fields=_ME)
    kind = str(me.get("account_type") or "")
    if kind and kind not in _PROFESSIONAL:
        raise ForbiddenError(
            "This is a personal account, which Instagram lets no program post to.",
            remedy="Make it a professional account in the Instagram app, or plan reminders for it.",
            code="by_hand",
        )
    secret["user"] = str(me["user_id"])
    return _connection(me, secret, {"account_type": kind} if kind else {})


def _by_facebook(answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    person = login.person(accounts.by_facebook(), answer, redirect_uri)
    granted = login.granted(person)
    oauth.require(accounts.NEEDED[FACEBOOK], granted, TITLE)
    pages = [page for page in login.pages(person, _LINKED) if isinstance(page.get(_LINKED), dict)]
    if not pages:
        raise ForbiddenError(
            "No page of this person has a professional Instagram account.",
            remedy="Link the account to a page in the page's settings, or log in with Instagram.",
            code="no_account",
        )
    found: list[Connection] = []
    for page in pages:
        user, token = str(page[_LINKED]["id"]), str(page["access_token"])
        me = login.with_token(person, token).get(
            user, fields="id,username,name,profile_picture_url"
        )
        secret = {
            "access": token,
            "login": FACEBOOK,
            "user": user,
            "page": str(page["id"]),
            "person": person.token,
            "accounts": len(pages),
            "scopes": granted,
        }
        found.append(_connection(me, secret, {"page": str(page.get("name") or "")}))
    return found


def _connection(me: dict[str, Any], secret: dict[str, Any], more: dict[str, Any]) -> Connection:
    username = str(me.get("username") or secret["user"])
    return Connection(
        remote_id=secret["user"],
        handle=username,
        name=str(me.get("name") or username),
        secret=secret,
        options={"login": secret["login"], "rights": secret["scopes"], **more},
        avatar=me.get("profile_picture_url"),
    )


def _listed(said: Any) -> list[str]:
    if isinstance(said, str):
        return said.replace(",", " ").split()
    return [str(each) for each in said] if isinstance(said, list) else []
