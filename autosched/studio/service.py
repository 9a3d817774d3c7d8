"""Renders as a team sees them: asked for, watched, cancelled, tried again; and the worker's side.

The row is the truth. A worker holds a render by a lease that it keeps renewing; when it dies the
lease ends, the dispatcher claims the render anew, and another worker begins it again.
"""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from autosched import clock, db, events
from autosched.errors import (
    AutoschedError,
    CancelledError,
    ConflictError,
    NotFoundError,
)
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library import service as library
from autosched.media.ffmpeg import FfmpegError
from autosched.settings import settings
from autosched.studio import assets
from autosched.studio import spec as specs
from autosched.studio.models import Render, RenderState
from autosched.studio.spec import Spec
from autosched.studio.tending import LEASE_SECONDS, Tending

MOST_ATTEMPTS = 3
_AGAIN_SECONDS = 5.0
_MOST_SHOWN = 200
_OVER = (RenderState.DONE, RenderState.FAILED, RenderState.CANCELLED)
log = logging.getLogger(__name__)


def request(actor: str, workspace_id: str, spec: dict[str, Any], *, title: str = "") -> Render:
    """Ask for a render; it begins as soon as a worker is free.

    Media must come from the workspace's library, as `{"asset": ID}`. `InvalidError` names what
    is wrong with the spec, `NotFoundError` an asset that is not there for the actor.
    """
    checked = specs.parse(spec)
    assets.check(actor, workspace_id, checked)
    row = Render(
        workspace_id=workspace_id,
        created_by=actor,
        title=(title.strip() or _title(checked))[:120],
        spec=spec,
        template=checked.design.name,
        format=checked.format.value,
        stage="Waiting",
    )
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        session.add(row)
        db.after_commit(session, lambda: _tell(row))
    return row


