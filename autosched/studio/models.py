"""The tables of the studio's long work: renders."""

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


RENDERS = Jobs(Render, "render", "renders")
