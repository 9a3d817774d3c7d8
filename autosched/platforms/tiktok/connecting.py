"""Connecting an account: TikTok's own dialect of OAuth, and who the creator is.

TikTok says `client_key`, puts commas between scopes, and lets a person untick each of them.
"""

from __future__ import annotations

from typing import Any

from autosched.platforms import apps, oauth, refusals, wire
from autosched.platforms.base import Action, Begun, Connection, PlatformError
from autosched.platforms.tiktok import calls, errors
from autosched.platforms.tiktok.creator import Creator
from autosched.platforms.tiktok.errors import TITLE

SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.publish",
    "video.upload",
    "video.list",
)


def begin(redirect_uri: str, state: str) -> Begun:
    """Where the person agrees."""
    url = oauth.consent(
        f"https://www.tiktok.com/{calls.VERSION}/auth/authorize/",
        client_key=apps.keys("tiktok", TITLE).client_id,
        scope=",".join(SCOPES),
        response_type="code",
        redirect_uri=redirect_uri,
        state=state,
    )
    return Begun(url)


def finish(answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """The account that agreed: with the right to post, or at least to leave drafts."""
    code = oauth.agreed(answer, TITLE)
    secret = calls.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)
    oauth.require(("user.info.basic",), secret["scopes"], TITLE)
    if calls.missing(secret, "video.upload"):
        oauth.require(("video.publish",), secret["scopes"], TITLE)
    user = _user(secret)
    creator = _creator(secret)
    username = str(user.get("username") or (creator.username if creator else ""))
    name = str(user.get("display_name") or username)
    options: dict[str, Any] = {"scopes": secret["scopes"], "username": username}
    if creator is not None:
        options["creator"] = creator.facts()
    return [
        Connection(
            remote_id=str(secret["open_id"]),
            handle=username or name,
            name=name,
            secret=secret,
            options=options,
            avatar=user.get("avatar_url") or None,
        )
    ]


def _user(secret: dict[str, Any]) -> dict[str, Any]:
    fields = "open_id,display_name,avatar_url"
    if not calls.missing(secret, "user.info.profile"):
        fields += ",username"
    user = calls.data(_asked(secret, "user/info/", fields=fields)).get("user")
    return user if isinstance(user, dict) else {}


def _creator(secret: dict[str, Any]) -> Creator | None:
    """What the creator may do. A creator who may not post just now is connected all the same."""
    if calls.missing(secret, "video.publish"):
        return None
    reply = _asked(secret, "post/publish/creator_info/query/", {})
    try:
        return Creator.told(calls.data(reply))
    except PlatformError as error:
        if error.action == Action.RECONNECT:
            raise
        return None


def _asked(
    secret: dict[str, Any], path: str, body: dict[str, Any] | None = None, *, fields: str = ""
) -> wire.Reply:
    try:
        reply = calls.send(str(secret["access"]), path, body, fields=fields)
    except wire.Unreached as failure:
        raise refusals.out_of_reach(TITLE) from failure
    if reply.status >= 500:
        raise errors.classify(reply)
    return reply
