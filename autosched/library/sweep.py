"""Clearing up: uploads that nobody goes on with, and bytes that no asset needs."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import islice

from sqlmodel import col, select

from autosched import clock, db, storage
from autosched.library.intake import release
from autosched.library.models import Asset, Upload
from autosched.library.uploads import discard

ABANDONED_HOURS = 24
_AT_ONCE = 500


def sweep() -> int:
    """Remove what has lain untouched for `ABANDONED_HOURS`; how many uploads and files it was.

    For the dispatcher's clock, not for a person: it sees all workspaces.
    """
    return _sweep_uploads() + _sweep_incoming() + _sweep_kept()


def _sweep_uploads() -> int:
    before = clock.now() - timedelta(hours=ABANDONED_HOURS)
    with db.read() as session:
        old = session.exec(select(Upload).where(col(Upload.created_at) < before)).all()
    stale = [upload for upload in old if upload.asset_id or not _lately_written(upload.id)]
    for upload in stale:
        discard(upload.id)
    return len(stale)


def _lately_written(upload_id: str) -> bool:
    file = storage.incoming(upload_id)
    return file.exists() and time.time() - file.stat().st_mtime < ABANDONED_HOURS * 3600


def _sweep_incoming() -> int:
    """Files without an upload, left by a process that was killed at the wrong moment."""
    files = [
        file
        for file in storage.all_incoming()
        if time.time() - file.stat().st_mtime > ABANDONED_HOURS * 3600
    ]
    with db.read() as session:
        ids = [file.stem for file in files]
        known = set(session.exec(select(Upload.id).where(col(Upload.id).in_(ids))))
    lost = [file for file in files if file.stem not in known]
    for file in lost:
        file.unlink(missing_ok=True)
    return len(lost)


def _sweep_kept() -> int:
    """Content that no asset names: a removal or an intake was killed between its two halves."""
    count, hashes = 0, storage.kept(ABANDONED_HOURS * 3600)
    while batch := set(islice(hashes, _AT_ONCE)):
        with db.read() as session:
            needed = set(
                session.exec(select(Asset.sha256).where(col(Asset.sha256).in_(batch)).distinct())
            )
        count += sum(release(sha256) for sha256 in batch - needed)
    return count
