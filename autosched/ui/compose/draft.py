"""What is being written, as plain data, and pure functions of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from autosched.library.models import Asset
from autosched.platforms.bluesky import richtext
from autosched.schedule.models import Account
from autosched.ui.compose.offered import OptionLine, Way, put

Variants = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class MediaItem:
    """A file of the post, with what is said of it to those who can't see it."""

    asset_id: str = ""
    kind: str = ""
    name: str = ""
    alt: str = ""
    duration: float | None = None


@dataclass(frozen=True)
class ProblemLine:
    """What an account's platform has against the post."""

    code: str
    sentence: str
    blocking: bool


@dataclass(frozen=True)
class AccountLine:
    """An account, and how the post stands on it. `share` of the limit that is used, 0 to 1.

    `shapes`: the kinds of post to choose from, `changes`: what is done to its files, `fit`: how.
    `calls_for_hand`: the platform does not let a program post this. `missing`: choices that are
    still to be made; `opened`: it has asked for something, so its choices are laid open.
    `language` as chosen, where the platform has none of its own for it.
    """

    id: str
    platform: str
    handle: str
    name: str
    initials: str
    avatar: str
    chosen: bool = False
    differs: bool = False
    count: int = 0
    limit: int = 0
    share: float = 0.0
    blocked: bool = False
    problems: list[ProblemLine] = field(default_factory=list)
    shape: str = ""
    shape_title: str = ""
    shapes: list[Way] = field(default_factory=list)
    options: list[OptionLine] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    fit: str = ""
    cost: str = ""
    cost_reason: str = ""
    by_hand: bool = False
    calls_for_hand: bool = False
    missing: int = 0
    opened: bool = False
    language: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece of the text as the platform shows it: `kind` is empty, link, tag or mention."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Quick:
    """A time that is often meant: `kind` says which, `wall` is it."""

    kind: str
    wall: str


def media_item(asset: Asset, alt: str = "") -> MediaItem:
    """A file of the library as part of a post."""
    return MediaItem(asset.id, str(asset.kind), asset.name, alt or asset.alt, asset.duration)


def initials(name: str) -> str:
    """At most two letters that stand for an account."""
    plain = name.lstrip("@/").rsplit("/", 1)[-1]
    return "".join(part[0] for part in plain.replace(".", " ").split()[:2]) or "?"


def account_line(account: Account) -> AccountLine:
    """An account that has not been asked yet."""
    return AccountLine(
        id=account.id,
        platform=account.platform,
        handle=account.handle,
        name=account.name or account.handle,
        initials=initials(account.name or account.handle),
        avatar=account.avatar or "",
    )


def differs(variants: Variants, account_id: str) -> bool:
    """Whether an account gets words of its own."""
    return variants.get(account_id, {}).get("text") is not None


def options_of(variants: Variants, account_id: str) -> dict[str, Any]:
    """What was chosen for an account alone."""
    return dict(variants.get(account_id, {}).get("options") or {})


def with_options(variants: Variants, account_id: str, options: dict[str, Any]) -> Variants:
    """The variants with these choices for an account."""
    own = {key: each for key, each in variants.get(account_id, {}).items() if key != "options"}
    if options:
        own["options"] = options
    rest = {key: each for key, each in variants.items() if key != account_id}
    return {**rest, account_id: own} if own else rest


def as_stored(variants: Variants) -> Variants:
    """The variants as they go out: further texts that were begun and left empty are none."""
    found = variants
    for account_id in variants:
        options = options_of(variants, account_id)
        lists = {key: value for key, value in options.items() if isinstance(value, list)}
        for key, value in lists.items():
            filled = [each for each in value if not isinstance(each, str) or each.strip()]
            options = put(options, key, filled or None)
        if lists:
            found = with_options(found, account_id, options)
    return found


def text_for(text: str, variants: Variants, account_id: str) -> str:
    """What an account gets: its own words, or everybody's."""
    own = variants.get(account_id, {}).get("text")
    return text if own is None else str(own)


def pieces(text: str, platform: str) -> list[Piece]:
    """The text cut where the platform makes a link of it."""
    if platform != "bluesky":
        return [Piece(text)] if text else []
    found: list[Piece] = []
    place = 0
    for span in richtext.spans(text):
        if span.start > place:
            found.append(Piece(text[place : span.start]))
        found.append(Piece(text[span.start : span.end], span.kind))
        place = span.end
    if place < len(text):
        found.append(Piece(text[place:]))
    return found


def quick_times(now: datetime) -> list[Quick]:
    """Times that are often meant, seen from the wall-clock time `now`."""
    hour = (now + timedelta(hours=1)).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    evening, tomorrow = day.replace(hour=19), day + timedelta(days=1)
    found = [Quick("hour", _wall(hour))]
    if evening - now > timedelta(minutes=90):
        found.append(Quick("evening", _wall(evening)))
    found.append(Quick("morning", _wall(tomorrow.replace(hour=8))))
    found.append(Quick("tomorrow", _wall(tomorrow.replace(hour=19))))
    return found


def _wall(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
