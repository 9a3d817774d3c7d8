"""The table of pictures being made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from autosched.studio.jobs import Job, Jobs, due_index


class Making(Job, table=True):
    """A picture or clip being made of a `wish`; `asset_id` is what became of it.

    `key`: of the wish, its maker's version and its source's content; the same is made once.
    """

    __tablename__ = "making"
    __table_args__ = (due_index("making"),)

    title: str
    wish: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    key: str = Field(index=True)
    asset_id: str | None = Field(default=None, foreign_key="asset.id", ondelete="SET NULL")
    credit: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


MAKINGS = Jobs(Making, "picture", "pictures")
