"""A workspace with an editor and an account on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from autosched import clock, crypto, db
from autosched.identity.models import Membership, Role, User, Workspace
from autosched.schedule.models import Account, Post, Target, TargetEvent, TargetState
from tests.schedule import wall as far_side


@pytest.fixture
def wall() -> Iterator[far_side.Wall]:
    with far_side.serving() as served:
        far_side.register()
        yield served


@dataclass
class Room:
    """A workspace, its owner, an account, and short ways to make and look at targets."""

    actor: str
    id: str
    account: Account

    def target(
        self,
        due: datetime | None = None,
        *,
        state: TargetState = TargetState.SCHEDULED,
        text: str = "Peace",
        account: Account | None = None,
    ) -> str:
        """A target in the given state; scheduled for `due`, a second ago by default."""
        due = due or clock.ago(seconds=1)
        with db.write() as session:
            post = Post(workspace_id=self.id, author_id=self.actor, text=text, scheduled_at=due)
            session.add(post)
            session.flush()
            target = Target(
                workspace_id=self.id,
                post_id=post.id,
                account_id=(account or self.account).id,
                state=state,
                due_at=due,
                run_at=due if state == TargetState.SCHEDULED else None,
            )
            session.add(target)
        return target.id

    def read(self, target_id: str) -> Target:
        with db.read() as session:
            return session.get_one(Target, target_id)

    def state(self, target_id: str) -> TargetState:
        return self.read(target_id).state

    def lapse(self, target_id: str, by: timedelta = timedelta(seconds=1)) -> None:
        """Let the target's lease, or its waiting time, be over."""
        self.set(target_id, run_at=clock.now() - by)

    def set(self, target_id: str, **values: object) -> None:
        with db.write() as session:
            target = session.get_one(Target, target_id)
            for name, value in values.items():
                setattr(target, name, value)
            session.add(target)

    def history(self, target_id: str) -> list[str]:
        with db.read() as session:
            lines = session.exec(
                select(TargetEvent)
                .where(TargetEvent.target_id == target_id)
                .order_by(col(TargetEvent.at), col(TargetEvent.id))
            ).all()
        return [str(line.state_to) for line in lines]


@pytest.fixture
def room(database: str, wall: far_side.Wall) -> Room:
    # Written straight into the tables: a password's hash is made slow on purpose.
    user = User(name="amina", email="amina@example.org", password_hash="")
    workspace = Workspace(name="Home", zone="Asia/Riyadh")
    account = Account(
        workspace_id=workspace.id,
        platform="wall",
        remote_id="me",
        handle="@me",
        secret=crypto.seal({"key": "open"}),
        options={"url": wall.url},
        created_by=user.id,
    )
    with db.write() as session:
        session.add_all([user, workspace])
        session.flush()
        session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
        session.add(account)
    return Room(user.id, workspace.id, account)
