"""What each refusal of a Bluesky server asks for, as a table.

The name in the body decides before the HTTP status: an expired token, for one, is a 400.
"""

from __future__ import annotations

from dataclasses import dataclass

from autosched.platforms.base import Action, PlatformError
from autosched.platforms.wire import Unreached as Unreached


class Refusal(Exception):
    """A server's answer that is not a success. `name` and `message` as its body gives them."""

    def __init__(
        self, status: int, name: str, message: str, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{status} {name}")
        self.status = status
        self.name = name
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rule:
    """A row of the table. `{message}` in a sentence is what the server said."""

    action: Action
    code: str
    sentence: str
    remedy: str = ""


_LOG_IN = Rule(
    Action.RECONNECT,
    "access_ended",
    "Bluesky no longer accepts this account's access.",
    "Connect the account again, with a fresh app password or on Bluesky's own page.",
)
_PROOF = Rule(
    Action.RETRY,
    "clock_wrong",
    "Bluesky does not take this machine's proof of who it is ({message}).",
    "Check that this machine's clock is right; it will be tried again by itself.",
)
_NO_RIGHT = Rule(
    Action.RECONNECT,
    "scope_missing",
    "This account was connected without the right to do this.",
    "Connect the account again, and agree to everything on Bluesky's page.",
)
_CLIENT = Rule(
    Action.RECONNECT,
    "app_unknown",
    "Bluesky no longer knows this installation: {message}.",
    "Check that AUTOSCHED_PUBLIC_URL can be reached from outside, and connect the account again.",
)
_CLOSED = Rule(
    Action.RECONNECT,
    "account_closed",
    "The account is suspended or deactivated, or has moved to another server.",
    "Look at the account on Bluesky; when it is open again, connect it anew.",
)
_BUSY = Rule(
    Action.RETRY,
    "rate_limited",
    "Bluesky takes no more from this account for the moment.",
    "It will be tried again by itself when Bluesky's pause is over.",
)
_TOO_LARGE = Rule(
    Action.FIX,
    "file_too_large",
    "This Bluesky server takes no file of this size.",
    "Make the file smaller, and schedule the post again.",
)
_INVALID = Rule(
    Action.FIX,
    "post_refused",
    "Bluesky does not take this post: {message}.",
    "Change the post, and schedule it again.",
)
_FAULT = Rule(
    Action.RETRY,
    "server_fault",
    "The Bluesky server is having trouble ({message}).",
    "It will be tried again by itself.",
)
_GONE = Rule(
    Action.RETRY,
    "upload_gone",
    "Bluesky no longer has what was uploaded for this post.",
    "It will be uploaded again by itself.",
)
_MOVED = Rule(
    Action.RETRY,
    "repository_moved",
    "The account changed on Bluesky while the post was being written.",
    "It will be tried again by itself.",
)
_STRANGE = Rule(
    Action.RETRY,
    "strange_answer",
    "The server answered as no Bluesky server does (HTTP {status}).",
    "Check the account's server address; it will be tried again by itself.",
)
_UNREACHED = Rule(
    Action.RETRY,
    "unreachable",
    "The Bluesky server could not be reached.",
    "Check the connection and the account's server address; it will be tried again by itself.",
)
_UNCLEAR = Rule(
    Action.SETTLE,
    "unclear",
    "Bluesky's answer was lost, so the post may or may not be out.",
    "Bluesky is being asked; nothing is posted again before it has answered.",
)

BY_NAME: dict[str, Rule] = {
    "ExpiredToken": _LOG_IN,
    "InvalidToken": _LOG_IN,
    "AuthMissing": _LOG_IN,
    "AuthenticationRequired": _LOG_IN,
    "AccountNotFound": _LOG_IN,
    "invalid_token": _LOG_IN,
    "invalid_grant": _LOG_IN,
    "invalid_client": _CLIENT,
    "unauthorized_client": _CLIENT,
    "invalid_client_metadata": _CLIENT,
    "invalid_dpop_proof": _PROOF,
    "use_dpop_nonce": _PROOF,
    "insufficient_scope": _NO_RIGHT,
    "ScopeMissingError": _NO_RIGHT,
    "AccountTakedown": _CLOSED,
    "AccountSuspended": _CLOSED,
    "AccountDeactivated": _CLOSED,
    "RepoTakendown": _CLOSED,
    "RepoSuspended": _CLOSED,
    "RepoDeactivated": _CLOSED,
    "BlobNotFound": _GONE,
    "InvalidSwap": _MOVED,
    "RateLimitExceeded": _BUSY,
    "PayloadTooLarge": _TOO_LARGE,
    "InvalidRequest": _INVALID,
    "InvalidRecord": _INVALID,
    "InvalidMimeType": _INVALID,
}
BY_STATUS: dict[int, Rule] = {
    401: _LOG_IN,
    408: _UNREACHED,
    413: _TOO_LARGE,
    429: _BUSY,
}


def classify(refusal: Refusal, *, committing: bool = False) -> PlatformError:
    """What the refusal asks for.

    While `committing`, a fault of the server leaves open whether the post is out: the real
    server also answers 500 to a record that it has already.
    """
    rule = BY_NAME.get(refusal.name) or BY_STATUS.get(refusal.status)
    if rule is None and refusal.name and 400 <= refusal.status < 500:
        rule = _INVALID  # a name that is not in the table yet, but a refusal on purpose
    if refusal.status >= 500 or (committing and refusal.status < 400):
        rule = _UNCLEAR if committing else _FAULT
    return _error(rule or _STRANGE, refusal)


def unreached(failure: Unreached, *, committing: bool = False) -> PlatformError:
    """What a missing answer asks for: a lost commit is settled, all else is tried again."""
    return _error(_UNCLEAR if committing and failure.sent else _UNREACHED)


def closed_account() -> PlatformError:
    """The server shows nothing of this account: suspended, deactivated or moved elsewhere."""
    return _error(_CLOSED)


def _error(rule: Rule, refusal: Refusal | None = None) -> PlatformError:
    message = refusal.message.rstrip(".") if refusal else ""
    status = refusal.status if refusal else 0
    return PlatformError(
        rule.sentence.format(message=message or "without a reason", status=status),
        action=rule.action,
        remedy=rule.remedy,
        code=rule.code,
        retry_after=refusal.retry_after if refusal else None,
    )
