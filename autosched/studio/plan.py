"""From a spec to a render plan: pages, their times, the shots behind them.

Pure but for looking at the media that the spec names and the length of its recitation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import av

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import framing, paging, timeline
from autosched.studio.frame import FRAMES, Format, Frame, sized
from autosched.studio.layout import Design, Placed, place
from autosched.studio.paging import Page, Style
from autosched.studio.spec import LONGEST_SECONDS, ArtMedia, Scene, Spec, too_long
from autosched.studio.template import Enter, Script
from autosched.studio.timeline import FPS, Art, Footage, Leaf, Mark, Picture, Plan, Shot, Words

_SCRIPTS: dict[str, Script] = {"ur": "nastaliq", "bn": "bengali", "ru": "cyrillic"}
_URDU_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_URDU_LETTERS = re.compile("[ٹڈڑںےہھگچپژ]")
_SHORTEST_PAGE = 1.2
_LOOP_BLEND = 0.6
# Any shorter clip would be all dissolve.
_SHORTEST_CLIP = 5.0

Look = Callable[[str], framing.Look]


@dataclass(frozen=True)
class _Draft:
    """A page before it has its times. `weight`: the seconds that it takes to read."""

    scene: int
    placed: Placed
    reference: str
    arabic: str
    weight: float


def plan(spec: Spec, *, scale: float = 1.0, look: Look = framing.look) -> Plan:
    """The plan of `spec`; with `scale` below 1 that of a smaller video.

    Raises `InvalidError` when the words can't be set or don't fit the time that they are given.
    """
    template, format = spec.design, spec.format
    design = Design(template, sized(FRAMES[format], scale), template.layout.of(format))
    warnings: list[str] = []
    drafts = [
        draft
        for number, scene in enumerate(spec.scenes)
        for draft in _drafts(design, number, scene, spec.language, warnings)
    ]
    ends = _page_ends(spec, drafts, warnings)
    starts = [0, *ends[:-1]]
    scene_starts = [
        min(start for start, draft in zip(starts, drafts, strict=True) if draft.scene == number)
        for number in range(len(spec.scenes))
    ]
    shots = _shots(spec, design, scene_starts, ends[-1], look)
    leaves = tuple(
        _leaf(design, draft, start, end, shots, last=end == ends[-1])
        for draft, start, end in zip(drafts, starts, ends, strict=True)
    )
    unit, glow = design.frame.unit, template.glow
    ambience = spec.audio.ambience or template.sound.ambience
    return Plan(
        engine=timeline.ENGINE,
        template=template.name,
        format=format.value,
        language=spec.language,
        seed=spec.seed,
        width=design.frame.width,
        height=design.frame.height,
        fps=FPS,
        frames=ends[-1],
        safe=design.frame.safe,
        shots=shots,
        leaves=leaves,
        sound=timeline.Sound(
            ambience=None if ambience == "none" else ambience,
            gain_db=template.sound.gain_db,
            recitation=_path(spec.audio.recitation),
            music=_path(spec.audio.music),
            music_free=spec.audio.music_free,
        ),
        grade=template.grade,
        glow=timeline.Glowing(glow.colour, glow.opacity, glow.size * unit, glow.blur * unit),
        grain=template.grain,
        vignette=template.vignette,
        still_at=_still(leaves[0]),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def script_of(text: str, language: str) -> Script:
    """The script that most of the letters of `text` are in."""
    counts: dict[Script, int] = {
        "arabic": len(re.findall(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufeff]", text)),
        "bengali": len(re.findall(r"[\u0980-\u09ff]", text)),
        "cyrillic": len(re.findall(r"[\u0400-\u04ff]", text)),
        "latin": len(re.findall(r"[A-Za-z\u00c0-\u024f]", text)),
    }
    script = max(counts, key=lambda name: counts[name])
    if script == "arabic" and (language == "ur" or _URDU_LETTERS.search(text)):
        return "nastaliq"
    return script if counts[script] else "latin"


def _drafts(
    design: Design, number: int, scene: Scene, language: str, warnings: list[str]
) -> list[_Draft]:
    if scene.text is not None:
        return _text_drafts(design, number, scene.text, language, warnings)
    assert scene.verse is not None
    found = scripture.verses(scene.verse, language=language)
    return [draft for verse in found for draft in _verse_drafts(design, number, verse)]


def _verse_drafts(design: Design, number: int, verse: scripture.Verse) -> list[_Draft]:
    script: Script = _SCRIPTS.get(verse.language, "latin")
    translation = " ".join(paging.clean(verse.translation).split())
    name = verse.reference
    if script == "nastaliq":
        figures = f"{verse.surah}:{verse.ayah}".translate(_URDU_DIGITS)
        name = f"{scripture.surah(verse.surah).arabic} {figures}"
    elif design.template.type.reference.capitals:
        name = name.upper()
    label_script: Script = "nastaliq" if script == "nastaliq" else "latin"
    label = design.reference(name, label_script)
    styles: list[Style] = [design.scripture(verse.arabic)]
    units = [paging.verse_pieces(verse.arabic)]
    if translation:
        styles.append(design.translation(translation, script))
        units.append([translation])
    room = design.room(label, translated=bool(translation))
    pages = paging.paginate(units, styles, room, paging.pause_cost)
    drafts = []
    for page in pages:
        placed = place(design, page, ("arabic", "translation"), (name, label))
        weight = _reading(design, page)
        drafts.append(_Draft(number, placed, verse.reference, page.parts[0], weight))
    return drafts


def _text_drafts(
    design: Design, number: int, text: str, language: str, warnings: list[str]
) -> list[_Draft]:
    cleaned, dropped = without_emoji(paging.clean(text))
    if dropped:
        warnings.append(f"Left out, since no font here draws them: {' '.join(dropped)}")
    if not cleaned:
        raise InvalidError(
            f"scenes[{number}].text: nothing is left to show.", remedy="Write it in letters."
        )
    script = script_of(cleaned, language)
    style = design.text(cleaned.replace("\n", " "), script)
    room = design.room(None, translated=False)
    pieces = paging.text_pieces(cleaned)
    pages = paging.paginate([pieces], [style], room, paging.clause_cost)
    return [
        _Draft(number, place(design, page, ("text",), None), "", "", _reading(design, page))
        for page in pages
    ]


def without_emoji(text: str) -> tuple[str, list[str]]:
    """`text` without pictographs, which no text font draws, and those that were in it."""
    pattern = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u20e3]"
    dropped = [c for c in re.findall(pattern, text) if c not in "\ufe0e\ufe0f\u20e3"]
    bare = re.sub(r"[^\S\n]+", " ", re.sub(pattern, "", text))
    return re.sub(r" ?\n ?", "\n", bare).strip(), list(dict.fromkeys(dropped))


def _reading(design: Design, page: Page) -> float:
    pace = design.template.pace
    counts = [len(part.split()) for part in page.parts]
    rates = (pace.arabic, pace.translation) if len(counts) > 1 else (pace.translation,)
    if len(page.blocks) == 1 and page.blocks[0].style.script == "arabic":
        rates = (pace.arabic,)
    read = max(count * rate for count, rate in zip(counts, rates, strict=False))
    return max(pace.least, read + 1.2)


def _page_ends(spec: Spec, drafts: list[_Draft], warnings: list[str]) -> list[int]:
    """The frame at which each page ends."""
    lead = spec.design.pace.lead
    seconds = [draft.weight for draft in drafts]
    recited = recitation_seconds(_path(spec.audio.recitation))
    if recited and all(scene.seconds is None for scene in spec.scenes):
        # A recitation sets the pace: the pages share its length, by what there is to read.
        share = (recited + 1.5) / (sum(seconds) + lead)
        seconds, lead = [max(_SHORTEST_PAGE, each * share) for each in seconds], lead * share
    for number, scene in enumerate(spec.scenes):
        own = [index for index, draft in enumerate(drafts) if draft.scene == number]
        if scene.seconds is None:
            continue
        wanted = sum(seconds[index] for index in own)
        if scene.seconds < _SHORTEST_PAGE * len(own):
            raise InvalidError(
                f"scenes[{number}]: {scene.seconds:g} seconds are too few for its {len(own)} pages.",
                remedy=f"Give it about {wanted:.0f} seconds, or leave the seconds out.",
                code="too_short",
            )
        if scene.seconds < 0.55 * wanted:
            warnings.append(
                f"scenes[{number}] shows its words for {scene.seconds:g} s; "
                f"reading them takes about {wanted:.0f} s."
            )
        for index in own:
            seconds[index] *= scene.seconds / wanted
    if spec.scenes[0].seconds is None:
        seconds[0] += lead
    if sum(seconds) > LONGEST_SECONDS:
        raise too_long(sum(seconds))
    ends: list[int] = []
    total = 0.0
    for each in seconds:
        total += each
        ends.append(round(total * FPS))
    return ends


def recitation_seconds(path: str | None) -> float:
    """The length of a sound file in seconds; 0 when there is none."""
    if path is None:
        return 0.0
    try:
        with av.open(path) as container:
            return float(container.duration or 0) / float(av.time_base)
    except (av.error.FFmpegError, ValueError):
        raise InvalidError(
            "audio.recitation: the file is not a sound that can be read.",
            remedy="Choose an MP3, M4A, WAV, FLAC or OGG file.",
            code="not_media",
        ) from None


def _path(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _shots(
    spec: Spec, design: Design, starts: list[int], frames: int, look: Look
) -> tuple[Shot, ...]:
    """The backgrounds: neighbouring scenes with the same media share one shot."""
    transition = design.template.transition
    media = [
        _media(spec, number, scene, design, look) for number, scene in enumerate(spec.scenes)
    ]
    cuts: list[tuple[int, Art | Footage | Picture, str, int]] = []
    blend = round(transition.seconds * FPS) if transition.kind != "cut" else 0
    for number, start in enumerate(starts):
        if cuts and cuts[-1][1] == media[number][0]:
            continue
        end = next(
            (at for at, each in zip(starts, media, strict=True) if at > start and each != media[number]),
            frames,
        )
        found, length = media[number]
        cuts.append((start, found, transition.kind, blend))
        # A clip that is too short comes again, through a dissolve.
        usable = int(length * FPS) - 1 - max(blend, round(_LOOP_BLEND * FPS))
        again = round(_LOOP_BLEND * FPS)
        if length:
            at = start + usable
            while at < end:
                cuts.append((at, found, "dissolve", again))
                at += usable - again
    return _overlapped(cuts, frames, design.template.push)


def _overlapped(
    cuts: list[tuple[int, Art | Footage | Picture, str, int]], frames: int, push: float
) -> tuple[Shot, ...]:
    bounds = [*(start for start, *_ in cuts), frames]
    lengths = [after - before for before, after in pairwise(bounds)]
    blends = [0] + [
        min(cuts[index][3], lengths[index - 1] // 2, lengths[index] // 2)
        for index in range(1, len(cuts))
    ]
    shots = []
    for index, (start, media, kind, _) in enumerate(cuts):
        first = start - blends[index] // 2
        after = blends[index + 1] - blends[index + 1] // 2 if index + 1 < len(cuts) else 0
        end = bounds[index + 1] + after
        shots.append(Shot(first, end - first, media, kind, blends[index], push))
    return tuple(shots)


def _media(
    spec: Spec, number: int, scene: Scene, design: Design, look: Look
) -> tuple[Art | Footage | Picture, float]:
    """A scene's background, and its length in seconds where it has one."""
    frame, background = design.frame, design.template.background
    if isinstance(scene.media, str):
        seen = look(scene.media)
        area = framing.crop(seen, frame.width, frame.height)
        if seen.kind == "picture":
            return Picture(scene.media, area), 0.0
        loop = seen.seconds < _SHORTEST_CLIP
        footage = Footage(scene.media, area, seen.matrix, seen.hdr, loop)
        return footage, 0.0 if loop else seen.seconds
    kind, seed = background.art, spec.seed + number
    if isinstance(scene.media, ArtMedia):
        kind, seed = scene.media.art, scene.media.seed
        seed = spec.seed if seed is None else seed
    small = sized(frame, background.detail)
    return Art(kind, seed, background.palette, small.width, small.height), 0.0


