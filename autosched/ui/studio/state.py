"""What is chosen in the studio, and the videos under way."""

from __future__ import annotations

import base64
from typing import Any

import reflex as rx

from autosched import scripture
from autosched.errors import AutoschedError, InvalidError
from autosched.library import service as library
from autosched.studio import service, sound, still, template
from autosched.studio.saved import service as templates
from autosched.ui import handlers
from autosched.ui.session import Session
from autosched.ui.studio.rows import (
    File,
    Found,
    Look,
    Thought,
    Video,
    built_in_look,
    marked,
    saved_look,
    video,
)

_SHOWN = 40
_HITS = 6


class Studio(Session):
    """The studio's choices. Everything that is checked is checked by `studio.service`."""

    looks: list[Look] = []
    look: str = "night-sky"
    shape: str = "reel"
    translation: str = "en"
    thoughts: list[Thought] = []
    query: str = ""
    hits: list[Found] = []
    hint: str = ""
    own_words: str = ""
    media: str = ""
    ambience: str = "template"
    recitation: str = ""
    music: str = ""
    with_music: bool = False
    seed: int = 7
    files: list[File] = []
    videos: list[Video] = []
    shown: str = ""
    still: str = ""
    still_busy: bool = False
    trouble_sentence: str = ""
    asking: bool = False
    loaded: bool = False
    failed: str = ""

    _still_mark: int = 0

    @rx.var
    def can_render(self) -> bool:
        """Whether there is anything to set."""
        return bool(self.thoughts) and self.trouble_sentence == ""

    @rx.var
    def translations(self) -> list[tuple[str, str]]:
        """The languages in which a video's translation can be set."""
        return [(code, scripture.LANGUAGES[code].native) for code in scripture.video_languages()]

    @rx.var
    def ambiences(self) -> list[str]:
        """What can be heard behind the words."""
        return list(sound.AMBIENCES)

    @rx.var
    def pictures(self) -> list[File]:
        """The library's videos and pictures."""
        return [file for file in self.files if file.kind != "audio"]

    @rx.var
    def sounds(self) -> list[File]:
        """The library's audio."""
        return [file for file in self.files if file.kind == "audio"]

    @rx.var
    def shown_look(self) -> Look | None:
        """The chosen template."""
        return next((look for look in self.looks if look.name == self.look), None)

    @handlers.event
    async def load(self) -> Any:
        """Fill the page when it opens; a first verse stands there, so that there is a picture."""
        if not self.ready or not self.workspace_id:
            return
        wanted = self.router.url.query_parameters.get("template")
        if wanted:
            self.look = wanted
        if not self.thoughts:
            self._add("94:5-6")
        await self._refresh()
        self.loaded = True
        yield Studio.draw_still

    @handlers.event
    async def look_again(self) -> None:
        """Something was told: look at the videos and files anew."""
        if self.workspace_id:
            await self._refresh()

    async def _refresh(self) -> None:
        try:
            renders = await self.ask(service.renders, self.workspace_id, limit=_SHOWN)
            assets = await self.ask(library.assets, self.workspace_id, limit=120)
            saved = await self.ask(templates.saved, self.workspace_id)
        except AutoschedError as error:
            self.failed = error.sentence
            return
        self.failed = ""
        looks = [saved_look(row) for row in saved]
        looks += [built_in_look(row) for row in template.templates()]
        if looks != self.looks:
            self.looks = looks
        if self.shown_look is None:
            self.look = "night-sky"
        self.videos = [video(row) for row in renders]
        self.files = [
            File(row.id, row.name, str(row.kind), row.duration)
            for row in assets
            if row.render_id is None
        ]

    # ---- the words

    @handlers.event
    def search(self, query: str) -> None:
        """Look for a reference or for words while they are typed."""
        self.query, self.hint, self.hits = query, "", []
        if not query.strip():
            return
        try:
            found = scripture.search(query, self.translation, _HITS)
        except InvalidError as error:
            self.hint = str(error)
            return
        self.hits = [
            Found(hit.verse.key, hit.verse.reference, hit.verse.arabic, hit.verse.translation)
            for hit in found
        ]
        if not self.hits:
            try:
                scripture.parse(query)
            except InvalidError as error:
                self.hint = str(error)

    @handlers.event
    def take_query(self, _form: dict[str, Any]) -> Any:
        """Enter in the search: take what was typed as a reference, else the first that is found."""
        try:
            self._add(self.query)
        except InvalidError as error:
            if not self.hits:
                self.hint = str(error)
                return None
            self._add(self.hits[0].key)
        self.query, self.hits, self.hint = "", [], ""
        return Studio.draw_still

    @handlers.event
    def take(self, key: str) -> Any:
        """Take a verse that the search found."""
        self._add(key)
        self.query, self.hits, self.hint = "", [], ""
        return Studio.draw_still

    def _add(self, reference: str) -> None:
        verses = scripture.verses(reference, self.translation)
        first, last = verses[0], verses[-1]
        name = first.reference
        if len(verses) > 1:
            end = str(last.ayah) if last.surah == first.surah else last.key
            name = f"{first.reference}-{end}"
        self.thoughts = [
            *self.thoughts,
            Thought(
                reference=name,
                arabic=" ".join(marked(verse, len(verses) > 1) for verse in verses),
                words=" ".join(verse.translation for verse in verses),
                language=self.translation,
            ),
        ]

    @handlers.event
    def set_own_words(self, text: str) -> None:
        """The author's own text, while it is written."""
        self.own_words = text

    @handlers.event
    def take_own_words(self) -> Any:
        """Add the author's own text as a scene."""
        if not self.own_words.strip():
            return None
        self.thoughts = [*self.thoughts, Thought("", "", self.own_words.strip(), self.translation)]
        self.own_words = ""
        return Studio.draw_still

    @handlers.event
    def drop(self, index: int) -> Any:
        """Take a scene out."""
        self.thoughts = [row for place, row in enumerate(self.thoughts) if place != index]
        return Studio.draw_still

    @handlers.event
    def earlier(self, index: int) -> Any:
        """Move a scene one place towards the beginning."""
        rows = list(self.thoughts)
        if 0 < index < len(rows):
            rows[index - 1], rows[index] = rows[index], rows[index - 1]
            self.thoughts = rows
        return Studio.draw_still

    # ---- the choices

    @handlers.event
    def choose(self, name: str, value: str) -> Any:
        """Choose a template, a format, a background or a sound."""
        if name not in ("look", "shape", "media", "ambience", "recitation", "music"):
            return None
        setattr(self, name, value)
        return Studio.draw_still if name in ("look", "shape", "media") else None

    @handlers.event
    def choose_translation(self, code: str) -> Any:
        """Set the translation in another language; the scenes follow."""
        self.translation = code
        verses, self.thoughts = self.thoughts, []
        for row in verses:
            if row.reference:
                self._add(row.reference)
            else:
                self.thoughts = [*self.thoughts, row]
        return Studio.draw_still

    @handlers.event
    def allow_music(self, allowed: bool) -> None:
        """Whether the video may hold music at all."""
        self.with_music = allowed
        if not allowed:
            self.music = ""

    @handlers.event
    def roll(self) -> Any:
        """Another sky, another sea: the same template, drawn from another seed."""
        self.seed = self.seed % 9973 + 1
        return Studio.draw_still

    def _spec(self) -> dict[str, Any]:
        media = {"asset": self.media} if self.media else None
        scenes = [
            {
                **({"verse": row.reference} if row.reference else {"text": row.words}),
                **({"media": media} if media else {}),
            }
            for row in self.thoughts
        ]
        audio: dict[str, Any] = {"music_free": not self.with_music}
        if self.ambience != "template":
            audio["ambience"] = self.ambience
        if self.recitation:
            audio["recitation"] = {"asset": self.recitation}
        if self.music and self.with_music:
            audio["music"] = {"asset": self.music}
        saved = self.shown_look is not None and self.shown_look.saved
        return {
            "template": {"saved": self.look} if saved else self.look,
            "format": self.shape,
            "language": self.translation,
            "scenes": scenes,
            "audio": audio,
            "seed": self.seed,
        }

    # ---- the picture, and the video

    @handlers.background
    async def draw_still(self) -> None:
        """Draw a frame of the video as it will be, by the engine itself."""
        async with self:
            if not self.thoughts or not self.workspace_id:
                self.still, self.trouble_sentence = "", ""
                return
            self._still_mark += 1
            mark, spec, workspace_id = self._still_mark, self._spec(), self.workspace_id
            self.still_busy, self.shown = True, ""
        picture, trouble = b"", ""
        try:
            picture = await self.ask(still.still, workspace_id, spec)
        except AutoschedError as error:
            trouble = str(error)
        async with self:
            if self._still_mark != mark:
                return
            self.still_busy, self.trouble_sentence = False, trouble
            if picture:
                self.still = "data:image/jpeg;base64," + base64.b64encode(picture).decode()

    @handlers.event
    async def render_video(self) -> Any:
        """Ask for the video."""
        self.asking = True
        yield
        try:
            await self.ask(service.request, self.workspace_id, self._spec())
            await self._refresh()
        except AutoschedError as error:
            yield self.trouble(error)
        else:
            yield self.good("Your video is being made")
        finally:
            self.asking = False

    @handlers.event
    async def cancel_video(self, render_id: str) -> Any:
        """Stop a video that is being made."""
        try:
            await self.ask(service.cancel, render_id)
            await self._refresh()
        except AutoschedError as error:
            yield self.trouble(error)

    @handlers.event
    async def retry_video(self, render_id: str) -> Any:
        """Make a failed or cancelled video again."""
        try:
            await self.ask(service.retry, render_id)
            await self._refresh()
        except AutoschedError as error:
            yield self.trouble(error)

    @handlers.event
    def show(self, asset_id: str) -> None:
        """Play a finished video on the stage."""
        self.shown = asset_id
