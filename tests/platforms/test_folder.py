"""Hand-over packages in a real folder."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autosched.errors import InvalidError
from autosched.platforms import folder as module
from autosched.platforms.base import Action, Desk, Draft, Media, PlatformError, Published
from autosched.platforms.folder import Folder
from tests.platforms.writing import draft

VERSE = "إِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرࣰا"
NAME = "2026-11-20_1830Z_01kb0example0target0000001"


class Hands:
    """Who writes into a folder; what is remembered stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.platform = Folder()
        self.handles: list[dict[str, Any]] = [{}]

    def desk(self) -> Desk:
        connection = self.platform.connect({"path": str(self.folder)})
        return Desk(
            secret={},
            options=connection.options,
            handle=dict(self.handles[-1]),
            remember=self.handles.append,
            keep_secret=lambda secret: None,
        )

    def prepare(self, given: Draft) -> Desk:
        desk = self.desk()
        desk.handle = self.platform.prepare(desk, given)
        self.handles.append(desk.handle)
        return desk

    def publish(self, given: Draft) -> Published:
        return self.platform.commit(self.prepare(given), given)

    def shown(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name[0] != ".")


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    (tmp_path / "to post").mkdir()
    return Hands(tmp_path / "to post")


@pytest.fixture
def media(tmp_path: Path) -> tuple[Media, ...]:
    files = []
    for name, kind, mime in (
        ("../../../etc/passwd", "video", "video/mp4"),
        ("b", "image", "image/jpeg"),
        ("c", "audio", "audio/mpeg"),
        ("d", "image", "image/x-strange"),
    ):
        path = tmp_path / f"{hashlib.sha256(name.encode()).hexdigest()}.bin"
        path.write_bytes(os.urandom(3_000_000 if kind == "video" else 1000))
        files.append(Media(path, kind, mime, path.stat().st_size, 90, 160, 1.5, alt=name))
    return tuple(files)


def test_a_package_holds_the_media_the_caption_and_a_sidecar(
    hands: Hands, media: tuple[Media, ...]
) -> None:
    published = hands.publish(draft(VERSE, *media, langs=["ar"]))
    place = hands.folder / NAME
    assert published == Published(str(place), None)
    assert sorted(path.name for path in place.iterdir()) == [
        "01-video.mp4",
        "02-image.jpg",
        "03-audio.mp3",
        "04-image.bin",
        "caption.txt",
        "post.json",
    ]
    assert (place / "caption.txt").read_bytes() == VERSE.encode()
    sidecar = json.loads((place / "post.json").read_text())
    assert sidecar["text"] == VERSE
    assert sidecar["due"] == "2026-11-20T18:30:00+00:00"
    assert sidecar["options"] == {"langs": ["ar"]}
    for described, medium in zip(sidecar["media"], media, strict=True):
        content = (place / described["file"]).read_bytes()
        assert content == medium.path.read_bytes()
        assert described["sha256"] == hashlib.sha256(content).hexdigest()
        assert described["alt"] == medium.alt
    assert [path.name for path in hands.folder.iterdir()] == [NAME]


def test_nothing_is_shown_before_the_whole_is_there(hands: Hands, media: tuple[Media, ...]) -> None:
    desk = hands.desk()
    seen: list[list[str]] = []
    desk.progress = lambda share: seen.append(hands.shown())
    desk.handle = hands.platform.prepare(desk, draft("", *media))
    assert len(seen) >= 4
    assert all(names == [] for names in seen)
    hands.platform.commit(desk, draft("", *media))
    assert hands.shown() == [NAME]


def test_a_repeat_changes_nothing(hands: Hands) -> None:
    first = hands.publish(draft("once"))
    (hands.folder / NAME / "my own note.txt").write_text("posted on Monday")
    assert hands.publish(draft("once")) == first
    assert hands.platform.commit(hands.desk(), draft("once")) == first
    assert hands.shown() == [NAME]
    assert (hands.folder / NAME / "my own note.txt").exists()


def test_settling_looks_into_the_folder(hands: Hands) -> None:
    assert hands.platform.settle(hands.desk(), draft()) is None
    desk = hands.prepare(draft())
    assert hands.platform.settle(desk, draft()) is None
    published = hands.platform.commit(desk, draft())
    assert hands.platform.settle(hands.desk(), draft()) == published


