"""Quotations of the Quran in a person's text, and whether they are right.

Each run of Arabic is held against all words of the canon. What follows a stretch of it closely is
a quotation: right when letters and given vowels are the canon's in either spelling, else altered,
and then told with the difference and the right words. What merely shares a few words is neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autosched.scripture import references, vowels
from autosched.scripture.canon import Canon, Word, canon
from autosched.scripture.following import Kind, Step, follow
from autosched.scripture.runs import Run, runs
from autosched.scripture.surahs import point

# What must be met before words count as a quotation: how many, and how much they say together.
_FEWEST_WORDS, _LEAST_WEIGHT = 3, 11.0
_FEWEST_MARKED, _LEAST_MARKED = 1, 4.0
# The share of the words that must be the canon's.
_LEAST_RIGHT, _LEAST_RIGHT_MARKED = 0.6, 0.5
# Prayers and hadith share phrases with the Quran: what differs and claims nothing is a quotation
# only if most of what is said in one breath, or a good deal of it, is the canon's.
_MOST_OF_RUN, _A_GOOD_DEAL, _NEARLY_ALL = 0.75, 9, 0.75


@dataclass(frozen=True)
class Difference:
    """Words that are not the canon's: `said` "" where words are missing, `right` "" where too
    many are said. `kind`: vowel, letter, word, missing or added.
    """

    said: str
    right: str
    kind: str


@dataclass(frozen=True)
class Quotation:
    """A stretch of a text, from `start` to `end`, that quotes the Quran.

    `reference` as people write it, `key` such as 94:5-6; `right`: the canon's words for it.
    """

    start: int
    end: int
    said: str
    reference: str
    key: str
    right: str
    differences: tuple[Difference, ...]

    @property
    def altered(self) -> bool:
        """Whether it differs from the canon."""
        return bool(self.differences)

    @property
    def sentence(self) -> str:
        """What is wrong, for a person."""
        told = "; ".join(_told(each) for each in self.differences[:3])
        return f"This quotes {self.reference}, but not word for word: {told}."


def quotations(text: str) -> list[Quotation]:
    """All quotations in a text, in order."""
    found: list[Quotation] = []
    for run in runs(text):
        found += _in_run(canon(), text, run)
    return sorted(found, key=lambda each: each.start)


def altered(text: str) -> list[Quotation]:
    """The quotations that differ from the canon."""
    return [each for each in quotations(text) if each.altered]


def mended(text: str) -> str:
    """The text with every altered quotation as the canon has it."""
    for each in reversed(altered(text)):
        text = text[: each.start] + each.right + text[each.end :]
    return text


def _in_run(words: Canon, text: str, run: Run) -> Iterator[Quotation]:
    if not run.said:
        return
    steps = follow(words, run)
    quotation = _judged(words, text, run, steps) if steps else None
    if quotation is None:
        return
    yield quotation
    # What stands before and after it may quote another place.
    first, last = _span(steps)
    yield from _in_run(words, text, run.part(0, first))
    yield from _in_run(words, text, run.part(last + 1, len(run.said)))


def _span(steps: list[Step]) -> tuple[int, int]:
    """The first and the last word of the run that the steps take in."""
    said = [each for each in steps if each.said is not None]
    first, last = said[0], said[-1]
    return first.said or 0, (last.said or 0) + last.joined - 1


def _judged(words: Canon, text: str, run: Run, steps: list[Step]) -> Quotation | None:
    right = [each for each in steps if each.kind is Kind.SAME]
    said = [run.said[each.said].letters for each in right if each.said is not None]
    weight = sum(words.weight(each) for each in said)
    fewest, least, share = (
        (_FEWEST_MARKED, _LEAST_MARKED, _LEAST_RIGHT_MARKED)
        if run.marked
        else (_FEWEST_WORDS, _LEAST_WEIGHT, _LEAST_RIGHT)
    )
    if len(right) < fewest or weight < least or len(right) < share * len(steps):
        return None
    differences = tuple(_differences(words, run, steps))
    first, last = _span(steps)
    if differences and not run.marked and not _seems_meant(run, first, last, len(right)):
        return None
    places = [each.place for each in steps if each.place is not None]
    canonical = words.words[places[0] : places[-1] + 1]
    start, end = run.said[first].start, run.said[last].end
    return Quotation(
        start=start,
        end=end,
        said=text[start:end],
        reference=_reference(canonical),
        key=_key(canonical),
        right=" ".join(word.arabic for word in canonical),
        differences=differences,
    )


def _seems_meant(run: Run, first: int, last: int, right: int) -> bool:
    """Whether words that differ from the canon, and claim nothing, were meant to be it."""
    if right <= _FEWEST_WORDS and right < _NEARLY_ALL * (last - first + 1):
        return False
    if run.whole(first, last):
        return True
    covered = (last - first + 1) / len(run.said)
    return right > _FEWEST_WORDS and (covered >= _MOST_OF_RUN or right >= _A_GOOD_DEAL)


def _differences(words: Canon, run: Run, steps: list[Step]) -> Iterator[Difference]:
    for step in steps:
        said = run.said[step.said].text if step.said is not None else ""
        right = words.words[step.place].arabic if step.place is not None else ""
        if step.kind is Kind.SAME:
            if step.joined == 1 and step.said is not None and vowels.differ(said, right):
                yield Difference(said, right, "vowel")
        elif step.kind is Kind.OTHER:
            yield Difference(said, right, "letter" if step.near else "word")
        else:
            yield Difference(said, right, "missing" if step.kind is Kind.MISSING else "added")


def _reference(canonical: tuple[Word, ...]) -> str:
    first, last = point(canonical[0].verse), point(canonical[-1].verse)
    if first == last:
        return references.citation(first)
    if first[0] == last[0]:
        return f"{references.citation(first)}–{last[1]}"
    return f"{references.citation(first)} – {references.citation(last)}"


def _key(canonical: tuple[Word, ...]) -> str:
    first, last = point(canonical[0].verse), point(canonical[-1].verse)
    start = f"{first[0]}:{first[1]}"
    if first == last:
        return start
    return f"{start}-{last[1]}" if first[0] == last[0] else f"{start}-{last[0]}:{last[1]}"


def _told(difference: Difference) -> str:
    if difference.kind == "missing":
        return f"“{difference.right}” is missing"
    if difference.kind == "added":
        return f"“{difference.said}” is not in it"
    return f"“{difference.said}” should be “{difference.right}”"
