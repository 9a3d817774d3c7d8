"""From a spec to a render plan: pages, their times, the shots behind them.

Pure but for looking at the media that the spec names and the length of its recitation.
"""

from __future__ import annotations

from dataclasses import replace

import av

from autosched.errors import InvalidError
from autosched.studio import effects, framing, karaoke, passages, shots, timeline
from autosched.studio.frame import FRAMES, sized
from autosched.studio.karaoke import Recited
from autosched.studio.layout import Design, shade
from autosched.studio.passages import Draft
from autosched.studio.shots import Look
from autosched.studio.spec import LONGEST_SECONDS, AssetMedia, Spec, too_long
from autosched.studio.template import Enter, Whole
from autosched.studio.timeline import FPS, Leaf, Mark, Plan, Shot, Words

_SHORTEST_PAGE = 1.2


def plan(spec: Spec, *, scale: float = 1.0, look: Look = framing.look) -> Plan:
    """The plan of `spec`; with `scale` below 1 that of a smaller video.

    Raises `InvalidError` when the words can't be set or don't fit the time that they are given.
    """
    template, format = spec.design, spec.format
    frame = effects.framed(sized(FRAMES[format], scale), template.effects)
    design = Design(template, frame, template.layout.of(format))
    warnings: list[str] = []
    drafts = [
        draft
        for number, scene in enumerate(spec.scenes)
        for draft in passages.drafts(design, number, scene, spec.language, warnings)
    ]
    recited = karaoke.recited(spec)
    ends = _page_ends(spec, drafts, warnings, recited)
    starts = [0, *ends[:-1]]
    scene_starts = [
        min(start for start, draft in zip(starts, drafts, strict=True) if draft.scene == number)
        for number in range(len(spec.scenes))
    ]
    seen = shots.shots(spec, design, scene_starts, ends[-1], look)
    leaves = tuple(
        _leaf(design, draft, start, end, seen, last=end == ends[-1])
        for draft, start, end in zip(drafts, starts, ends, strict=True)
    )
    leaves = _recited(leaves, drafts, scene_starts, recited, template.motion.highlight)
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
        shots=seen,
        leaves=leaves,
        sound=timeline.Sound(
            ambience=None if ambience == "none" else ambience,
            gain_db=template.sound.gain_db,
            recitation=_path(spec.audio.recitation),
            music=_path(spec.audio.music),
            music_free=spec.audio.music_free,
            music_gain_db=template.sound.music_gain_db,
            duck_db=template.sound.duck_db,
        ),
        grade=template.grade,
        glow=timeline.Glowing(glow.colour, glow.opacity, glow.size * unit, glow.blur * unit),
        shade=shade(design, [draft.placed.inked for draft in drafts]),
        grain=template.grain,
        vignette=template.vignette,
        effects=template.effects,
        still_at=rest(leaves[0]),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _recited(
    leaves: tuple[Leaf, ...],
    drafts: list[Draft],
    starts: list[int],
    recited: dict[int, Recited],
    highlight: str,
) -> tuple[Leaf, ...]:
    """The pages with the times of those words that are recited."""
    first = dict.fromkeys(recited, 0)
    found: list[Leaf] = []
    for leaf, draft in zip(leaves, drafts, strict=True):
        if leaf.scene in recited:
            at = first[leaf.scene]
            first[leaf.scene] = after = at + karaoke.count(draft)
            shift = starts[leaf.scene] / FPS
            times = [(a + shift, b + shift) for a, b in recited[leaf.scene].times[at:after]]
            words = tuple(
                karaoke.marked(each, times, highlight) if each.role == "arabic" else each
                for each in leaf.words
            )
            leaf = replace(leaf, words=words)
        found.append(leaf)
    return tuple(found)


