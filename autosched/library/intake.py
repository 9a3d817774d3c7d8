"""Taking a file in: measured, pictured, stored once, and written down in one transaction."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from autosched import db, events, storage
from autosched.errors import ConflictError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library.models import Asset, Kind, Upload
from autosched.library.names import safe_name
from autosched.media.probe import Probe, probe


def take_in(
    actor: str,
    workspace_id: str,
    path: Path,
    name: str,
    *,
    upload_id: str | None = None,
    render_id: str | None = None,
    alt: str = "",
    still: Path | None = None,
) -> Asset:
    """Make the file in the incoming folder an asset; it is gone from there afterwards.

    The same content is an asset of the workspace only once: the one that is there is returned.
    The upload, where there was one, is told in the same transaction what it became.
    `still`: a JPEG that shows it better than any frame found by looking.
    `InvalidError` from the probe leaves the file where it is, and so does a full disk.
    """
    sha256 = _sha256(path)
    poster, waveform = path.with_suffix(".jpg"), path.with_suffix(".png")
    try:
        with db.read() as session:
            require(session, actor, workspace_id, Role.EDITOR)
            known = _known(session, workspace_id, sha256)
        found = None if known else probe(path, poster=poster, waveform=waveform)
        if still is not None:
            _save_still(still, poster)
        with db.write() as session:
            require(session, actor, workspace_id, Role.EDITOR)
            hold_content(session, sha256)
            asset = _known(session, workspace_id, sha256)
            if asset is None:
                if found is None:
                    raise ConflictError(
                        "Somebody removed this very file from the library a moment ago.",
                        remedy="Try again, and it is added anew.",
                    )
                asset = _asset(path, sha256, found, poster, waveform)
                asset.workspace_id, asset.created_by = workspace_id, actor
                asset.name, asset.alt, asset.render_id = safe_name(name), alt, render_id
                session.add(asset)
                made = asset
                db.after_commit(session, lambda: events.tell(workspace_id, "asset", id=made.id))
            _tell_upload(session, upload_id, asset)
    finally:
        poster.unlink(missing_ok=True)
        waveform.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    return asset


def _save_still(still: Path, poster: Path) -> None:
    from PIL import Image

    from autosched.media.pictures import save_poster  # heavy: only a worker makes stills

    with Image.open(still) as picture:
        save_poster(picture, poster)


def hold_content(session: Session, sha256: str) -> None:
    """Keep others from storing or forgetting this content until the transaction ends.

    On SQLite a write transaction keeps every other writer out as it is.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def release(sha256: str) -> bool:
    """Remove the content's files if no asset of any workspace needs them; whether it was so.

    What the disk refuses to give up is tried again by the sweep.
    """
    with db.write() as session:
        hold_content(session, sha256)
        if session.exec(select(col(Asset.id)).where(Asset.sha256 == sha256).limit(1)).first():
            return False
        with suppress(OSError):
            storage.forget_all(sha256)
        return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known(session: Session, workspace_id: str, sha256: str) -> Asset | None:
    return session.exec(
        select(Asset).where(Asset.workspace_id == workspace_id, Asset.sha256 == sha256)
    ).first()


def _asset(path: Path, sha256: str, found: Probe, poster: Path, waveform: Path) -> Asset:
    return Asset(
        workspace_id="",
        created_by="",
        kind=Kind(found.kind),
        name="",
        mime=found.mime,
        sha256=sha256,
        size=found.size,
        # The pictures first: if the disk is full, the upload itself is still where it was.
        poster=storage.keep(poster, sha256, ".poster.jpg") if poster.exists() else None,
        waveform=storage.keep(waveform, sha256, ".wave.png") if waveform.exists() else None,
        path=storage.keep(path, sha256, found.suffix),
        width=found.width,
        height=found.height,
        duration=found.duration,
        fps=found.fps,
        has_audio=found.has_audio,
        codec=found.codec,
    )


def _tell_upload(session: Session, upload_id: str | None, asset: Asset) -> None:
    upload = session.get(Upload, upload_id) if upload_id else None
    if upload is not None:
        upload.asset_id = asset.id
        session.add(upload)
