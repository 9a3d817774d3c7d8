"""Pictures of a workspace: asked for, watched, cancelled, tried again, put into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlmodel import col, select

from autosched import db
from autosched.errors import InvalidError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.studio import art, tending
from autosched.studio.jobs import UNDER_WAY, JobState
from autosched.studio.making import guard
from autosched.studio.making.diffusion import Diffusion
from autosched.studio.making.drawn import Art
from autosched.studio.making.models import MAKINGS, Making
from autosched.studio.making.wish import Maker, Wish
from autosched.studio.progress import Progress
from autosched.studio.tending import Tending

MAKERS: dict[str, Maker] = {"art": Art(), "diffusers": Diffusion()}


def request(actor: str, workspace_id: str, wish: Wish) -> Making:
    """Have a picture made; what was made or is being made already is returned.

    `InvalidError` for an unknown maker, and for what is never pictured.
    """
    if wish.maker not in MAKERS:
        raise InvalidError(
            f"Nobody called “{wish.maker}” makes pictures.",
            remedy=f"Choose one of {', '.join(MAKERS)}.",
            code="unknown_maker",
        )
    if wish.maker == "art" and wish.kind not in art.KINDS:
        raise InvalidError("Choose a kind of art.", code="unknown_art")
    if wish.maker != "art" and not wish.prompt.strip():
        raise InvalidError("Say what the picture shows.", code="no_prompt")
    guard.check(wish.words)
    content = ""
    if wish.source is not None:
        source = library.asset(actor, wish.source)
        if source.workspace_id != workspace_id or source.kind != Kind.IMAGE:
            raise InvalidError("Begin from a picture of this workspace.", code="no_picture")
        content = source.sha256
    key = wish.key(MAKERS[wish.maker].version, content)
    for row in _same(actor, workspace_id, key):
        if row.state in UNDER_WAY or (row.state == JobState.DONE and row.asset_id):
            return row
    title = wish.prompt.strip()[:120] or art.KINDS[wish.kind].title
    row = Making(
        workspace_id=workspace_id, created_by=actor, title=title, wish=wish.model_dump(), key=key
    )
    MAKINGS.add(actor, [row])
    return row


def perform(making_id: str, lease: str) -> None:
    """Make a claimed picture. Nothing happens if the lease has been lost to another worker."""
    tending.perform(MAKINGS, making_id, lease, _made, first="Beginning")


def _same(actor: str, workspace_id: str, key: str) -> list[Making]:
    with db.read() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        found = select(Making).where(Making.workspace_id == workspace_id, Making.key == key)
        return list(session.exec(found.order_by(col(Making.id).desc())))


def _made(row: Making, held: Tending, folder: Path) -> dict[str, Any]:
    wish = Wish.model_validate(row.wish)
    source = library.file(row.created_by, wish.source) if wish.source else None

    def told(share: float, stage: str) -> None:
        held.progress(Progress(share, None, stage))

    made = MAKERS[wish.maker].make(wish, source, folder, told, held.cancelled)
    alt = made.alt if made.credit is None else f"{made.alt} — {made.credit.sentence}"
    asset = library.add_file(
        row.created_by, row.workspace_id, made.path, name=made.name, alt=alt[: library.ALT_MAX]
    )
    return {"asset_id": asset.id, "credit": made.credit.model_dump() if made.credit else {}}
