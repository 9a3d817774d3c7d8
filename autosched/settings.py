"""Settings: everything has a default that works on one machine; each can be set by environment.

All state lies under `data`; nothing else is written at run time.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# A Unix socket's path may hold 107 bytes on Linux and 103 on macOS.
_SOCKET_PATH_LIMIT = 100


class Settings(BaseSettings):
    """What can be set, each by `AUTOSCHED_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="AUTOSCHED_", extra="ignore")

    data: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "autosched",
        description="The folder that holds all state: database, files, queue, keys.",
    )
    database_url: str = Field(
        default="", description="PostgreSQL URL; empty for SQLite in the data folder."
    )
    redis_url: str = Field(
        default="", description="Redis or Valkey URL; empty for the embedded Valkey."
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="Where people reach the web app."
    )
    packages: Path = Field(
        default_factory=lambda: Path(sys.prefix) / "share" / "autosched",
        description="Where the data packages (scripture, fonts) lie once fetched.",
    )
    open_registration: bool = Field(
        default=True, description="Whether anyone who reaches the app can make an account."
    )
    worker_threads: int = Field(default=4, ge=1, le=64, description="Publishing threads.")
    lease_seconds: float = Field(
        default=60.0,
        ge=0.5,
        le=3600,
        description="How long a worker may be silent before another takes its post over.",
    )
    render_threads: int = Field(default=1, ge=1, le=16, description="Renders at the same time.")
    upload_limit_mb: int = Field(default=2048, ge=1, description="Largest upload, in MiB.")
    diffusion_model: str = Field(
        default="", description="Picture model for diffusers: a folder or a hub's name."
    )
    sandbox: str = Field(
        default="", description="URL of a stand-in for the platforms (`autosched sandbox`)."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @property
    def data_dir(self) -> Path:
        """The data folder, absolute."""
        return self.data.expanduser().absolute()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'autosched.db'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database_url.startswith(plain):
                return "postgresql+psycopg://" + self.database_url.removeprefix(plain)
        return self.database_url

    @property
    def socket(self) -> Path:
        """The embedded Valkey's socket: in the data folder, or in a short private place."""
        inside = self.data_dir / "run" / "valkey.sock"
        if len(os.fsencode(inside)) <= _SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"autosched-{os.getuid()}-{name}" / "valkey.sock"

    @property
    def broker(self) -> str:
        """The Redis URL in use."""
        return self.redis_url or f"unix://{self.socket}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
