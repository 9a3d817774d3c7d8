"""The tables of the library: assets, and uploads under way."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from autosched import clock
from autosched.db import UTCDateTime


class Kind(StrEnum):
    """What an asset is, found from its content."""

    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"


class Asset(SQLModel, table=True):
    """A file of the workspace. The same content is stored once a workspace.

    `size` in bytes, `duration` in seconds, `width` and `height` in pixels as shown (rotation
    applied). `path`, `poster` (a JPEG) and `waveform` (a PNG) are storage keys.
    """

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("workspace_id", "sha256"),)

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    kind: Kind
    name: str
    mime: str
    sha256: str
    size: int = Field(sa_type=BigInteger)
    path: str
    poster: str | None = None
    waveform: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    fps: float | None = None
    has_audio: bool = False
    codec: str = ""
    alt: str = ""
    render_id: str | None = Field(default=None, index=True)
    created_by: str = Field(foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)


class Upload(SQLModel, table=True):
    """An upload under way; `received` bytes of `size` lie safely in storage's incoming folder.

    `asset_id`: what it became. The row stays a day, so that a finish may be repeated.
    """

    __tablename__ = "upload"

    id: str = Field(default_factory=clock.new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    user_id: str = Field(foreign_key="user_account.id")
    name: str
    size: int = Field(sa_type=BigInteger)
    received: int = Field(default=0, sa_type=BigInteger)
    asset_id: str | None = None
    created_at: datetime = Field(default_factory=clock.now, sa_type=UTCDateTime)
