"""What was made to fit, kept for the next time: each result once, whole or not at all.

A folder of pairs: the file, and beside it a note with its facts. All that touches a pair holds its
lock, which the system lets go when its holder dies; so two workers never make the same thing at
once, and what a dead one left behind is known by its lock being free.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from autosched import storage
from autosched.errors import CancelledError

BUDGET = 2 * 1024**3
# A platform may fetch a file up to a day after a post was prepared.
IN_USE = 26 * 3600.0
STALE = 7 * 24 * 3600.0
_POLL_SECONDS = 0.1
_NAME = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Made:
    """A file that was made: its path, what it is, and what was changed, a sentence each."""

    path: Path
    mime: str
    size: int
    width: int | None
    height: int | None
    duration: float | None
    changes: tuple[str, ...]


def kept(
    folder: Path,
    name: str,
    make: Callable[[Path], Made],
    *,
    dated: float,
    cancelled: Callable[[], bool] = lambda: False,
) -> Made:
    """What is kept under `name`; if there is nothing, it is made by `make` in an empty folder.

    `name`: 40 hexadecimal digits.

    The file is given the time `dated`, so that one that had to be made again passes for the same.
    Raises `CancelledError` when `cancelled()` turns true while another is at it, and
    `UnavailableError` on a full disk.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name: {name!r}")
    with storage.full_disk_told():
        folder.mkdir(parents=True, exist_ok=True)
        with _waited_for(folder, name, cancelled):
            found = _read(folder, name)
            if found is not None:
                return found
            scratch = folder / f"{name}.part"
            shutil.rmtree(scratch, ignore_errors=True)
            try:
                scratch.mkdir()
                made = _keep(folder, name, make(scratch), dated)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    sweep(folder)
    return made


def sweep(
    folder: Path, budget: int = BUDGET, *, in_use: float = IN_USE, stale: float = STALE
) -> None:
    """Remove what dead workers left, and of the rest what was longest unused and is too much.

    `budget` in bytes. What was asked for in the last `in_use` seconds stays in any case, what
    nobody asked for in the last `stale` seconds goes.
    """
    for left in {path.stem for path in _ours(folder) if path.suffix in (".part", ".lock")}:
        with _if_free(folder, left) as free:
            if free:
                shutil.rmtree(folder / f"{left}.part", ignore_errors=True)
    total = 0
    for used, name in sorted(_used(folder), reverse=True):
        with _if_free(folder, name) as free:
            note = folder / f"{name}.json"
            if not free or not note.exists():
                continue
            files = [path for path in folder.glob(f"{name}.*") if path.suffix != ".lock"]
            total += sum(path.stat().st_size for path in files)
            idle = time.time() - used
            if idle > stale or (total > budget and idle > in_use):
                note.unlink()  # first: a file without its note counts for nothing
                for path in files:
                    path.unlink(missing_ok=True)


def _ours(folder: Path) -> list[Path]:
    """All that was put here by `kept`; whatever else lies in the folder is not touched."""
    return [path for path in folder.iterdir() if _NAME.fullmatch(path.stem)]


def _used(folder: Path) -> Iterator[tuple[float, str]]:
    """When each pair was last asked for. A file alone was left by one killed between the two."""
    for path in _ours(folder):
        if path.suffix in (".lock", ".part"):
            continue
        with suppress(FileNotFoundError):
            if path.suffix == ".json":
                yield path.stat().st_mtime, path.stem
            elif not (folder / f"{path.stem}.json").exists():
                with _if_free(folder, path.stem) as free:
                    if free and not (folder / f"{path.stem}.json").exists():
                        path.unlink()


def _read(folder: Path, name: str) -> Made | None:
    note = folder / f"{name}.json"
    try:
        told = json.loads(note.read_text())
        path = folder / told["path"]
        if path.stat().st_size != told["size"]:
            return None
        os.utime(note)
    except (OSError, ValueError, KeyError):
        return None
    return Made(**{**told, "path": path, "changes": tuple(told["changes"])})


def _keep(folder: Path, name: str, made: Made, dated: float) -> Made:
    final = folder / f"{name}{made.path.suffix}"
    note = made.path.with_suffix(".json")
    note.write_text(json.dumps({**asdict(made), "path": final.name}, ensure_ascii=False))
    os.utime(made.path, (dated, dated))
    for path in (made.path, note):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    made.path.replace(final)
    note.replace(folder / f"{name}.json")
    return Made(**{**asdict(made), "path": final})


@contextmanager
def _waited_for(folder: Path, name: str, cancelled: Callable[[], bool]) -> Iterator[None]:
    while True:
        with _if_free(folder, name) as free:
            if free:
                yield
                return
        if cancelled():
            raise CancelledError("The conversion was cancelled.")
        time.sleep(_POLL_SECONDS)


@contextmanager
def _if_free(folder: Path, name: str) -> Iterator[bool]:
    """Hold the lock of `name`, unless another does: then it is `False`."""
    path = folder / f"{name}.lock"
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The one before may have removed the file that was just opened.
            held = os.fstat(handle).st_ino == path.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            held = False
        try:
            yield held
        finally:
            if held:
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)
