"""The spec: what a person or a program asks to be rendered, checked before anything is made.

A spec is JSON. `parse` answers every mistake with a sentence that names the place; what it
returns is whole: files exist, verses exist, the template exists.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from autosched import scripture
from autosched.errors import InvalidError, NotFoundError
from autosched.studio import art, sound
from autosched.studio.frame import Format
from autosched.studio.template import Template, template

LONGEST_SECONDS = 600.0
SHORTEST_SCENE, LONGEST_SCENE = 1.5, 300.0
_MOST_SCENES = 200
_MOST_TEXT = 4000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArtMedia(_Strict):
    """A moving background that the program draws itself."""

    art: str
    seed: int | None = None


class AssetMedia(_Strict):
    """A file of the workspace's library."""

    asset: str


class SavedName(_Strict):
    """A template of the workspace, and which of its versions; without one the newest."""

    saved: str = Field(max_length=64)
    version: int | None = Field(default=None, ge=1)


def _kind_of_template(value: Any) -> str:
    if isinstance(value, str):
        return "str"
    saved = isinstance(value, SavedName) or (isinstance(value, dict) and "saved" in value)
    return "SavedName" if saved else "Template"


TemplateSpec = Annotated[
    Annotated[str, Tag("str")]
    | Annotated[SavedName, Tag("SavedName")]
    | Annotated[Template, Tag("Template")],
    Discriminator(_kind_of_template),
]
MediaSpec = Annotated[str | ArtMedia | AssetMedia, Field(union_mode="left_to_right")]
SoundFile = Annotated[str | AssetMedia, Field(union_mode="left_to_right")]


class WordTime(_Strict):
    """When a word is recited, in seconds from its scene's start."""

    start: float = Field(ge=0.0, le=LONGEST_SCENE)
    end: float = Field(ge=0.0, le=LONGEST_SCENE)


class Scene(_Strict):
    """One thought: a verse or verses, or the author's own text."""

    verse: str | None = Field(default=None, min_length=1, max_length=200)
    text: str | None = Field(default=None, min_length=1, max_length=_MOST_TEXT)
    hadith: str | int | None = None
    media: MediaSpec | None = None
    seconds: float | None = Field(default=None, ge=SHORTEST_SCENE, le=LONGEST_SCENE)
    words: tuple[WordTime, ...] = ()

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if self.hadith is not None:
            raise ValueError("hadith can't be rendered yet; use a verse or a text")
        if (self.verse is None) == (self.text is None):
            raise ValueError("give either a verse or a text")
        if self.text is not None and not self.text.strip():
            raise ValueError("the text is empty")
        if self.words and self.verse is None:
            raise ValueError("only the words of a verse have times")
        last = 0.0
        for each in self.words:
            if each.end <= each.start or each.start < last:
                raise ValueError("the words' times must follow each other")
            last = each.end
        return self


class Audio(_Strict):
    """What is heard. Music is only mixed in when `music_free` is set to false.

    `follow`: each word takes another colour while the recitation says it, where no scene gives
    its words' times.
    """

    recitation: SoundFile | None = None
    music: SoundFile | None = None
    ambience: str | None = None
    music_free: bool = True
    follow: bool = False


class Spec(_Strict):
    """What is to be rendered. The same spec gives the same plan."""

    template: TemplateSpec = "night-sky"
    format: Format = Format.REEL
    language: str = "en"
    scenes: tuple[Scene, ...] = Field(min_length=1, max_length=_MOST_SCENES)
    audio: Audio = Audio()
    seed: int = Field(default=7, ge=0, lt=2**63)

    @property
    def design(self) -> Template:
        """The template itself; `InvalidError` for a saved one, which its workspace fills in."""
        if isinstance(self.template, SavedName):
            raise InvalidError(
                "template: a saved template is known only in its workspace.",
                remedy="Export it, and name the file instead.",
                code="saved_template",
            )
        return template(self.template) if isinstance(self.template, str) else self.template

    def files(self) -> list[tuple[str, str]]:
        """The paths that the spec names, each with its place in it."""
        found: list[tuple[str, str]] = []
        for number, scene in enumerate(self.scenes):
            if isinstance(scene.media, str):
                found.append((f"scenes[{number}].media", scene.media))
        for name in ("recitation", "music"):
            value = getattr(self.audio, name)
            if isinstance(value, str):
                found.append((f"audio.{name}", value))
        return found


