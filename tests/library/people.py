"""People and workspaces for the library's tests, and a way to send a file whole."""

from __future__ import annotations

from pathlib import Path

from autosched import db
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.identity.models import Membership, Role
from autosched.library import service
from autosched.library.models import Asset


def person(name: str) -> tuple[str, str]:
    """A new person's id, and that of the workspace they own."""
    user = identity.register(name, f"{name}@example.org", "a quiet sentence")
    return user.id, workspaces.workspaces(user.id)[0][0].id


def join(workspace_id: str, user_id: str, role: Role) -> None:
    with db.write() as session:
        session.add(Membership(workspace_id=workspace_id, user_id=user_id, role=role))


def leave(workspace_id: str, user_id: str) -> None:
    with db.write() as session:
        session.delete(session.get_one(Membership, (workspace_id, user_id)))


def send(actor: str, workspace_id: str, path: Path, name: str | None = None) -> Asset:
    """Upload the file in three pieces."""
    content = path.read_bytes()
    upload = service.begin_upload(actor, workspace_id, name or path.name, len(content))
    piece = max(1, len(content) // 3)
    for offset in range(0, len(content), piece):
        service.append(actor, upload.id, offset, content[offset : offset + piece])
    return service.finish(actor, upload.id)
