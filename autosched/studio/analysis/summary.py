"""A report in a dozen lines for a terminal; what was not measured is not said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from statistics import median

from autosched.studio.analysis.report import Grade, Music, Report, Text


def summary(report: Report) -> list[str]:
    """The lines, each a name and what was found."""
    video = report.video
    size = f"{video.width} × {video.height}"
    found = [("Picture", size)] if video.duration is None else _moving(report, size)
    if video.duration is None and report.shots:
        found += _some("Scale", _words(report.shots[0].scale))
    found += _look(report.grade)
    found += _texts(report.texts)
    if report.music is not None:
        found += _sound(report.music)
    elif video.duration is not None:
        found.append(("Sound", "none" if not video.has_audio else "not measured"))
    width = max(len(name) for name, _ in found)
    return [f"{name:<{width}}  {value}" for name, value in found]


def _moving(report: Report, size: str) -> list[tuple[str, str]]:
    video, shots = report.video, report.shots
    found = [("Video", f"{size}, {video.fps:.4g} fps, {_length(video.duration or 0.0)}")]
    lengths = [shot.end - shot.start for shot in shots]
    span = f", usually {median(lengths):.1f} s ({min(lengths):.1f} to {max(lengths):.1f})"
    found.append(("Shots", f"{len(shots)}{span if len(shots) > 1 else ''}"))
    found.append(("Transitions", _counted(each.kind for each in report.transitions) or "none"))
    found += _some("Scale", _counted(shot.scale for shot in shots))
    found += _some("Camera", _counted(shot.camera for shot in shots))
    return found


def _look(look: Grade) -> list[tuple[str, str]]:
    parts = [
        f"{name} {value:{form}}"
        for name, value, form in (
            ("temperature", look.temperature, "+.2f"),
            ("tint", look.tint, "+.2f"),
            ("contrast", look.contrast, ".2f"),
            ("saturation", look.saturation, ".2f"),
            ("black", look.black, ".2f"),
            ("white", look.white, ".2f"),
        )
        if value is not None
    ]
    lut = "found: keep it with --lut FILE" if look.lut else ""
    return [
        *_some("Palette", " ".join(look.palette)),
        *_some("Grade", ", ".join(parts)),
        *_some("LUT", lut),
    ]


def _texts(texts: tuple[Text, ...]) -> list[tuple[str, str]]:
    if not texts:
        return [("Texts", "none found")]
    scripts = _counted(each.script for each in texts)
    return [
        ("Texts", f"{len(texts)}{f' ({scripts})' if scripts else ''}"),
        *_some("  entering", _counted(each.enter for each in texts)),
        *_some("  leaving", _counted(each.exit for each in texts)),
    ]


def _sound(music: Music) -> list[tuple[str, str]]:
    heard = [
        name
        for name, is_there in (
            ("speech", music.speech),
            ("recitation", music.recitation),
            ("instruments", music.instruments),
        )
        if is_there
    ]
    parts = [
        f"{music.tempo:.0f} BPM" if music.tempo else "",
        f"{music.key} {music.mode or ''}".strip() if music.key else "",
        f"{music.loudness_lufs:.1f} LUFS" if music.loudness_lufs is not None else "",
        *heard,
    ]
    on_beats = "" if music.cuts_on_beats is None else f"{music.cuts_on_beats:.0%} of the cuts"
    return [
        *_some("Sound", ", ".join(part for part in parts if part)),
        *_some("Mood", music.mood.label if music.mood else ""),
        *_some("On the beat", on_beats),
    ]


def _some(name: str, value: str) -> list[tuple[str, str]]:
    return [(name, value)] if value else []


def _counted(values: Iterable[str | None]) -> str:
    """The most frequent first: “cut 7, dissolve 2”."""
    counts = Counter(value for value in values if value)
    return ", ".join(f"{_words(value)} {count}" for value, count in counts.most_common())


def _words(code: str | None) -> str:
    return (code or "").replace("_", " ")


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
