"""What was made to fit is kept: once, whole, by whoever comes first, and not for ever."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from autosched import storage
from autosched.errors import CancelledError, InvalidError, UnavailableError
from autosched.media import fitting
from autosched.media.fitting_cache import Made, kept, sweep
from autosched.platforms.base import Media
from autosched.platforms.limits import ImageRule, Limits, VideoRule
from tests.media import samples

JPEG = Limits(9, "graphemes", image=ImageRule(("image/jpeg",), 0))
MP4 = Limits(9, "graphemes", video=VideoRule(("video/mp4",), 0))

_WORKER = """
import sys
from pathlib import Path
from autosched.media import fitting
from autosched.platforms.base import Media
from autosched.platforms.limits import Limits, VideoRule
path = Path(sys.argv[1])
media = Media(path, "video", "video/webm", path.stat().st_size)
taken = Limits(9, "graphemes", video=VideoRule(("video/mp4",), 0))
print(fitting.fit(media, taken, folder=Path(sys.argv[2])).media.path)
"""


def picture(path: Path, **how: int) -> Media:
    samples.picture(path, **how)
    return Media(path, "image", "image/png", path.stat().st_size, 320, 200)


def film(path: Path, seconds: float = 1) -> Media:
    samples.video(path, seconds=seconds)
    return Media(path, "video", "video/webm", path.stat().st_size)


def worker(source: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, str(source), str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def made(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "kept"
    place.mkdir()
    return place


def key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:40]


def test_a_second_time_costs_nothing_and_gives_the_same_file(tmp_path: Path, data: Path) -> None:
    given = picture(tmp_path / "a.png")
    first = fitting.fit(given, JPEG)
    changed = first.media.path.stat().st_mtime_ns
    second = fitting.fit(given, JPEG)
    assert second == first
    assert second.media.path.stat().st_mtime_ns == changed
    assert first.media.path.parent == data / "cache" / "fitted"
    assert made(first.media.path.parent) == [".jpg", ".json"]


def test_another_wish_or_another_source_is_another_file(tmp_path: Path) -> None:
    given = picture(tmp_path / "a.png")
    rules = [
        ImageRule(("image/jpeg",), 0, ratio_min=2),
        ImageRule(("image/jpeg",), 0, ratio_min=2, alt_max=500),
        ImageRule(("image/jpeg",), 0, ratio_min=2.5),
    ]
    plain, described, wider = (
        fitting.fit(given, Limits(9, "graphemes", image=rule)).media.path for rule in rules
    )
    taken = Limits(9, "graphemes", image=rules[0])
    cropped = fitting.fit(given, taken, "crop").media.path
    pointed = fitting.fit(given, taken, "crop", (0.1, 0.1)).media.path
    samples.picture(given.path, seed=2)
    other = fitting.fit(given, taken).media.path
    assert plain == described
    assert len({plain, wider, cropped, pointed, other}) == 5


def test_a_file_of_the_library_is_known_by_its_content(tmp_path: Path) -> None:
    source = samples.picture(tmp_path / "a.png")
    place = storage.path(storage.keep(source, "ab" * 32, ".png"))
    given = Media(place, "image", "image/png", place.stat().st_size)
    first = fitting.fit(given, JPEG).media.path
    os.utime(place, (1, 1))
    assert fitting.fit(given, JPEG).media.path == first


def test_what_was_swept_and_made_again_passes_for_the_same(tmp_path: Path) -> None:
    given = film(tmp_path / "a.webm")
    first = fitting.fit(given, MP4).media.path
    before = first.stat().st_mtime_ns, first.read_bytes()
    first.unlink()
    assert fitting.fit(given, MP4).media.path == first
    assert (first.stat().st_mtime_ns, first.read_bytes()) == before


def test_a_kept_file_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    given = picture(tmp_path / "a.png")
    first = fitting.fit(given, JPEG)
    whole = first.media.path.read_bytes()
    first.media.path.write_bytes(whole[:100])
    assert fitting.fit(given, JPEG) == first
    assert first.media.path.read_bytes() == whole


def test_two_at_once_make_it_once(folder: Path) -> None:
    runs: list[str] = []

    def make(scratch: Path) -> Made:
        runs.append(scratch.name)
        time.sleep(0.3)
        (scratch / "made.txt").write_text("hello")
        return Made(scratch / "made.txt", "text/plain", 5, 1, 1, None, ("Written",))

    results: list[Made] = []
    threads = [
        threading.Thread(target=lambda: results.append(kept(folder, key("a"), make, dated=1.0)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert len(results) == 4
    assert len({result.path for result in results}) == 1
    assert made(folder) == [".json", ".txt"]


def test_two_workers_at_once_get_the_same_file(tmp_path: Path, folder: Path) -> None:
    given = film(tmp_path / "a.webm", seconds=3)
    workers = [worker(given.path, folder) for _ in range(3)]
    answers = {process.communicate(timeout=60)[0] for process in workers}
    assert len(answers) == 1
    assert Path(answers.pop().strip()).is_file()
    assert made(folder) == [".json", ".mp4"]


def test_a_worker_killed_half_way_leaves_nothing_that_counts(tmp_path: Path, folder: Path) -> None:
    given = film(tmp_path / "a.webm", seconds=20)
    process = worker(given.path, folder)
    deadline = time.monotonic() + 30
    while not list(folder.glob("*.part/made.mp4")) and time.monotonic() < deadline:
        time.sleep(0.01)
    encoders = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert encoders
    psutil.wait_procs(encoders, timeout=10)
    assert not any(child.is_running() for child in encoders)
    assert not list(folder.glob("*.json"))
    assert not list(folder.glob("*.mp4"))

    # Whatever is made next clears the rest away.
    fitting.fit(picture(tmp_path / "b.png"), JPEG, folder=folder)
    assert made(folder) == [".jpg", ".json"]
    assert fitting.fit(given, MP4, folder=folder).media.path.is_file()
    assert made(folder) == [".jpg", ".json", ".json", ".mp4"]


def test_waiting_for_another_can_be_cancelled(folder: Path) -> None:
    begun, ended = threading.Event(), threading.Event()

    def make(scratch: Path) -> Made:
        begun.set()
        ended.wait(10)
        raise InvalidError("No.")

    def first() -> None:
        with pytest.raises(InvalidError):
            kept(folder, key("a"), make, dated=1.0)

    thread = threading.Thread(target=first)
    thread.start()
    begun.wait(10)
    with pytest.raises(CancelledError):
        kept(folder, key("a"), make, dated=1.0, cancelled=lambda: True)
    ended.set()
    thread.join()
    assert made(folder) == []


def test_what_can_not_be_made_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.png").write_bytes(samples.picture(tmp_path / "b.png").read_bytes()[:900])
    given = Media(tmp_path / "a.png", "image", "image/png", 900)
    with pytest.raises(InvalidError):
        fitting.fit(given, JPEG, folder=folder)
    assert made(folder) == []


def entry(folder: Path, name: str, size: int, hours_ago: float) -> None:
    def make(scratch: Path) -> Made:
        (scratch / "made.bin").write_bytes(bytes(size))
        return Made(scratch / "made.bin", "x", size, 1, 1, None, ())

    kept(folder, key(name), make, dated=1.0)
    used = time.time() - hours_ago * 3600
    os.utime(folder / f"{key(name)}.json", (used, used))


def are_kept(folder: Path, *names: str) -> bool:
    return {path.stem for path in folder.iterdir()} == {key(name) for name in names}


def test_what_was_longest_unused_goes_first_and_what_is_in_use_stays(folder: Path) -> None:
    for name, hours in (("new", 0), ("old", 40), ("older", 50), ("oldest", 60)):
        entry(folder, name, 10_000, hours)
    sweep(folder, 35_000)
    assert are_kept(folder, "new", "old", "older")
    sweep(folder, 0)
    assert are_kept(folder, "new")


def test_what_was_asked_for_again_is_young(folder: Path) -> None:
    for name, hours in (("a", 50), ("b", 40)):
        entry(folder, name, 10_000, hours)

    def make(scratch: Path) -> Made:
        raise AssertionError("it is kept")

    kept(folder, key("a"), make, dated=1.0)
    sweep(folder, 15_000)
    assert are_kept(folder, "a")


def test_what_nobody_asks_for_goes_though_there_is_room(folder: Path) -> None:
    entry(folder, "week", 10, 24 * 8)
    entry(folder, "day", 10, 30)
    sweep(folder)
    assert are_kept(folder, "day")


def test_a_file_without_its_note_is_cleared_away_and_what_is_not_ours_stays(folder: Path) -> None:
    (folder / f"{key('a')}.mp4").write_bytes(b"half")
    (folder / f"{key('b')}.lock").touch()
    (folder / "thesis.txt").touch()
    sweep(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_is_told_in_a_sentence_and_nothing_is_left(
    tmp_path: Path, folder: Path
) -> None:
    media = [picture(tmp_path / "a.png", width=600), film(tmp_path / "a.webm")]
    for given, taken in zip(media, (JPEG, MP4), strict=True):
        with files_of_at_most(20_000), pytest.raises(UnavailableError) as caught:
            fitting.fit(given, taken, folder=folder)
        assert caught.value.code == "disk_full"
        assert "disk that holds the files is full" in caught.value.sentence
        assert made(folder) == []
        assert fitting.fit(given, taken, folder=folder).changes
        for path in folder.iterdir():
            path.unlink()


def test_a_disk_without_room_lets_go_of_what_is_kept_before_it_refuses(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(folder, "old", 10_000, 40)
    monkeypatch.setattr(storage, "RESERVE", storage.RESERVE + storage.free())
    with pytest.raises(UnavailableError) as caught:
        fitting.fit(picture(tmp_path / "a.png"), JPEG, folder=folder)
    assert caught.value.code == "disk_full"
    assert made(folder) == []
