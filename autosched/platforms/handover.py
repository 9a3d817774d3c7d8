"""A hand-over package on the disk: media under plain names, the caption, and a sidecar.

`post.json` is written last, and the whole gets its name only when all of it is on the disk.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from autosched.platforms.base import Action, Draft, Media, PlatformError

_CHUNK = 1024 * 1024
_SUFFIXES = {"image/jpeg": ".jpg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/wav": ".wav"}


def name_of(draft: Draft) -> str:
    """The name of the draft's package: when it is due (UTC) and which target it is."""
    moment = draft.created_at.astimezone(UTC)
    return f"{moment:%Y-%m-%d_%H%MZ}_{_plain(draft.target_id)}"


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isascii() and sign.isalnum())


def part_of(name: str) -> str:
    """A name for a package that is being written: one of its own for each try."""
    return f".{name}.{secrets.token_hex(4)}.part"


def clear(folder: Path, name: str) -> None:
    """Remove what earlier tries at the package left half written.

    Each is renamed first: a worker that was thought dead, and wakes up, finds it whole or not at
    all, and so can never put half a package in its place.
    """
    for left in folder.glob(f".{name}.*.part"):
        gone = left.with_suffix(".gone")
        with suppress(FileNotFoundError):
            left.rename(gone)
    for gone in folder.glob(f".{name}.*.gone"):
        shutil.rmtree(gone, ignore_errors=True)


def holds(place: Path, draft: Draft) -> bool:
    """Whether `place` is this target's package: it is renamed there only when it is whole."""
    try:
        sidecar = json.loads((place / "post.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    return isinstance(sidecar, dict) and sidecar.get("target_id") == draft.target_id


def fill(part: Path, draft: Draft, progress: Callable[[float], None]) -> None:
    """Write the whole package into the new folder `part`, down to the disk.

    What can't be finished, as on a full disk, is taken away again.
    """
    part.mkdir()
    try:
        _write_package(part, draft, progress)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _write_package(part: Path, draft: Draft, progress: Callable[[float], None]) -> None:
    total = max(1, sum(media.size for media in draft.media))
    done = 0
    described = []
    for number, media in enumerate(draft.media, start=1):
        name = f"{number:02}-{media.kind}{_suffix(media)}"

        def advance(copied: int, before: int = done) -> None:
            progress(min(1.0, (before + copied) / total))

        digest, size = _copy(media.path, part / name, advance)
        done += size
        described.append(
            {
                "file": name,
                "kind": media.kind,
                "mime": media.mime,
                "size": size,
                "sha256": digest,
                "width": media.width,
                "height": media.height,
                "duration": media.duration,
                "alt": media.alt,
            }
        )
    _write(part / "caption.txt", draft.text.encode())
    sidecar = {
        "target_id": draft.target_id,
        "due": draft.created_at.astimezone(UTC).isoformat(),
        "text": draft.text,
        "media": described,
        "options": draft.options,
    }
    _write(part / "post.json", json.dumps(sidecar, ensure_ascii=False, indent=2).encode())
    sync(part)


def _suffix(media: Media) -> str:
    """By what the file is, never by what it was called."""
    return _SUFFIXES.get(media.mime) or mimetypes.guess_extension(media.mime) or ".bin"


def _copy(source: Path, target: Path, advance: Callable[[int], None]) -> tuple[str, int]:
    digest, copied = hashlib.sha256(), 0
    try:
        reading = source.open("rb")
    except FileNotFoundError as error:
        raise PlatformError(
            "A file of this post is no longer in the library.",
            action=Action.FIX,
            remedy="Add it again, and schedule the post again.",
            code="file_missing",
        ) from error
    with reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            writing.write(chunk)
            digest.update(chunk)
            copied += len(chunk)
            advance(copied)
        _settle_on_disk(writing.fileno(), writing.flush)
    return digest.hexdigest(), copied


def _write(target: Path, content: bytes) -> None:
    with target.open("xb") as file:
        file.write(content)
        _settle_on_disk(file.fileno(), file.flush)


def _settle_on_disk(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def sync(folder: Path) -> None:
    """Have the folder's list of names written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
