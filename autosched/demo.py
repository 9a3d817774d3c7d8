"""`autosched demo`: fills a workspace with real renders, a month of posts and a Folder account.

Everything goes through the services, as a person's clicks would: the videos are rendered, the
posts that have gone out have been written into the hand-over folder.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from autosched import clock, db, demo_accounts, scripture, up
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.identity.models import User
from autosched.schedule import accounts, dispatch
from autosched.schedule import service as schedule
from autosched.schedule.models import Account, Post, Target, TargetState
from autosched.settings import settings
from autosched.studio import service as studio
from autosched.studio import template
from autosched.studio.jobs import JobState
from autosched.studio.models import Render

Say = Callable[[str], None]

# One verse a template, in an order in which a month could go out.
VERSES = (
    ("94:5-6", "reel"),
    ("93:5", "reel"),
    ("2:153", "reel"),
    ("96:1", "portrait"),
    ("55:13", "square"),
    ("2:152", "reel"),
    ("97:3", "story"),
    ("13:28", "reel"),
)
_TAGS = ("#Quran", "#Reminder", "#Sabr", "#Tawakkul", "#Dhikr")
_HOURS = (7, 12, 18, 21)
_POSTS = 26
# What platforms leave to a person and have no default for; the others pay no heed to it.
_CHOICES = {"privacy": "public", "made_for_kids": "no"}


@dataclass(frozen=True)
class _Room:
    actor: str
    workspace_id: str
    zone: str


def fill(say: Say) -> None:
    """Fill the first person's workspace; make that person if there is none."""
    from autosched import migrations
    from autosched.setup import prepare

    settings().data_dir.mkdir(parents=True, exist_ok=True)
    prepare()
    migrations.upgrade()
    _join_what_runs()
    room = _room(say)
    renders = _render_all(room, say)
    _post_all(room, renders, _accounts(room, say), say)
    say("The demo is ready: log in and look around.")


def _join_what_runs() -> None:
    """Speak to the platforms as the program that runs on this folder does."""
    running = up.status() or {}
    if running.get("sandbox"):
        os.environ["AUTOSCHED_SANDBOX"] = str(running["sandbox"])
        os.environ["AUTOSCHED_PUBLIC_URL"] = str(running["url"])
        settings.cache_clear()


def _accounts(room: _Room, say: Say) -> list[Account]:
    """Accounts on every platform, where a stand-in runs beside."""
    if not settings().sandbox:
        say("Start it with `autosched up --sandbox` to have accounts on eight platforms as well.")
        return []
    return demo_accounts.connect_all(room.actor, room.workspace_id, say)


def _room(say: Say) -> _Room:
    with db.read() as session:
        owner = session.exec(select(User).where(col(User.is_installation_owner))).first()
    if owner is None:
        password = secrets.token_urlsafe(12)
        owner = identity.register(
            "Demo", "demo@autosched.example", password, zone="Europe/Istanbul"
        )
        say(f"Log in as {owner.email} with the password {password} (it is shown only now).")
    workspace, _ = workspaces.workspaces(owner.id)[0]
    return _Room(owner.id, workspace.id, workspace.zone)


def _render_all(room: _Room, say: Say) -> list[Render]:
    """Every template once, each with a verse; what an earlier demo rendered is taken."""
    ready = {
        row.title: row
        for row in studio.renders(room.actor, room.workspace_id, limit=200)
        if row.state == JobState.DONE
    }
    names = [row.name for row in template.templates()]
    wanted: list[Render] = []
    for number, (reference, shape) in enumerate(VERSES):
        name = names[number % len(names)]
        first = scripture.verses(reference)[0]
        title = f"{first.reference} · {template.template(name).title}"
        spec: dict[str, Any] = {
            "template": name,
            "format": shape,
            "language": "en",
            "scenes": [{"verse": reference}],
            "seed": 7 + number,
        }
        wanted.append(
            ready.get(title) or studio.request(room.actor, room.workspace_id, spec, title=title)
        )
    return [_finished(room, row.id, say) for row in wanted]


