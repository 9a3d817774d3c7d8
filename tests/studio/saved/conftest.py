"""A workspace with people of every role, for the tests of saved templates."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from autosched import db
from autosched.identity.models import Membership, Role, User, Workspace


@dataclass(frozen=True)
class Room:
    """A workspace, another one, and who is in them."""

    id: str
    other: str
    owner: str
    editor: str
    viewer: str
    stranger: str


@pytest.fixture
def room(database: str) -> Room:
    with db.write() as session:
        people = [User(name=n, email=f"{n}@example.org", password_hash="x") for n in "abcd"]
        one, two = Workspace(name="One"), Workspace(name="Two")
        session.add_all([*people, one, two])
        session.flush()
        roles = (Role.OWNER, Role.EDITOR, Role.VIEWER)
        session.add_all(
            [
                Membership(workspace_id=one.id, user_id=person.id, role=role)
                for person, role in zip(people, roles, strict=False)
            ]
        )
        session.add(Membership(workspace_id=two.id, user_id=people[3].id, role=Role.OWNER))
        session.add(Membership(workspace_id=two.id, user_id=people[0].id, role=Role.OWNER))
    return Room(one.id, two.id, *(person.id for person in people))
