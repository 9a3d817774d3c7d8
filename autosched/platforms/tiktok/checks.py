"""What TikTok takes: the kinds of post with their limits and options, and its own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autosched.platforms import counting, limits
from autosched.platforms.base import Draft, Problem
from autosched.platforms.limits import ImageRule, Limits, Option, Shape, VideoRule
from autosched.platforms.tiktok.creator import PRIVACY, Creator, against, audited

TITLE = "TikTok"
PHOTO_TITLE_MAX = 90
_SECONDS_MAX = 600.0

_BRANDED_PRIVATE = "A paid partnership can't be for “Only me”: choose who else can see the post."
_FINISH = "TikTok gets this as a draft: finish and post it in the app, from your TikTok inbox."

_IMAGES = ImageRule(
    mimes=("image/jpeg", "image/webp"),
    bytes_max=20_000_000,
    # All that is documented is “1080p”.
    width_max=1080,
    height_max=1920,
    either_way=True,
)
_DISCLOSURE = (
    Option(
        "disclose",
        "Discloses commercial content",
        "toggle",
        default=False,
        hint="Turn on if the post promotes yourself, a brand, a product or a service.",
    ),
    Option("your_brand", "Your own brand", "toggle", default=False, only_with="disclose"),
    Option(
        "paid_partnership",
        "Paid partnership with another brand",
        "toggle",
        default=False,
        only_with="disclose",
    ),
)
_COMMENTS = Option("allow_comments", "Allow comments", "toggle", default=False)


def _video_rule(seconds: float) -> VideoRule:
    return VideoRule(
        mimes=("video/mp4", "video/quicktime", "video/webm"),
        bytes_max=4_000_000_000,
        seconds_max=min(_SECONDS_MAX, seconds or _SECONDS_MAX),
        width_max=4096,
        height_max=4096,
        side_min=360,
        fps_min=23.0,
        fps_max=60.0,
        video_codecs=("h264", "hevc", "vp8", "vp9"),
        audio_codecs=("aac", "opus", "vorbis"),
    )


def _privacy(creator: Creator) -> Option:
    levels = creator.privacy if audited() else ("SELF_ONLY",)
    return Option(
        "privacy",
        "Who can see it",
        "choice",
        choices=tuple((name, title) for name, (level, title) in PRIVACY.items() if level in levels),
        required=True,
        hint="By posting you agree to TikTok's Music Usage Confirmation.",
    )


def shapes(account: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The kinds of post that the account allowed: what goes out directly, and drafts."""
    creator = Creator.of(account)
    granted = account.get("scopes")
    found: tuple[Shape, ...] = ()
    if not granted or "video.publish" in granted:
        found += (_video(creator), _photos(creator))
    if not granted or "video.upload" in granted:
        found += (_draft(),)
    return found or (_draft(),)


def _video(creator: Creator) -> Shape:
    return Shape(
        "video",
        "Video",
        Limits(
            text_max=2200,
            text_unit="utf16",
            videos_max=1,
            video=_video_rule(creator.seconds),
            media_min=1,
        ),
        (
            _privacy(creator),
            _COMMENTS,
            Option("allow_duet", "Allow duets", "toggle", default=False),
            Option("allow_stitch", "Allow stitches", "toggle", default=False),
            *_DISCLOSURE,
            Option("ai_generated", "Made with AI", "toggle", default=False),
            Option(
                "cover_at", "Cover frame", "number", hint="Seconds from the start of the video."
            ),
        ),
    )


def _photos(creator: Creator) -> Shape:
    return Shape(
        "photos",
        "Photos",
        Limits(text_max=4000, text_unit="utf16", images_max=35, image=_IMAGES, media_min=1),
        (
            _privacy(creator),
            Option("title", "Title", "text", text_max=PHOTO_TITLE_MAX),
            _COMMENTS,
            *_DISCLOSURE,
            Option("auto_music", "Let TikTok add music", "toggle", default=False),
            Option("cover_picture", "Cover picture", "number", hint="1 for the first.", default=1),
        ),
    )


