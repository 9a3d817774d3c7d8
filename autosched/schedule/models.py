"""The tables of accounts, posts, targets and their history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


def _partial(name: str, column: str) -> Index:
    """An index of the few rows whose column is set: what is not waited for costs nothing."""
    some = text(f"{column} IS NOT NULL")
    return Index(name, column, sqlite_where=some, postgresql_where=some)


class AccountState(StrEnum):
    """Whether an account can be posted to."""

    ACTIVE = "active"
    NEEDS_PERSON = "needs_person"
    DISCONNECTED = "disconnected"


class TargetState(StrEnum):
    """A target's life; `schedule.life` holds the moves that are allowed."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    UPLOADING = "uploading"
    COMMITTING = "committing"
    PUBLISHED = "published"
    RETRY_WAIT = "retry_wait"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    NEEDS_PERSON = "needs_person"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Account(SQLModel, table=True):
    """A profile on a platform, or a hand-over folder.

    `secret` is sealed (`crypto.seal`) and never leaves the server. `options` holds what the
    person chose for the account (a folder's path, a server's URL) and what the platform said of
    it. `renew_at`: when its tokens are renewed next, and the claim of whoever does it. `ends_at`:
    when its access ends for good; `warned_at`: when a person was last told of that.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("workspace_id", "platform", "remote_id"),
        _partial("ix_account_renew_at", "renew_at"),
    )

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    platform: str
    remote_id: str
    handle: str
    name: str = ""
    avatar: str | None = None
    state: AccountState = AccountState.ACTIVE
    problem: str | None = None
    secret: str | None = None
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    renew_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    warned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_by: str = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Consent(SQLModel, table=True):
    """A consent that was begun on a platform's page, until the browser comes back from it.

    `state_hash` and `login_hash`: hashes of what only that browser knows. `kept`, sealed: what
    the platform's module needs at the return, and after it the accounts to choose from. `problem`:
    why it came to nothing.
    `account_id`: the account that is to be connected again.
    """

    __tablename__ = "consent"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    user_id: str = Field(foreign_key="user_account.id")
    account_id: str | None = Field(default=None, foreign_key="account.id")
    platform: str
    state_hash: str = Field(index=True, unique=True)
    login_hash: str
    redirect_uri: str
    kept: str
    returned: bool = False
    problem: str | None = None
    expires_at: datetime = Field(sa_type=UTCDateTime)


class PlatformHealth(SQLModel, table=True):
    """How a platform as a whole is doing: the circuit breaker that all workers share.

    `failures` in a row that were the platform's own; while `open_until` lies ahead nothing is
    sent there; from `recovering_since` on it drains gently.
    """

    __tablename__ = "platform_health"

    platform: str = Field(primary_key=True)
    failures: int = 0
    opened: int = 0
    open_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    recovering_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reason: str = ""


class Post(SQLModel, table=True):
    """What a person wrote once. `media`: `[{"asset_id", "alt"}]` in order.

    `scheduled_at` in UTC, `zone` the IANA zone it was planned in. `version` counts the edits, so
    that of two people editing at once the second is told.
    """

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_calendar", "workspace_id", "scheduled_at"),)

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    author_id: str = Field(foreign_key="user_account.id")
    text: str = ""
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    zone: str = "UTC"
    scheduled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int = 1
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Target(SQLModel, table=True):
    """One post on one account.

    `run_at` is when the dispatcher must look at it next, or `None`: when scheduled the due time,
    in `retry_wait` the next try, while held the end of the lease, when `unconfirmed` the next
    question to the platform. One index on it finds both what is due and what was abandoned.
    `lease` is the token of the claim: a worker without it may not touch the target.
    `handle` holds what was stored before each remote step (record key, blobs, container).
    `due_at` is when a person wants it out; `ripe_at` the `run_at` by which the last claim found
    it, from which the lateness of a retry is measured. `attempts` counts the tries of this order,
    `questions` how often the platform was asked whether the post is there. `doubt_since` stands
    while nobody knows whether the post is public: set before the call that publishes, cleared
    only by a sure answer. `measure_at`: when its figures are asked for next.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        _partial("ix_target_run_at", "run_at"),
        _partial("ix_target_measure_at", "measure_at"),
        Index("ix_target_workspace_state", "workspace_id", "state"),
    )

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    post_id: str = Field(foreign_key="post.id", index=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    text: str | None = None
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: TargetState = TargetState.DRAFT
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    run_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ripe_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lease: str | None = None
    attempts: int = 0
    questions: int = 0
    doubt_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    handle: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    permalink: str | None = None
    error_code: str | None = None
    error: str | None = None
    remedy: str | None = None
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    measure_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TargetEvent(SQLModel, table=True):
    """A line of a target's history; only ever appended. `actor`: a user's id or a part's name."""

    __tablename__ = "target_event"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    target_id: str = Field(foreign_key="target.id", index=True)
    at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    state_from: TargetState | None = None
    state_to: TargetState
    actor: str
    cause: str = ""
