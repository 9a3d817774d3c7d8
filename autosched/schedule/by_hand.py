"""Posting by hand: at the due time a person gets the ready package instead of the platform.

For what an API does not allow: a personal account, a draft that must be finished in the app.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from autosched import db
from autosched.errors import NotFoundError
from autosched.identity.models import Role
from autosched.platforms import handover
from autosched.platforms.base import Draft
from autosched.schedule import life
from autosched.schedule.access import target_for
from autosched.schedule.models import TargetState as S
from autosched.settings import settings

OPTION = "by_hand"
"""The name of the target's option; true: nothing is sent, a person is reminded."""
CODE = "by_hand"


def due(title: str, handle: str) -> life.Step:
    """What the person is told."""
    return life.Step(
        S.NEEDS_PERSON,
        "The package is ready to be posted by hand.",
        code=CODE,
        sentence=f"It is time to post this by hand on {title} as {handle}: all is ready.",
        remedy="Take the package to your phone, post it, and say here that it is out.",
    )


def make(workspace_id: str, draft: Draft, progress: Callable[[float], None]) -> Path:
    """Write the package; one that is there already makes room, since the post may have changed."""
    folder, name = _folder(workspace_id), draft.target_id
    folder.mkdir(parents=True, exist_ok=True)
    handover.clear(folder, name)
    part = folder / handover.part_of(name)
    handover.fill(part, draft, progress)
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    return place


def package(actor: str, target_id: str) -> bytes:
    """The package as a ZIP file; `NotFoundError` if it is not there."""
    with db.read() as session:
        target = target_for(session, actor, target_id, Role.VIEWER)
    place = _folder(target.workspace_id) / target.id
    if not place.is_dir():
        raise NotFoundError("The package of this post is not there.", remedy="Try again.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(place.iterdir()):
            archive.write(file, file.name)
    return packed.getvalue()


def _folder(workspace_id: str) -> Path:
    return settings().data_dir / "handover" / workspace_id
