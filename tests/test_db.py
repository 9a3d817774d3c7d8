"""Transactions: what follows a commit follows it only, and writers wait for each other."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from autosched import db
from autosched.identity.models import Workspace


def test_what_hangs_on_a_commit_does_not_run_when_it_fails(database: str) -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError), db.write() as session:
        db.after_commit(session, lambda: told.append("rolled back"))
        raise RuntimeError
    with db.write() as session:
        db.after_commit(session, lambda: told.append("committed"))
        assert told == []
    assert told == ["committed"]


def test_ten_writers_at_once_lose_nothing(database: str) -> None:
    with db.write() as session:
        session.add(Workspace(id="w", name="0"))

    def count() -> None:
        for _ in range(10):
            with db.write() as session:
                row = session.exec(select(Workspace).with_for_update()).one()
                row.name = str(int(row.name) + 1)
                session.add(row)

    threads = [threading.Thread(target=count) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.exec(select(Workspace)).one().name == "100"


def test_times_keep_their_zone_and_naive_ones_are_refused(database: str) -> None:
    with db.write() as session:
        session.add(Workspace(id="w", name="w"))
    with db.read() as session:
        made = session.exec(select(Workspace)).one().created_at
        assert made.utcoffset() is not None
    with pytest.raises(Exception, match="naive"), db.write() as session:
        session.add(Workspace(id="v", name="v", created_at=datetime(2026, 1, 1)))


def test_what_must_outlast_a_loss_of_power_is_on_the_disk_when_it_is_written(data: Path) -> None:
    db.engine().dispose()
    seen = []
    for durable in (False, True, True, False):
        with db.write(durable=durable) as session:
            seen.append(session.connection().exec_driver_sql("PRAGMA synchronous").scalar())
    assert seen == [1, 2, 2, 1]
