"""A template as one file, `NAME.autosched-template`: JSON with its look, its credits, a still.

What comes from outside is taken strictly: every mistake is told with its place, nothing that is
not known is kept, and nothing in the file can make the reader work or remember more than its
size lets on.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from pathlib import Path
from typing import Any, Literal, Never

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autosched import scripture
from autosched.errors import AutoschedError, InvalidError, TooLargeError, UnavailableError
from autosched.studio import art, sound, typeset
from autosched.studio.spec import parse, told
from autosched.studio.template import Template

SUFFIX = ".autosched-template"
SCHEMA = 1
LARGEST_BYTES = 2_000_000
_PREVIEW_BYTES, _PREVIEW_PIXELS = 400_000, 1200 * 2200
_DEEPEST = 12


class Source(BaseModel):
    """What a template was made from: its name, and in its own workspace the analysis and file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(max_length=200)
    analysis: str | None = Field(default=None, max_length=64)
    asset: str | None = Field(default=None, max_length=64)


class Shared(BaseModel):
    """The document in such a file. `preview` is a JPEG in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["autosched-template"] = "autosched-template"
    schema_version: Literal[1] = Field(default=1, alias="schema")
    template: Template
    sources: tuple[Source, ...] = Field(default=(), max_length=40)
    credits: tuple[str, ...] = Field(default=(), max_length=40)
    preview: str = Field(default="", max_length=_PREVIEW_BYTES * 4 // 3 + 8)

    @property
    def still(self) -> bytes:
        """The preview as a JPEG; empty when the file has none."""
        return base64.b64decode(self.preview)


def written(
    template: Template,
    *,
    sources: tuple[Source, ...] = (),
    credits: tuple[str, ...] = (),
    preview: bytes = b"",
) -> bytes:
    """The file's content. The ids of sources stay behind: they mean nothing elsewhere."""
    shared = Shared(
        template=template,
        sources=tuple(Source(name=each.name) for each in sources),
        credits=credits,
        preview=base64.b64encode(preview).decode(),
    )
    data = shared.model_dump(mode="json", by_alias=True)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read(content: bytes) -> Shared:
    """The document in a file's content, checked to the last field.

    `InvalidError` or `TooLargeError` says in a sentence what is wrong with it.
    """
    if len(content) > LARGEST_BYTES:
        raise TooLargeError(
            f"A template file has at most {LARGEST_BYTES / 1e6:.0f} MB; "
            f"this one has {len(content) / 1e6:.1f}.",
            remedy="Export it again from where it was made.",
        )
    data = _document(content)
    try:
        shared = Shared.model_validate(data)
    except ValidationError as error:
        raise told(error, "The template file") from None
    _check_preview(shared)
    check_names(shared.template)
    return shared


def load(path: Path) -> Shared:
    """The document in the file at `path`."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return read(b" " * (LARGEST_BYTES + 1))
        content = path.read_bytes()
    except OSError:
        raise InvalidError(f"The template file {path.name} can't be read.") from None
    return read(content)


def store(path: Path, template: Template, *, sources: tuple[Source, ...] = ()) -> None:
    """Write the template to `path` with a still of it."""
    from autosched.studio.render import still  # heavy: only when it is drawn

    document = {
        "template": template.model_dump(mode="json"),
        "scenes": [{"verse": template.sample, "seconds": 4.0}],
    }
    content = written(template, sources=sources, preview=still(parse(document), scale=1 / 3))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UnavailableError(
            f"The template can't be written to {path.name}: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
            code="cannot_write",
        ) from error


def check_names(template: Template) -> None:
    """Whether the art, the ambience and the faces that a template names are there."""
    _known(template.background.art, list(art.KINDS), "background.art", "background")
    if template.sound.ambience is not None:
        _known(template.sound.ambience, list(sound.AMBIENCES), "sound.ambience", "ambience")
    for script, file in template.type.faces:
        try:
            typeset.face(file)
        except AutoschedError:
            raise InvalidError(
                f"type.faces.{script}: there is no font “{file}” here.",
                remedy="Choose another face for it.",
                code="unknown_font",
            ) from None
    try:
        scripture.parse(template.sample)
    except AutoschedError as error:
        raise InvalidError(f"sample: “{template.sample[:40]}” is no verse.") from error


def _known(name: str, names: list[str], place: str, what: str) -> None:
    if name not in names:
        raise InvalidError(
            f"{place}: there is no {what} “{name[:60]}” here.",
            remedy=f"Choose one of {', '.join(names)}.",
            code="unknown_name",
        )


def _document(content: bytes) -> Any:
    not_one = "This is not a template file"

    def no_number(name: str) -> Never:
        raise ValueError(f"{name} is no number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            raise ValueError("a field stands there twice")
        return made

    try:
        data = json.loads(content.decode("utf-8"), parse_constant=no_number, object_pairs_hook=once)
    except UnicodeDecodeError:
        raise InvalidError(f"{not_one}: it is not text.", code="not_a_template") from None
    except RecursionError:
        raise InvalidError(f"{not_one}: it is nested too deep.", code="not_a_template") from None
    except ValueError as error:
        raise InvalidError(f"{not_one}: it is not JSON ({error}).", code="not_a_template") from None
    if not isinstance(data, dict) or data.get("kind") != "autosched-template":
        raise InvalidError(
            f"{not_one}.",
            remedy=f"Choose a file that ends in {SUFFIX}, as autosched exports it.",
            code="not_a_template",
        )
    if _depth(data) > _DEEPEST:
        raise InvalidError(f"{not_one}: it is nested too deep.", code="not_a_template")
    version = data.get("schema")
    if version != SCHEMA:
        newer = isinstance(version, int) and version > SCHEMA
        raise InvalidError(
            f"This template file is of version {str(version)[:20]}; "
            f"this autosched reads version {SCHEMA}.",
            remedy="Bring autosched up to date." if newer else "Export it again.",
            code="other_version",
        )
    return data


def _depth(value: Any, at: int = 0) -> int:
    if at > _DEEPEST:
        return at
    if isinstance(value, dict):
        return max((_depth(each, at + 1) for each in value.values()), default=at)
    if isinstance(value, list):
        return max((_depth(each, at + 1) for each in value), default=at)
    return at


def _check_preview(shared: Shared) -> None:
    if not shared.preview:
        return
    wrong = InvalidError(
        "preview: it is not a small JPEG.",
        remedy="Take the preview out: it is drawn anew.",
        code="bad_preview",
    )
    try:
        content = base64.b64decode(shared.preview, validate=True)
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            # The size stands in the head: nothing is unpacked that is larger than a preview.
            if picture.width * picture.height > _PREVIEW_PIXELS:
                raise wrong
            picture.load()
    except (binascii.Error, OSError, ValueError, Image.DecompressionBombError):
        raise wrong from None
