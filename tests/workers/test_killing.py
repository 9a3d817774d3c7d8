"""Whole processes, killed and stopped at every step: nothing is lost and nothing goes out twice.

The wall keeps whatever it is sent, so a second post of the same target would hang there.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest
import redis

from autosched import db
from autosched.schedule.models import TargetState as S
from tests.schedule.conftest import Room
from tests.schedule.wall import Wall
from tests.workers.conftest import Crew, forget, until

POINTS = ("prepare", "prepared", "commit", "committed")


@pytest.fixture(autouse=True)
def queue(valkey: str) -> Iterator[None]:
    forget()
    yield
    forget()


def keep_working(room: Room, crew: Crew, targets: list[str], seconds: float) -> None:
    """Start the worker again whenever it has died, until every target is published."""
    worker = crew.worker()

    def published() -> bool:
        nonlocal worker
        if worker.poll() is not None:
            worker = crew.worker()
        return all(room.state(target) == S.PUBLISHED for target in targets)

    assert until(published, seconds), crew.log()


def test_a_worker_that_dies_at_any_step_never_makes_a_post_twice(
    room: Room, wall: Wall, crew: Crew
) -> None:
    targets = {point: room.target(text=point) for point in POINTS}
    for point, target in targets.items():
        wall.orders[target] = [(point, "die")]
    settling = room.target(text="settle")
    wall.orders[settling] = [("post", "lose"), ("settle", "die")]
    crew.dispatcher()
    keep_working(room, crew, [*targets.values(), settling], 60)
    assert wall.counts() == dict.fromkeys([*targets.values(), settling], 1)
    assert "unconfirmed" in room.history(targets["committed"])


def test_a_worker_that_stood_still_finds_its_lease_gone(room: Room, wall: Wall, crew: Crew) -> None:
    target = room.target()
    wall.orders[target] = [("prepared", "sleep 2")]
    crew.dispatcher()
    asleep = crew.worker()
    assert until(lambda: (target, "prepared") in wall.steps), crew.log()
    with db.write():  # so the worker is in no transaction, which would hold up all of SQLite
        os.kill(asleep.pid, signal.SIGSTOP)
    second = crew.worker()
    assert until(lambda: room.state(target) == S.PUBLISHED), crew.log()
    os.kill(asleep.pid, signal.SIGCONT)
    assert until(lambda: "taken it over" in crew.log() or asleep.poll() is not None, 10)
    time.sleep(0.5)
    assert wall.counts() == {target: 1}
    assert second.poll() is None


def test_killed_at_random_with_the_queue_emptied_every_post_hangs_once(
    room: Room, wall: Wall, crew: Crew, valkey: str
) -> None:
    chance = random.Random(7)
    targets = [room.target(text=f"post {n}") for n in range(24)]
    for target in targets:
        # A little slowness everywhere, so that the kills fall between the steps.
        wall.orders[target] = [(point, f"sleep {chance.uniform(0.05, 0.3)}") for point in POINTS]
    client = redis.from_url(valkey)
    processes = {"worker": crew.worker(), "dispatcher": crew.dispatcher()}
    starts = {"worker": crew.worker, "dispatcher": crew.dispatcher}
    until(lambda: len(wall.steps) > 0, 20)
    for _ in range(6):
        time.sleep(chance.uniform(0.3, 1.2))
        victim = chance.choice(["worker", "worker", "dispatcher", "valkey"])
        if victim == "valkey":
            client.flushall()
        else:
            processes[victim].kill()
            processes[victim].wait()
            processes[victim] = starts[victim]()
    assert until(lambda: all(room.state(t) == S.PUBLISHED for t in targets), 60), crew.log()
    assert wall.counts() == dict.fromkeys(targets, 1)
    client.close()
