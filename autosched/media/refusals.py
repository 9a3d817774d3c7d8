"""Why a file is refused: the sentences that a person reads, and their codes."""

from __future__ import annotations

from autosched.errors import InvalidError


def empty() -> InvalidError:
    """No byte in it."""
    return InvalidError("This file is empty.", remedy="Choose another file.", code="empty")


def cut_off() -> InvalidError:
    """The refusal of a file that ends too early."""
    return InvalidError(
        "This file is cut off: its end is missing.",
        remedy="Copy or export it once more, then upload it again.",
        code="cut_off",
    )


def hostile(sentence: str) -> InvalidError:
    """The refusal of a file that no camera or editor makes."""
    return InvalidError(
        sentence,
        remedy="Export it anew with an ordinary program, then upload it again.",
        code="hostile",
    )


def not_media() -> InvalidError:
    """Nothing that is taken, by its content."""
    return InvalidError(
        "This is not a video, picture or sound that can be used here.",
        remedy="Choose MP4, MOV, WebM, MKV or AVI; JPEG, PNG, WebP, GIF, AVIF or HEIC; or MP3, "
        "M4A, AAC, WAV, FLAC, Ogg or Opus.",
        code="not_media",
    )


def damaged() -> InvalidError:
    """What it claims to be, but it can't be decoded."""
    return InvalidError(
        "This file is damaged: what is in it can't be read.",
        remedy="Copy or export it once more, then upload it again.",
        code="damaged",
    )


def unsupported(what: str) -> InvalidError:
    """A container that is taken, with something in it that is not."""
    return InvalidError(
        f"This file holds {what}, which can't be used here.",
        remedy="Export it as MP4 (H.264 and AAC), then upload that.",
        code="unsupported",
    )


def check_size(width: int, height: int, side: int, pixels: int) -> None:
    """`InvalidError` (`hostile`) if the picture claims to be larger than any real one."""
    if width < 1 or height < 1:
        raise damaged()
    if max(width, height) > side or width * height > pixels:
        raise hostile(f"This picture claims to be {width} × {height} pixels, far too many.")
