"""The tables of saved templates: what each is called, and every version that it ever had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


class SavedTemplate(SQLModel, table=True):
    """A template of the workspace. `name` is its own there, among those in the trash too.

    `version` is the number of the newest version. `sources`: what it was made from, as
    `{"name", "analysis", "asset"}` each. `credits`: whom a file that was taken in names.
    """

    __tablename__ = "saved_template"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    name: str
    title: str
    version: int = 1
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    credits: list[str] = Field(default_factory=list, sa_type=JSON)
    created_by: str = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    trashed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TemplateVersion(SQLModel, table=True):
    """A template as it was from one edit to the next; never changed, never removed.

    A render names its version, so that making it again gives the same.
    """

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    template_id: str = Field(foreign_key="saved_template.id")
    number: int
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    note: str = ""
    created_by: str = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
