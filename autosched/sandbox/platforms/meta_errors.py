"""The errors of Meta's platforms as a table: what is refused, in which words, with which numbers.

A row is found by its subcode, or by its code where it has none. A test can have any row answered
by the fault `status` with that number in place of an HTTP status.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from autosched.sandbox.wire import Refusal

THROTTLE_STATUS = 400
"""A throttled call is told by its code; the HTTP status is not documented."""

TOKEN_STATUS = 400
"""The HTTP status of a bad token: not documented either."""


@dataclass(frozen=True)
class Row:
    """One kind of refusal."""

    code: int
    subcode: int | None
    message: str
    status: int = 400
    transient: bool = False


_TOKEN = {
    102: "Session key invalid or no longer valid",
    190: "Invalid OAuth access token - Cannot parse access token",
}
_TOKEN_BY_SUBCODE = {
    458: "Error validating access token: The user has not authorized the application.",
    459: "Error validating access token: You cannot access the app till you log in and follow "
    "the instructions given.",
    460: "Error validating access token: The session has been invalidated because the user "
    "changed their password or Facebook has changed the session for security reasons.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: Sessions for the user are not allowed because the user "
    "is not a confirmed user.",
    467: "Error validating access token: The session is invalid because the user logged out.",
    492: "Error validating access token: Session does not match current stored session.",
}
_SHARED = (
    *(Row(code, None, text, TOKEN_STATUS) for code, text in _TOKEN.items()),
    *(Row(190, sub, text, TOKEN_STATUS) for sub, text in _TOKEN_BY_SUBCODE.items()),
    Row(10, None, "(#10) Application does not have permission for this action", 403),
    Row(200, None, "(#200) Permissions error", 403),
    Row(4, None, "(#4) Application request limit reached", THROTTLE_STATUS, True),
    Row(17, None, "(#17) User request limit reached", THROTTLE_STATUS, True),
    Row(32, None, "(#32) Page request limit reached", THROTTLE_STATUS, True),
    Row(613, None, "(#613) Calls to this api have exceeded the rate limit.", THROTTLE_STATUS, True),
    Row(1, None, "An unknown error occurred", 500, True),
    Row(2, None, "An unexpected error has occurred. Please retry your request later.", 500, True),
    Row(100, None, "(#100) Invalid parameter"),
    Row(
        100,
        33,
        "Unsupported request. The object does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
    ),
)
_FACEBOOK = (
    Row(341, None, "(#341) Feed action request limit reached", THROTTLE_STATUS, True),
    Row(
        80001,
        None,
        "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
        THROTTLE_STATUS,
        True,
    ),
    Row(
        368, None, "(#368) The action attempted has been deemed abusive or is otherwise disallowed"
    ),
    Row(506, None, "(#506) Duplicate status message"),
    Row(100, 1609005, "The link could not be scraped"),
    Row(100, 1366046, "Photos should be smaller than 4 MB and saved as JPG, PNG, GIF, or TIFF"),
    Row(100, 1366051, "These photos were already posted"),
    Row(100, 1349125, "The file is of a format that is not supported"),
    Row(100, 1404102, "The content goes against the community standards"),
    Row(100, 1346003, "The content goes against the community standards"),
    Row(1, 1390008, "You are posting too fast"),
    Row(1, 1363047, "There was a problem uploading: try again later"),
    Row(1, 1609010, "The post could not be made: try again later"),
    Row(200, 1404078, "The Page must complete Page Publishing Authorization", 403),
    Row(6001, 1363037, "There was a problem uploading your video. Please try uploading it again."),
)
_INSTAGRAM = (
    Row(
        80002,
        None,
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try "
        "again.",
        THROTTLE_STATUS,
        True,
    ),
    Row(-2, 2207003, "It takes too long to download the media."),
    Row(-2, 2207020, "The media you are trying to access has expired. Please try to upload again."),
    Row(-1, 2207001, "Instagram server error. Try again.", transient=True),
    Row(-1, 2207032, "Create media fail, please try to re-create media"),
    Row(-1, 2207053, "Unknown upload error"),
    Row(1, 2207057, "The thumbnail offset must be at least 0 and less than the video's duration"),
    Row(4, 2207051, "We restrict certain activity to protect our community."),
    Row(9, 2207042, "The maximum number of posts by the Content Publishing API is reached."),
    Row(24, 2207006, "The requested resource does not exist"),
    Row(24, 2207008, "Media builder is temporarily not found", transient=True),
    Row(25, 2207050, "The account is restricted"),
    Row(100, 2207023, "The media type is unknown."),
    Row(100, 2207028, "A carousel needs at least 2 and no more than 10 items"),
    Row(100, 2207040, "Too many tags"),
    Row(352, 2207026, "The video format is not supported."),
    Row(9004, 2207052, "The media could not be fetched from this URI"),
    Row(9007, 2207027, "The media is not ready to be published. Please wait for a moment."),
    Row(36000, 2207004, "The image size is too large."),
    Row(36001, 2207005, "The image format is not supported."),
    Row(36003, 2207009, "The submitted image has an aspect ratio that is not supported."),
    Row(36004, 2207010, "The submitted caption is too long."),
)


def _by_number(rows: tuple[Row, ...]) -> dict[int, Row]:
    return {row.code if row.subcode is None else row.subcode: row for row in rows}


FACEBOOK = _by_number((*_SHARED, *_FACEBOOK))
INSTAGRAM = _by_number((*_SHARED, *_INSTAGRAM))
BY_PLATFORM = {"facebook": FACEBOOK, "instagram": INSTAGRAM}
THROTTLED = {"facebook": 80001, "instagram": 80002}


def told(row: Row, message: str = "", **more: Any) -> Response:
    """A row as an answer; `more` are further members of the error object."""
    error: dict[str, Any] = {
        "message": message or row.message,
        "type": "OAuthException",
        "code": row.code,
    }
    if row.subcode is not None:
        error["error_subcode"] = row.subcode
    error["is_transient"] = row.transient
    if row.subcode is not None and row.subcode > 1_000_000:
        error["error_user_title"] = "The request was refused"
        error["error_user_msg"] = row.message
    error |= more
    error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)[:22]
    response = JSONResponse({"error": error}, status_code=row.status)
    if row.code in (102, 190):
        kind = f'OAuth "Facebook Platform" "invalid_token" "{row.message}"'
        response.headers["www-authenticate"] = kind
    return response


def fail(number: int, message: str = "", **more: Any) -> Refusal:
    """The refusal with that subcode or code, to be raised."""
    row = FACEBOOK.get(number) or INSTAGRAM.get(number) or Row(number, None, message)
    return Refusal(told(row, message, **more))


def outage(platform: str, status: int) -> Response:
    """What is answered where a fault says `status`: a row of the table, or else an HTTP status."""
    rows = BY_PLATFORM[platform]
    if status in rows:
        return told(rows[status])
    if status == 429:
        return told(rows[THROTTLED[platform]])
    meant = {401: 463, 403: 200, 404: 33}.get(status, 2 if status >= 500 else 100)
    response = told(rows[meant])
    response.status_code = status
    return response


def minutes(seconds: float) -> int:
    """How Meta says a wait: in whole minutes."""
    return max(1, math.ceil(seconds / 60))


def debug_info(status: int, kind: str, message: str, *, retriable: bool) -> Response:
    """The upload hosts answer in a shape of their own."""
    return JSONResponse(
        {"debug_info": {"retriable": retriable, "type": kind, "message": message}},
        status_code=status,
    )
