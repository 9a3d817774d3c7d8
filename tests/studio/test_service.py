"""Renders in a workspace: asked for, made, cancelled, and taken up again when a worker dies."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import col, update

from autosched import clock, db
from autosched.errors import (
    AutoschedError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from autosched.identity.models import Membership, Role, User, Workspace
from autosched.library import service as library
from autosched.settings import settings
from autosched.studio import service
from autosched.studio.jobs import JobState
from autosched.studio.models import Render
from autosched.studio.still import still

# A template as small as can be: these tests are about the row, not the picture.
SMALL = {"scale": 0.1, "draft": True}
SPEC = {"template": "lantern-light", "scenes": [{"verse": "112:1", "seconds": 1.5}]}


@pytest.fixture
def room(database):
    """A workspace with an owner and a viewer; a stranger."""
    with db.write() as session:
        people = [User(name=n, email=f"{n}@example.org", password_hash="x") for n in "abc"]
        place, other = Workspace(name="One"), Workspace(name="Two")
        session.add_all([*people, place, other])
        session.flush()
        session.add_all(
            [
                Membership(workspace_id=place.id, user_id=people[0].id, role=Role.OWNER),
                Membership(workspace_id=place.id, user_id=people[1].id, role=Role.VIEWER),
                Membership(workspace_id=other.id, user_id=people[2].id, role=Role.OWNER),
                Membership(workspace_id=other.id, user_id=people[0].id, role=Role.OWNER),
            ]
        )
    return Room(place.id, other.id, *(each.id for each in people))


class Room:
    def __init__(self, id, other, owner, viewer, stranger):
        self.id, self.other = id, other
        self.owner, self.viewer, self.stranger = owner, viewer, stranger


def made(row):
    """The render as it stands, after a worker has taken everything that was due."""
    for render_id, lease in service.claim(10):
        service.perform(render_id, lease, **SMALL)
    with db.read() as session:
        return session.get(Render, row.id)


def test_a_render_becomes_a_video_in_the_library(room, valkey):
    row = service.request(room.owner, room.id, SPEC)
    assert (row.state, row.title) == (JobState.QUEUED, "112:1, Lantern light")
    done = made(row)
    assert (done.state, done.progress, done.stage) == (JobState.DONE, 1.0, "Done")
    asset = library.asset(room.viewer, done.asset_id)
    assert asset.render_id == row.id
    assert asset.duration == pytest.approx(1.5, abs=0.05)
    assert done.run_at is None
    assert not list((settings().data_dir / "work" / "renders").glob("*/*"))
    assert [each.id for each in service.renders(room.viewer, room.id)] == [row.id]


def test_strangers_see_nothing_and_viewers_change_nothing(room):
    row = service.request(room.owner, room.id, SPEC)
    for call in (service.render_of, service.cancel, service.retry):
        with pytest.raises(NotFoundError):
            call(room.stranger, row.id)
    with pytest.raises(NotFoundError):
        service.renders(room.stranger, room.id)
    with pytest.raises(NotFoundError):
        service.request(room.stranger, room.id, SPEC)
    with pytest.raises(ForbiddenError):
        service.request(room.viewer, room.id, SPEC)
    with pytest.raises(ForbiddenError):
        service.cancel(room.viewer, row.id)
    assert service.render_of(room.viewer, row.id).id == row.id


def test_media_come_from_the_workspaces_own_library(room, tmp_path):
    picture = tmp_path / "sky.png"
    Image.linear_gradient("L").convert("RGB").save(picture)
    scene = {"verse": "112:1", "seconds": 1.5}
    with pytest.raises(InvalidError, match="named by its path"):
        service.request(room.owner, room.id, {**SPEC, "scenes": [{**scene, "media": str(picture)}]})
    theirs = library.add_file(room.stranger, room.other, picture)
    with pytest.raises(NotFoundError):
        service.request(room.viewer, room.id, _with(scene, theirs.id))
    with pytest.raises(NotFoundError, match="in this workspace"):
        service.request(room.owner, room.id, _with(scene, theirs.id))
    ours = library.add_file(room.owner, room.id, picture)
    with pytest.raises(InvalidError, match="wrong kind"):
        audio = {"recitation": {"asset": ours.id}}
        service.request(room.owner, room.id, {**SPEC, "audio": audio})
    row = service.request(room.owner, room.id, _with(scene, ours.id))
    assert made(row).state == JobState.DONE


def _with(scene, asset_id):
    return {**SPEC, "scenes": [{**scene, "media": {"asset": asset_id}}]}


def test_a_waiting_render_is_cancelled_at_once_and_can_be_asked_for_again(room):
    row = service.request(room.owner, room.id, SPEC)
    assert service.cancel(room.owner, row.id).state == JobState.CANCELLED
    assert service.claim(10) == []
    with pytest.raises(ConflictError):
        service.retry(room.owner, service.request(room.owner, room.id, SPEC).id)
    assert service.retry(room.owner, row.id).state == JobState.QUEUED
    assert made(row).state == JobState.DONE
    with pytest.raises(ConflictError, match="over already"):
        service.cancel(room.owner, row.id)


def test_a_running_render_is_cancelled_within_seconds(room):
    long = {**SPEC, "scenes": [{"verse": "112:1", "seconds": 12}]}
    row = service.request(room.owner, room.id, long)
    ((render_id, lease),) = service.claim(10)
    worker = threading.Thread(target=service.perform, args=(render_id, lease), kwargs=SMALL)
    worker.start()
    _wait_for(lambda: service.render_of(room.owner, row.id).state == JobState.RUNNING)
    service.cancel(room.owner, row.id)
    worker.join(timeout=20)
    assert not worker.is_alive()
    assert service.render_of(room.owner, row.id).state == JobState.CANCELLED


def test_no_two_workers_get_the_same_render(room):
    rows = {service.request(room.owner, room.id, SPEC).id for _ in range(6)}
    claims, barrier = [], threading.Barrier(3)

    def claim():
        barrier.wait()
        claims.append(service.claim(4))

    threads = [threading.Thread(target=claim) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [render_id for each in claims for render_id, _ in each]
    assert sorted(got) == sorted(set(got))
    assert set(got) <= rows


def test_a_worker_whose_lease_has_gone_touches_nothing(room):
    row = service.request(room.owner, room.id, SPEC)
    ((render_id, old),) = service.claim(1, lease_seconds=-1)
    ((_, new),) = service.claim(1)
    assert new != old
    service.perform(render_id, old, **SMALL)
    with db.read() as session:
        assert session.get(Render, row.id).state == JobState.QUEUED
    service.perform(render_id, new, **SMALL)
    assert service.render_of(room.owner, row.id).state == JobState.DONE


def test_a_render_begun_three_times_in_vain_fails_with_a_reason(room):
    row = service.request(room.owner, room.id, SPEC)
    with db.write() as session:
        session.execute(update(Render).values(state=JobState.RUNNING, attempts=3))
    assert service.claim(10) == []
    failed = service.render_of(room.owner, row.id)
    assert (failed.state, failed.error_code) == (JobState.FAILED, "stopped")
    assert "begun 3 times" in failed.error


def test_a_render_whose_author_may_no_longer_see_its_media_fails_with_a_sentence(room, tmp_path):
    picture = tmp_path / "sky.png"
    Image.linear_gradient("L").convert("RGB").save(picture)
    ours = library.add_file(room.owner, room.id, picture)
    row = service.request(room.owner, room.id, _with({"verse": "112:1", "seconds": 1.5}, ours.id))
    with db.write() as session:
        session.delete(session.get_one(Membership, (room.id, room.owner)))
    failed = made(row)
    assert (failed.state, failed.error_code) == (JobState.FAILED, "not_found")
    assert failed.error.endswith(".")


def test_the_lease_is_renewed_and_progress_written_while_it_runs(room, monkeypatch):
    from autosched.studio import tending

    monkeypatch.setattr(tending, "_RENEW_SECONDS", 0.2)
    monkeypatch.setattr(tending, "_TURN_SECONDS", 0.1)
    long = {**SPEC, "scenes": [{"verse": "112:1", "seconds": 20}]}
    row = service.request(room.owner, room.id, long)
    ((render_id, lease),) = service.claim(10)
    worker = threading.Thread(target=service.perform, args=(render_id, lease), kwargs=SMALL)
    worker.start()
    seen = []
    while worker.is_alive():
        seen.append(service.render_of(room.owner, row.id))
        time.sleep(0.05)
    worker.join()
    running = [each for each in seen if each.state == JobState.RUNNING]
    assert len({each.run_at for each in running}) > 2
    shares = [each.progress for each in running]
    assert shares == sorted(shares)
    assert len(set(shares)) > 2
    assert service.render_of(room.owner, row.id).state == JobState.DONE


def test_a_killed_workers_render_is_taken_up_again(room, database):
    """A real worker process is killed while it encodes; the next one finishes the work."""
    row = service.request(
        room.owner, room.id, {**SPEC, "scenes": [{"verse": "112:1", "seconds": 12}]}
    )
    ((render_id, lease),) = service.claim(1)
    call = f"service.perform({render_id!r}, {lease!r}, scale=0.3)"
    code = f"from autosched.studio import service; {call}"
    worker = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    _wait_for(lambda: service.render_of(room.owner, row.id).progress > 0.06, seconds=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert service.render_of(room.owner, row.id).state == JobState.RUNNING
    assert service.claim(1) == []
    with db.write() as session:
        ended = clock.now() - timedelta(seconds=1)
        session.execute(update(Render).where(col(Render.id) == row.id).values(run_at=ended))
    done = made(row)
    assert (done.state, done.attempts) == (JobState.DONE, 2)


def test_a_still_is_drawn_before_the_video_is_asked_for(room):
    with Image.open(io.BytesIO(still(room.owner, room.id, SPEC))) as picture:
        assert picture.size == (540, 960)
    with pytest.raises(AutoschedError):
        still(room.stranger, room.id, SPEC)


def _wait_for(what, seconds=20.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")
