"""The database: engine, transactions, and the hook that runs work after a commit.

`read()` and `write()` are the only two ways in. On SQLite a write transaction takes the write
lock at its start, so that two writers wait for each other instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from autosched.settings import settings


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on databases with and without zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=4)
def engine(url: str | None = None) -> Engine:
    """The engine for `url`, or for the settings' database; one a process."""
    url = url or settings().database
    if url.startswith("sqlite"):
        made = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun by us (below): the driver's own rule begins too late for a writer.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writing, durable = (
        options.get("autosched_write", False),
        options.get("autosched_durable", False),
    )
    if durable != connection.info.get("durable", False):
        connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.info["durable"] = durable
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def read() -> Iterator[Session]:
    """A session for reading: rolled back at the end."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session


@contextmanager
def write(*, durable: bool = False) -> Iterator[Session]:
    """A session for writing: committed at the end, rolled back on an error.

    `durable`: when it returns, this and all that was written before outlasts a loss of power.
    SQLite otherwise may lose the last moments then (never halves of a transaction); PostgreSQL
    never does. What was given to `after_commit` runs once the commit has succeeded, and never
    otherwise.
    """
    with Session(engine(), expire_on_commit=False) as session:
        session.connection(
            execution_options={"autosched_write": True, "autosched_durable": durable}
        )
        yield session
        session.commit()
        for call in session.info.pop("after_commit", []):
            call()


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run `call` after the session's transaction has committed."""
    session.info.setdefault("after_commit", []).append(call)
