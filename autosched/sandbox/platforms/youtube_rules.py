"""What YouTube takes as the description of a video, and its words for what it does not."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from autosched.sandbox.platforms.youtube_ground import no
from autosched.sandbox.wire import Refusal

TITLE_MOST = 100
DESCRIPTION_BYTES_MOST = 5000
TAGS_MOST = 500
"""Characters of all tags together, with the commas between; a tag with a space counts 2 more."""
CATEGORIES = {
    "1", "2", "10", "15", "17", "19", "20", "22", "23", "24", "25", "26", "27", "28", "29",
}  # fmt: skip
"""The categories that a video can be put in, as they stand in most countries."""

PARTS = (
    "contentDetails", "fileDetails", "id", "liveStreamingDetails", "localizations",
    "paidProductPlacementDetails", "player", "processingDetails", "recordingDetails", "snippet",
    "statistics", "status", "suggestions", "topicDetails",
)  # fmt: skip
OWNERS_PARTS = ("fileDetails", "processingDetails", "suggestions")
_TEXT, _FLAG, _TEXTS, _THING = str, bool, list, dict
_FIELDS: dict[str, dict[str, type]] = {
    "snippet": {
        "title": _TEXT, "description": _TEXT, "tags": _TEXTS, "categoryId": _TEXT,
        "defaultLanguage": _TEXT, "defaultAudioLanguage": _TEXT,
    },
    "status": {
        "privacyStatus": _TEXT, "publishAt": _TEXT, "license": _TEXT, "embeddable": _FLAG,
        "publicStatsViewable": _FLAG, "selfDeclaredMadeForKids": _FLAG,
        "containsSyntheticMedia": _FLAG,
    },
    "paidProductPlacementDetails": {"hasPaidProductPlacement": _FLAG},
    "recordingDetails": {"recordingDate": _TEXT},
}  # fmt: skip
_READ_ONLY = {
    "snippet": {
        "publishedAt", "channelId", "channelTitle", "thumbnails", "liveBroadcastContent",
        "localized",
    },
    "status": {"uploadStatus", "failureReason", "rejectionReason", "madeForKids"},
}  # fmt: skip
_OUTER = {"kind", "etag", "id", *PARTS}
_CHOICES = {
    "privacyStatus": ("public", "unlisted", "private"),
    "license": ("youtube", "creativeCommon"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def described(body: dict[str, Any], parts: list[str]) -> dict[str, dict[str, Any]]:
    """What may be written of the body, part by part; refuses all that is wrong with it."""
    for name in body:
        if name not in _OUTER:
            raise _unknown(name, "resource")
        if name in _FIELDS and name not in parts:
            raise no(
                400,
                "unexpectedPart",
                f"The part {name} is in the body, but not named by the parameter part.",
                domain="youtube.part",
                location="part",
                kind="parameter",
            )
    found = {
        part: _part(part, body.get(part, {}))
        for part in _FIELDS
        if part in parts and (part in body or part in ("snippet", "status"))
    }
    if "localizations" in parts and isinstance(body.get("localizations"), dict):
        found["localizations"] = body["localizations"]
    if "snippet" in found:
        _check_snippet(found["snippet"])
    if "status" in found:
        _check_status(found["status"])
    return found


def _part(part: str, said: Any) -> dict[str, Any]:
    where = f"resource.{part}"
    if not isinstance(said, dict):
        raise _invalid(where, said)
    kept = {}
    for name, value in said.items():
        if name in _READ_ONLY.get(part, ()):
            continue
        kind = _FIELDS[part].get(name)
        if kind is None:
            raise _unknown(name, where)
        if not isinstance(value, kind):
            raise _invalid(f"{where}.{name}", value)
        if name in _CHOICES and value not in _CHOICES[name]:
            raise _invalid(f"{where}.{name}", value)
        kept[name] = value
    return kept


def _check_snippet(snippet: dict[str, Any]) -> None:
    title = snippet.get("title", "")
    if not title.strip() or len(title) > TITLE_MOST or _angled(title):
        raise _wrong("invalidTitle", "an invalid or empty video title", "snippet.title")
    description = snippet.get("description", "")
    if len(description.encode()) > DESCRIPTION_BYTES_MOST or _angled(description):
        raise _wrong("invalidDescription", "an invalid video description", "snippet.description")
    tags = snippet.get("tags", [])
    if not all(isinstance(tag, str) and tag and not _angled(tag) for tag in tags):
        raise _wrong("invalidTags", "invalid video keywords", "snippet.tags")
    if tags_length(tags) > TAGS_MOST:
        raise _wrong("invalidTags", "invalid video keywords", "snippet.tags")
    if snippet.setdefault("categoryId", "22") not in CATEGORIES:
        raise _wrong("invalidCategoryId", "an invalid category ID", "snippet.categoryId")


def _check_status(status: dict[str, Any]) -> None:
    status.setdefault("privacyStatus", "public")
    moment = status.get("publishAt")
    if moment is None:
        return
    if moment_of(moment) is None or status["privacyStatus"] != "private":
        raise _wrong("invalidPublishAt", "an invalid scheduled publishing time", "status.publishAt")


def tags_length(tags: list[str]) -> int:
    """How long the tags are together."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(0, len(tags) - 1)


def moment_of(text: str) -> float | None:
    """The moment that is written, as Unix seconds; nothing if it is not RFC 3339."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def _angled(text: str) -> bool:
    return "<" in text or ">" in text


def _wrong(reason: str, what: str, where: str) -> Refusal:
    return no(
        400,
        reason,
        f"The request metadata specifies {what}.",
        domain="youtube.video",
        location=f"body.{where}",
        kind="other",
    )


def _unknown(name: str, where: str) -> Refusal:
    return no(
        400,
        "badRequest",
        f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field.",
    )


def _invalid(where: str, value: Any) -> Refusal:
    return no(400, "invalidVideoMetadata", f"Invalid value at '{where}': {value!r}.")
