"""Runs the migrations on the settings' database."""

from alembic import context
from sqlmodel import SQLModel

import autosched.models  # noqa: F401  the tables register themselves
from autosched import db

with db.engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
