"""A picture of a video before it is rendered, for the page on which it is composed."""

from __future__ import annotations

from typing import Any

from autosched import db
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.studio import assets
from autosched.studio import spec as specs
from autosched.studio.saved.resolving import filled

_SCALE = 0.5


def still(actor: str, workspace_id: str, spec: dict[str, Any]) -> bytes:
    """A JPEG, half as large as the video, of the moment at which the first page stands whole.

    `InvalidError` names what is wrong with the spec, as for a render.
    """
    from autosched.studio.render import still as draw  # heavy: only when it is drawn

    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
    assets.check(actor, workspace_id, specs.parse(filled(spec, actor, workspace_id)))
    return draw(assets.resolved(spec, actor, workspace_id), scale=_SCALE)
