"""What a Mastodon server takes: by the limits that it told when the account was connected."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from autosched.platforms import counting, limits
from autosched.platforms.base import Draft, Problem, Shape
from autosched.platforms.limits import ImageRule, Limits, Option, VideoRule
from autosched.platforms.mastodon.errors import TITLE
from autosched.platforms.mastodon.instance import Instance, of
from autosched.platforms.parts import texts

PARTS_MAX = 50
_GIF = "image/gif"
_STILLS = ("image/jpeg", "image/png", "image/webp")
_FILMS = ("video/mp4", "video/quicktime", "video/webm")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VISIBILITY = (
    ("public", "Public"),
    ("unlisted", "Quiet public"),
    ("private", "Followers"),
    ("direct", "Mentioned people only"),
)


def shapes(account: Mapping[str, Any]) -> tuple[Shape, ...]:
    """A post and a GIF, within the limits of this account's server."""
    server = of(account)
    stills = tuple(mime for mime in _STILLS if mime in server.mimes)
    films = tuple(mime for mime in _FILMS if mime in server.mimes)
    sounds = any(mime.startswith("audio/") for mime in server.mimes)
    side = math.isqrt(server.video_pixels)
    options = _options(account)
    post = Limits(
        text_max=server.characters,
        text_unit="mastodon",
        images_max=server.attachments if stills else 0,
        image=_images(server, stills) if stills else None,
        videos_max=1 if films else 0,
        video=VideoRule(
            mimes=films,
            bytes_max=server.video_bytes,
            width_max=side,
            height_max=side,
            pixels_max=server.video_pixels,
            fps_max=float(server.video_rate),
            alt_max=server.description,
        )
        if films
        else None,
        media_max=server.attachments,
        sound=sounds,
    )
    if _GIF not in server.mimes:
        return (Shape("post", "Post", post, options),)
    moving = Limits(
        text_max=server.characters,
        text_unit="mastodon",
        images_max=1,
        image=_images(server, (_GIF,)),
        media_min=1,
    )
    return Shape("post", "Post", post, options), Shape("gif", "GIF", moving, options)


def _images(server: Instance, mimes: tuple[str, ...]) -> ImageRule:
    return ImageRule(
        mimes=mimes,
        bytes_max=server.image_bytes,
        pixels_max=server.image_pixels,
        alt_max=server.description,
    )


def _options(account: Mapping[str, Any]) -> tuple[Option, ...]:
    return (
        Option("thread", "Thread", "texts", hint="Each text answers the one before it"),
        Option(
            "visibility",
            "Who sees it",
            "choice",
            choices=_VISIBILITY,
            default=account.get("visibility") or "public",
        ),
        Option(
            "spoiler_text",
            "Content warning",
            "text",
            hint="Stands before the post, which opens with a click; it counts as text",
        ),
        Option("sensitive", "Hide the media behind a warning", "toggle", default=False),
        Option("language", "Language", "text", hint="Two letters, such as en or ar"),
    )


def shape(draft: Draft) -> Shape:
    """The one chosen; a GIF by itself stays a GIF, among pictures it becomes one of them."""
    offered = {each.name: each for each in shapes(draft.account)}
    alone = len(draft.media) == 1 and draft.media[0].mime == _GIF
    wanted = draft.options.get("shape") or ("gif" if alone else "post")
    return offered.get(wanted, offered["post"])


def problems(draft: Draft) -> list[Problem]:
    """What stands against the draft."""
    server, warning = of(draft.account), str(draft.options.get("spoiler_text") or "")

    def count(text: str) -> int:
        return counting.graphemes(warning) + counting.mastodon(text, server.per_link)

    return [
        *limits.problems(draft, shape(draft), TITLE, count),
        *_of_sound(draft),
        *_of_language(draft),
        *(
            Problem(
                "thread_text_too_long",
                f"This server takes {server.characters:,} characters; part {number} of the thread "
                f"has {count(text):,}.",
            )
            for number, text in enumerate(texts(draft)[1:], start=2)
            if count(text) > server.characters
        ),
        *(
            [Problem("thread_too_long", f"A thread has {PARTS_MAX} parts at most.")]
            if len(texts(draft)) > PARTS_MAX
            else []
        ),
    ]


def _of_sound(draft: Draft) -> Iterator[Problem]:
    kinds = [media.kind for media in draft.media]
    if "audio" in kinds and len(kinds) > 1:
        yield Problem("sound_alone", f"{TITLE} takes one sound in a post, and nothing beside it.")


def _of_language(draft: Draft) -> Iterator[Problem]:
    language = draft.options.get("language")
    if language and not _LANGUAGE.fullmatch(str(language)):
        yield Problem(
            "option_language", "The language is written as its code: en, ar, id, zh-Hant."
        )
