"""The refusals that Facebook and Instagram share, and how one is read.

A subcode says more than its code, so the rows with subcodes stand first. Nearly all errors are of
the type OAuthException, and the HTTP status says little: neither is looked at but for outages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autosched.platforms import refusals
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.meta import usage
from autosched.platforms.refusals import Row
from autosched.platforms.wire import Reply

GONE = ("33",)
"""The subcode of code 100 for a thing that is not there, or not for this token."""
THROTTLE_WAIT = 900.0
"""Seconds until the next try where a throttled answer names no time."""
UNCLEAR = frozenset({"server_fault", "processing_fault"})
"""Rows that leave open, on the call that publishes, whether it took place."""

_AGAIN = "It will be tried again by itself."
_CODE = re.compile(r"^\(#-?\d+\)\s*")


@dataclass(frozen=True)
class Said:
    """A refusal as it was read. `key`: the code, or the upload host's type; `subkey`: the
    subcode."""

    key: str = ""
    subkey: str = ""
    message: str = ""
    transient: bool = False


class Refused(PlatformError):
    """A refusal whose numbers are known, for those who must look at them. `data`: the body's
    `error_data`."""

    key = ""
    subkey = ""
    data: object = None

    @property
    def gone(self) -> bool:
        """Whether it says that there is no such thing."""
        return self.subkey in GONE or self.key == "NotFoundError"


def shared(title: str) -> tuple[Row, ...]:
    """The rows that are the same on both platforms, in words for the one called `title`."""

    def ended(code: str, why: str, *subcodes: str) -> Row:
        return Row(
            code,
            Action.RECONNECT,
            f"{title} no longer accepts this account's access: {why}.",
            "Connect the account again.",
            keys=("190", "102", "NotAuthorizedError"),
            subkeys=subcodes,
        )

    return (
        ended("access_removed", "the app was removed from the account's settings", "458"),
        ended("login_needed", f"{title} wants its owner to log in there first", "459"),
        ended("password_changed", "the password was changed", "460"),
        ended("access_expired", "it has expired", "463"),
        ended("account_unconfirmed", f"{title} has not confirmed the person's account", "464"),
        ended("logged_out", "its owner has logged out", "467"),
        ended("session_changed", "it belongs to an older log-in", "492"),
        ended("access_ended", "it is not valid any more"),
        Row(
            "throttled",
            Action.RETRY,
            f"{title} takes no more calls for the moment.",
            f"It will be tried again by itself when {title} takes calls again.",
            keys=("4", "17", "32", "341", "613", "80001", "80002", "RateLimitError"),
            wait=THROTTLE_WAIT,
        ),
        Row(
            "right_missing",
            Action.RECONNECT,
            f"{title} says that a right is missing: {{message}}.",
            "Connect the account again and leave every box ticked; the person must still have "
            "their role on it.",
            keys=("10", *(str(code) for code in range(200, 300))),
        ),
        Row(
            "app_secret",
            Action.FIX,
            f"{title} does not accept this installation's app secret.",
            "Check the app's identifier and secret in the settings of this installation.",
            keys=("100",),
            says="appsecret_proof",
        ),
        Row(
            "api_version",
            Action.RETRY,
            f"{title} no longer serves the API version in use.",
            f"Set AUTOSCHED_{title.upper()}_API_VERSION to a newer one.",
            keys=("2635",),
        ),
        Row(
            "gone",
            Action.RETRY,
            f"{title} does not find what this call is about, or does not show it to this account.",
            f"{_AGAIN} If it goes on, connect the account again.",
            keys=("100",),
            subkeys=GONE,
        ),
        Row("gone", Action.RETRY, f"{title} no longer has this upload.", _AGAIN,
            keys=("NotFoundError",)),
        Row("upload_moved", Action.RETRY, f"{title} has another part of this upload than was sent.",
            "It will be gone on with by itself.",
            keys=("OffsetInvalidError", "PartialRequestError", "HeaderError", "SizeError")),
        Row("server_fault", Action.RETRY, f"{title} is having trouble ({{message}}).", _AGAIN,
            keys=("1", "2", "ServiceError")),
        Row("post_refused", Action.FIX, f"{title} does not take this: {{message}}.",
            "Change the post, and schedule it again.", keys=("100",)),
    )  # fmt: skip


def read(reply: Reply) -> Said:
    """What a body says, in the shape of the Graph API or in that of the upload host."""
    error = reply.get("error")
    if isinstance(error, dict):
        message = str(error.get("error_user_msg") or error.get("message") or "")
        return Said(
            _number(error.get("code")),
            _number(error.get("error_subcode")),
            _CODE.sub("", message).strip(),
            error.get("is_transient") is True,
        )
    debug = reply.get("debug_info")
    if isinstance(debug, dict):
        return Said(
            str(debug.get("type") or ""),
            "",
            str(debug.get("message") or ""),
            debug.get("retriable") is True,
        )
    if reply.get("error_message"):  # api.instagram.com speaks so
        return Said("100", "", str(reply.get("error_message")))
    return Said()


def classify(
    title: str, rows: Sequence[Row], reply: Reply, *, committing: bool = False
) -> PlatformError:
    """What an answer that is no success asks for.

    While `committing`, an outage leaves open whether the post is out, and so does an answer that
    says nothing.
    """
    said = read(reply)
    row = refusals.look_up(rows, reply.status, said.key, said.subkey, said.message)
    known = row is not None and row.code not in UNCLEAR
    on_purpose = row is None and bool(said.key) and not said.transient
    if committing and (reply.status >= 500 or not (known or on_purpose)):
        return refusals.unclear(title)
    if on_purpose and reply.status < 500:
        row = Row("refused", Action.FIX, f"{title} does not take this: {{message}}.",
                  "Change the post, and schedule it again.")  # fmt: skip
    if row is None:
        return refusals.trouble(title, said.message)
    wait = usage.seconds_to_wait(reply.headers) if row.code == "throttled" else None
    plain = refusals.error(row, said.message, retry_after=wait)
    made = Refused(
        plain.sentence,
        action=plain.action,
        remedy=plain.remedy,
        code=plain.code,
        retry_after=plain.retry_after,
    )
    made.key, made.subkey = said.key, said.subkey
    made.data = reply.get("error", "error_data")
    return made


def _number(value: object) -> str:
    return "" if value is None else str(value)
