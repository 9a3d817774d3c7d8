"""The table of renders."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


class RenderState(StrEnum):
    """A render's life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Render(SQLModel, table=True):
    """A video being made from a spec.

    `progress` from 0 to 1, `seconds_left` estimated. `run_at`: when the dispatcher must look
    again (queued: at once; running: when the lease ends), `None` when it need not. `lease`:
    the token of the worker that holds it.
    """

    __tablename__ = "render"
    __table_args__ = (
        Index(
            "ix_render_run_at",
            "run_at",
            sqlite_where=text("run_at IS NOT NULL"),
            postgresql_where=text("run_at IS NOT NULL"),
        ),
    )

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    created_by: str = Field(foreign_key="user_account.id")
    title: str
    spec: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    template: str
    format: str
    state: RenderState = RenderState.QUEUED
    progress: float = 0.0
    seconds_left: float | None = None
    stage: str = ""
    cancel_asked: bool = False
    attempts: int = 0
    run_at: datetime | None = Field(default_factory=clock.now, sa_type=UTCDateTime)
    lease: str | None = None
    asset_id: str | None = Field(default=None, foreign_key="asset.id")
    error_code: str | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
