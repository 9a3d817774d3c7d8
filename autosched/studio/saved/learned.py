"""A template of the workspace from its references, with the link to them kept."""

from __future__ import annotations

from collections.abc import Sequence

from autosched import db
from autosched.errors import InvalidError, NotFoundError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.studio import template as built_in
from autosched.studio.learning import from_analysis
from autosched.studio.learning.from_analysis import BASE
from autosched.studio.references import service as references
from autosched.studio.saved import service
from autosched.studio.saved.exchange import Source
from autosched.studio.saved.models import SavedTemplate

MOST = 12


def learn(
    actor: str,
    workspace_id: str,
    analysis_ids: Sequence[str],
    *,
    title: str = "",
    base: str = BASE,
) -> SavedTemplate:
    """Make a template from measured references; `base` fills in what was not measured.

    Raises `ConflictError` for one that is not measured yet, `NotFoundError` for one that is not
    in the workspace.
    """
    wanted = list(dict.fromkeys(analysis_ids))
    if not 1 <= len(wanted) <= MOST:
        raise InvalidError(f"Choose 1 to {MOST} references.", code="how_many")
    with db.read() as session:
        require(session, actor, workspace_id, Role.EDITOR)
    rows = [references.reference(actor, each) for each in wanted]
    if any(row.workspace_id != workspace_id for row in rows):
        raise NotFoundError("There is no such reference in this workspace.")
    reports = [references.report(actor, row.id) for row in rows]
    called = title.strip() or rows[0].title.rpartition(".")[0] or rows[0].title
    template = from_analysis(
        reports, service.free_name(called), called[:60], built_in.template(base)
    )
    sources = [Source(name=row.title[:200], analysis=row.id, asset=row.asset_id) for row in rows]
    return service.create(
        actor, workspace_id, template, title=called[:60], sources=sources, note="From references"
    )
