"""The schema of app.bsky.feed.post and its embeds, as the server checks it before it stores."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import regex

from autosched.sandbox.platforms.bluesky_cid import is_cid

POST = "app.bsky.feed.post"

TEXT_GRAPHEMES, TEXT_BYTES = 300, 3_000
TAG_GRAPHEMES, TAG_BYTES = 64, 640
TAGS, LANGS, LABELS = 8, 3, 10
IMAGES, GALLERY = 4, 20
IMAGE_BYTES = 2_000_000
VIDEO_BYTES = 300_000_000
CAPTIONS, CAPTION_BYTES = 20, 20_000
VIDEO_ALT_GRAPHEMES, VIDEO_ALT_BYTES = 1_000, 10_000

_DATETIME = re.compile(
    r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d+)?(Z|[+-][0-2]\d:[0-5]\d)"
)
_LANGUAGE = re.compile(r"(i|[a-z]{2,3})(-[a-zA-Z0-9]+)*")
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]{0,80}:[^\s]{1,8000}")
_AT_URI = re.compile(r"at://[^\s/]+(/[a-zA-Z0-9.\-]+(/[A-Za-z0-9._:~\-]{1,512})?)?")
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%\-]+")

_EMBED = "app.bsky.embed."
_FACET = "app.bsky.richtext.facet#"


def graphemes(text: str) -> int:
    """How many characters a person sees (Unicode's extended grapheme clusters)."""
    return len(regex.findall(r"\X", text))


def check_post(record: dict[str, Any]) -> None:
    """Check a post; `ValueError` says where and why it is refused."""
    _text(record, "record", "text", TEXT_BYTES, TEXT_GRAPHEMES)
    _match(record, "record", "createdAt", _DATETIME, "datetime")
    for number, tag in enumerate(_list(record, "record", "langs", LANGS)):
        _fits(tag, f"record.langs.{number}", _LANGUAGE, "language")
    for number, tag in enumerate(_list(record, "record", "tags", TAGS)):
        _within(tag, f"record.tags.{number}", TAG_BYTES, TAG_GRAPHEMES)
    for number, facet in enumerate(_list(record, "record", "facets")):
        _facet(facet, f"record.facets.{number}")
    if "reply" in record:
        reply = _object(record, "record", "reply")
        _ref(_object(reply, "record.reply", "root"), "record.reply.root")
        _ref(_object(reply, "record.reply", "parent"), "record.reply.parent")
    if "labels" in record:
        labels = _object(record, "record", "labels")
        _need(isinstance(labels.get("$type"), str), "record.labels must have a $type")
        for number, label in enumerate(_list(labels, "record.labels", "values", LABELS)):
            where = f"record.labels.values.{number}"
            _need(isinstance(label, dict), f"{where} must be an object")
            _text(label, where, "val", 128)
    if "embed" in record:
        check_embed(_object(record, "record", "embed"), "record.embed")


def check_embed(embed: dict[str, Any], where: str) -> None:
    """Check what a post carries. A kind that the schema does not know is let through."""
    kind = embed.get("$type")
    _need(isinstance(kind, str), f"{where} must have a $type")
    checks: dict[str, Callable[[dict[str, Any], str], None]] = {
        "images": _images,
        "gallery": _gallery,
        "external": _external,
        "video": _video,
        "record": _record,
        "recordWithMedia": _record_with_media,
    }
    check = checks.get(str(kind).removeprefix(_EMBED))
    if check is not None and str(kind).startswith(_EMBED):
        check(embed, where)


def blobs(value: Any) -> list[dict[str, Any]]:
    """Every blob that a record refers to, with the text for those who cannot see it as `alt`."""
    found: list[dict[str, Any]] = []
    if isinstance(value, dict):
        if value.get("$type") == "blob":
            return [value]
        for each in value.values():
            inner = blobs(each)
            if isinstance(value.get("alt"), str):
                inner = [{"alt": value["alt"], **blob} for blob in inner]
            found += inner
    if isinstance(value, list):
        for each in value:
            found += blobs(each)
    return found


def _images(embed: dict[str, Any], where: str) -> None:
    _need("images" in embed, f'Missing required key "images" at {where}')
    for number, image in enumerate(_list(embed, where, "images", IMAGES)):
        _image(image, f"{where}.images.{number}")


def _gallery(embed: dict[str, Any], where: str) -> None:
    _need("items" in embed, f'Missing required key "items" at {where}')
    for number, image in enumerate(_list(embed, where, "items", GALLERY)):
        here = f"{where}.items.{number}"
        _image(image, here)
        _need("aspectRatio" in image, f'Missing required key "aspectRatio" at {here}')


def _image(image: Any, where: str) -> None:
    _need(isinstance(image, dict), f"{where} must be an object")
    _need(isinstance(image.get("alt"), str), f'Missing required key "alt" at {where}')
    _blob(_object(image, where, "image"), f"{where}.image", "image/", IMAGE_BYTES)
    _ratio(image, where)


def _external(embed: dict[str, Any], where: str) -> None:
    card, here = _object(embed, where, "external"), f"{where}.external"
    _match(card, here, "uri", _URI, "uri")
    _text(card, here, "title")
    _text(card, here, "description")
    if "thumb" in card:
        _blob(_object(card, here, "thumb"), f"{here}.thumb", "image/", IMAGE_BYTES)


def _video(embed: dict[str, Any], where: str) -> None:
    _blob(_object(embed, where, "video"), f"{where}.video", "video/mp4", VIDEO_BYTES)
    if "alt" in embed:
        _text(embed, where, "alt", VIDEO_ALT_BYTES, VIDEO_ALT_GRAPHEMES)
    for number, caption in enumerate(_list(embed, where, "captions", CAPTIONS)):
        here = f"{where}.captions.{number}"
        _need(isinstance(caption, dict), f"{here} must be an object")
        _match(caption, here, "lang", _LANGUAGE, "language")
        _blob(_object(caption, here, "file"), f"{here}.file", "text/vtt", CAPTION_BYTES)
    _ratio(embed, where)


def _record(embed: dict[str, Any], where: str) -> None:
    _ref(_object(embed, where, "record"), f"{where}.record")


def _record_with_media(embed: dict[str, Any], where: str) -> None:
    _record(_object(embed, where, "record"), f"{where}.record")
    check_embed(_object(embed, where, "media"), f"{where}.media")


def _facet(facet: Any, where: str) -> None:
    """Offsets must be numbers; that they lie within the text nobody asks."""
    _need(isinstance(facet, dict), f"{where} must be an object")
    index = _object(facet, where, "index")
    for name in ("byteStart", "byteEnd"):
        value = index.get(name)
        good = type(value) is int and value >= 0
        _need(good, f"{where}.index.{name} must be a whole number not below 0")
    _need("features" in facet, f'Missing required key "features" at {where}')
    for number, feature in enumerate(_list(facet, where, "features")):
        here = f"{where}.features.{number}"
        _need(
            isinstance(feature, dict) and isinstance(feature.get("$type"), str),
            f"{here} must have a $type",
        )
        kind = str(feature["$type"]).removeprefix(_FACET)
        if kind == "link":
            _match(feature, here, "uri", _URI, "uri")
        elif kind == "tag":
            _text(feature, here, "tag", TAG_BYTES, TAG_GRAPHEMES)
        elif kind == "mention":
            _match(feature, here, "did", _DID, "did")


def _ref(ref: dict[str, Any], where: str) -> None:
    _match(ref, where, "uri", _AT_URI, "at-uri")
    _need(is_cid(ref.get("cid")), f"{where}.cid must be a cid string")


def _blob(blob: dict[str, Any], where: str, mime: str, most: int) -> None:
    ref = blob.get("ref")
    good = (
        blob.get("$type") == "blob"
        and isinstance(ref, dict)
        and is_cid(ref.get("$link"))
        and isinstance(blob.get("mimeType"), str)
        and type(blob.get("size")) is int
    )
    _need(good, f"{where} should be a blob ref")
    _need(str(blob["mimeType"]).startswith(mime), f"{where} is of a mime type that is not accepted")
    _need(blob["size"] <= most, f"{where} is too big: it may have {most} bytes")


def _ratio(holder: dict[str, Any], where: str) -> None:
    if "aspectRatio" in holder:
        ratio = _object(holder, where, "aspectRatio")
        for name in ("width", "height"):
            value = ratio.get(name)
            good = type(value) is int and value >= 1
            _need(good, f"{where}.aspectRatio.{name} must be a whole number not below 1")


def _text(
    holder: dict[str, Any], where: str, name: str, most: int | None = None, seen: int | None = None
) -> None:
    _need(name in holder, f'Missing required key "{name}" at {where}')
    _within(holder[name], f"{where}.{name}", most, seen)


def _within(value: Any, where: str, most: int | None, seen: int | None) -> None:
    _need(isinstance(value, str), f"{where} must be a string")
    if most is not None:
        _need(len(value.encode()) <= most, f"{where} must not be longer than {most} bytes")
    if seen is not None:
        _need(graphemes(value) <= seen, f"{where} must not be longer than {seen} graphemes")


def _match(
    holder: dict[str, Any], where: str, name: str, pattern: re.Pattern[str], form: str
) -> None:
    _need(name in holder, f'Missing required key "{name}" at {where}')
    _fits(holder[name], f"{where}.{name}", pattern, form)


def _fits(value: Any, where: str, pattern: re.Pattern[str], form: str) -> None:
    good = isinstance(value, str) and pattern.fullmatch(value) is not None
    _need(good, f"{where} must be a valid {form}")


def _object(holder: dict[str, Any], where: str, name: str) -> dict[str, Any]:
    _need(name in holder, f'Missing required key "{name}" at {where}')
    value = holder[name]
    _need(isinstance(value, dict), f"{where}.{name} must be an object")
    found: dict[str, Any] = value
    return found


def _list(holder: dict[str, Any], where: str, name: str, most: int | None = None) -> list[Any]:
    value = holder.get(name, [])
    _need(isinstance(value, list), f"{where}.{name} must be an array")
    _need(
        most is None or len(value) <= most,
        f"{where}.{name} must not have more than {most} elements",
    )
    return list(value)


def _need(good: bool, reason: str) -> None:
    if not good:
        raise ValueError(reason)
