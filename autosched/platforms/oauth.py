"""Pieces of OAuth 2 that several platforms share: PKCE, the consent's address, asking for tokens.

Authlib makes the verifier and its challenge; the requests are our own, since the platforms differ
in names, in shapes and in which client authentication they take.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from autosched.errors import ForbiddenError
from autosched.platforms import wire


def verifier() -> str:
    """A new PKCE verifier (RFC 7636)."""
    made: str = generate_token(64)
    return made


def challenge(of: str) -> str:
    """The S256 challenge of a verifier."""
    made: str = create_s256_code_challenge(of)
    return made


def consent(url: str, **query: str | None) -> str:
    """Where a person's browser is sent to agree; what is `None` is left out."""
    said = {name: value for name, value in query.items() if value is not None}
    return f"{wire.address(url)}?{urlencode(said)}"


def agreed(answer: dict[str, str], title: str) -> str:
    """The code that came back from the consent page; `ForbiddenError` if there is none."""
    if "code" in answer:
        # Meta adds "#_" to the address, and some browsers hand it on.
        return answer["code"].removesuffix("#_")
    if answer.get("error") in ("access_denied", "user_cancelled_authorize", "user_denied"):
        raise ForbiddenError(
            f"{title} was not allowed to be connected.",
            remedy="Connect it again, and agree on the platform's page.",
            code="consent_denied",
        )
    said = answer.get("error_description") or answer.get("error") or "no reason was given"
    raise ForbiddenError(
        f"{title} did not let the account be connected: {said}.",
        remedy="Try it once more; if it comes back, check the app's settings on the platform.",
        code="consent_failed",
    )


def missing(wanted: tuple[str, ...], granted: Any) -> list[str]:
    """The scopes that were asked for and not granted. `granted` as the platform says it: a list,
    or a text with spaces or commas; nothing said means all.
    """
    if not granted:
        return []
    if isinstance(granted, str):
        granted = granted.replace(",", " ").split()
    return [scope for scope in wanted if scope not in set(granted)]


def require(wanted: tuple[str, ...], granted: Any, title: str) -> None:
    """`ForbiddenError` that names what is missing, unless all of `wanted` was granted."""
    lacking = missing(wanted, granted)
    if lacking:
        raise ForbiddenError(
            f"{title} was connected without a right that posting needs: {', '.join(lacking)}.",
            remedy="Connect it again, and leave every box ticked.",
            code="scope_missing",
        )
