"""Words that take another colour while they are recited: their times, and the pages' by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import recitation
from autosched.studio.passages import Draft
from autosched.studio.text_motion import whole_words
from autosched.studio.timeline import Said, Words

if TYPE_CHECKING:
    from autosched.studio.spec import Scene, Spec

Times = Sequence[tuple[float, float]]
_TAIL = 1.0


@dataclass(frozen=True)
class Recited:
    """A scene that is recited: its words' times from its start, and its own length in seconds."""

    times: tuple[tuple[float, float], ...]
    seconds: float


def recited(spec: Spec) -> dict[int, Recited]:
    """The scenes whose words' times are known, by their number."""
    found = {
        number: Recited(times, scene.seconds or times[-1][1] + _TAIL)
        for number, scene in enumerate(spec.scenes)
        if (times := _given(spec, number, scene))
    }
    path = spec.audio.recitation
    if spec.audio.follow and not found and isinstance(path, str):
        found = _followed(spec, path)
    return found


def words_of(spec: Spec, scene: Scene) -> list[str]:
    """The words of a scene's verses, as they are recited and shown."""
    if scene.verse is None:
        return []
    verses = scripture.verses(scene.verse, language=spec.language)
    return [word for verse in verses for word in whole_words(verse.arabic)]


def _given(spec: Spec, number: int, scene: Scene) -> tuple[tuple[float, float], ...]:
    if not scene.words:
        return ()
    times = tuple((each.start, each.end) for each in scene.words)
    count = len(words_of(spec, scene))
    if len(times) != count:
        raise InvalidError(
            f"scenes[{number}].words: there are {len(times)} times for {count} words.",
            remedy="Give a start and an end for each word of the verse.",
            code="words_differ",
        )
    if scene.seconds is not None and times[-1][1] > scene.seconds:
        raise InvalidError(
            f"scenes[{number}].words: the last word ends after the scene.",
            remedy=f"Give the scene {times[-1][1] + _TAIL:.1f} seconds, or leave them out.",
            code="words_differ",
        )
    return times


def _followed(spec: Spec, path: str) -> dict[int, Recited]:
    """All scenes of verses, by the recording that begins with the video."""
    if any(scene.verse is None or scene.seconds is not None for scene in spec.scenes):
        raise InvalidError(
            "audio.follow: only scenes of verses, without seconds of their own, can follow.",
            remedy="Take the texts and the seconds out, or give the words' times yourself.",
            code="not_aligned",
        )
    counts = [words_of(spec, scene) for scene in spec.scenes]
    times = recitation.aligned(path, [word for words in counts for word in words])
    found: dict[int, Recited] = {}
    start, first = 0.0, 0
    for number, words in enumerate(counts):
        own, rest = times[first : first + len(words)], times[first + len(words) :]
        end = (own[-1][1] + rest[0][0]) / 2 if rest else own[-1][1] + _TAIL
        shifted = tuple((begin - start, stop - start) for begin, stop in own)
        found[number] = Recited(shifted, end - start)
        start, first = end, first + len(words)
    return found


def page_seconds(scene: Recited, drafts: Sequence[Draft]) -> list[float]:
    """How long each page of a scene stands: it turns between its last word and the next."""
    ends: list[float] = []
    at = 0
    for draft in drafts[:-1]:
        at += count(draft)
        ends.append((scene.times[at - 1][1] + scene.times[at][0]) / 2)
    ends.append(scene.seconds)
    return [end - start for start, end in zip([0.0, *ends], ends, strict=False)]


def marked(words: Words, times: Times, highlight: str) -> Words:
    """The Arabic with the times of its own words, which are seconds of the video."""
    places = list(_places((words,)))
    said = tuple(
        Said(line, word, start, end)
        for (line, word), (start, end) in zip(places, times, strict=True)
    )
    return replace(words, said=said, highlight=highlight)


def count(draft: Draft) -> int:
    """How many words of scripture stand on a page."""
    return sum(1 for _ in _places(draft.placed.words))


def _places(block: Sequence[Words]) -> Iterator[tuple[int, int]]:
    for words in block:
        if words.role == "arabic":
            for number, line in enumerate(words.lines):
                for word in range(len(whole_words(line.text))):
                    yield number, word
