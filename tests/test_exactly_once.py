"""Every post goes out exactly once, whatever is killed and whenever.

Real parts throughout: the worker and the dispatcher as they are started in earnest, Valkey, both
databases, and a Bluesky server behind a gate that behaves like a bad network. The records are
counted on that server, by a client that nobody here wrote.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from PIL import Image
from sqlmodel import select

from autosched import clock, db, up
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.library import service as library
from autosched.schedule import accounts, composing
from autosched.schedule.models import Target, TargetEvent, TargetState
from autosched.settings import settings
from tests.conftest import forget
from tests.counterparts.gate import Fault, Gate, gate
from tests.counterparts.pds import Person, free_ports, serve

PUT = "com.atproto.repo.putRecord"
UPLOAD = "com.atproto.repo.uploadBlob"
GET = "com.atproto.repo.getRecord"
POSTS = 40
BLOWS = 14
FAULTS = 10
LEASE = 1.5


@dataclass
class Crew:
    """Valkey, dispatchers and workers; what dies is started again, as `up` does."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    blows: list[str] = field(default_factory=list)
    _turn: threading.RLock = field(default_factory=threading.RLock)
    _over: threading.Event = field(default_factory=threading.Event)
    _began: float = field(default_factory=time.monotonic)

    def start(self, each: int) -> None:
        """Valkey, and so many dispatchers and workers."""
        for name in ("valkey", *self._names("dispatcher", each), *self._names("worker", each)):
            self._start(name)
        threading.Thread(target=self._look_after, daemon=True).start()

    def note(self, what: str) -> None:
        self.blows.append(f"{time.monotonic() - self._began:6.2f} {what}")

    def kill(self, name: str) -> None:
        with self._turn:
            self.note(f"{name} killed")
            self.processes[name].kill()
            self.processes[name].wait()

    def kill_workers(self) -> None:
        with self._turn:
            for name in list(self.processes):
                if name.startswith("worker"):
                    self.kill(name)

    def stop_for(self, name: str, seconds: float) -> None:
        """Let a process stand still, as on a machine that swaps or sleeps, and go on again."""
        with self._turn:
            asleep = self.processes[name]
            self.note(f"{name} stands still for {seconds:.1f} s")
            asleep.send_signal(signal.SIGSTOP)
        threading.Timer(seconds, lambda: asleep.send_signal(signal.SIGCONT)).start()

    def forget_the_queue(self) -> None:
        self.note("the queue is emptied")
        with suppress(redis.RedisError):
            redis.from_url(settings().broker, socket_timeout=1).flushall()

    def lose_valkeys_data(self) -> None:
        with self._turn:
            self.kill("valkey")
            self.note("valkey's data are deleted")
            shutil.rmtree(settings().data_dir / "valkey", ignore_errors=True)

    def end(self) -> None:
        self._over.set()
        with self._turn:
            for process in self.processes.values():
                process.kill()
                process.send_signal(signal.SIGCONT)
                process.wait()

    def said(self) -> str:
        log = (self.folder / "crew.log").read_text(errors="replace")
        return "\n".join([*self.blows, log[-6000:]])

    @staticmethod
    def _names(kind: str, count: int) -> list[str]:
        return [f"{kind} {number}" for number in range(1, count + 1)]

    def _look_after(self) -> None:
        while not self._over.wait(0.05):
            with self._turn:
                for name, process in list(self.processes.items()):
                    if process.poll() is not None and not self._over.is_set():
                        self._start(name)

    def _start(self, name: str) -> None:
        kind = name.partition(" ")[0]
        command = {
            "valkey": lambda: up._valkey_command(settings()),
            "dispatcher": lambda: [sys.executable, "-m", "workers.dispatcher"],
            "worker": lambda: [sys.executable, "-m", "workers", "publish"],
        }[kind]()
        with (self.folder / "crew.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=Path(__file__).parents[1], stdout=log, stderr=log
            )


@dataclass
class Office:
    """A workspace whose account is on the server behind the gate."""

    actor: str
    workspace_id: str
    account_id: str
    person: Person
    gate: Gate
    crew: Crew
    picture: str

    def plan(self, text: str, seconds: float, *, pictured: bool = False) -> None:
        when = (clock.now() + timedelta(seconds=seconds)).replace(tzinfo=None)
        media = [{"asset_id": self.picture, "alt": "A lamp"}] if pictured else []
        composing.compose(
            self.actor,
            self.workspace_id,
            text=text,
            media=media,
            account_ids=[self.account_id],
            when=when,
        )

    def states(self) -> Counter[str]:
        with db.read() as session:
            return Counter(str(state) for state in session.exec(select(Target.state)))

    def wait_until_all_are_out(self) -> None:
        # Seconds on a machine at rest; on a busy one each of many restarts takes ten.
        deadline = time.monotonic() + 240
        while set(self.states()) != {TargetState.PUBLISHED}:
            assert time.monotonic() < deadline, f"{self.states()}\n{self.crew.said()}"
            time.sleep(0.1)

    def check_that_each_is_there_once(self) -> None:
        posts = self.person.posts()
        with db.read() as session:
            targets = session.exec(select(Target)).all()
        assert Counter(post.uri for post in posts) == Counter(
            target.handle["remote_id"] for target in targets
        ), self.crew.said()
        words = {target.handle["remote_id"]: target.handle["record"]["text"] for target in targets}
        assert {post.uri: post.value.text for post in posts} == words
        assert len(set(words.values())) == len(targets) == len(posts)

    def doubts(self) -> int:
        with db.read() as session:
            unconfirmed = TargetEvent.state_to == TargetState.UNCONFIRMED
            return len(session.exec(select(TargetEvent.target_id).where(unconfirmed)).all())