def load(path: Path) -> Spec:
    """The spec in a JSON file; paths in it are taken from the file's folder."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InvalidError(f"The spec file {path.name} can't be read.") from None
    except ValueError as error:
        raise InvalidError(f"The spec file {path.name} is not JSON: {error}.") from None
    return parse(_with_template_file(data, path.parent), base=path.parent)


def _with_template_file(data: Any, base: Path) -> Any:
    """The spec with the template itself, where it names an exported file."""
    from autosched.studio.saved import exchange  # which tells its mistakes by this module

    name = data.get("template") if isinstance(data, dict) else None
    if isinstance(name, str) and name.endswith(exchange.SUFFIX):
        return data | {"template": exchange.load(base / name).template}
    return data


def parse(data: Any, *, base: Path | None = None) -> Spec:
    """Check a spec. `InvalidError` names what is wrong and where."""
    if not isinstance(data, dict):
        raise InvalidError(
            "A spec is a JSON object.",
            remedy='Start from {"template": "night-sky", "scenes": [{"verse": "94:5"}]}.',
        )
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        raise told(error) from None
    if base is not None:
        spec = _rooted(spec, base)
    _check(spec)
    return spec


def _rooted(spec: Spec, base: Path) -> Spec:
    scenes = tuple(
        scene.model_copy(update={"media": str(base / scene.media)})
        if isinstance(scene.media, str)
        else scene
        for scene in spec.scenes
    )
    sounds = {
        name: str(base / value)
        for name in ("recitation", "music")
        if isinstance(value := getattr(spec.audio, name), str)
    }
    audio = spec.audio.model_copy(update=sounds)
    return spec.model_copy(update={"scenes": scenes, "audio": audio})


def _check(spec: Spec) -> None:
    _ = spec.design
    languages = scripture.video_languages()
    if spec.language not in languages:
        known = scripture.LANGUAGES.get(spec.language)
        what = f"No font here can set {known.name}" if known else "There is no translation in"
        raise InvalidError(
            f"{what}." if known else f"{what} the language “{spec.language}”.",
            remedy=f"Choose one of {', '.join(languages)}.",
            code="unknown_language",
        )
    for number, scene in enumerate(spec.scenes):
        if scene.verse is not None:
            try:
                scripture.parse(scene.verse)
            except (InvalidError, NotFoundError) as error:
                raise InvalidError(
                    f"scenes[{number}].verse: {error.sentence}",
                    remedy=error.remedy,
                    code="unknown_verse",
                ) from None
        if isinstance(scene.media, ArtMedia):
            _known(scene.media.art, list(art.KINDS), f"scenes[{number}].media.art", "background")
    if spec.audio.ambience not in (None, "none"):
        _known(str(spec.audio.ambience), list(sound.AMBIENCES), "audio.ambience", "ambience")
    for place, path in spec.files():
        if not Path(path).is_file():
            raise InvalidError(
                f"{place}: there is no file “{Path(path).name}”.",
                remedy="Check the path; it is taken from the spec's own folder.",
                code="missing_file",
            )
    given = sum(scene.seconds or 0.0 for scene in spec.scenes)
    if given > LONGEST_SECONDS:
        raise too_long(given)
    if spec.audio.music is not None and spec.audio.music_free:
        raise InvalidError(
            "audio.music: this video is to be free of music.",
            remedy='Take the music out, or say "music_free": false.',
            code="music_free",
        )


def too_long(seconds: float) -> InvalidError:
    """The error for a video over the limit."""
    return InvalidError(
        f"The video would be {seconds / 60:.0f} minutes long; "
        f"{LONGEST_SECONDS / 60:.0f} minutes is the most.",
        remedy="Make two videos of it, or choose fewer verses.",
        code="too_long",
    )


def _known(name: str, names: list[str], place: str, what: str) -> None:
    if name in names:
        return
    close = difflib.get_close_matches(name, names, n=1)
    remedy = f"Did you mean “{close[0]}”?" if close else f"Choose one of {', '.join(names)}."
    raise InvalidError(f"{place}: there is no {what} “{name}”.", remedy=remedy)


def told(error: ValidationError, whole: str = "The spec") -> InvalidError:
    """The first mistake that pydantic found in a spec or another document, as a sentence."""
    problems = error.errors()
    # In a union every branch complains: the deepest complaint is about what was meant.
    problem = max(problems, key=lambda item: (item["type"] == "extra_forbidden", len(item["loc"])))
    parts = [part for part in problem["loc"] if not _is_branch(part)]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    place = place.lstrip(".") or whole
    if problem["type"] == "extra_forbidden":
        return InvalidError(
            f"{place}: there is no such field.",
            remedy="Check its spelling: nothing is taken that isn't used.",
            code="unknown_field",
        )
    message = problem["msg"].removeprefix("Value error, ")
    return InvalidError(f"{place}: {message[:1].lower()}{message[1:]}.", code="invalid_spec")


_BRANCHES = {"str", "SavedName", "Template", "ArtMedia", "AssetMedia"}


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and part in _BRANCHES
