"""The tables of people, workspaces and log-ins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


class Role(StrEnum):
    """What a member may do; each includes what stands below it."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


class User(SQLModel, table=True):
    """A person with a log-in. `is_installation_owner`: the first who registered."""

    __tablename__ = "user_account"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    email: str = Field(unique=True, index=True)
    name: str
    password_hash: str
    language: str = "en"
    is_installation_owner: bool = False
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Workspace(SQLModel, table=True):
    """A team's room: its files, accounts and calendar.

    `missed_after_minutes`: a post later than this is not sent without asking.
    """

    __tablename__ = "workspace"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    name: str
    zone: str = "UTC"
    missed_after_minutes: int = 60
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Membership(SQLModel, table=True):
    """A user's role in a workspace."""

    __tablename__ = "membership"

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", primary_key=True, index=True)
    role: Role
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Login(SQLModel, table=True):
    """A browser that is logged in; only the token's hash is kept."""

    __tablename__ = "login"

    token_hash: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)


class Invitation(SQLModel, table=True):
    """A link that lets somebody join a workspace, once; only the token's hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("workspace_id", "email"),)

    token_hash: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    email: str
    role: Role
    invited_by: str = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
