"""Renders as a team sees them: asked for, watched, cancelled, tried again; and made in a worker.

How long work is held and taken up again is `studio.jobs` and `studio.tending`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autosched.library import service as library
from autosched.studio import assets, tending
from autosched.studio import spec as specs
from autosched.studio.jobs import LEASE_SECONDS
from autosched.studio.models import RENDERS, Render
from autosched.studio.saved.resolving import filled, pinned
from autosched.studio.spec import Spec
from autosched.studio.tending import Tending


def request(actor: str, workspace_id: str, spec: dict[str, Any], *, title: str = "") -> Render:
    """Ask for a render; it begins as soon as a worker is free.

    Media must come from the workspace's library, as `{"asset": ID}`. `InvalidError` names what
    is wrong with the spec, `NotFoundError` an asset that is not there for the actor. A saved
    template stays the version that it is now.
    """
    spec = pinned(spec, actor, workspace_id)
    checked = specs.parse(filled(spec, actor, workspace_id))
    assets.check(actor, workspace_id, checked)
    row = Render(
        workspace_id=workspace_id,
        created_by=actor,
        title=(title.strip() or _title(checked))[:120],
        spec=spec,
        template=checked.design.name,
        format=checked.format.value,
    )
    RENDERS.add(actor, [row])
    return row


def renders(actor: str, workspace_id: str, limit: int = 50) -> list[Render]:
    """The workspace's renders, newest first."""
    return RENDERS.newest(actor, workspace_id, limit)


def render_of(actor: str, render_id: str) -> Render:
    """One render, for a member of its workspace; to others it does not exist."""
    return RENDERS.get(actor, render_id)


def cancel(actor: str, render_id: str) -> Render:
    """Stop a render: at once when it waits, within a second when a worker is at it."""
    return RENDERS.cancel(actor, render_id)


def retry(actor: str, render_id: str) -> Render:
    """Ask once more for a render that failed or was cancelled."""
    return RENDERS.retry(actor, render_id)


def claim(limit: int, lease_seconds: float = LEASE_SECONDS) -> list[tuple[str, str]]:
    """Take up to `limit` renders that wait or whose worker is gone: their ids and leases."""
    return RENDERS.claim(limit, lease_seconds)


def perform(render_id: str, lease: str, *, scale: float = 1.0, draft: bool = False) -> None:
    """Make a claimed render. Nothing happens if the lease has been lost to another worker.

    `scale` and `draft` as in `render.render`, for tests.
    """
    # Heavy: only where renders are made.
    from autosched.studio.render import render
    from autosched.studio.series import service as series

    def made(row: Render, held: Tending, folder: Path) -> dict[str, Any]:
        spec = series.timed(row, assets.resolved(row.spec, row.created_by, row.workspace_id))
        out = folder / "video.mp4"
        render(
            spec, out, progress=held.progress, cancelled=held.cancelled, scale=scale, draft=draft
        )
        held.stage("Storing")
        asset = library.add_file(
            row.created_by,
            row.workspace_id,
            out,
            name=_file_name(row.title),
            render_id=row.id,
            alt=_alt(spec),
            still=out.with_suffix(".jpg"),
        )
        return {"asset_id": asset.id}

    tending.perform(RENDERS, render_id, lease, made)


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
