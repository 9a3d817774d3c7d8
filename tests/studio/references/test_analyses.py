"""References in a workspace: measured once, watched, cancelled, taken up again, seen by members."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from PIL import Image
from sqlmodel import col, update

from autosched import clock, db
from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.library import service as library
from autosched.settings import settings
from autosched.studio.jobs import JobState
from autosched.studio.models import ANALYSES, Analysis
from autosched.studio.references import service, storing
from tests.media import samples
from tests.studio.references.conftest import as_it_stands, film, work


def test_a_reference_is_measured_and_its_report_is_for_members(
    room: SimpleNamespace, clip: str
) -> None:
    [row] = service.request(room.owner, room.id, [clip])
    assert (row.state, row.title) == (JobState.QUEUED, "clip.mp4")
    with pytest.raises(ConflictError, match="not been measured"):
        service.measured(room.owner, row.id)
    work()
    done = as_it_stands(room, row)
    assert (done.state, done.progress, done.run_at) == (JobState.DONE, 1.0, None)
    assert done.facts["seconds"] == pytest.approx(2.0, abs=0.1)
    found = service.measured(room.viewer, row.id)
    assert found.report.video.width == 320
    assert found.report.video.has_audio
    assert found.sheet is not None
    with Image.open(service.picture(room.viewer, row.id, "shots")) as sheet:
        rows = -(-found.sheet.tiles // found.sheet.columns)
        assert sheet.width == found.sheet.width * found.sheet.columns
        assert sheet.height == found.sheet.height * rows
    assert not list((settings().data_dir / "work").rglob("*.json"))


def test_strangers_see_nothing_and_viewers_change_nothing(
    room: SimpleNamespace, clip: str, tmp_path: Path
) -> None:
    [row] = service.request(room.owner, room.id, [clip])
    calls: tuple[Callable[[str, str], object], ...] = (
        service.reference,
        service.measured,
        service.cancel,
        service.retry,
        service.remove,
    )
    for call in calls:
        with pytest.raises(NotFoundError):
            call(room.stranger, row.id)
    with pytest.raises(NotFoundError):
        service.picture(room.stranger, row.id, "shots")
    for actor in (room.stranger, room.viewer):
        with pytest.raises((NotFoundError, ForbiddenError)):
            service.request(actor, room.id, [clip])
    with pytest.raises(NotFoundError):
        service.references(room.stranger, room.id)
    with pytest.raises(ForbiddenError):
        service.cancel(room.viewer, row.id)
    theirs = library.add_file(room.stranger, room.other, film(tmp_path / "theirs.mp4", seed=3))
    with pytest.raises(NotFoundError, match="in this workspace"):
        service.request(room.owner, room.id, [theirs.id])
    assert [each.id for each in service.references(room.viewer, room.id)] == [row.id]


def test_only_what_has_a_picture_is_a_reference(room: SimpleNamespace, tmp_path: Path) -> None:
    tone = library.add_file(room.owner, room.id, samples.sound(tmp_path / "tone.wav"))
    with pytest.raises(InvalidError, match="is a sound"):
        service.request(room.owner, room.id, [tone.id])
    with pytest.raises(InvalidError, match="Choose 1 to"):
        service.request(room.owner, room.id, [])
    picture = library.add_file(room.owner, room.id, samples.picture(tmp_path / "sky.jpg"))
    [row] = service.request(room.owner, room.id, [picture.id])
    work()
    found = service.report(room.owner, row.id)
    assert as_it_stands(room, row).state == JobState.DONE
    assert (found.video.duration, found.music) == (None, None)


def test_the_same_reference_is_never_measured_twice(
    room: SimpleNamespace, clip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [row] = service.request(room.owner, room.id, [clip, clip])
    work()
    assert [each.id for each in service.request(room.owner, room.id, [clip])] == [row.id]
    assert ANALYSES.claim(10) == []
    # The same content in another workspace: known at once, though the row is another.
    again = library.add_file(room.stranger, room.other, film(tmp_path / "same.mp4"))
    assert again.sha256 == library.asset(room.owner, clip).sha256
    [theirs] = service.request(room.stranger, room.other, [again.id])
    monkeypatch.setattr(service, "measure", _must_not_run)
    work()
    assert service.reference(room.stranger, theirs.id).state == JobState.DONE
    assert service.report(room.stranger, theirs.id) == service.report(room.owner, row.id)


def _must_not_run(*_args: object, **_kwargs: object) -> None:
    raise AssertionError("it was measured again")


def test_an_older_versions_report_is_measured_anew_when_asked_for(
    room: SimpleNamespace, clip: str
) -> None:
    [row] = service.request(room.owner, room.id, [clip])
    work()
    with db.write() as session:
        session.execute(update(Analysis).values(version=0))
    [same] = service.request(room.owner, room.id, [clip])
    assert (same.id, same.state) == (row.id, JobState.QUEUED)
    work()
    assert as_it_stands(room, row).version == storing.VERSION


def test_a_file_is_held_while_it_is_measured_and_takes_its_report_along(
    room: SimpleNamespace, clip: str
) -> None:
    [row] = service.request(room.owner, room.id, [clip])
    with pytest.raises(ConflictError, match="being measured"):
        library.remove(room.owner, clip)
    with pytest.raises(ConflictError, match="still under way"):
        service.remove(room.owner, row.id)
    work()
    sha256 = library.asset(room.owner, clip).sha256
    assert storing.kept(sha256) is not None
    library.remove(room.owner, clip)
    with pytest.raises(NotFoundError):
        service.reference(room.owner, row.id)
    assert storing.kept(sha256) is None


def test_a_waiting_one_is_cancelled_at_once_and_can_be_asked_for_again(
    room: SimpleNamespace, clip: str
) -> None:
    [row] = service.request(room.owner, room.id, [clip])
    assert service.cancel(room.owner, row.id).state == JobState.CANCELLED
    assert ANALYSES.claim(10) == []
    assert service.retry(room.owner, row.id).state == JobState.QUEUED
    work()
    assert as_it_stands(room, row).state == JobState.DONE
    service.remove(room.owner, row.id)
    assert service.references(room.owner, room.id) == []
    assert library.asset(room.owner, clip).id == clip


@pytest.fixture(scope="module")
def patience(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that takes a while to measure, and none to make."""
    out = tmp_path_factory.mktemp("long") / "long.mp4"
    source = "color=0x803020:s=320x180:r=30:d=500"
    samples.ffmpeg("-f", "lavfi", "-i", source, "-preset", "ultrafast", "-g", "900", out)
    return out


