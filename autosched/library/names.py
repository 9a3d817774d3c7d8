"""File names from outside, made safe to show. They are never used as paths."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

NAME_MAX = 120
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}")
# Joiners are letters' shapes in Persian and Urdu; every other invisible character goes.
_JOINERS = "\u200c\u200d"
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def safe_name(raw: str) -> str:
    """The name without folders, control and direction characters, of at most `NAME_MAX`.

    What stands behind the last dot is kept when a long name is cut. Nothing left: "Untitled".
    """
    last = re.split(r"[/\\]", raw)[-1]
    visible = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", last)
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
    )
    name = " ".join(visible.split()).strip(" .")
    if not name.strip(_JOINERS):
        return "Untitled"
    if len(name) > NAME_MAX:
        extension = PurePosixPath(name).suffix
        extension = extension if _EXTENSION.fullmatch(extension) else ""
        name = name[: NAME_MAX - len(extension)].rstrip(" .") + extension
    return name


def download_name(name: str, suffix: str) -> str:
    """The name with which a file is saved: its suffix is that of the content."""
    known = {".jpg": {".jpg", ".jpeg"}, ".mp4": {".mp4", ".m4v"}, ".ogg": {".ogg", ".oga"}}
    fits = known.get(suffix, {suffix})
    return name if PurePosixPath(name).suffix.lower() in fits else f"{name}{suffix}"
