"""A verse for the text: found in the canon, put in with its translation and its reference."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import reflex as rx

from autosched import scripture
from autosched.errors import InvalidError
from autosched.scripture import quotations
from autosched.ui import words
from autosched.ui.compose.state import Compose
from autosched.ui.handlers import event
from autosched.ui.parts import dialog, empty, search_field
from autosched.ui.words import t

_HITS = 12


@dataclass(frozen=True)
class Found:
    """A verse, or the verses of a reference that names several."""

    key: str
    reference: str
    arabic: str
    translation: str
    language: str


class Verses(Compose):
    """The search for a verse."""

    is_seeking: bool = False
    query: str = ""
    translation: str = "en"
    with_arabic: bool = True
    with_translation: bool = True
    hits: list[Found] = []
    nothing: str = ""

    @event
    def open_verses(self) -> None:
        """Show the search."""
        self.is_seeking = True

    @event
    def set_seeking(self, is_seeking: bool) -> None:
        """Open or close the search."""
        self.is_seeking = is_seeking

    @event
    def set_with_arabic(self, chosen: bool) -> None:
        """Put in the Arabic; one of the two always is."""
        self.with_arabic = chosen
        self.with_translation = self.with_translation or not chosen

    @event
    def set_with_translation(self, chosen: bool) -> None:
        """Put in the translation."""
        self.with_translation = chosen
        self.with_arabic = self.with_arabic or not chosen

    @event
    async def choose_translation(self, language: str) -> None:
        """Read and put in another translation."""
        self.translation = language if language in scripture.LANGUAGES else "en"
        await self._look()

    @event
    async def mend_quotations(self, written: list[str]) -> None:
        """Put the canon's words where a quotation of the Quran differs from them."""
        self._take(*written)
        self.text = quotations.mended(self.text)
        for line in self.accounts:
            own = self.variants.get(line.id, {})
            if isinstance(text := own.get("text"), str):
                mended = {**own, "text": quotations.mended(text)}
                self.variants = {**self.variants, line.id: mended}
        self.edition += 1
        await self._changed()

    @event
    async def look_for(self, query: str) -> None:
        """Find verses by reference, by Arabic, or by words of the translation."""
        self.query = query
        await self._look()

    async def _look(self) -> None:
        self.nothing = ""
        try:
            self.hits = await asyncio.to_thread(_find, self.query, self.translation)
        except InvalidError as error:
            self.hits = []
            self.nothing = " ".join(words.sentence(error, self.language or "en"))

    @event
    def put_in(self, key: str) -> Any:
        """Put a verse into the text where the cursor is, exactly as it stands in the canon."""
        found = next((hit for hit in self.hits if hit.key == key), None)
        if found is None:
            return None
        self.is_seeking = False
        parts = [found.arabic] if self.with_arabic else []
        parts += [found.translation] if self.with_translation else []
        text = "\n\n".join(parts) + f"\n{found.reference}"
        return rx.call_script(f"window.autosched.insertText('compose-text', {json.dumps(text)})")


def _find(query: str, language: str) -> list[Found]:
    """Hits; a reference to several verses stands first as one."""
    hits = scripture.search(query, language, _HITS) if query.strip() else []
    found = []
    referred = [hit.verse for hit in hits if hit.where == "reference"]
    if len(referred) > 1:
        named = scripture.verses(query, language)
        if len(named) == len(referred):
            first, last = named[0], named[-1]
            found.append(
                Found(
                    key=f"{first.key}-{last.key}",
                    reference=scripture.citation(
                        (first.surah, first.ayah), (last.surah, last.ayah)
                    ),
                    arabic="\n".join(verse.arabic for verse in named),
                    translation="\n".join(verse.translation for verse in named),
                    language=language,
                )
            )
    for hit in hits:
        verse = hit.verse
        found.append(Found(verse.key, verse.reference, verse.arabic, verse.translation, language))
    return found


def verse_search() -> rx.Component:
    """The search, as a dialog."""
    return dialog(
        rx.el.div(
            rx.el.div(
                search_field(
                    t("A reference, Arabic, or words of the translation"),
                    value=Verses.query,
                    on_change=Verses.look_for,
                    auto_focus=True,
                    dir="auto",
                ),
                class_name="grow",
            ),
            rx.el.select(
                *(
                    rx.el.option(language.native, value=language.code)
                    for language in scripture.LANGUAGES.values()
                ),
                value=Verses.translation,
                on_change=Verses.choose_translation,
                class_name="input verse-language",
                aria_label=t("Translation"),
            ),
            class_name="row wrap tight",
        ),
        rx.el.div(
            _choice(t("Arabic"), Verses.with_arabic, Verses.set_with_arabic),
            _choice(t("Translation"), Verses.with_translation, Verses.set_with_translation),
            rx.el.span(t("The reference always goes with it."), class_name="small faint"),
            class_name="row wrap verse-parts",
        ),
        rx.cond(
            Verses.nothing != "",
            rx.el.p(Verses.nothing, class_name="muted verse-none", role="status"),
            rx.cond(
                Verses.hits,
                rx.el.ul(rx.foreach(Verses.hits, _hit), class_name="verse-hits"),
                rx.cond(
                    Verses.query != "",
                    rx.el.p(t("No verse has these words."), class_name="muted verse-none"),
                    empty(
                        t("The whole Quran, exactly as it stands"),
                        t("Try 94:5-6, Al-Inshirah 5, or a word such as patience."),
                    ),
                ),
            ),
        ),
        title=t("Put in a verse"),
        open=Verses.is_seeking,
        on_open_change=Verses.set_seeking,
        class_name="verse-dialog",
    )


def _choice(label: Any, chosen: Any, on_change: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=chosen, on_change=on_change), label, class_name="check"
    )


def _hit(hit: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(hit.arabic, class_name="verse-hit-arabic", lang="ar", dir="rtl"),
            rx.el.span(hit.translation, class_name="verse-words", lang=hit.language, dir="auto"),
            rx.el.span(hit.reference, class_name="verse-reference"),
            type="button",
            on_click=Verses.put_in(hit.key),
            class_name="verse-hit",
        )
    )
