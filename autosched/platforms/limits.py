"""What a platform takes, as data, and the one place where a draft is held against it.

Every number of a platform stands in its own table; what is the same for all (too long, too many,
too large) is asked and worded here. What can be made to fit is not a problem: pictures and videos
are converted before they go out (`media.fitting`), so only what no conversion mends is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autosched.platforms import counting

if TYPE_CHECKING:
    from autosched.platforms.base import Draft, Media, Problem


@dataclass(frozen=True)
class ImageRule:
    """The pictures that are taken. Sizes in bytes and pixels, ratio as width through height.

    0 stands for no bound. The first of `mimes` is what others are converted to. `either_way`: the
    largest width and height may change places (1280 x 1024 takes 1024 x 1280 too).
    """

    mimes: tuple[str, ...]
    bytes_max: int
    width_min: int = 0
    width_max: int = 0
    height_max: int = 0
    pixels_max: int = 0
    ratio_min: float = 0.0
    ratio_max: float = 0.0
    alt_max: int = 0
    either_way: bool = False


@dataclass(frozen=True)
class VideoRule:
    """The videos that are taken. Durations in seconds, sides in pixels; 0 stands for no bound.

    `either_way`: the largest width and height may change places. `edit_lists` false: no MP4 is
    taken that has edit lists, fragments, or its index (moov) behind the content. `bits_max`: bits
    a second of the whole file. `channels_max` and `hertz_max` are of the sound.
    """

    mimes: tuple[str, ...]
    bytes_max: int
    seconds_min: float = 0.0
    seconds_max: float = 0.0
    width_max: int = 0
    height_max: int = 0
    side_min: int = 0
    ratio_min: float = 0.0
    ratio_max: float = 0.0
    fps_min: float = 0.0
    fps_max: float = 0.0
    video_codecs: tuple[str, ...] = ("h264",)
    audio_codecs: tuple[str, ...] = ("aac",)
    alt_max: int = 0
    either_way: bool = False
    edit_lists: bool = True
    bits_max: int = 0
    channels_max: int = 0
    hertz_max: int = 0
    pixels_max: int = 0


@dataclass(frozen=True)
class Limits:
    """What one kind of post takes. `text_unit` names the counting rule (`counting.UNITS`).

    `media_min`: files that must be there. `mixed`: pictures and videos in one post. `sound`: an
    audio file by itself.
    """

    text_max: int
    text_unit: str
    text_bytes_max: int | None = None
    images_max: int = 0
    image: ImageRule | None = None
    videos_max: int = 0
    video: VideoRule | None = None
    documents_max: int = 0
    document_bytes_max: int = 0
    media_min: int = 0
    media_max: int = 0
    mixed: bool = False
    sound: bool = False


@dataclass(frozen=True)
class Option:
    """Something a person may choose for one post on one account.

    `kind`: `choice` (of `choices`, value and title), `toggle`, `text`, `long_text`, `tags`,
    `number`, `texts` (a list of long texts: a thread). `required`: there is no default; the person
    must choose. `only_with` names a toggle without which it is not shown.
    """

    name: str
    title: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = None
    required: bool = False
    text_max: int = 0
    hint: str = ""
    only_with: str = ""


@dataclass(frozen=True)
class Shape:
    """A kind of post that the platform knows: a feed post, a reel, a story, a thread."""

    name: str
    title: str
    limits: Limits
    options: tuple[Option, ...] = ()


def problems(
    draft: Draft, shape: Shape, title: str, count: Callable[[str], int] | None = None
) -> list[Problem]:
    """What stands against the draft as a post of this shape on the platform called `title`."""
    return [
        *_of_text(draft, shape.limits, title, count),
        *_of_media(draft, shape.limits, title),
        *_of_options(draft, shape, title),
    ]


def _of_text(
    draft: Draft, limits: Limits, title: str, count: Callable[[str], int] | None
) -> Iterator[Problem]:
    from autosched.platforms.base import Problem

    if not draft.text.strip() and not draft.media:
        yield Problem("empty", "There is nothing to post yet: write something or add media.")
    length = (count or counting.UNITS[limits.text_unit])(draft.text)
    if length > limits.text_max:
        yield Problem(
            "text_too_long",
            f"{title} takes {limits.text_max:,} characters; this text has {length:,}.",
        )
    size = counting.utf8_bytes(draft.text)
    if limits.text_bytes_max is not None and size > limits.text_bytes_max:
        yield Problem(
            "text_too_heavy",
            f"{title} takes {limits.text_bytes_max:,} bytes of text; these characters need "
            f"{size:,}.",
        )


def _of_media(draft: Draft, limits: Limits, title: str) -> Iterator[Problem]:
    from autosched.platforms.base import Problem

    kinds = [media.kind for media in draft.media]
    images, videos = kinds.count("image"), kinds.count("video")
    documents = kinds.count("document")
    if "audio" in kinds and not limits.sound:
        yield Problem("audio", f"{title} takes no sound by itself: make a video of it.")
    if images > limits.images_max:
        yield Problem("too_many_images", _most(title, limits.images_max, "picture"))
    if videos > limits.videos_max:
        yield Problem("too_many_videos", _most(title, limits.videos_max, "video"))
    if documents > limits.documents_max:
        yield Problem("too_many_documents", _most(title, limits.documents_max, "document"))
    if limits.media_max and len(kinds) > limits.media_max:
        yield Problem("too_many_media", f"{title} takes {limits.media_max} files in a post.")
    if not limits.mixed and images and videos:
        yield Problem("mixed", f"{title} takes pictures or a video in a post, not both.")
    if len(kinds) < limits.media_min:
        yield Problem("media_missing", _least(title, limits))
    for media in draft.media:
        if media.kind == "image" and limits.image is not None:
            yield from _of_alt(media, limits.image.alt_max, title)
        if media.kind == "video" and limits.video is not None:
            yield from _of_video(media, limits.video, title)
            yield from _of_alt(media, limits.video.alt_max, title)
        if media.kind == "document" and 0 < limits.document_bytes_max < media.size:
            most = limits.document_bytes_max // 1_000_000
            yield Problem("document_too_large", f"{title} takes documents of {most} MB.")


def _of_video(media: Media, rule: VideoRule, title: str) -> Iterator[Problem]:
    """Length is not mended by a conversion; all else is."""
    from autosched.platforms.base import Problem

    if media.duration is None:
        return
    if rule.seconds_max and media.duration > rule.seconds_max + 0.05:
        yield Problem(
            "video_too_long",
            f"{title} takes videos of {spoken(rule.seconds_max)}; this one has "
            f"{spoken(media.duration)}.",
        )
    if media.duration < rule.seconds_min - 0.05:
        yield Problem(
            "video_too_short",
            f"{title} takes videos from {spoken(rule.seconds_min)}; this one has "
            f"{spoken(media.duration)}.",
        )


def _of_alt(media: Media, most: int, title: str) -> Iterator[Problem]:
    """`most` 0: the platform has no place for a description, so none is missing."""
    from autosched.platforms.base import Problem

    if most and not media.alt.strip():
        yield Problem(
            "alt_missing",
            "Describe the picture or video, so that people who can't see it know it too.",
            blocking=False,
        )
    if most and counting.graphemes(media.alt) > most:
        yield Problem("alt_too_long", f"{title} takes {most:,} characters of description.")


def _of_options(draft: Draft, shape: Shape, title: str) -> Iterator[Problem]:
    from autosched.platforms.base import Problem

    for option in shape.options:
        value = draft.options.get(option.name, option.default)
        if option.only_with and not draft.options.get(option.only_with):
            continue
        if option.required and value in (None, ""):
            yield Problem(
                f"option_{option.name}", f"{title} needs a choice: {option.title.lower()}."
            )
        elif value not in (None, "") and option.choices:
            if value not in {name for name, _ in option.choices}:
                told = ", ".join(name for _, name in option.choices)
                yield Problem(
                    f"option_{option.name}", f"{title} offers for “{option.title}” only: {told}."
                )
        elif option.text_max and isinstance(value, str) and len(value) > option.text_max:
            yield Problem(
                f"option_{option.name}",
                f"{title} takes {option.text_max:,} characters for “{option.title}”; "
                f"there are {len(value):,}.",
            )


def spoken(seconds: float) -> str:
    """A length of time as a person says it."""
    if seconds < 120:
        return f"{seconds:.1f} seconds" if seconds % 1 else f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.1f} minutes".replace(".0 ", " ")
    return f"{seconds / 3600:.1f} hours".replace(".0 ", " ")


def _most(title: str, most: int, what: str) -> str:
    if most == 0:
        return f"{title} takes no {what} in such a post."
    return f"{title} takes {most} {what}{'' if most == 1 else 's'} in a post."


def _least(title: str, limits: Limits) -> str:
    if limits.images_max and limits.videos_max:
        what = "a picture or a video"
    else:
        what = "a video" if limits.videos_max else "a picture"
    if limits.media_min > 1:
        return f"{title} needs at least {limits.media_min} files for such a post."
    return f"{title} takes no such post without {what}."
