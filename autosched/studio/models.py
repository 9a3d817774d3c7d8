"""The tables of the studio's long work: renders, and references being measured."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from autosched.studio.jobs import Job, Jobs, due_index


class Render(Job, table=True):
    """A video being made from a spec; `asset_id` is what became of it."""

    __tablename__ = "render"
    __table_args__ = (due_index("render"),)

    title: str
    spec: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    template: str
    format: str
    asset_id: str | None = Field(default=None, foreign_key="asset.id")


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
