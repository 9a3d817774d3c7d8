"""The figures of a report as a page lists them: a name, a value or a word, and how sure it is.

What could not be measured has neither a value nor a word; the page says so, and never shows nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from autosched.studio.analysis.report import Grade, Mood, Music, Report, Shot, Text, Tone

_TONES = ("dark", "middle", "bright")


@dataclass(frozen=True)
class Figure:
    """`value` as it is written, or `word` as a code; `share` (0 to 1) draws a meter, below nought
    none; `centred`: the meter's nought is its middle. `sure` in per cent, -1 if it is not told.
    """

    name: str
    value: str = ""
    word: str = ""
    share: float = -1.0
    centred: bool = False
    colour: str = ""
    sure: int = -1


@dataclass(frozen=True)
class Swatch:
    """A colour of the palette and its weight in per cent."""

    colour: str
    weight: float


@dataclass(frozen=True)
class Share:
    """How often something of a kind occurs."""

    kind: str
    count: int
    percent: float


@dataclass(frozen=True)
class Motion:
    """A way in which texts move: how many come by it and how many go by it, shares in per cent."""

    kind: str
    coming: int
    going: int
    coming_share: float
    going_share: float


@dataclass(frozen=True)
class Found:
    """Everything that stands below the timeline."""

    width: int = 0
    height: int = 0
    fps: str = ""
    seconds: float = 0.0
    has_sound: bool = False
    palette: list[Swatch] = field(default_factory=list)
    grade: list[Figure] = field(default_factory=list)
    has_lut: bool = False
    rhythm: list[Figure] = field(default_factory=list)
    kinds: list[Share] = field(default_factory=list)
    texts: list[Figure] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)
    sound: list[Figure] = field(default_factory=list)
    mood: str = ""
    mood_left: str = ""
    mood_top: str = ""


def found(report: Report) -> Found:
    """The figures of a report."""
    video, music = report.video, report.music
    mood = music.mood if music else None
    return Found(
        width=video.width,
        height=video.height,
        fps=f"{video.fps:.4g}" if video.fps else "",
        seconds=video.duration or 0.0,
        has_sound=music is not None,
        palette=palette(report.grade),
        grade=grade(report.grade),
        has_lut=bool(report.grade.lut),
        rhythm=rhythm(report) if video.duration else [],
        kinds=shares([each.kind for each in report.transitions]),
        texts=texts(report.texts),
        motions=motions(report.texts),
        sound=sound(music) if music else [],
        mood=mood.label if mood else "",
        **_place(mood),
    )


def palette(look: Grade) -> list[Swatch]:
    """The colours with their weights; without weights all are alike."""
    weights = look.weights or (1.0,) * len(look.palette)
    total = sum(weights) or 1.0
    pairs = zip(look.palette, weights, strict=False)
    return [Swatch(colour, round(100 * weight / total, 1)) for colour, weight in pairs]


def grade(look: Grade) -> list[Figure]:
    """Temperature to split toning."""
    sure = look.confidence
    rows = [
        _signed("temperature", look.temperature, sure),
        _signed("tint", look.tint, sure),
        _plain("contrast", look.contrast, sure, most=2.0),
        _plain("saturation", look.saturation, sure),
        _plain("black", look.black, sure),
        _plain("white", look.white, sure),
        _toned("shadows", look.shadows, sure),
        _toned("highlights", look.highlights, sure),
    ]
    by_tone = look.saturation_by_tone or (None, None, None)
    rows += [
        _plain(f"saturation_{tone}", value, {}) for tone, value in zip(_TONES, by_tone, strict=True)
    ]
    return rows


def rhythm(report: Report) -> list[Figure]:
    """How many shots, how long, and whether they are cut on the beat."""
    lengths = [shot.end - shot.start for shot in report.shots]
    on_beats = report.music.cuts_on_beats if report.music else None
    return [
        Figure("shots", str(len(lengths))),
        Figure("shot_length", _seconds(median(lengths)) if lengths else ""),
        Figure("shortest", _seconds(min(lengths)) if lengths else ""),
        Figure("longest", _seconds(max(lengths)) if lengths else ""),
        _plain("cuts_on_beats", on_beats, report.music.confidence if report.music else {}),
    ]


def texts(found: Sequence[Text]) -> list[Figure]:
    """What the texts have in common."""
    if not found:
        return []
    scripts = Counter(each.script for each in found if each.script)
    aligns = Counter(each.align for each in found if each.align)
    sizes = [each.size for each in found if each.size is not None]
    colours = Counter(each.colour for each in found if each.colour)
    return [
        Figure("texts", str(len(found))),
        Figure("script", word=scripts.most_common(1)[0][0] if scripts else ""),
        Figure("size", f"{100 * median(sizes):.1f} %" if sizes else ""),
        Figure("align", word=f"align_{aligns.most_common(1)[0][0]}" if aligns else ""),
        Figure(
            "colour",
            colours.most_common(1)[0][0] if colours else "",
            colour=colours.most_common(1)[0][0] if colours else "",
        ),
        Figure("on_screen", _seconds(median(each.end - each.start for each in found))),
    ]


def motions(found: Sequence[Text]) -> list[Motion]:
    """The motions of texts, the most frequent first."""
    coming = Counter(each.enter for each in found if each.enter)
    going = Counter(each.exit for each in found if each.exit)
    most = max([*coming.values(), *going.values()], default=1)
    return [
        Motion(
            kind,
            coming[kind],
            going[kind],
            round(100 * coming[kind] / most, 1),
            round(100 * going[kind] / most, 1),
        )
        for kind, _ in (coming + going).most_common()
    ]


def sound(music: Music) -> list[Figure]:
    """Tempo to energy."""
    sure = music.confidence
    key = f"{music.key} {music.mode or ''}".strip() if music.key else ""
    loud = music.loudness_lufs
    return [
        Figure("tempo", f"{music.tempo:.1f} BPM" if music.tempo else "", sure=_sure(sure, "tempo")),
        Figure("key", key, sure=_sure(sure, "key")),
        Figure("loudness", f"{loud:.1f} LUFS" if loud is not None else ""),
        _yes("speech", music.speech, sure),
        _yes("recitation", music.recitation, sure),
        _yes("instruments", music.instruments, sure),
        _plain("energy", music.energy, sure),
    ]


def shot(one: Shot) -> list[Figure]:
    """One shot: how it is framed, and what the camera does."""
    sure, made = one.confidence, one.composition
    unit = "×/s" if one.camera == "zoom" else "frames/s"
    speed = "" if one.camera_speed is None else f"{one.camera_speed:.2f} {unit}"
    moving = one.camera not in (None, "static")
    return [
        Figure("scale", word=one.scale or "", sure=_sure(sure, "scale")),
        Figure("camera", word=one.camera or "", sure=_sure(sure, "camera")),
        *([Figure("camera_direction", word=one.camera_direction or "")] if moving else []),
        *([Figure("camera_speed", speed)] if moving else []),
        _plain("thirds", made.thirds, sure),
        _plain("symmetry", made.symmetry, sure),
        _plain("centre", made.centre, sure),
        _plain("negative_space", made.negative_space, sure),
        _plain("horizon", made.horizon, sure),
    ]


def shares(kinds: Sequence[str]) -> list[Share]:
    """How often each kind occurs, the most frequent first."""
    total = len(kinds) or 1
    return [
        Share(kind, count, round(100 * count / total, 1))
        for kind, count in Counter(kinds).most_common()
    ]


def _sure(confidence: Mapping[str, float], name: str) -> int:
    return round(100 * confidence[name]) if name in confidence else -1


def _plain(name: str, value: float | None, sure: Mapping[str, float], most: float = 1.0) -> Figure:
    if value is None:
        return Figure(name)
    share = min(1.0, max(0.0, value / most))
    return Figure(name, f"{value:.2f}", share=share, sure=_sure(sure, name))


def _signed(name: str, value: float | None, sure: Mapping[str, float]) -> Figure:
    if value is None:
        return Figure(name)
    share = min(1.0, max(0.0, (value + 1) / 2))
    return Figure(name, f"{value:+.2f}", share=share, centred=True, sure=_sure(sure, name))


def _toned(name: str, tone: Tone | None, sure: Mapping[str, float]) -> Figure:
    if tone is None:
        return Figure(name)
    return Figure(name, f"{tone.strength:.2f}", colour=tone.colour, sure=_sure(sure, name))


def _yes(name: str, value: bool | None, sure: Mapping[str, float]) -> Figure:
    word = "" if value is None else "yes" if value else "no"
    return Figure(name, word=word, sure=_sure(sure, name))


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def _place(mood: Mood | None) -> dict[str, str]:
    if mood is None:
        return {}
    return {
        "mood_left": f"{50 + 50 * mood.valence:.0f}%",
        "mood_top": f"{50 - 50 * mood.arousal:.0f}%",
    }