def _leaf(
    design: Design, draft: _Draft, start: int, end: int, shots: tuple[Shot, ...], *, last: bool
) -> Leaf:
    motion, pace = design.template.motion, design.template.pace
    opens = start / FPS + _blend_after(shots, start) + (pace.lead if start == 0 else 0.1)
    closes = end / FPS - _blend_before(shots, end) - (0.25 if last else 0.0)
    length = max(0.4, closes - opens)
    haste = min(1.0, length / (2.2 * (motion.seconds + motion.stagger + motion.leave) + 0.01))
    enter, leave = motion.seconds * haste, motion.leave * haste
    delays = {"arabic": 0.0, "text": 0.0, "translation": 1.0, "reference": 1.8}

    def timed(words: Words) -> Words:
        begin = opens + delays[words.role] * motion.stagger * haste
        kind: Enter = motion.arabic if words.role in ("arabic", "reference") else motion.translation
        if words.role == "reference" and kind in ("slide", "settle"):
            kind = "fade"
        seconds = enter
        if kind == "typewriter":
            seconds = min(0.45 * length, sum(len(line.text) for line in words.lines) / 32)
        return replace(
            words,
            start=round(begin, 3),
            end=round(closes, 3),
            enter=kind,
            enter_seconds=round(seconds, 3),
            leave_seconds=round(leave, 3),
        )

    def drawn(mark: Mark) -> Mark:
        panel = mark.kind in ("shade", "card", "frame")
        begin = opens - (0.2 if panel else -0.5 * motion.stagger * haste)
        return replace(
            mark,
            start=round(max(start / FPS, begin), 3),
            end=round(closes, 3),
            enter_seconds=round(enter, 3),
            leave_seconds=round(leave, 3),
        )

    return Leaf(
        scene=draft.scene,
        start=start / FPS,
        end=end / FPS,
        reference=draft.reference,
        arabic=draft.arabic,
        marks=tuple(drawn(mark) for mark in draft.placed.marks),
        words=tuple(timed(words) for words in draft.placed.words),
    )


def _blend_after(shots: tuple[Shot, ...], frame: int) -> float:
    """How long a transition still goes on after `frame`, if one is centred on it."""
    for shot in shots:
        if shot.blend and shot.first <= frame < shot.first + shot.blend:
            return 0.6 * (shot.first + shot.blend - frame) / FPS
    return 0.0


def _blend_before(shots: tuple[Shot, ...], frame: int) -> float:
    for shot in shots:
        if shot.blend and shot.first < frame <= shot.first + shot.blend:
            return 0.6 * (frame - shot.first) / FPS
    return 0.0


def _still(leaf: Leaf) -> float:
    """A moment at which all words of the page stand still."""
    entered = max(words.start + words.enter_seconds for words in leaf.words)
    leaving = min(words.end - words.leave_seconds for words in leaf.words)
    return round(max(0.0, min(entered + 0.15, leaving - 0.05)), 3)


def frame_of(format: Format) -> Frame:
    """The full-size frame of a format."""
    return FRAMES[format]
