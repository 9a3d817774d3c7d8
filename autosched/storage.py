"""Where files lie: a local folder, in which content is kept under its own hash.

The same bytes lie there once, whoever they belong to; who may see them is the library's affair.
Keys are made here and checked here, so that no name from outside ever becomes a path.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autosched.errors import NotFoundError, UnavailableError
from autosched.settings import settings

# What must stay free for the database and for whoever else writes on this disk.
RESERVE = 256 * 1024**2

_ID = re.compile(r"[0-9a-z]{26}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8}){1,2}")
_KEY = re.compile(rf"[0-9a-f]{{2}}/{_SHA256.pattern}{_SUFFIX.pattern}")


def root() -> Path:
    """The folder of all files, made if it isn't there."""
    folder = settings().data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def incoming(upload_id: str) -> Path:
    """Where the bytes of an upload gather; beside it there is room for what is made of them."""
    if not _ID.fullmatch(upload_id):
        raise NotFoundError("There is no such upload.")
    folder = root() / "incoming"
    folder.mkdir(exist_ok=True)
    return folder / upload_id


def all_incoming() -> list[Path]:
    """Every file in the incoming folder, of whatever age."""
    return sorted((root() / "incoming").glob("*"))


def keep(path: Path, sha256: str, suffix: str) -> str:
    """Move the file, whose hash this is, to where it stays; its key.

    Where the same content lies already, the file is only removed. What is kept is on disk, its
    name included, when this returns.
    """
    if not _SHA256.fullmatch(sha256) or not _SUFFIX.fullmatch(suffix):
        raise ValueError(f"not a key: {sha256!r}{suffix!r}")
    key = f"{sha256[:2]}/{sha256}{suffix}"
    target = root() / key
    if target.exists() and target.stat().st_size == path.stat().st_size:
        path.unlink()
        return key
    target.parent.mkdir(exist_ok=True)
    with full_disk_told(), path.open("rb") as file:
        os.fsync(file.fileno())
        path.replace(target)
        _sync_folder(target.parent)
    return key


def path(key: str) -> Path:
    """Where the file with this key lies; `NotFoundError` if it isn't there."""
    target = root() / _checked(key)
    if not target.is_file():
        raise NotFoundError(
            "The file itself is missing from the data folder.",
            remedy="Restore the folder “files” from a backup, or upload the file again.",
            code="file_missing",
        )
    return target


def forget(key: str) -> None:
    """Remove the file with this key; doing it twice does no harm."""
    with suppress(FileNotFoundError):
        (root() / _checked(key)).unlink()


def forget_all(sha256: str) -> None:
    """Remove every file whose key begins with this hash: the content and what was made of it."""
    if _SHA256.fullmatch(sha256):
        for file in (root() / sha256[:2]).glob(f"{sha256}.*"):
            file.unlink(missing_ok=True)


def kept(older_than: float) -> Iterator[str]:
    """The hashes of all that is kept and has lain there for so many seconds."""
    for file in sorted(root().glob("[0-9a-f][0-9a-f]/*")):
        sha256 = file.name.partition(".")[0]
        if _SHA256.fullmatch(sha256) and time.time() - file.stat().st_mtime > older_than:
            yield sha256


def free() -> int:
    """How many bytes may still be written, `RESERVE` left alone."""
    return max(0, shutil.disk_usage(root()).free - RESERVE)


def disk_full() -> UnavailableError:
    """The refusal of what would not fit on the disk."""
    return UnavailableError(
        "The disk that holds the files is full.",
        remedy="Remove files that are no longer needed, or move the data folder to a larger disk.",
        code="disk_full",
    )


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Turn the system's complaint about a full disk or a quota into one for a person."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from error
        raise


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise NotFoundError("There is no such file.")
    return key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
