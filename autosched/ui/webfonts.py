"""The fonts as pages load them: packed as WOFF, and those of the interface without what it never
shows. The fonts that set scripture keep every glyph and every rule of theirs."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from autosched import packages

# Latin with the marks of transliteration, punctuation, currency, arrows.
_LATIN = (
    *range(0x20, 0x17F),
    *range(0x1E00, 0x1EFF),
    *range(0x2B0, 0x370),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2190, 0x21FF),
    0x2122,
    0x2212,
    0x25CC,
)
_FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum"]
_INTERFACE = (
    "Inter-Regular",
    "Inter-Medium",
    "Inter-SemiBold",
    "CormorantGaramond-SemiBold",
)
_WHOLE = (
    "AmiriQuran-Regular",
    "NotoSansArabic-Regular",
    "NotoSansArabic-SemiBold",
    "NotoNastaliqUrdu-Regular",
    "NotoSerifBengali-Regular",
)


def lay_out(target: Path) -> None:
    """Write the fonts into `target`, each only when its source or this module has changed."""
    target.mkdir(parents=True, exist_ok=True)
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    for name in (*_INTERFACE, *_WHOLE):
        source = packages.fonts_dir() / f"{name}.ttf"
        stamp = f"{recipe} {source.stat().st_size}"
        made, note = target / f"{name}.woff", target / f"{name}.txt"
        if made.exists() and note.exists() and note.read_text() == stamp:
            continue
        part = target / f".{name}.{os.getpid()}"
        _pack(source, part, whole=name in _WHOLE)
        part.replace(made)
        note.write_text(stamp)
    _drop_others(target)


def _pack(source: Path, made: Path, *, whole: bool) -> None:
    # The time of the source stays: the same font gives the same bytes.
    font = TTFont(source, recalcTimestamp=False)
    if not whole:
        options = Options(layout_features=_FEATURES, name_IDs=[0, 1, 2, 13, 14])
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=_LATIN)
        subsetter.subset(font)
    font.flavor = "woff"
    font.save(made)


def _drop_others(target: Path) -> None:
    known = {f"{name}{end}" for name in (*_INTERFACE, *_WHOLE) for end in (".woff", ".txt")}
    for other in target.iterdir():
        if other.name not in known and not other.name.startswith("."):
            shutil.rmtree(other) if other.is_dir() else other.unlink()
