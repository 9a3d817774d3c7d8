"""Who may do what in which workspace: the one check that every service verb makes."""

from __future__ import annotations

from sqlmodel import Session

from autosched.errors import ForbiddenError, NotFoundError
from autosched.identity.models import Membership, Role

_RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.ADMIN: 2, Role.OWNER: 3}
_NEEDED = {
    Role.VIEWER: "be a member of this workspace",
    Role.EDITOR: "be an editor of this workspace",
    Role.ADMIN: "be an admin of this workspace",
    Role.OWNER: "own this workspace",
}


def allows(role: Role, needed: Role) -> bool:
    """Whether a member with `role` may do what asks for `needed`."""
    return _RANK[role] >= _RANK[needed]


def require(session: Session, actor: str, workspace_id: str, needed: Role) -> Membership:
    """The actor's membership, if it allows what is asked.

    To a stranger the workspace does not exist (`NotFoundError`); to a member whose role is too
    small the answer is `ForbiddenError`.
    """
    membership = session.get(Membership, (workspace_id, actor))
    if membership is None:
        raise NotFoundError("There is no such workspace, or you are not a member of it.")
    if not allows(membership.role, needed):
        raise ForbiddenError(
            f"To do this you must {_NEEDED[needed]}.",
            remedy="Ask its owner or an admin to change your role.",
        )
    return membership
