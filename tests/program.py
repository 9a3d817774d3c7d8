"""The whole program as a person starts it: `autosched up`, with its parts and what it prints."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

WAIT = 90.0


class Running:
    """A started program: what it prints, and its parts."""

    def __init__(self, data: Path, port: int, *arguments: str) -> None:
        self.data, self.port = data, port
        self.out = Path(tempfile.gettempdir()) / f"autosched-test-{os.getpid()}-{port}.out"
        start = [sys.executable, "-m", "autosched", "up", "--data", str(data), "--port", str(port)]
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*start, *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                env={k: v for k, v in os.environ.items() if not k.startswith("AUTOSCHED_")},
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def printed(self) -> str:
        return self.out.read_text()

    def parts(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                command = " ".join(child.cmdline())
            except psutil.Error:  # it has just ended
                continue
            for name, mark in (
                ("valkey", "valkey"),
                ("web", "autosched.web"),
                ("dispatcher", "workers.dispatcher"),
                ("worker", "-m workers"),
            ):
                if mark in command:
                    found[name] = child
                    break
        return found

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.out.unlink(missing_ok=True)
        return code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@contextmanager
def started(data: Path, port: int | None = None, *arguments: str) -> Iterator[Running]:
    running = Running(data, port or free_port(), *arguments)
    try:
        until(
            lambda: "is running at" in running.printed() or running.process.poll() is not None,
            "the URL",
        )
        assert running.process.poll() is None, running.printed()
        yield running
    finally:
        running.stop()


def register(url: str) -> None:
    form = {"name": "Amina", "email": "amina@example.org", "password": "a quiet sentence"}
    answer = httpx.post(f"{url}/auth/register", data=form)
    assert answer.status_code == 303
    assert "problem" not in answer.headers["location"]


def can_log_in(url: str) -> bool:
    form = {"email": "amina@example.org", "password": "a quiet sentence"}
    return "problem" not in httpx.post(f"{url}/auth/login", data=form).headers["location"]


def answers(url: str) -> bool:
    """Whether the web process answers."""
    try:
        return httpx.get(f"{url}/ping").status_code == 200
    except httpx.HTTPError:
        return False
