"""Everything goes wrong at once, and nothing may be lost or posted twice.

A thousand posts with media on eight platforms, while at every step requests time out, connections
break, answers are lost, tokens expire, containers vanish and processing fails; and the workers,
the dispatcher, Valkey and the database's connections are killed at random moments. A person is at
hand who connects an account again when it asks for that, and does nothing else. At the end the
posts are counted on the far side, by the mark that each text carries.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from autosched import db
from bench import _stage as stages

TARGETS = 1000
_SPREAD_SECONDS = 150.0
_STORM_MOST_SECONDS = 420.0
_CALM_MOST_SECONDS = 900.0
_MARK = re.compile(r"mark(\d{6})")
_DONE = ("published", "failed", "needs_person", "missed", "cancelled")
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before", "chance": 0.02},
    {"kind": "reset_after", "chance": 0.02},
    {"kind": "timeout_before", "chance": 0.01, "seconds": 3.0},
    {"kind": "timeout_after", "chance": 0.01, "seconds": 3.0},
    {"kind": "status", "chance": 0.01, "status": 503},
    {"kind": "status_after", "chance": 0.01, "status": 500},
    # Elsewhere a limit lasts to the end of the day, and nobody would wait for that here.
    *(
        {"kind": "rate", "chance": 0.005, "seconds": 4.0, "platform": platform}
        for platform in ("x", "youtube", "bluesky", "mastodon", "facebook", "instagram")
    ),
    {"kind": "cut", "chance": 0.02},
    {"kind": "expire_token", "chance": 0.005},
    {"kind": "lose_container", "chance": 0.01},
    {"kind": "fail_processing", "chance": 0.003},
    {"kind": "slow", "seconds": 1.0},
    {"kind": "lag", "seconds": 3.0},
)
_KINDS: dict[str, tuple[list[str], ...]] = {
    "x": ([], ["image"], ["image", "tall"], ["video"]),
    "instagram": (["image"], ["tall"], ["video"], ["image", "tall"]),
    "facebook": ([], ["image"], ["image", "tall"], ["video"]),
    "tiktok": (["video"], ["long"], ["image"]),
    "youtube": (["video"], ["long"]),
    "linkedin": ([], ["image"], ["image", "tall"], ["video"]),
    "bluesky": ([], ["image"], ["image", "tall"], ["video"]),
    # Thirty files in half an hour is what such a server takes of an account.
    "mastodon": ([], [], [], ["image"], ["video"]),
}


def run(seed: int | None = None, targets: int = TARGETS) -> dict[str, Any]:
    """Count what became of every post. Lost and duplicated must be 0."""
    seed = 7 if seed is None else seed
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="autosched-bench-") as name,
        stages.stage(Path(name), database="postgresql", workers=8, say=_say) as stage,
    ):
        marks = _plan(stage, chance, targets)
        stage.fault([{"times": None, **fault} for fault in _FAULTS])
        began = time.monotonic()
        blows = _storm(stage, chance, began, len(marks))
        stage.no_faults()
        _say(f"the storm is over after {time.monotonic() - began:.0f} s: {dict(blows)}")
        _calm(stage)
        time.sleep(2)
        return {"seed": seed, **_counted(stage, marks, blows)}


def _plan(stage: stages.Stage, chance: random.Random, targets: int) -> dict[str, str]:
    """Posts on all platforms alike; the mark of each by its target."""
    marks: dict[str, str] = {}
    # TikTok lets an account begin six posts a minute, and its third person fifteen a day.
    stage.accounts["tiktok"] = stage.accounts["tiktok"][:2]
    names = [name for name in [*_KINDS, *_KINDS] if stage.accounts.get(name)]
    names.remove("tiktok")
    start = stages.soon(20 + targets / 40)
    for number in range(targets):
        platform = names[number % len(names)]
        account = stage.accounts[platform][number // len(names) % len(stage.accounts[platform])]
        mark = f"mark{number:06}"
        files = chance.choice(_KINDS[platform])
        later = chance.uniform(0, _SPREAD_SECONDS)
        due = start + stages.timedelta(seconds=later)
        target = stages.compose(stage, account, f"Patience is light. {mark}", files, due)
        marks[target] = mark
    _say(f"{targets} posts on {len(set(names))} platforms are planned")
    return marks


def _storm(stage: stages.Stage, chance: random.Random, began: float, targets: int) -> Counter[str]:
    """Kill at random until most is settled."""
    blows: Counter[str] = Counter()
    while time.monotonic() - began < _STORM_MOST_SECONDS:
        time.sleep(chance.uniform(2.0, 6.0))
        what = chance.choice(("worker", "worker", "dispatcher", "valkey", "database"))
        if _blow(stage, what):
            blows[what] += 1
        with suppress(Exception):  # the database may be down at this very moment
            stage.reconnect()
        if _share_settled(stage, targets) > 0.9:
            break
    return blows


def _blow(stage: stages.Stage, what: str) -> bool:
    if what != "database":
        return stage.kill(what)
    import sqlalchemy as sa

    try:
        with db.engine().connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _share_settled(stage: stages.Stage, targets: int) -> float:
    import sqlalchemy as sa

    try:
        states = Counter(stages.settled(stage).values())
    except sa.exc.SQLAlchemyError:
        return 0.0
    return sum(states[state] for state in _DONE) / targets


def _calm(stage: stages.Stage) -> None:
    """Wait until nothing is under way any more."""
    deadline = time.monotonic() + _CALM_MOST_SECONDS
    told = 0.0
    while time.monotonic() < deadline:
        states = Counter(stages.settled(stage).values())
        if time.monotonic() - told > 20:
            told = time.monotonic()
            _say(f"{dict(states)}")
        stage.reconnect()
        if not stage.needing_a_person() and all(state in _DONE for state in states):
            return
        time.sleep(1)


def _counted(stage: stages.Stage, marks: dict[str, str], blows: Counter[str]) -> dict[str, Any]:
    from sqlmodel import col, select

    from autosched.schedule.models import Account, Target

    with db.read() as session:
        rows = session.exec(
            select(Target, Account.platform).join(
                Account, col(Account.id) == col(Target.account_id)
            )
        ).all()
    there: Counter[str] = Counter()
    for post in stage.posts():
        found = _MARK.search(f"{post['text']} {post['extra']}")
        if found is not None:
            there[f"mark{found[1]}"] += 1
    states: Counter[str] = Counter(str(target.state) for target, _ in rows)
    lost = [t.id for t, _ in rows if str(t.state) == "published" and not there[marks[t.id]]]
    twice: Counter[str] = Counter(
        platform for target, platform in rows if there[marks[target.id]] > 1
    )
    unnoticed: Counter[str] = Counter(
        platform
        for target, platform in rows
        if str(target.state) == "failed" and there[marks[target.id]]
    )
    reasons: Counter[str] = Counter(
        f"{platform}: {target.error_code}"
        for target, platform in rows
        if str(target.state) in ("failed", "needs_person", "missed")
    )
    late = [
        (target.published_at - target.due_at).total_seconds()
        for target, _ in rows
        if target.published_at and target.due_at and str(target.state) == "published"
    ]
    by_platform: dict[str, Counter[str]] = {}
    for target, platform in rows:
        by_platform.setdefault(platform, Counter())[str(target.state)] += 1
    return {
        "targets": len(rows),
        "published": states["published"],
        "failed_with_reason": states["failed"],
        "waiting_for_a_person": states["needs_person"] + states["missed"],
        "unsettled": sum(count for state, count in states.items() if state not in _DONE),
        "lost": len(lost),
        "duplicated": sum(twice.values()),
        "duplicated_by_platform": dict(twice),
        "public_though_failed": dict(unnoticed),
        "reasons": dict(reasons),
        "by_platform": {name: dict(count) for name, count in by_platform.items()},
        "slowest_settlement_seconds": round(max(late, default=0.0), 1),
        "killed": dict(blows),
        "as_expected": not lost and not twice,
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