@pytest.fixture
def long(room: SimpleNamespace, patience: Path) -> str:
    """It in the library: its id."""
    return library.add_file(room.owner, room.id, patience).id


def test_a_running_one_tells_its_progress_and_is_cancelled_within_seconds(
    room: SimpleNamespace, long: str
) -> None:
    [row] = service.request(room.owner, room.id, [long])
    [(analysis_id, lease)] = ANALYSES.claim(1)
    worker = threading.Thread(target=service.perform, args=(analysis_id, lease))
    worker.start()
    _wait_for(lambda: as_it_stands(room, row).progress > 0)
    assert as_it_stands(room, row).stage == "Measuring"
    service.cancel(room.owner, row.id)
    began = time.monotonic()
    worker.join(timeout=20)
    assert not worker.is_alive()
    assert time.monotonic() - began < 5
    assert as_it_stands(room, row).state == JobState.CANCELLED
    assert _measuring() == []


def test_a_killed_workers_reference_is_taken_up_again_and_leaves_no_process(
    room: SimpleNamespace, long: str
) -> None:
    [row] = service.request(room.owner, room.id, [long])
    [(analysis_id, lease)] = ANALYSES.claim(1)
    call = f"service.perform({analysis_id!r}, {lease!r})"
    code = f"from autosched.studio.references import service; {call}"
    worker = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    _wait_for(lambda: as_it_stands(room, row).progress > 0)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _wait_for(lambda: _measuring() == [])
    assert ANALYSES.claim(1) == []
    with db.write() as session:
        ended = clock.now() - timedelta(seconds=1)
        session.execute(update(Analysis).where(col(Analysis.id) == row.id).values(run_at=ended))
    [(_, fresh)] = ANALYSES.claim(1)
    assert fresh != lease
    assert as_it_stands(room, row).attempts == 1


def test_a_measuring_that_is_killed_is_begun_again_and_a_broken_file_is_refused(
    room: SimpleNamespace, long: str, tmp_path: Path
) -> None:
    [row] = service.request(room.owner, room.id, [long])
    [(analysis_id, lease)] = ANALYSES.claim(1)
    worker = threading.Thread(target=service.perform, args=(analysis_id, lease))
    worker.start()
    _wait_for(lambda: as_it_stands(room, row).progress > 0)
    [child] = _measuring()
    child.kill()
    worker.join(timeout=20)
    again = as_it_stands(room, row)
    assert (again.state, again.stage) == (JobState.QUEUED, "Waiting to begin again")
    # What lies in storage is damaged behind our back.
    file = library.file(room.owner, long)
    file.write_bytes(b"no video at all")
    with db.write() as session:
        session.execute(update(Analysis).values(run_at=clock.now()))
    work()
    failed = as_it_stands(room, row)
    assert failed.state == JobState.FAILED
    assert failed.error is not None
    assert failed.error.endswith(".")


def _measuring() -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        data = str(settings().data_dir)
        if "autosched.studio.references.child" in command and data in " ".join(command):
            found.append(process)
    return [each for each in found if each.status() != psutil.STATUS_ZOMBIE]


def _wait_for(what: Callable[[], object], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
