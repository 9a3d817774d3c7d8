"""What X takes: its kinds of post with their limits and choices, its own rules, its prices."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from autosched.platforms import counting, limits
from autosched.platforms.base import Cost, Draft, Problem, Shape
from autosched.platforms.limits import ImageRule, Limits, Option, VideoRule
from autosched.platforms.links import links
from autosched.platforms.parts import texts
from autosched.platforms.x.errors import TITLE

TEXT_MAX = 280
PARTS_MAX = 25
CASHTAGS_MAX = 1
EVERYONE = "everyone"

# US dollars.
PRICE_POST = 0.015
PRICE_POST_WITH_LINK = 0.200
PRICE_ALT_TEXT = 0.005

_ALT_MAX = 1000
_OPTIONS = (
    Option("thread", "Thread", "texts", hint="Each text answers the one before it"),
    Option(
        "reply_settings",
        "Who may reply",
        "choice",
        choices=(
            (EVERYONE, "Everyone"),
            ("following", "People you follow"),
            ("mentionedUsers", "People you mention"),
            ("subscribers", "Your subscribers"),
            ("verified", "Verified accounts"),
        ),
        default=EVERYONE,
    ),
    Option(
        "made_with_ai",
        "Made with AI",
        "toggle",
        default=False,
        hint="X asks for this where media were made or changed by AI",
    ),
    Option(
        "paid_partnership",
        "Paid partnership",
        "toggle",
        default=False,
        hint="X marks the post as advertising",
    ),
)
SHAPES = (
    Shape(
        "post",
        "Post",
        Limits(
            text_max=TEXT_MAX,
            text_unit="weighted",
            images_max=4,
            image=ImageRule(
                mimes=("image/jpeg", "image/png", "image/webp"),
                bytes_max=5_000_000,
                alt_max=_ALT_MAX,
            ),
            videos_max=1,
            video=VideoRule(
                mimes=("video/mp4", "video/quicktime"),
                bytes_max=512_000_000,
                seconds_min=0.5,
                seconds_max=140.0,
                width_max=1280,
                height_max=1024,
                either_way=True,
                side_min=32,
                ratio_min=1 / 3,
                ratio_max=3.0,
                fps_max=60.0,
                channels_max=2,
            ),
        ),
        _OPTIONS,
    ),
    Shape(
        "gif",
        "GIF",
        Limits(
            text_max=TEXT_MAX,
            text_unit="weighted",
            images_max=1,
            image=ImageRule(
                mimes=("image/gif",),
                bytes_max=15_000_000,
                width_max=1280,
                height_max=1080,
                alt_max=_ALT_MAX,
            ),
            media_min=1,
        ),
        _OPTIONS,
    ),
)
_GIF = "image/gif"
_MARKS = regex.escape("!'#%&()*+,\\-./:;<=>?@[]^_{|}~$")
_CASHTAG = regex.compile(rf"(?<=^|\s)\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?(?=$|\s|[{_MARKS}])")


def shape(draft: Draft) -> Shape:
    """The one chosen; a GIF by itself stays a GIF, among pictures it becomes one of them."""
    chosen = draft.options.get("shape")
    alone = len(draft.media) == 1 and draft.media[0].mime == _GIF
    wanted = chosen or ("gif" if alone else "post")
    return next((each for each in SHAPES if each.name == wanted), SHAPES[0])


def problems(draft: Draft) -> list[Problem]:
    """What stands against the draft."""
    return [
        *limits.problems(draft, shape(draft), TITLE, counting.weighted),
        *_of_thread(texts(draft)),
        *_of_cashtags(texts(draft)),
    ]


def _of_thread(said: list[str]) -> Iterator[Problem]:
    if len(said) > PARTS_MAX:
        yield Problem("thread_too_long", f"A thread has {PARTS_MAX} parts at most.")
    for number, text in enumerate(said[1:], start=2):
        if (length := counting.weighted(text)) > TEXT_MAX:
            yield Problem(
                "thread_text_too_long",
                f"{TITLE} takes {TEXT_MAX} characters; part {number} of the thread has {length:,}.",
            )
    bare = [text.strip() for text in said if text.strip()]
    if len(set(bare)) < len(bare):
        yield Problem(
            "thread_repeats", f"Two parts of the thread say the same, which {TITLE} refuses."
        )


def _of_cashtags(said: list[str]) -> Iterator[Problem]:
    if any(len(_CASHTAG.findall(text)) > CASHTAGS_MAX for text in said):
        yield Problem("cashtags", f"{TITLE} lets an app post one cashtag ($NAME) at most.")


def cost(draft: Draft) -> Cost:
    """What X charges for the post with its thread and its descriptions."""
    said = texts(draft)
    linked = sum(1 for text in said if links(text))
    described = sum(1 for media in draft.media if media.kind == "image" and media.alt.strip())
    dollars = (
        linked * PRICE_POST_WITH_LINK
        + (len(said) - linked) * PRICE_POST
        + described * PRICE_ALT_TEXT
    )
    told = [
        _priced(len(said) - linked, "post", PRICE_POST),
        _priced(linked, "post with a link", PRICE_POST_WITH_LINK),
        _priced(described, "description", PRICE_ALT_TEXT),
    ]
    return Cost(round(dollars, 3), f"{TITLE} charges for " + ", ".join(filter(None, told)) + ".")


def _priced(count: int, what: str, price: float) -> str:
    if count == 0:
        return ""
    one, _, rest = what.partition(" ")
    plural = f"{one}s {rest}".strip()
    return f"{count} {what if count == 1 else plural} (${price:.3f} each)"
