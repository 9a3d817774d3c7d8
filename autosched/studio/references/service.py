"""References of a workspace: asked to be measured, watched, cancelled; and what was found.

A reference is a video or a picture of the library. How the work is held and taken up again is
`studio.jobs` and `studio.tending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from autosched import db
from autosched.errors import ConflictError, InvalidError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library import service as library
from autosched.library.models import Asset, Kind
from autosched.studio import tending
from autosched.studio.analysis.report import VERSION, Report
from autosched.studio.jobs import UNDER_WAY, JobState, anew, tell_after
from autosched.studio.models import ANALYSES, Analysis
from autosched.studio.references import storing
from autosched.studio.references.measuring import measure
from autosched.studio.references.storing import Measured
from autosched.studio.tending import Tending

MOST_AT_ONCE = 40
_PALETTE_SHOWN = 6


def request(actor: str, workspace_id: str, asset_ids: Sequence[str]) -> list[Analysis]:
    """Have references measured, each by itself; what is known already is not measured again.

    `InvalidError` for a sound, `NotFoundError` for what is not in the workspace's library.
    """
    wanted = list(dict.fromkeys(asset_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise InvalidError(f"Choose 1 to {MOST_AT_ONCE} videos or pictures.", code="how_many")
    with db.write() as session:
        require(session, actor, workspace_id, Role.EDITOR)
        return [_asked(session, actor, workspace_id, asset_id) for asset_id in wanted]


def references(actor: str, workspace_id: str, limit: int = 50) -> list[Analysis]:
    """The workspace's references, newest first."""
    return ANALYSES.newest(actor, workspace_id, limit)


def reference(actor: str, analysis_id: str) -> Analysis:
    """One reference, for a member of its workspace; to others it does not exist."""
    return ANALYSES.get(actor, analysis_id)


def measured(actor: str, analysis_id: str) -> Measured:
    """What was found. `ConflictError` while it is not done, or was measured by an older version."""
    row = ANALYSES.get(actor, analysis_id)
    found = None
    if row.state == JobState.DONE:
        found = storing.kept(library.asset(actor, row.asset_id).sha256)
    if found is None:
        raise ConflictError(
            "This reference has not been measured yet.",
            remedy="Wait until it is done, or measure it again.",
            code="not_measured",
        )
    return found


def report(actor: str, analysis_id: str) -> Report:
    """The report of a reference; errors as of `measured`."""
    return measured(actor, analysis_id).report


def picture(actor: str, analysis_id: str, name: str) -> Path:
    """Where a picture of the report lies: its shots on one sheet, its scopes."""
    row = ANALYSES.get(actor, analysis_id)
    return storing.picture(library.asset(actor, row.asset_id).sha256, name)


def cancel(actor: str, analysis_id: str) -> Analysis:
    """Stop measuring: at once when it waits, within a second when a worker is at it."""
    return ANALYSES.cancel(actor, analysis_id)


def retry(actor: str, analysis_id: str) -> Analysis:
    """Measure once more what failed or was cancelled."""
    return ANALYSES.retry(actor, analysis_id)


def remove(actor: str, analysis_id: str) -> None:
    """Take a reference off the list; the file stays in the library."""
    ANALYSES.remove(actor, analysis_id)


def perform(analysis_id: str, lease: str) -> None:
    """Measure a claimed reference. Nothing happens if the lease has been lost to another worker."""
    tending.perform(ANALYSES, analysis_id, lease, _measured, first="Measuring")


def _measured(row: Analysis, held: Tending, folder: Path) -> dict[str, Any]:
    asset = library.asset(row.created_by, row.asset_id)
    made = storing.kept(asset.sha256)
    if made is None:
        file = library.file(row.created_by, asset.id)
        measure(file, folder, progress=held.progress, cancelled=held.cancelled)
        made = storing.keep(folder, asset.sha256)
    return {"facts": _facts(made.report), "version": VERSION}


def _facts(found: Report) -> dict[str, Any]:
    return {
        "seconds": found.video.duration,
        "shots": len(found.shots) if found.video.duration else None,
        "palette": list(found.grade.palette[:_PALETTE_SHOWN]),
        "tempo": found.music.tempo if found.music else None,
        "texts": len(found.texts),
    }


def _asked(session: Session, actor: str, workspace_id: str, asset_id: str) -> Analysis:
    # Held until the end: two who ask for the same file at once are given one reference.
    asset = session.exec(select(Asset).where(Asset.id == asset_id).with_for_update()).first()
    if asset is None or asset.workspace_id != workspace_id:
        raise NotFoundError("There is no such file in this workspace.")
    if asset.kind == Kind.AUDIO:
        raise InvalidError(
            f"“{asset.name}” is a sound.", remedy="Choose a video or a picture.", code="no_picture"
        )
    row = session.exec(select(Analysis).where(Analysis.asset_id == asset_id)).first()
    if row is None:
        row = Analysis(
            workspace_id=workspace_id,
            created_by=actor,
            title=asset.name[:120],
            asset_id=asset_id,
            version=VERSION,
            stage="Waiting",
        )
    elif row.state in UNDER_WAY or (row.state == JobState.DONE and _is_kept(row, asset)):
        return row
    else:
        anew(row)
        row.created_by, row.version = actor, VERSION
    session.add(row)
    tell_after(session, row)
    return row


def _is_kept(row: Analysis, asset: Asset) -> bool:
    return row.version == VERSION and storing.kept(asset.sha256) is not None
