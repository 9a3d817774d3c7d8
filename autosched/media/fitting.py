"""Media made to fit what a platform takes: another format, size, shape, rate, fewer bytes.

A file that is taken as it is stays as it is. What is made is kept in the data folder, so that a
second account, a second try, or the look at it beforehand costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from autosched import storage
from autosched.errors import CancelledError
from autosched.media import (
    fitting_cache,
    fitting_encoding,
    fitting_films,
    fitting_pictures,
)
from autosched.media.fitting_cache import Made
from autosched.media.fitting_films import Film
from autosched.media.fitting_layout import HOWS, How
from autosched.media.fitting_pictures import Head
from autosched.platforms.base import Media
from autosched.platforms.limits import ImageRule, Limits, VideoRule
from autosched.settings import settings

__all__ = ["HOWS", "Fitted", "How", "conforms", "fit"]

# Goes up when the same source would be made into something else than before.
_EDITION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
# An encoder takes all cores by itself, a large picture much memory.
_AT_ONCE = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 0.2
_PICTURE_ROOM = 32 * 1024**2


@dataclass(frozen=True)
class Fitted:
    """What goes out, and what was changed for it, a sentence each: none, if it is the original."""

    media: Media
    changes: tuple[str, ...] = ()


def fit(
    media: Media,
    limits: Limits,
    how: How = "pad",
    focus: tuple[float, float] | None = None,
    folder: Path | None = None,
    *,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Fitted:
    """The media as `limits` take it: itself, or a copy that is kept in `folder` (by default the
    data folder's cache). `how`: what is done about a shape that is not taken. `focus`: where the
    subject is, as shares of width and height; by default it is looked for.

    Length is never changed; a sound or a document is handed back as it is. Raises `InvalidError`
    for a file that can't be read or made to fit, `UnavailableError` on a full disk, and
    `CancelledError` soon after `cancelled()` is true.
    """
    rule = _rule(media, limits)
    if rule is None:
        return Fitted(media)
    seen = _seen(media, rule)
    if not _against(rule, seen, how):
        return Fitted(media)
    folder = folder or settings().data_dir / "cache" / "fitted"

    told = 0.0

    def forward(share: float) -> None:
        """A second try begins anew; what was told never goes back."""
        nonlocal told
        told = max(told, share)
        progress(told)

    def make(scratch: Path) -> Made:
        _make_room(folder, seen, rule)
        with _turn(cancelled):
            if isinstance(rule, ImageRule):
                assert isinstance(seen, Head)
                return fitting_pictures.fit(media.path, rule, seen, how, focus, scratch, cancelled)
            assert isinstance(seen, Film)
            return fitting_encoding.fit(
                media.path, rule, seen, how, focus, scratch, forward, cancelled
            )

    name = _name(media.path, rule, how, focus)
    dated = media.path.stat().st_mtime
    made = fitting_cache.kept(folder, name, make, dated=dated, cancelled=cancelled)
    progress(1.0)
    return Fitted(_as_media(media, made), made.changes)


def conforms(media: Media, limits: Limits, how: How = "pad") -> tuple[str, ...]:
    """What would be changed, as far as it can be told from the known facts, without the file."""
    rule = _rule(media, limits)
    if rule is None or not media.width or not media.height:
        return ()
    size = media.width, media.height
    if isinstance(rule, ImageRule):
        return fitting_pictures.against(rule, Head(media.mime, media.size, *size), how)
    film = Film(media.mime, media.size, *size, media.duration or 0.0)
    return fitting_films.needs(rule, film, how).said


def _rule(media: Media, limits: Limits) -> ImageRule | VideoRule | None:
    return {"image": limits.image, "video": limits.video}.get(media.kind)


def _seen(media: Media, rule: ImageRule | VideoRule) -> Head | Film:
    if isinstance(rule, ImageRule):
        return fitting_pictures.head(media.path)
    film = fitting_films.head(media.path, media.width, media.height)
    return film if film.seconds else replace(film, seconds=media.duration or 0.0)


def _against(rule: ImageRule | VideoRule, seen: Head | Film, how: How) -> bool:
    if isinstance(rule, ImageRule):
        assert isinstance(seen, Head)
        return bool(fitting_pictures.against(rule, seen, how))
    assert isinstance(seen, Film)
    return fitting_films.needs(rule, seen, how).anything


def _as_media(media: Media, made: Made) -> Media:
    return replace(
        media,
        path=made.path,
        mime=made.mime,
        size=made.size,
        width=made.width,
        height=made.height,
        duration=made.duration if made.duration is not None else media.duration,
        name=str(Path(media.name).with_suffix(made.path.suffix)) if media.name else "",
    )


def _name(
    path: Path, rule: ImageRule | VideoRule, how: How, focus: tuple[float, float] | None
) -> str:
    """The key of what is made: the content of the source (or what stands for it) and the wish."""
    sha256 = path.name.partition(".")[0]
    if path.is_relative_to(storage.root()) and _SHA256.fullmatch(sha256):
        source: object = sha256
    else:
        found = path.stat()
        source = [str(path.absolute()), found.st_size, found.st_mtime_ns, found.st_ino]
    wish = {key: value for key, value in asdict(rule).items() if key != "alt_max"}
    wish.pop("seconds_min", None)
    told = json.dumps([_EDITION, source, type(rule).__name__, wish, how, focus])
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def _make_room(folder: Path, seen: Head | Film, rule: ImageRule | VideoRule) -> None:
    """Let go of what is kept but not in use where the disk has no room for the new file."""
    needed = _PICTURE_ROOM
    if isinstance(seen, Film):
        needed = min(rule.bytes_max or seen.size * 2, seen.size * 2)
    if storage.free() < needed:
        fitting_cache.sweep(folder, 0)
        if storage.free() < needed:
            raise storage.disk_full()


@contextmanager
def _turn(cancelled: Callable[[], bool]) -> Iterator[None]:
    while not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        if cancelled():
            raise CancelledError("The conversion was cancelled.")
    try:
        yield
    finally:
        _AT_ONCE.release()