def _draft() -> Shape:
    return Shape(
        "draft",
        "Draft in the TikTok inbox",
        Limits(
            text_max=2200,
            text_unit="utf16",
            images_max=35,
            image=_IMAGES,
            videos_max=1,
            video=_video_rule(0.0),
            media_min=1,
        ),
        (Option("title", "Title", "text", text_max=PHOTO_TITLE_MAX, hint="For pictures only."),),
    )


def shape(draft: Draft) -> Shape:
    """The kind that was chosen, else what goes with the media; a draft if all else is closed."""
    offered = {each.name: each for each in shapes(draft.account)}
    pictures = any(media.kind == "image" for media in draft.media)
    for name in (draft.options.get("shape"), "photos" if pictures else "video"):
        if name in offered:
            return offered[name]
    return offered.get("draft") or next(iter(offered.values()))


def check(draft: Draft) -> list[Problem]:
    """All that stands against the draft, as far as is known without asking TikTok."""
    kind = shape(draft)
    found = limits.problems(draft, kind, TITLE, counting.utf16_units)
    found += _of_permission(draft, kind)
    if kind.name == "draft":
        return [*found, *_of_handing_over(draft)]
    creator = Creator.of(draft.account)
    # The choice of privacy and the length of the video are told above.
    told = {"privacy_not_offered", "video_too_long"}
    found += [each for each in against(draft, kind.name, creator) if each.code not in told]
    if not audited() and draft.options.get("privacy") in PRIVACY:
        found = [each for each in found if each.code != "option_privacy"]
        found += _of_review(draft)
    return [*found, *_of_options(draft, kind)]


def _of_permission(draft: Draft, kind: Shape) -> Iterator[Problem]:
    wanted = draft.options.get("shape") or "video"
    if wanted in ("video", "photos") and kind.name == "draft":
        yield Problem(
            "by_hand",
            "This account has not allowed posting, only drafts: connect it again and allow it, "
            "choose a draft, or be reminded to post it yourself.",
            blocking=bool(draft.options.get("shape")),
        )
    if wanted == "draft" and kind.name != "draft":
        yield Problem(
            "by_hand",
            "This account has not allowed drafts: connect it again and allow them, or be reminded "
            "to post it yourself.",
        )


def _of_review(draft: Draft) -> Iterator[Problem]:
    if draft.options["privacy"] != "private":
        yield Problem(
            "by_hand",
            "TikTok has not reviewed this installation's app, so posts can go out for “Only me” "
            "alone: choose that or a draft, or be reminded to post it yourself. (Once it is "
            "reviewed, set AUTOSCHED_TIKTOK_AUDITED=1.)",
        )


def _of_handing_over(draft: Draft) -> Iterator[Problem]:
    yield Problem("handed_over", _FINISH, blocking=False)
    if draft.text.strip() and any(media.kind == "video" for media in draft.media):
        yield Problem(
            "text_left_out",
            "TikTok takes no text with a video draft: write it in the app when you finish it.",
            blocking=False,
        )


def _of_options(draft: Draft, kind: Shape) -> Iterator[Problem]:
    options = draft.options
    brands = options.get("your_brand"), options.get("paid_partnership")
    if options.get("disclose") and not any(brands):
        yield Problem(
            "disclosure_open",
            "Say whether the post promotes your own brand, another one, or both.",
        )
    if options.get("disclose") and brands[1] and options.get("privacy") == "private":
        yield Problem("branded_private", _BRANDED_PRIVATE)
    if kind.name == "photos":
        yield from _of_pictures(draft)
        return
    at = number(options.get("cover_at"))
    duration = next((media.duration for media in draft.media if media.duration is not None), None)
    if at is not None and (at < 0 or (duration is not None and at > duration)):
        yield Problem("cover_at", "The cover frame must lie within the video.")


def _of_pictures(draft: Draft) -> Iterator[Problem]:
    if counting.utf16_units(str(draft.options.get("title") or "")) > PHOTO_TITLE_MAX:
        yield Problem("option_title", f"{TITLE} takes {PHOTO_TITLE_MAX} characters of title.")
    cover = number(draft.options.get("cover_picture"))
    if cover is not None and draft.media and not 1 <= cover <= len(draft.media):
        yield Problem("cover_picture", f"The cover is one of the {len(draft.media)} pictures.")


def number(value: Any) -> float | None:
    """What a person typed for a number, or nothing."""
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None