@pytest.fixture
def office(
    database: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    monkeypatch.setenv("AUTOSCHED_LEASE_SECONDS", str(LEASE))
    forget()
    (public_port,) = free_ports(1)
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "lamp.png")
    with (
        serve(tmp_path / "pds", public_port=public_port) as server,
        gate(server.url, port=public_port) as between,
    ):
        person = server.person("amina")
        user = identity.register("Amina", "amina@example.org", "a short sentence it is")
        workspace, _ = workspaces.workspaces(user.id)[0]
        form = {"identifier": person.handle, "password": person.app_password}
        account = accounts.connect(
            user.id, workspace.id, "bluesky", {**form, "service": between.url}
        )
        picture = library.add_file(user.id, workspace.id, tmp_path / "lamp.png")
        crew = Crew(tmp_path)
        made = Office(user.id, workspace.id, account.id, person, between, crew, picture.id)
        try:
            yield made
        finally:
            crew.end()


def test_killed_at_random_every_post_is_there_once(office: Office) -> None:
    seed = int(os.environ.get("AUTOSCHED_TEST_SEED") or random.SystemRandom().randrange(10**6))
    office.crew.note(f"seed {seed}")
    chance = random.Random(seed)
    office.crew.start(each=2)
    for number in range(POSTS):
        office.plan(f"post {number} سلام", 1 + number * 0.1, pictured=number % 4 == 0)
    office.gate.rule = bad_network(office.crew, random.Random(seed + 1))
    strike(office, chance)
    office.wait_until_all_are_out()
    office.check_that_each_is_there_once()
    print("\n".join(office.crew.blows))
    print(f"{office.doubts()} doubts settled, {office.gate.seen.count(PUT)} commits sent")


def strike(office: Office, chance: random.Random) -> None:
    """Strike blows at random, each some requests after the last, so that they fall into work."""
    crew = office.crew
    blows: list[Callable[[], None]] = [
        lambda: crew.kill(f"worker {chance.randint(1, 2)}"),
        lambda: crew.kill(f"dispatcher {chance.randint(1, 2)}"),
        lambda: crew.kill("valkey"),
        crew.forget_the_queue,
        crew.lose_valkeys_data,
        lambda: crew.stop_for(f"worker {chance.randint(1, 2)}", LEASE * chance.uniform(0.5, 2)),
        lambda: crew.stop_for(f"dispatcher {chance.randint(1, 2)}", LEASE * chance.uniform(0.5, 2)),
    ]
    wait_for_requests(office.gate, 1, patience=30)
    for blow in chance.sample(blows * (BLOWS // len(blows)), BLOWS):
        wait_for_requests(office.gate, chance.randint(1, 4), patience=2)
        time.sleep(chance.uniform(0, 0.2))
        blow()


def wait_for_requests(gate: Gate, count: int, patience: float) -> None:
    further, deadline = len(gate.seen) + count, time.monotonic() + patience
    while len(gate.seen) < further and time.monotonic() < deadline:
        time.sleep(0.01)


def bad_network(crew: Crew, chance: random.Random) -> Callable[[str], Fault | None]:
    """A rule for the gate: some requests and answers are lost, some are the worker's last."""
    faults = {
        "the workers die before it is seen": Fault(before=crew.kill_workers, forward=False),
        "the workers die, and it is seen": Fault(before=crew.kill_workers),
        "it is seen, and the workers die": Fault(after=crew.kill_workers, answer=False),
        "it is lost": Fault(forward=False),
        "its answer is lost": Fault(answer=False),
        "it is answered by a proxy": Fault(instead=(502, b"<html>Bad Gateway</html>")),
        "it takes longer than a lease": Fault(before=lambda: time.sleep(LEASE * 1.5)),
    }

    left = FAULTS

    def rule(method: str) -> Fault | None:
        nonlocal left
        if left == 0 or chance.random() >= {PUT: 0.25, UPLOAD: 0.2, GET: 0.15}.get(method, 0.0):
            return None
        left -= 1
        name = chance.choice(list(faults))
        crew.note(f"{method.rpartition('.')[2]}: {name}")
        return faults[name]

    return rule


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_killed_at_each_step_leaves_one_post(office: Office) -> None:
    die = office.crew.kill_workers
    before, within = Fault(before=die, forward=False), Fault(before=die)
    after, lost = Fault(after=die, answer=False), Fault(answer=False)
    steps = {UPLOAD: [before, after], PUT: [before, within, after, lost], GET: [before, lost]}

    def rule(method: str) -> Fault | None:
        return steps[method].pop(0) if steps.get(method) else None

    office.gate.rule = rule
    office.crew.start(each=1)
    for number in range(6):
        office.plan(f"post {number}", 1 + number * 0.2, pictured=True)
    office.wait_until_all_are_out()
    assert steps == {UPLOAD: [], PUT: [], GET: []}, f"not reached\n{office.crew.said()}"
    office.check_that_each_is_there_once()
    assert office.doubts() >= 4
