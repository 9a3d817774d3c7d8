"""Which kinds of post a draft can be on an account, by the files that it carries."""

from __future__ import annotations

from dataclasses import replace

from autosched.platforms import limits
from autosched.platforms.base import Draft, Platform, Shape

# What is against a kind of post for its files: no other choice of the person's mends it.
_OF_FILES = frozenset(
    {
        "audio",
        "document_too_large",
        "media_missing",
        "mixed",
        "too_many_documents",
        "too_many_images",
        "too_many_media",
        "too_many_videos",
        "video_too_long",
        "video_too_short",
    }
)


def fitting(platform: Platform, draft: Draft) -> tuple[Shape, ...]:
    """The kinds of post that take the draft's files, in the platform's own order."""
    return tuple(shape for shape in platform.shapes(draft.account) if _takes(shape, draft))


_ONLY_GIF = ("image/gif",)


def _takes(shape: Shape, draft: Draft) -> bool:
    rule = shape.limits.image
    pictures = (media.mime for media in draft.media if media.kind == "image")
    if (
        rule is not None
        and rule.mimes == _ONLY_GIF
        and any(each not in _ONLY_GIF for each in pictures)
    ):
        return False  # a moving picture can't be made of a still one
    asked = replace(draft, text="", options={})
    return all(problem.code not in _OF_FILES for problem in limits.problems(asked, shape, ""))
