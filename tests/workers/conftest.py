"""The workspace and the wall of the schedule's tests, and the processes as they are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autosched.settings import settings
from tests.schedule.conftest import Room, room, wall
from workers import broker

__all__ = ["Crew", "Room", "room", "wall"]

_ROOT = Path(__file__).parents[2]


class Crew:
    """Worker and dispatcher processes; each is started again by hand, and all end with the test."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[subprocess.Popen[bytes]] = []

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker that knows the wall."""
        return self._start("tests.schedule.wall", "publish")

    def dispatcher(self) -> subprocess.Popen[bytes]:
        """The dispatcher as it is."""
        return self._start("workers.dispatcher")

    def _start(self, *module: str) -> subprocess.Popen[bytes]:
        with (self.logs / "crew.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", *module], cwd=_ROOT, stdout=log, stderr=log
            )
        self.running.append(started)
        return started

    def log(self) -> str:
        """What they have said."""
        return (self.logs / "crew.log").read_text()

    def end(self) -> None:
        """End every process that still runs, also one that stands still."""
        for process in self.running:
            if process.poll() is None:
                process.kill()
                os.kill(process.pid, signal.SIGCONT)
        for process in self.running:
            process.wait()


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    with ExitStack() as stack:
        made = Crew(tmp_path)
        stack.callback(made.end)
        yield made


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AUTOSCHED_LEASE_SECONDS", "1.5")
    forget()
    yield
    forget()


def forget() -> None:
    """Let the next call read the settings, and open the broker, anew."""
    settings.cache_clear()
    broker.broker.cache_clear()
    broker._client.cache_clear()


def until(true: Callable[[], bool], seconds: float = 90.0) -> bool:
    """Wait until it is true; whether it became so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return true()