def renders(actor: str, workspace_id: str, limit: int = 50) -> list[Render]:
    """The workspace's renders, newest first."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
        return list(
            session.exec(
                select(Render)
                .where(Render.workspace_id == workspace_id)
                .order_by(col(Render.id).desc())
                .limit(max(1, min(limit, _MOST_SHOWN)))
            )
        )


def render_of(actor: str, render_id: str) -> Render:
    """One render, for a member of its workspace; to others it does not exist."""
    with db.read() as session:
        return _render(session, actor, render_id, Role.VIEWER)


def cancel(actor: str, render_id: str) -> Render:
    """Stop a render: at once when it waits, within a second when a worker is at it."""
    with db.write() as session:
        row = _render(session, actor, render_id, Role.EDITOR)
        if row.state == RenderState.QUEUED:
            _end(row, RenderState.CANCELLED, "Cancelled")
        elif row.state == RenderState.RUNNING:
            row.cancel_asked, row.stage = True, "Cancelling"
        elif row.state != RenderState.CANCELLED:
            raise ConflictError(
                "This render is over already.", remedy="There is nothing left to cancel."
            )
        session.add(row)
        db.after_commit(session, lambda: _tell(row))
    return row


def retry(actor: str, render_id: str) -> Render:
    """Ask once more for a render that failed or was cancelled."""
    with db.write() as session:
        row = _render(session, actor, render_id, Role.EDITOR)
        if row.state not in (RenderState.FAILED, RenderState.CANCELLED):
            raise ConflictError(
                "This render has not failed.", remedy="Wait for it, or cancel it first."
            )
        row.state, row.stage, row.attempts = RenderState.QUEUED, "Waiting", 0
        row.progress, row.seconds_left, row.finished_at = 0.0, None, None
        row.error, row.error_code, row.cancel_asked, row.lease = None, None, False, None
        row.run_at = clock.now()
        session.add(row)
        db.after_commit(session, lambda: _tell(row))
    return row


def claim(limit: int, lease_seconds: float = LEASE_SECONDS) -> list[tuple[str, str]]:
    """Take up to `limit` renders that wait or whose worker is gone: their ids and leases.

    Several dispatchers may call this at once: none gets another's.
    """
    now = clock.now()
    claimed: list[tuple[str, str]] = []
    with db.write() as session:
        due = session.exec(
            select(Render)
            .where(col(Render.run_at) <= now)
            .order_by(col(Render.run_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        for row in due:
            if row.cancel_asked:
                _end(row, RenderState.CANCELLED, "Cancelled")
                db.after_commit(session, lambda row=row: _tell(row))  # type: ignore[misc]
            elif row.attempts >= MOST_ATTEMPTS:
                _fail(row, "stopped", _gave_up(row.attempts))
                db.after_commit(session, lambda row=row: _tell(row))  # type: ignore[misc]
            else:
                row.lease = clock.new_id()
                row.run_at = now + timedelta(seconds=lease_seconds)
                claimed.append((row.id, row.lease))
            session.add(row)
    return claimed


def perform(render_id: str, lease: str, *, scale: float = 1.0, draft: bool = False) -> None:
    """Make a claimed render. Nothing happens if the lease has been lost to another worker.

    `scale` and `draft` as in `render.render`, for tests.
    """
    from autosched.studio.render import render  # heavy: only where renders are made

    row = _begin(render_id, lease)
    if row is None:
        return
    place = settings().data_dir / "work" / "renders" / render_id
    # What a worker that died has left behind.
    shutil.rmtree(place, ignore_errors=True)
    folder = place / lease
    tending = Tending(row)
    try:
        with tending:
            spec = assets.resolved(row.spec, row.created_by, row.workspace_id)
            out = folder / "video.mp4"
            render(
                spec,
                out,
                progress=tending.progress,
                cancelled=tending.cancelled,
                scale=scale,
                draft=draft,
            )
            tending.stage("Storing")
            asset = library.add_file(
                row.created_by,
                row.workspace_id,
                out,
                name=_file_name(row.title),
                render_id=row.id,
                alt=_alt(spec),
                still=out.with_suffix(".jpg"),
            )
        _finish(row, RenderState.DONE, asset_id=asset.id)
    except CancelledError:
        if not tending.lost:
            _finish(row, RenderState.CANCELLED)
    except FfmpegError as error:
        log.warning("render %s: %s\n%s", row.id, error, error.log[-2000:])
        if error.killed and row.attempts < MOST_ATTEMPTS:
            _again(row)
        else:
            _finish(row, RenderState.FAILED, code=error.code, error=str(error))
    except AutoschedError as error:
        _finish(row, RenderState.FAILED, code=error.code, error=str(error))
    except Exception:
        log.exception("render %s: unexpected", row.id)
        _finish(
            row,
            RenderState.FAILED,
            code="unexpected",
            error="Something unexpected went wrong; the log has the details. Try it once more.",
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _render(session: Session, actor: str, render_id: str, role: Role) -> Render:
    row = session.get(Render, render_id)
    if row is None:
        raise NotFoundError("There is no such render.")
    try:
        require(session, actor, row.workspace_id, role)
    except NotFoundError:
        raise NotFoundError("There is no such render.") from None
    return row


def _begin(render_id: str, lease: str) -> Render | None:
    with db.write() as session:
        row = session.get(Render, render_id)
        if row is None or row.lease != lease or row.state in _OVER:
            return None
        row.state, row.stage = RenderState.RUNNING, "Planning"
        row.attempts += 1
        row.progress, row.seconds_left = 0.0, None
        row.run_at = clock.now() + timedelta(seconds=LEASE_SECONDS)
        session.add(row)
        db.after_commit(session, lambda: _tell(row))
    return row


def _finish(
    row: Render,
    state: RenderState,
    *,
    asset_id: str | None = None,
    code: str | None = None,
    error: str | None = None,
) -> None:
    """End the render, unless another worker has it by now."""
    stage = {RenderState.DONE: "Done", RenderState.CANCELLED: "Cancelled"}.get(state, "Failed")
    values: dict[str, Any] = {
        "state": state,
        "stage": stage,
        "asset_id": asset_id,
        "error_code": code,
        "error": error,
        "run_at": None,
        "lease": None,
        "seconds_left": None,
        "finished_at": clock.now(),
    }
    if state == RenderState.DONE:
        values["progress"] = 1.0
    _write(row, values)


def _again(row: Render) -> None:
    """Let it be begun anew after a moment."""
    _write(
        row,
        {
            "state": RenderState.QUEUED,
            "stage": "Waiting to begin again",
            "lease": None,
            "run_at": clock.now() + timedelta(seconds=_AGAIN_SECONDS),
        },
    )


def _write(row: Render, values: dict[str, Any]) -> None:
    with db.write() as session:
        done = session.execute(
            update(Render)
            .where(col(Render.id) == row.id, col(Render.lease) == row.lease)
            .values(**values)
        )
        if cast("CursorResult[Any]", done).rowcount:
            fresh = row.model_copy(update=values)
            db.after_commit(session, lambda: _tell(fresh))


def _end(row: Render, state: RenderState, stage: str) -> None:
    row.state, row.stage, row.run_at, row.lease = state, stage, None, None
    row.seconds_left, row.finished_at = None, clock.now()


def _fail(row: Render, code: str, error: str) -> None:
    _end(row, RenderState.FAILED, "Failed")
    row.error_code, row.error = code, error


def _gave_up(attempts: int) -> str:
    return (
        f"It was begun {attempts} times and stopped half-way each time. "
        "See whether the machine is short of memory or disk, then try it once more."
    )


def _tell(row: Render) -> None:
    events.tell(
        row.workspace_id,
        "render",
        id=row.id,
        state=row.state.value,
        progress=round(row.progress, 3),
        seconds_left=row.seconds_left,
        stage=row.stage,
    )


def _title(spec: Spec) -> str:
    scene = spec.scenes[0]
    name = scene.verse or " ".join((scene.text or "").split())[:60]
    return f"{name}, {spec.design.title}"


def _file_name(title: str) -> str:
    kept = "".join(c if c.isalnum() or c in " .,-_" else "-" for c in title).strip(" .-")
    return f"{kept or 'video'}.mp4"


def _alt(spec: Spec) -> str:
    said = [scene.verse or " ".join((scene.text or "").split()) for scene in spec.scenes]
    return f"{spec.design.title}: {'; '.join(said)}"[:900]