def _finished(room: _Room, render_id: str, say: Say) -> Render:
    """Wait for a render; when no worker takes it, make it here."""
    told = ""
    while True:
        row = studio.render_of(room.actor, render_id)
        line = f"{row.title}: {row.progress:.0%} {row.stage}"
        if row.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
            if told:
                say(f"{row.title}: {row.error or 'rendered'}")
            return row
        if not told:
            say(line)
            told = line
        for claimed, lease in studio.claim(1, settings().lease_seconds):
            studio.perform(claimed, lease)
        time.sleep(0.2)


def _post_all(room: _Room, renders: list[Render], far: list[Account], say: Say) -> None:
    with db.read() as session:
        if session.exec(select(Post.id).where(Post.workspace_id == room.workspace_id)).first():
            say("The workspace has posts already: none were added.")
            return
    folder = settings().data_dir.parent / f"{settings().data_dir.name}-handover"
    account = accounts.connect(room.actor, room.workspace_id, "folder", {"path": str(folder)})
    videos = [row for row in renders if row.asset_id]
    today = clock.wall(clock.now(), room.zone).replace(minute=0, second=0, microsecond=0)
    for number in range(_POSTS):
        row = videos[number % len(videos)]
        day = today + timedelta(days=1 + number * 30 // _POSTS)
        _compose(room, row, _on(account, far, number), number, _at(day, number))
    for number, row in enumerate(videos[:3]):
        post = _compose(room, row, _on(account, far, number), number, None)
        schedule.publish_now(room.actor, post.id)
    _publish_due(room)
    _one_that_needs_a_look(room, videos[0], _at(today + timedelta(days=2), 2))
    say(f"{_POSTS} posts are planned, 3 have gone out to {folder}, one needs a look.")


def _on(folder: Account, far: list[Account], number: int) -> list[str]:
    """The folder, and two of the far accounts in turn."""
    some = [far[(number + step) % len(far)] for step in (0, 3)] if far else []
    return [folder.id, *dict.fromkeys(account.id for account in some)]


def _at(day: datetime, number: int) -> datetime:
    return day.replace(hour=_HOURS[number % len(_HOURS)], minute=(number % 4) * 15)


def _compose(
    room: _Room, row: Render, account_ids: list[str], number: int, when: datetime | None
) -> Post:
    reference = row.spec["scenes"][0]["verse"]
    verses = scripture.verses(reference)
    words = " ".join(verse.translation for verse in verses)
    tags = f"{_TAGS[number % len(_TAGS)]} {_TAGS[(number + 2) % len(_TAGS)]}"
    choices = {**_CHOICES, "title": verses[0].reference}
    return schedule.compose(
        room.actor,
        room.workspace_id,
        text=f"{words}\n\n{verses[0].reference}\n\n{tags}",
        media=[{"asset_id": row.asset_id, "alt": f"{verses[0].reference}: {words}"[:1000]}],
        account_ids=account_ids,
        when=when,
        variants={each: {"options": choices} for each in account_ids},
    )


def _publish_due(room: _Room) -> None:
    """Publish what is due, here or in the workers that run beside."""
    deadline = time.monotonic() + 120
    going = (TargetState.PUBLISHED, TargetState.FAILED, TargetState.NEEDS_PERSON)
    while time.monotonic() < deadline:
        for target_id, lease in dispatch.claim(10, settings().lease_seconds):
            dispatch.publish(target_id, lease)
        with db.read() as session:
            waiting = session.exec(
                select(Target.id).where(
                    Target.workspace_id == room.workspace_id,
                    col(Target.state).not_in(going),
                    col(Target.run_at) <= clock.now() + timedelta(minutes=2),
                )
            ).first()
        if waiting is None:
            return
        time.sleep(0.2)


def _one_that_needs_a_look(room: _Room, row: Render, when: datetime) -> None:
    """A post on an account that was disconnected: the list of what needs a look has an example."""
    folder = settings().data_dir.parent / f"{settings().data_dir.name}-lent-disk"
    folder.mkdir(exist_ok=True)
    account = accounts.connect(room.actor, room.workspace_id, "folder", {"path": str(folder)})
    _compose(room, row, [account.id], 1, when)
    accounts.disconnect(room.actor, account.id)
