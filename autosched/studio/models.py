"""The tables of the studio's long work: renders and their series, and references being measured."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime
from autosched.studio.jobs import Job, Jobs, due_index


class SeriesRow(SQLModel, table=True):
    """A series as it was asked for: `data` is what `series.members.parse` takes.

    Its videos are rows of `render`.
    """

    __tablename__ = "series"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    created_by: str = Field(foreign_key="user_account.id")
    title: str
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Render(Job, table=True):
    """A video being made from a spec; `asset_id` is what became of it.

    Of a series it has the `series_id`, and the number of its verses there: those of one
    `series_group` share their length, and what is made for them.
    """

    __tablename__ = "render"
    __table_args__ = (due_index("render"),)

    title: str
    spec: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    template: str
    format: str
    asset_id: str | None = Field(default=None, foreign_key="asset.id")
    series_id: str | None = Field(default=None, foreign_key="series.id", index=True)
    series_group: int | None = None


class Analysis(Job, table=True):
    """A reference being measured: a video or picture of the library, once each.

    `version` of the measuring; `facts` are the few that a card shows. The report itself lies in
    storage beside the file (`studio.references.storing`), under its hash: the same content is
    never measured twice.
    """

    __tablename__ = "analysis"
    __table_args__ = (due_index("analysis"),)

    title: str
    asset_id: str = Field(foreign_key="asset.id", unique=True)
    version: int
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


RENDERS = Jobs(Render, "render", "renders")
ANALYSES = Jobs(Analysis, "analysis", "analyses")
