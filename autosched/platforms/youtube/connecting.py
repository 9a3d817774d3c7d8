"""Connecting an account: Google's consent with offline access, and which channels it gives."""

from __future__ import annotations

from typing import Any

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms import apps, oauth
from autosched.platforms.base import Begun, Connection
from autosched.platforms.youtube import calls
from autosched.platforms.youtube.errors import TITLE

NEEDED = (calls.UPLOAD, calls.READ, calls.CHANGE)


def begin(redirect_uri: str, state: str) -> Begun:
    """Where the person agrees. Asking anew for consent is what makes Google give a refresh token
    again."""
    verifier = oauth.verifier()
    url = oauth.consent(
        "https://accounts.google.com/o/oauth2/v2/auth",
        client_id=apps.keys("youtube", TITLE).client_id,
        redirect_uri=redirect_uri,
        response_type="code",
        scope=" ".join((*NEEDED, calls.FIGURES)),
        access_type="offline",
        prompt="consent",
        include_granted_scopes="true",
        state=state,
        code_challenge=oauth.challenge(verifier),
        code_challenge_method="S256",
    )
    return Begun(url, {"verifier": verifier})


def finish(keep: dict[str, Any], answer: dict[str, str], redirect_uri: str) -> list[Connection]:
    """The channels of the account that agreed; as a rule it is one."""
    secret = calls.token(
        grant_type="authorization_code",
        code=oauth.agreed(answer, TITLE),
        redirect_uri=redirect_uri,
        code_verifier=str(keep["verifier"]),
    )
    oauth.require(NEEDED, secret["scopes"], TITLE)
    if "refresh" not in secret:
        raise ForbiddenError(
            "Google gave no lasting access to the channel.",
            remedy="Remove the app at myaccount.google.com/connections, then connect it again.",
            code="no_refresh_token",
        )
    found = calls.read(
        str(secret["access"]), f"{calls.API}/channels", part="snippet,contentDetails,status",
        mine="true",
    ).get("items")  # fmt: skip
    if not found:
        raise InvalidError(
            "This Google account has no YouTube channel.",
            remedy="Make a channel on YouTube, or choose another account.",
            code="no_channel",
        )
    return [_connection(channel, secret) for channel in found]


def _connection(channel: dict[str, Any], secret: dict[str, Any]) -> Connection:
    snippet = channel.get("snippet") or {}
    number = str(channel["id"])
    playlists = (channel.get("contentDetails") or {}).get("relatedPlaylists") or {}
    uploads = playlists.get("uploads") or f"UU{number.removeprefix('UC')}"
    name = str(snippet.get("title") or number)
    return Connection(
        remote_id=number,
        handle=str(snippet.get("customUrl") or name).removeprefix("@"),
        name=name,
        secret={**secret, "channel": number, "uploads": uploads},
        options={
            "long_uploads": (channel.get("status") or {}).get("longUploadsStatus") or "allowed",
            "scopes": secret["scopes"],
        },
        avatar=((snippet.get("thumbnails") or {}).get("default") or {}).get("url"),
    )