def test_a_worker_that_is_killed_while_writing_leaves_nothing_to_be_seen(
    hands: Hands, media: tuple[Media, ...], data: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(hands.folder), str(media[0].path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    assert hands.shown() == []
    (left,) = hands.folder.iterdir()
    assert left.name.endswith(".part")
    hands.publish(draft("again", *media))
    assert [path.name for path in hands.folder.iterdir()] == [NAME]


KILLED = """
import os, signal, sys
from pathlib import Path
from autosched.platforms.base import Desk, Media
from autosched.platforms.folder import Folder
from tests.platforms.writing import draft

path = Path(sys.argv[2])
media = Media(path, "video", "video/mp4", path.stat().st_size)
die = lambda share: os.kill(os.getpid(), signal.SIGKILL) if share > 0.3 else None
desk = Desk({}, {"path": sys.argv[1]}, {}, lambda h: None, lambda s: None, progress=die)
Folder().prepare(desk, draft("again", media))
"""


def test_a_worker_that_was_thought_dead_can_not_show_half_a_package(
    hands: Hands, media: tuple[Media, ...]
) -> None:
    asleep = hands.prepare(draft("", *media))
    awake = hands.desk()

    def wakes_up(share: float) -> None:
        with pytest.raises(PlatformError, match="has been removed"):
            hands.platform.commit(asleep, draft("", *media))
        assert hands.shown() == []

    awake.progress = wakes_up
    awake.handle = hands.platform.prepare(awake, draft("", *media))
    hands.platform.commit(awake, draft("", *media))
    assert hands.shown() == [NAME]


def test_two_targets_due_at_once_lie_side_by_side(hands: Hands) -> None:
    one = draft("one")
    two = Draft("01kb0example0target0000002", "two", (), {}, one.created_at)
    hands.publish(one)
    hands.handles.append({})
    hands.publish(two)
    assert len(hands.shown()) == 2


def test_a_target_can_not_name_a_place_outside_the_folder(hands: Hands) -> None:
    given = draft()
    hostile = Draft("../../escaped", "x", (), {}, given.created_at)
    hands.publish(hostile)
    assert hands.shown() == ["2026-11-20_1830Z_escaped"]


def test_a_folder_is_made_where_its_parent_is(tmp_path: Path) -> None:
    connection = Folder().connect({"path": f" {tmp_path}/new/ "})
    assert (tmp_path / "new").is_dir()
    assert connection.options == {"path": str(tmp_path / "new")}
    assert connection.remote_id == str(tmp_path / "new")
    assert connection.handle == "new"
    assert connection.name == "new"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "with its whole path"),
        ("to-post", "with its whole path"),
        ("./to-post", "with its whole path"),
        ("/nowhere/at/all", "There is no folder /nowhere/at"),
        ("{data}", "belongs to the program itself"),
        ("{data}/files/x", "belongs to the program itself"),
        ("{data}/../data/x", "belongs to the program itself"),
        ("{link}/x", "belongs to the program itself"),
        ("{file}", "is a file"),
        ("/proc/1/x", "may not write in /proc/1"),
        ("/tmp/\0x", "with its whole path"),
    ],
)
def test_a_folder_that_will_not_do_is_refused_with_a_sentence(
    tmp_path: Path, data: Path, path: str, sentence: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(data)
    named = path.format(data=data, link=tmp_path / "link", file=tmp_path / "file")
    with pytest.raises(InvalidError, match=sentence) as refused:
        Folder().connect({"path": named})
    assert refused.value.remedy


def test_a_folder_that_has_gone_is_waited_for(hands: Hands) -> None:
    desk = hands.prepare(draft())
    hands.folder.rename(hands.folder.with_name("elsewhere"))
    for verb in (hands.platform.prepare, hands.platform.commit, hands.platform.settle):
        with pytest.raises(PlatformError, match="is not there") as refused:
            verb(desk, draft())
        assert refused.value.action == Action.RETRY


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    hands: Hands, media: tuple[Media, ...]
) -> None:
    full = subprocess.run(
        [sys.executable, "-c", FULL, str(hands.folder), str(media[0].path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "has no room for this. Free some space" in full.stdout, full.stderr
    assert list(hands.folder.iterdir()) == []


# A limit on the size of files stands in for the full disk: the kernel refuses to write further.
FULL = """
import errno, os, resource, signal, sys
from pathlib import Path
from autosched.platforms.base import Desk, Media, PlatformError
from autosched.platforms.folder import Folder
from tests.platforms.writing import draft

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
path = Path(sys.argv[2])
media = Media(path, "video", "video/mp4", path.stat().st_size)
desk = Desk({}, {"path": sys.argv[1]}, {}, lambda h: None, lambda s: None)
try:
    Folder().prepare(desk, draft("", media))
except PlatformError as error:
    print(error)
"""


def test_media_larger_than_the_disk_are_not_even_begun(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"x")
    enormous = Media(path, "video", "video/mp4", 1 << 60)
    with pytest.raises(PlatformError, match="has no room") as refused:
        hands.publish(draft("", enormous))
    assert refused.value.action == Action.RETRY
    assert list(hands.folder.iterdir()) == []


def test_a_medium_that_has_left_the_library_is_for_the_person(hands: Hands, tmp_path: Path) -> None:
    gone = Media(tmp_path / "gone", "image", "image/png", 10)
    with pytest.raises(PlatformError, match="no longer in the library") as refused:
        hands.publish(draft("", gone))
    assert refused.value.action == Action.FIX


def test_an_empty_post_and_one_of_absurd_size_are_refused(hands: Hands, tmp_path: Path) -> None:
    def codes(given: Draft) -> list[str]:
        return [problem.code for problem in hands.platform.check(given)]

    item = Media(tmp_path, "image", "image/png", 1)
    assert codes(draft(" ")) == ["empty"]
    assert codes(draft("a" * 20_001)) == ["text_too_long"]
    assert "too_many_media" in codes(draft("", *[item] * 51))
    assert codes(draft("", item)) == []
    assert module.Folder().count("بِسْمِ") == 3
