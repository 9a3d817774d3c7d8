"""Folder: a hand-over package a post, for accounts that a person posts to by hand.

A package is a folder with the media, the caption and a sidecar for programs. It is written
beside its place and renamed into it, so that nobody ever sees half of one.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autosched.errors import InvalidError
from autosched.platforms.base import (
    Action,
    Connection,
    Desk,
    Draft,
    Field,
    Limits,
    PlatformError,
    Published,
    Shape,
)
from autosched.platforms.common import Common
from autosched.platforms.handover import clear, fill, holds, name_of, part_of, sync
from autosched.settings import settings

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


_PACKAGE = (
    Shape(
        "package",
        "Package",
        Limits(
            text_max=20_000,
            text_unit="graphemes",
            images_max=50,
            videos_max=50,
            documents_max=50,
            media_max=50,
            mixed=True,
            sound=True,
        ),
    ),
)


class Folder(Common):
    """The platform. Its account's options: `path`. A target's handle: `package`, the name
    it gets, and `part`, the name under which it is written."""

    name = "folder"
    title = "Folder"
    fields: tuple[Field, ...] = (
        Field("path", "Folder on the server", hint="Such as /home/amina/to-post; posts land in it"),
    )

    def connect(self, form: dict[str, str]) -> Connection:
        """Check the folder, and make it if the one it lies in is there; else `InvalidError`."""
        folder = _usable(form.get("path", "").strip())
        return Connection(
            remote_id=str(folder),
            handle=folder.name,
            name=folder.name,
            secret={},
            options={"path": str(folder)},
        )

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A package of anything; only what is surely a mistake is too much."""
        return _PACKAGE

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Write the whole package beside its place, under a name that is not shown."""
        for problem in self.check(draft):
            raise PlatformError(problem.sentence, action=Action.FIX, code=problem.code)
        name = desk.handle.get("package") or name_of(draft)
        part = part_of(name)
        desk.handle = {**desk.handle, "package": name, "part": part}
        desk.remember(desk.handle)
        with _explained(desk.options["path"]):
            folder = _present(desk)
            if not holds(folder / name, draft):
                clear(folder, name)
                _enough_room(folder, draft)
                fill(folder / part, draft, desk.progress)
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Rename the package into its place; if it is there already, that is the proof."""
        with _explained(desk.options["path"]):
            folder = _present(desk)
            place = folder / desk.handle["package"]
            if not holds(place, draft):
                try:
                    (folder / desk.handle["part"]).rename(place)
                except FileNotFoundError as error:
                    raise PlatformError(
                        "What was written for this post has been removed from the folder.",
                        action=Action.RETRY,
                        remedy="It will be written again by itself.",
                        code="package_gone",
                    ) from error
                sync(folder)
        return Published(str(place), None)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Look whether the package is in its place."""
        package = desk.handle.get("package")
        if package is None:
            return None
        with _explained(desk.options["path"]):
            place = _present(desk) / package
            return Published(str(place), None) if holds(place, draft) else None


def _usable(written: str) -> Path:
    """The folder that a person named, ready to be written into; `InvalidError` if it can't be."""
    path = Path(written).expanduser()
    if not written or not path.is_absolute() or "\0" in written:
        raise InvalidError(
            "The folder must be named with its whole path.",
            remedy="Write it from the root on, such as /home/amina/to-post.",
        )
    folder = path.resolve()
    data = settings().data_dir.resolve()
    if folder == data or data in folder.parents:
        raise InvalidError(
            "This folder belongs to the program itself.",
            remedy="Choose a folder outside the data folder.",
        )
    if not folder.exists():
        if not folder.parent.is_dir():
            raise InvalidError(
                f"There is no folder {folder.parent}.",
                remedy="Make it first, or choose another folder.",
            )
        _made(folder)
    if not folder.is_dir():
        raise InvalidError(f"{folder} is a file.", remedy="Choose a folder.")
    try:
        # Permissions can't be read off reliably: trying is the only sure way.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"autosched")
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return folder


def _made(folder: Path) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        return
    except OSError as error:
        raise _cannot_write(folder.parent, error) from error


def _cannot_write(folder: Path, error: OSError) -> InvalidError:
    if error.errno in _NO_ROOM:
        return InvalidError(f"The disk of {folder} is full.", remedy="Free some space on it.")
    return InvalidError(
        f"autosched may not write in {folder}.",
        remedy="Give its user the right to write there, or choose another folder.",
    )


def _present(desk: Desk) -> Path:
    folder = Path(desk.options["path"])
    if not folder.is_dir():
        raise PlatformError(
            f"The folder {folder} is not there.",
            action=Action.RETRY,
            remedy="Bring it back (is its disk connected?); it will be tried again by itself.",
            code="folder_missing",
        )
    return folder


def _enough_room(folder: Path, draft: Draft) -> None:
    needed = sum(media.size for media in draft.media)
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            sentence, remedy = f"The disk of {path} has no room for this.", "Free some space on it"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sentence = f"autosched may not write in {path}."
            remedy = "Give its user the right to write there"
        else:
            sentence = f"The folder {path} could not be written ({error.strerror})."
            remedy = "Check its disk"
        raise PlatformError(
            sentence,
            action=Action.RETRY,
            remedy=f"{remedy}; it will be tried again by itself.",
            code="folder_unwritable",
        ) from error
