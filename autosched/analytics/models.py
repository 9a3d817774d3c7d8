"""The table of raw figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


class Figure(SQLModel, table=True):
    """A raw figure of a published post: the platform's own `name`, as it stood `at` that time."""

    __tablename__ = "figure"
    __table_args__ = (Index("ix_figure_target", "target_id", "at"),)

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    target_id: str = Field(foreign_key="target.id")
    at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
    name: str
    value: float
