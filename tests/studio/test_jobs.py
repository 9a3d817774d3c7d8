"""Long work of any kind: claimed by one, given up after too many tries, rung for on its queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis

from autosched import clock, db
from autosched.errors import CancelledError, ConflictError, InvalidError
from autosched.library.models import Asset, Kind
from autosched.settings import settings
from autosched.studio import tending
from autosched.studio.jobs import Job, Jobs, JobState
from autosched.studio.models import ANALYSES, RENDERS, Analysis, Render
from autosched.studio.progress import Progress
from autosched.studio.tending import EndedError, Tending
from tests.library.people import person
from tests.workers.conftest import forget
from workers import broker
from workers.broker import Queue
from workers.dispatcher import Dispatcher, working
from workers.kinds import KINDS, served, threads

KINDS_OF_JOBS = pytest.mark.parametrize("jobs", [RENDERS, ANALYSES], ids=lambda jobs: jobs.name)


def _one(actor: str, place: str, jobs: Jobs[Any], number: int = 0) -> Job:
    if jobs is RENDERS:
        return Render(workspace_id=place, created_by=actor, title="a", template="t", format="reel")
    facts = {"workspace_id": place, "created_by": actor, "sha256": f"{number:064x}"}
    asset = Asset(kind=Kind.VIDEO, name="a.mp4", mime="video/mp4", size=1, path="", **facts)
    with db.write() as session:
        session.add(asset)
    return Analysis(workspace_id=place, created_by=actor, title="a", version=1, asset_id=asset.id)


@pytest.fixture
def who(database: str) -> tuple[str, str]:
    return person("amina")


@KINDS_OF_JOBS
def test_no_two_dispatchers_get_the_same_job(who: tuple[str, str], jobs: Jobs[Any]) -> None:
    jobs.add(who[0], [_one(*who, jobs, number) for number in range(6)])
    claims: list[list[tuple[str, str]]] = []
    barrier = threading.Barrier(3)

    def claim() -> None:
        barrier.wait()
        claims.append(jobs.claim(4))

    workers = [threading.Thread(target=claim) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    got = [job_id for claimed in claims for job_id, _ in claimed]
    assert len(got) == len(set(got))
    assert len(got) >= 4


@KINDS_OF_JOBS
def test_a_job_is_done_with_what_its_work_returns_and_its_folder_is_gone(
    who: tuple[str, str], jobs: Jobs[Any]
) -> None:
    row = _one(*who, jobs)
    jobs.add(who[0], [row])
    assert jobs.get(who[0], row.id).stage == "Waiting"
    [(job_id, lease)] = jobs.claim(1)
    folders: list[Path] = []

    def made(_row: Job, held: Tending, folder: Path) -> dict[str, Any]:
        assert folder.is_dir()
        (folder / "half").write_text("done")
        folders.append(folder)
        held.progress(Progress(0.5, 3.0, "Half"))
        return {"title": "b"}

    tending.perform(jobs, job_id, lease, made)
    done = jobs.get(who[0], row.id)
    assert (done.state, done.title, done.progress, done.lease) == (JobState.DONE, "b", 1.0, None)
    assert done.finished_at is not None
    assert not folders[0].exists()
    assert not (settings().data_dir / "work" / jobs.plural / row.id).exists()
    # A second message with the same lease finds nothing to do.
    tending.perform(jobs, job_id, lease, made)
    assert len(folders) == 1


@KINDS_OF_JOBS
def test_what_work_raises_ends_the_job_as_it_should(who: tuple[str, str], jobs: Jobs[Any]) -> None:
    ends = [
        (InvalidError("It is no video.", code="bad"), JobState.FAILED, "bad"),
        (CancelledError("Stopped."), JobState.CANCELLED, None),
        (RuntimeError("a mistake of ours"), JobState.FAILED, "unexpected"),
        (EndedError("Killed."), JobState.QUEUED, None),
    ]
    rows = [_one(*who, jobs, number) for number in range(len(ends))]
    jobs.add(who[0], rows)
    leases = dict(jobs.claim(10))
    for row, (error, state, code) in zip(rows, ends, strict=True):

        def fails(*_: object, error: Exception = error) -> dict[str, Any]:
            raise error

        tending.perform(jobs, row.id, leases[row.id], fails)
        ended = jobs.get(who[0], row.id)
        assert (ended.state, ended.error_code) == (state, code)
    again = jobs.retry(who[0], rows[0].id)
    assert (again.state, again.error, again.attempts) == (JobState.QUEUED, None, 0)
    jobs.remove(who[0], rows[1].id)
    with pytest.raises(ConflictError, match="still under way"):
        jobs.remove(who[0], again.id)


@KINDS_OF_JOBS
def test_a_job_begun_three_times_in_vain_fails_with_a_reason(
    who: tuple[str, str], jobs: Jobs[Any]
) -> None:
    row = _one(*who, jobs)
    row.attempts, row.state = 3, JobState.RUNNING
    jobs.add(who[0], [row])
    assert jobs.claim(1) == []
    failed = jobs.get(who[0], row.id)
    assert (failed.state, failed.error_code) == (JobState.FAILED, "stopped")
    assert "begun 3 times" in str(failed.error)
    assert jobs.next_due() is None


@KINDS_OF_JOBS
def test_a_cancel_that_the_dead_worker_never_saw_is_kept(
    who: tuple[str, str], jobs: Jobs[Any]
) -> None:
    row = _one(*who, jobs)
    jobs.add(who[0], [row])
    jobs.claim(1, lease_seconds=-1)
    with db.write() as session:
        held = session.get_one(jobs.table, row.id)
        held.state = JobState.RUNNING
        session.add(held)
    assert jobs.cancel(who[0], row.id).stage == "Cancelling"
    assert jobs.claim(1) == []
    assert jobs.get(who[0], row.id).state == JobState.CANCELLED


@pytest.fixture
def queue(valkey: str) -> Iterator[redis.Redis]:
    forget()
    client = redis.from_url(valkey)
    yield client
    client.close()
    forget()


def test_each_kind_is_rung_for_on_its_own_queue(who: tuple[str, str], queue: redis.Redis) -> None:
    for jobs in (RENDERS, ANALYSES):
        jobs.add(who[0], [_one(*who, jobs, number) for number in range(3)])
    Dispatcher([working(kind) for kind in KINDS]).turn()
    # One each: the rest waits in the database, where a cancel still reaches it.
    assert broker.waiting(Queue.RENDER) == broker.waiting(Queue.ANALYSE) == 1
    sent = b"".join(queue.hgetall(f"{broker.NAMESPACE}:analyse.msgs").values())
    assert b'"actor_name":"analysis"' in sent


def test_every_queue_that_is_served_has_an_actor_and_threads(queue: redis.Redis) -> None:
    from workers import actors

    assert actors.publish.actor_name == "publish"
    assert [str(each) for each in served()[:3]] == ["publish", "render", "analyse"]
    for kind in KINDS:
        assert kind.actor in broker.broker(kind.queue).actors
        assert threads(kind.queue) == 1


def test_the_lease_of_a_job_that_waits_is_as_long_as_it_was_claimed_for(
    who: tuple[str, str],
) -> None:
    row = _one(*who, RENDERS)
    RENDERS.add(who[0], [row])
    before = clock.now()
    RENDERS.claim(1, lease_seconds=600)
    due = RENDERS.next_due()
    assert due is not None
    assert timedelta(seconds=590) < due - before < timedelta(seconds=610)
