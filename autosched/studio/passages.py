"""Setting a scene's words on pages: verses with their translations, or the author's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import alignment, ink, paging
from autosched.studio.layout import Design, Placed, place
from autosched.studio.paging import Page, Style
from autosched.studio.spec import Scene
from autosched.studio.template import Script

_SCRIPTS: dict[str, Script] = {"ur": "nastaliq", "bn": "bengali", "ru": "cyrillic"}
_URDU_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_URDU_LETTERS = re.compile("[ٹڈڑںےہھگچپژ]")
_ALIKE = 0.45


@dataclass(frozen=True)
class Draft:
    """A page before it has its times. `weight`: the seconds that it takes to read."""

    scene: int
    placed: Placed
    reference: str
    arabic: str
    weight: float


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


def drafts(
    design: Design, number: int, scene: Scene, language: str, warnings: list[str]
) -> list[Draft]:
    """The pages of a scene, in order; what had to be left out is said in `warnings`."""
    if scene.text is not None:
        return _text_drafts(design, number, scene.text, language, warnings)
    assert scene.verse is not None
    found = scripture.verses(scene.verse, language=language)
    set_verses = [set_verse(design, verse) for verse in found]
    shares = [each.paged.share for each in set_verses]
    # Verses of nearly one size stand better at one size; a far longer one must not shrink all.
    common = min((share for share in shares if share > max(shares) - _ALIKE), default=1.0)
    set_verses = [
        each if each.paged.share <= common else set_verse(design, verse, common)
        for verse, each in zip(found, set_verses, strict=True)
    ]
    # All lines of the scene are looked at in one run; placing the pages then finds them known.
    ink.look(sample for each in set_verses for sample in each.samples)
    return [
        draft
        for verse, each in zip(found, set_verses, strict=True)
        for draft in verse_drafts(design, number, verse, each)
    ]


@dataclass(frozen=True)
class SetVerse:
    """A verse on its pages, and its reference as it is shown."""

    paged: paging.Paged
    label: tuple[str, Style]

    @property
    def samples(self) -> Iterator[ink.Sample]:
        """Its lines, as their ink is looked at."""
        for page in self.paged.pages:
            for block in page.blocks:
                yield from block.samples
        text, style = self.label
        yield ink.Sample(style.file, style.script, style.tracking, text)


def set_verse(design: Design, verse: scripture.Verse, most: float = 1.0) -> SetVerse:
    """Divide a verse and its translation over pages; `most` caps the size, as in `paginate`."""
    script: Script = _SCRIPTS.get(verse.language, "latin")
    translation = " ".join(paging.clean(verse.translation).split())
    name = verse.reference
    label_script: Script = "latin"
    if script == "nastaliq":
        figures = f"{verse.surah}:{verse.ayah}".translate(_URDU_DIGITS)
        name, label_script = f"{scripture.surah(verse.surah).arabic} {figures}", "nastaliq"
    elif design.template.type.reference.capitals:
        name = name.upper()
    label = design.reference(name, label_script)
    styles: list[Style] = [design.scripture(verse.arabic)]
    units = [paging.verse_pieces(verse.arabic)]
    if translation:
        styles.append(design.translation(translation, script))
        units.append([translation])
    room = design.room((name, label), translated=bool(translation))
    paged = paging.paginate(units, styles, room, paging.pause_cost, most=most)
    return SetVerse(paged, (name, label))


def verse_drafts(
    design: Design, number: int, verse: scripture.Verse, each: SetVerse
) -> list[Draft]:
    """The pages of a verse in their places; `number` is that of its scene."""
    return [
        Draft(
            scene=number,
            placed=place(design, page, ("arabic", "translation"), each.label),
            reference=verse.reference,
            arabic=page.parts[0],
            weight=_reading(design, page),
        )
        for page in each.paged.pages
    ]


def _text_drafts(
    design: Design, number: int, text: str, language: str, warnings: list[str]
) -> list[Draft]:
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
    paged = paging.paginate([alignment.clauses(cleaned)], [style], room, alignment.clause_cost)
    ink.look(sample for page in paged.pages for sample in page.blocks[0].samples)
    return [
        Draft(number, place(design, page, ("text",), None), "", "", _reading(design, page))
        for page in paged.pages
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
