"""How fast posts go out through the stand-in when nothing goes wrong, and what a kill costs.

Throughput with 1, 2 and 4 worker threads on posts that are all due at once; lateness from the due
moment to the first request at the far side at 600 posts a minute, read off the far side's log of
posts whose first request is the publishing one; and a 200 MB video whose worker is killed half
way: the bytes that were sent twice, and the worker's memory meanwhile.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from autosched import db
from bench import _stage as stages

AT_ONCE = 160
A_MINUTE = 600
_LATE_MOST, _MEMORY_MOST = 2.0, 150.0
_BIG = 200 * 1000 * 1000
_CHUNK = 8 * 1024 * 1024
# Text goes out with a single request there, so that the post's own moment tells the lateness.
_PLAIN = ("bluesky", "mastodon", "x", "linkedin")


def run(seed: int | None = None) -> dict[str, Any]:
    """All figures, and what was expected of them."""
    seed = 7 if seed is None else seed
    throughput = {f"{each} threads": _throughput(seed, each) for each in (1, 2, 4)}
    with _stage(4) as stage:
        lateness = _lateness(stage, random.Random(seed))
    with _stage(4) as stage:
        upload = _upload(stage)
    expected = (
        lateness["p99_seconds"] < _LATE_MOST
        and upload["bytes_sent_twice"] <= _CHUNK
        and upload["worker_mb_above_idle"] < _MEMORY_MOST
    )
    return {
        "seed": seed,
        "targets_a_minute": throughput,
        "lateness": lateness,
        "lateness_p99_expected_below_seconds": _LATE_MOST,
        "upload": upload,
        "bytes_sent_twice_expected_at_most": _CHUNK,
        "worker_mb_above_idle_expected_below": _MEMORY_MOST,
        "as_expected": expected,
    }


def _stage(threads: int) -> Any:
    return stages.fresh(workers=threads, say=_say)


def _throughput(seed: int, threads: int) -> dict[str, float]:
    """Posts with text or a picture, all due at one moment; from it to the last proof."""
    chance = random.Random(seed)
    with _stage(threads) as stage:
        due = stages.soon(15 + AT_ONCE / 40)
        for number in range(AT_ONCE):
            platform = _PLAIN[number % len(_PLAIN)]
            files = chance.choice(([], ["image"]))
            account = chance.choice(stage.accounts[platform])
            stages.compose(stage, account, f"Patience is light. {number}", files, due)
        _await(stage, AT_ONCE)
        last = _last_proof()
        spent = (last - due).total_seconds()
    return {"a_minute": round(AT_ONCE / spent * 60), "seconds": round(spent, 2)}


def _lateness(stage: stages.Stage, chance: random.Random) -> dict[str, Any]:
    """600 texts spread over a minute; how long after its moment each came to the far side."""
    start = stages.soon(20 + A_MINUTE / 40)
    due: dict[str, float] = {}
    for number in range(A_MINUTE):
        platform = _PLAIN[number % len(_PLAIN)]
        moment = start + timedelta(seconds=number * 60 / A_MINUTE)
        text = f"Light upon light. {number:04}"
        stages.compose(stage, chance.choice(stage.accounts[platform]), text, [], moment)
        due[text] = moment.timestamp()
    states = _await(stage, A_MINUTE)
    late = sorted(
        post["created_at"] - due[post["text"]] for post in stage.posts() if post["text"] in due
    )
    return {
        "targets_a_minute": A_MINUTE,
        "published": states["published"],
        "p50_seconds": round(statistics.median(late), 3),
        "p99_seconds": round(late[int(len(late) * 0.99) - 1], 3),
        "most_seconds": round(late[-1], 3),
    }


def _upload(stage: stages.Stage) -> dict[str, Any]:
    """A 200 MB video to YouTube; the worker is killed when half of it is there."""
    import psutil

    from autosched.library import service as library

    path = Path(tempfile.mkdtemp(prefix="autosched-bench-")) / "long.mp4"
    stages.film(path, 40.0, 100, bits="42M")
    size = path.stat().st_size
    asset = library.add_file(stage.actor, stage.workspace, path, name="long.mp4")
    stage.files["big"] = asset.id
    idle = _memory(stage)
    account = stage.accounts["youtube"][0]
    stages.compose(stage, account, "Light upon light", ["big"], stages.soon(3))
    most, killed = idle, False
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        sent = _received(stage)
        if not killed and sent > size / 2:
            killed = stage.kill("worker")
        with contextlib.suppress(psutil.Error, KeyError):
            most = max(most, _memory(stage))
        if set(stages.settled(stage).values()) <= {"published", "failed", "needs_person"}:
            break
        time.sleep(0.05)
    states = Counter(stages.settled(stage).values())
    path.unlink()
    return {
        "bytes": size,
        "killed": killed,
        "published": states["published"],
        "bytes_sent_twice": max(0, _received(stage) - size),
        "worker_mb_idle": round(idle, 1),
        "worker_mb_above_idle": round(most - idle, 1),
    }


def _received(stage: stages.Stage) -> int:
    """The bytes of the video that came to the far side, whole chunks and broken ones."""
    return sum(seen["received"] for seen in stage.log() if seen["step"] == "upload_append")


def _memory(stage: stages.Stage) -> float:
    """The worker's resident memory in MB, its children included."""
    import psutil

    worker = psutil.Process(stage.parts()["worker"])
    every = [worker, *worker.children(recursive=True)]
    return float(sum(each.memory_info().rss for each in every)) / 1e6


def _await(stage: stages.Stage, count: int) -> Counter[str]:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        states = Counter(stages.settled(stage).values())
        if states["published"] + states["failed"] + states["needs_person"] >= count:
            return states
        time.sleep(0.25)
    return Counter(stages.settled(stage).values())


def _last_proof() -> Any:
    from sqlalchemy import func
    from sqlmodel import select

    from autosched.schedule.models import Target

    with db.read() as session:
        return session.exec(select(func.max(Target.published_at))).one()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
