"""Uploads: a file arrives in chunks, each at its offset, and goes on where it stopped.

What counts as received has been written to disk for good and then noted in the database, so
neither a killed server nor a lost answer leaves a hole: the sender asks and goes on from there.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func
from sqlmodel import Session, col, select

from autosched import db, storage
from autosched.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library.intake import take_in
from autosched.library.models import Asset, Upload
from autosched.library.names import safe_name
from autosched.media import refusals
from autosched.settings import settings

CHUNK_MAX = 16 * 1024**2
UPLOADS_MAX = 30
_WAIT_SECONDS = 5.0


class OffsetError(ConflictError):
    """The sender is ahead of what is here: go on from `received`."""

    code = "offset"

    def __init__(self, received: int, size: int) -> None:
        super().__init__(
            f"Only {received:,} of {size:,} bytes have arrived so far.",
            remedy=f"Send on from byte {received}.",
        )
        self.received = received


def begin_upload(actor: str, workspace_id: str, name: str, size: int) -> Upload:
    """Announce a file of `size` bytes.

    `TooLargeError` over the limit, `UnavailableError` (`disk_full`) if it would not fit beside
    the other uploads under way, `ConflictError` if the person has too many of those.
    """
    if size <= 0:
        raise refusals.empty()
    limit = settings().upload_limit_mb * 1024**2
    if size > limit:
        raise TooLargeError(
            f"This file has {_spoken(size)}; the most is {_spoken(limit)}.",
            remedy="Export it smaller, or ask whoever runs this installation to raise the limit.",
        )
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        under_way = col(Upload.asset_id).is_(None)
        mine = session.exec(
            select(func.count()).select_from(Upload).where(under_way, Upload.user_id == actor)
        ).one()
        if mine >= UPLOADS_MAX:
            raise ConflictError(
                f"You have {mine} uploads under way already.",
                remedy="Let some of them finish, or give them up.",
                code="too_many_uploads",
            )
        awaited = session.exec(
            select(func.sum(col(Upload.size) - col(Upload.received))).where(under_way)
        ).one()
        if size > storage.free() - int(awaited or 0):
            raise storage.disk_full()
        upload = Upload(workspace_id=workspace_id, user_id=actor, name=safe_name(name), size=size)
        session.add(upload)
    return upload


def upload(actor: str, upload_id: str) -> Upload:
    """The state of the actor's own upload; `received` says from where to go on."""
    with db.read() as session:
        found = _own(session, actor, upload_id)
    if found.asset_id is None:
        file = storage.incoming(upload_id)
        found.received = min(found.received, file.stat().st_size if file.exists() else 0)
    return found


def append(actor: str, upload_id: str, offset: int, chunk: bytes) -> Upload:
    """Write the chunk at its offset; what is there already is passed over.

    `OffsetError` if the chunk would leave a gap, `InvalidError` if it goes beyond the announced
    size, `UnavailableError` (`disk_full`) with the upload as it was.
    """
    if len(chunk) > CHUNK_MAX:
        raise TooLargeError(
            f"A chunk may have {_spoken(CHUNK_MAX)} at most.", remedy="Send smaller ones."
        )
    upload(actor, upload_id)  # nothing is opened for what isn't one's own
    with _held(upload_id) as file:
        found = upload(actor, upload_id)
        if found.asset_id is not None:
            raise ConflictError("This upload is finished already.", code="finished")
        have = found.received
        if offset > have:
            raise OffsetError(have, found.size)
        if offset < 0 or offset + len(chunk) > found.size:
            raise InvalidError(
                "There is more in the file than was announced.",
                remedy="Begin the upload anew.",
                code="beyond_end",
            )
        if fresh := chunk[have - offset :]:
            _write(file, have, fresh)
            with db.write() as session:
                found = _own(session, actor, upload_id)
                found.received = have + len(fresh)
                session.add(found)
    return found


def finish(actor: str, upload_id: str) -> Asset:
    """Make the upload an asset; asked again, the same asset is the answer.

    `OffsetError` if bytes are missing. `InvalidError` says why the file is refused; the upload
    is gone then, since sending the same bytes again would change nothing.
    """
    upload(actor, upload_id)
    with _held(upload_id):
        found = upload(actor, upload_id)
        if found.asset_id is not None:
            return _become(actor, found.asset_id)
        if found.received < found.size:
            raise OffsetError(found.received, found.size)
        path = storage.incoming(upload_id)
        try:
            return take_in(actor, found.workspace_id, path, found.name, upload_id=upload_id)
        except InvalidError:
            discard(upload_id)
            raise


def abandon(actor: str, upload_id: str) -> None:
    """Give the upload up and free its space; of a finished one only the note of it goes."""
    upload(actor, upload_id)
    with _held(upload_id):
        discard(upload_id)


def discard(upload_id: str) -> None:
    """Remove the upload, whoever it belongs to."""
    with db.write() as session:
        found = session.get(Upload, upload_id)
        if found is not None:
            session.delete(found)
    storage.incoming(upload_id).unlink(missing_ok=True)


def _own(session: Session, actor: str, upload_id: str) -> Upload:
    found = session.get(Upload, upload_id)
    if found is None or found.user_id != actor:
        raise NotFoundError("There is no such upload, or it was given up.", remedy="Begin it anew.")
    require(session, actor, found.workspace_id, Role.EDITOR)
    return found


def _become(actor: str, asset_id: str) -> Asset:
    with db.read() as session:
        asset = session.get(Asset, asset_id)
        if asset is None:
            raise NotFoundError("This file has been removed from the library since.")
        require(session, actor, asset.workspace_id, Role.VIEWER)
        return asset


@contextmanager
def _held(upload_id: str) -> Iterator[int]:
    """The upload's file, open, and nobody else's meanwhile; a dead process holds nothing."""
    file = os.open(storage.incoming(upload_id), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ConflictError(
                        "This upload is busy: the server is still writing or checking it.",
                        remedy="Ask again in a moment.",
                        code="busy",
                    ) from None
                time.sleep(0.02)
        yield file
    finally:
        os.close(file)


def _write(file: int, have: int, fresh: bytes) -> None:
    try:
        with storage.full_disk_told():
            os.ftruncate(file, have)
            rest, at = memoryview(fresh), have
            while rest:
                written = os.pwrite(file, rest, at)
                rest, at = rest[written:], at + written
            os.fsync(file)
    except BaseException:
        os.ftruncate(file, have)
        raise


def _spoken(size: int) -> str:
    for unit, name in ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"
