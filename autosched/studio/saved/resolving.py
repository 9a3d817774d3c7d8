"""Saved templates in a spec: `{"saved": ID}` is pinned to its version, and filled in for a render.

What is stored of a render names the version, which never changes: making it again gives the same.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from autosched.errors import ConflictError, NotFoundError
from autosched.studio.saved import service
from autosched.studio.saved.models import SavedTemplate
from autosched.studio.spec import SavedName, told


def pinned(data: dict[str, Any], actor: str, workspace_id: str) -> dict[str, Any]:
    """The spec with the version of its saved template: the newest, where it names none."""
    named = _named(data)
    if named is None:
        return data
    found = _found(named, actor, workspace_id)
    if found.trashed_at is not None:
        raise ConflictError(
            f"template: “{found.title}” is in the trash.",
            remedy="Take it out of the trash, or choose another.",
            code="trashed",
        )
    return data | {"template": {"saved": named.saved, "version": named.version or found.version}}


def filled(data: dict[str, Any], actor: str, workspace_id: str) -> dict[str, Any]:
    """The spec with the saved template itself in the place of its id."""
    named = _named(data)
    if named is None:
        return data
    found = _found(named, actor, workspace_id)
    template = service.template(actor, found.id, named.version)
    return data | {"template": template.model_dump(mode="json")}


def _named(data: dict[str, Any]) -> SavedName | None:
    template = data.get("template") if isinstance(data, dict) else None
    if not isinstance(template, dict) or "saved" not in template:
        return None
    try:
        return SavedName.model_validate(template)
    except ValidationError as error:
        raise told(error, "template") from None


def _found(named: SavedName, actor: str, workspace_id: str) -> SavedTemplate:
    nothing = NotFoundError("template: there is no such template in this workspace.")
    try:
        found = service.row(actor, named.saved)
    except NotFoundError:
        raise nothing from None
    if found.workspace_id != workspace_id:
        raise nothing
    return found