def _page_ends(
    spec: Spec, drafts: list[Draft], warnings: list[str], known: dict[int, Recited]
) -> list[int]:
    """The frame at which each page ends."""
    lead = spec.design.pace.lead
    seconds = [draft.weight for draft in drafts]
    recited = recitation_seconds(_path(spec.audio.recitation))
    if recited and not known and all(scene.seconds is None for scene in spec.scenes):
        # A recitation sets the pace: the pages share its length, by what there is to read.
        share = (recited + 1.5) / (sum(seconds) + lead)
        seconds, lead = [max(_SHORTEST_PAGE, each * share) for each in seconds], lead * share
    for number, scene in enumerate(spec.scenes):
        own = [index for index, draft in enumerate(drafts) if draft.scene == number]
        if number in known:
            lengths = karaoke.page_seconds(known[number], [drafts[index] for index in own])
            for index, length in zip(own, lengths, strict=True):
                seconds[index] = length
            continue
        if scene.seconds is None:
            continue
        wanted = sum(seconds[index] for index in own)
        if scene.seconds < _SHORTEST_PAGE * len(own):
            raise InvalidError(
                f"scenes[{number}]: {scene.seconds:g} s are too few for its {len(own)} pages.",
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
    if spec.scenes[0].seconds is None and 0 not in known:
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


def _path(value: str | AssetMedia | None) -> str | None:
    return value if isinstance(value, str) else None


def _leaf(
    design: Design, draft: Draft, start: int, end: int, seen: tuple[Shot, ...], *, last: bool
) -> Leaf:
    motion, pace = design.template.motion, design.template.pace
    opens = start / FPS + shots.blend_after(seen, start) + (pace.lead if start == 0 else 0.1)
    closes = end / FPS - shots.blend_before(seen, end) - (0.25 if last else 0.0)
    length = max(0.4, closes - opens)
    haste = min(1.0, length / (2.2 * (motion.seconds + motion.stagger + motion.leave) + 0.01))
    enter, leave = motion.seconds * haste, motion.leave * haste
    delays = {"arabic": 0.0, "text": 0.0, "translation": 1.0, "reference": 1.8}

    def timed(words: Words) -> Words:
        begin = opens + delays[words.role] * motion.stagger * haste
        kind: Enter = motion.arabic if words.role in ("arabic", "reference") else motion.translation
        leaving = motion.leaving
        if words.role == "reference":
            kind, leaving = _calm(kind), _calm(leaving)
        seconds = enter
        if kind == "typewriter":
            seconds = min(0.45 * length, sum(len(line.text) for line in words.lines) / 32)
        elif kind == "words":
            count = sum(len(line.text.split()) for line in words.lines)
            seconds = max(enter, min(0.45 * length, 0.2 * count))
        elif kind == "lines":
            seconds = max(enter, min(0.4 * length, 0.6 * len(words.lines)))
        return replace(
            words,
            start=begin,
            end=closes,
            enter=kind,
            enter_seconds=seconds,
            leave_seconds=leave,
            leaving=leaving,
        )

    def drawn(mark: Mark) -> Mark:
        panel = mark.kind in ("card", "frame")
        begin = opens - (0.2 if panel else -0.5 * motion.stagger * haste)
        return replace(
            mark,
            start=max(start / FPS, begin),
            end=closes,
            enter_seconds=enter,
            leave_seconds=leave,
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


def rests(plan: Plan) -> list[float]:
    """The moments at which the pages stand still."""
    return [rest(leaf) for leaf in plan.leaves]


def _calm(kind: Enter) -> Whole:
    """The reference, which is small, comes and goes more quietly than what it belongs to."""
    return kind if kind in ("none", "fade", "rise", "blur", "glow", "focus") else "fade"


def rest(leaf: Leaf) -> float:
    """A moment at which all words of the page stand still, in seconds."""
    entered = max(words.start + words.enter_seconds for words in leaf.words)
    leaving = min(words.end - words.leave_seconds for words in leaf.words)
    return round(max(0.0, min(entered + 0.15, leaving - 0.05)), 3)
