"""Brings the database to the newest schema, by alembic."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import autosched.models  # noqa: F401  the tables register themselves
from autosched import db, frontend


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(frontend.root() / "alembic"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade() -> None:
    """Apply what has not been applied yet."""
    command.upgrade(config(), "head")


def pending() -> bool:
    """Whether the database is not at the newest schema."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    with db.engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != newest


def differences() -> list[object]:
    """What stands in the models and not in the migrated database, or the other way round."""
    with db.engine().connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))
