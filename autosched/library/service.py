"""The library: a workspace's videos, pictures and sounds. Uploading is in `library.uploads`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from autosched import clock, db, events, storage
from autosched.errors import InvalidError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library import holds
from autosched.library.intake import release, take_in
from autosched.library.models import Asset, Kind
from autosched.library.names import safe_name
from autosched.library.sweep import sweep
from autosched.library.uploads import (
    CHUNK_MAX,
    OffsetError,
    abandon,
    append,
    begin_upload,
    finish,
    upload,
)
from autosched.studio.models import Analysis, Render

Variant = Literal["original", "poster", "waveform"]

ALT_MAX = 2000
PAGE_MAX = 200


def assets(
    actor: str,
    workspace_id: str,
    *,
    kind: Kind | str | None = None,
    query: str = "",
    limit: int = 60,
    before: str | None = None,
) -> list[Asset]:
    """The workspace's assets, newest first, at most `limit`.

    `query` is looked for in names and alt texts; `before` is the id of the last asset of the
    page before.
    """
    wanted = select(Asset).where(Asset.workspace_id == workspace_id)
    if kind:
        wanted = wanted.where(Asset.kind == _kind(kind))
    if words := query.replace("\0", "").strip():
        wanted = wanted.where(
            sa.or_(
                col(Asset.name).icontains(words, autoescape=True),
                col(Asset.alt).icontains(words, autoescape=True),
            )
        )
    if before:
        wanted = wanted.where(col(Asset.id) < before)
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        newest = wanted.order_by(col(Asset.id).desc()).limit(max(1, min(limit, PAGE_MAX)))
        return list(session.exec(newest))


def asset(actor: str, asset_id: str) -> Asset:
    """One asset, for a member of its workspace; to others it does not exist."""
    with db.read() as session:
        return _asset(session, actor, asset_id, Role.VIEWER)


def file(actor: str, asset_id: str, variant: Variant = "original") -> Path:
    """Where the asset's file lies, or its poster or waveform; `NotFoundError` if it has none."""
    found = asset(actor, asset_id)
    key = {
        "original": found.path,
        "poster": found.poster,
        "waveform": found.waveform,
    }.get(variant)
    if key is None:
        raise NotFoundError("There is no such picture of this file.")
    return storage.path(key)


def add_file(
    actor: str,
    workspace_id: str,
    path: Path,
    *,
    name: str | None = None,
    render_id: str | None = None,
    alt: str = "",
    still: Path | None = None,
) -> Asset:
    """Copy a file of this machine into the library; it is examined like any other.

    The same content is there once: then the asset that is there is returned. `still`: a JPEG
    to be its poster, where its maker knows the frame that tells most.
    """
    copy = storage.incoming(clock.new_id())
    try:
        if path.stat().st_size > storage.free():
            raise storage.disk_full()
        with storage.full_disk_told():
            shutil.copyfile(path, copy)
        return take_in(
            actor,
            workspace_id,
            copy,
            name or path.name,
            render_id=render_id,
            alt=_alt(alt),
            still=still,
        )
    finally:
        copy.unlink(missing_ok=True)


def describe(
    actor: str, asset_id: str, *, name: str | None = None, alt: str | None = None
) -> Asset:
    """Rename the asset, or say for those who can't see it what it shows."""
    with db.write() as session:
        found = _asset(session, actor, asset_id, Role.EDITOR)
        if name is not None:
            if not name.strip():
                raise InvalidError("A file needs a name.", code="name")
            found.name = safe_name(name)
        if alt is not None:
            found.alt = _alt(alt)
        session.add(found)
        db.after_commit(session, lambda: events.tell(found.workspace_id, "asset", id=asset_id))
    return found


def remove(actor: str, asset_id: str) -> None:
    """Remove the asset; its bytes go when no other workspace has the same file.

    `ConflictError` (`in_use`) while a post that hasn't gone out, or a render, needs it.
    What was measured of it goes with it.
    """
    with db.write() as session:
        found = _asset(session, actor, asset_id, Role.EDITOR)
        holds.check(session, found)
        made_by = sa.update(Render).where(col(Render.asset_id) == asset_id)
        session.execute(made_by.values(asset_id=None))
        session.execute(sa.delete(Analysis).where(col(Analysis.asset_id) == asset_id))
        session.delete(found)
        db.after_commit(session, lambda: events.tell(found.workspace_id, "asset", id=asset_id))
    release(found.sha256)


def _asset(session: Session, actor: str, asset_id: str, role: Role) -> Asset:
    nothing = NotFoundError("There is no such file, or it is not yours to see.")
    found = session.get(Asset, asset_id)
    if found is None:
        raise nothing
    try:
        require(session, actor, found.workspace_id, role)
    except NotFoundError:
        raise nothing from None
    return found


def _kind(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise InvalidError("A file is a video, an image or an audio.", code="kind") from None


def _alt(alt: str) -> str:
    clean = alt.replace("\0", "").strip()
    if len(clean) > ALT_MAX:
        raise InvalidError(
            f"A description may have {ALT_MAX} characters at most.", code="alt_too_long"
        )
    return clean


__all__ = [
    "ALT_MAX",
    "CHUNK_MAX",
    "OffsetError",
    "Variant",
    "abandon",
    "add_file",
    "append",
    "asset",
    "assets",
    "begin_upload",
    "describe",
    "file",
    "finish",
    "remove",
    "sweep",
    "upload",
]
