"""Uploads go on where they stopped, and refuse what can't be used, on both databases."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from autosched import db, storage
from autosched.errors import (
    AutoschedError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from autosched.identity.models import Role
from autosched.library import service, uploads
from autosched.library.models import Asset, Upload
from autosched.settings import settings
from tests.library.people import join, leave, person, send
from tests.media import samples


@contextmanager
def refused(kind: type[AutoschedError], code: str | None = None) -> Iterator[None]:
    with pytest.raises(kind) as caught:
        yield
    assert code is None or caught.value.code == code


def files(data: Path) -> list[Path]:
    return [file for file in (data / "files").rglob("*") if file.is_file()]


def test_a_file_sent_in_pieces_becomes_an_asset(database: str, data: Path) -> None:
    amina, home = person("amina")
    made = samples.video(data / "rain.mp4")
    asset = send(amina, home, made, "../rain.mp4")
    assert (asset.kind, asset.name, asset.mime) == ("video", "rain.mp4", "video/mp4")
    assert (asset.width, asset.height, asset.has_audio) == (320, 180, True)
    assert service.file(amina, asset.id).read_bytes() == made.read_bytes()
    assert service.file(amina, asset.id, "poster").stat().st_size > 500
    with refused(NotFoundError):
        service.file(amina, asset.id, "waveform")
    assert list((data / "files" / "incoming").iterdir()) == []


def test_a_repeated_piece_is_harmless_and_a_gap_is_refused(database: str, data: Path) -> None:
    amina, home = person("amina")
    content = samples.picture(data / "a.png").read_bytes()
    upload = service.begin_upload(amina, home, "a.png", len(content))
    service.append(amina, upload.id, 0, content[:1000])
    assert service.append(amina, upload.id, 0, content[:1000]).received == 1000
    assert service.append(amina, upload.id, 500, content[500:1500]).received == 1500
    with pytest.raises(service.OffsetError) as gap:
        service.append(amina, upload.id, 2000, content[2000:])
    assert gap.value.received == 1500
    with pytest.raises(service.OffsetError):
        service.finish(amina, upload.id)
    service.append(amina, upload.id, 1500, content[1500:])
    asset = service.finish(amina, upload.id)
    assert service.file(amina, asset.id).read_bytes() == content


def test_finishing_again_gives_the_same_asset(database: str, data: Path) -> None:
    amina, home = person("amina")
    content = samples.picture(data / "a.png").read_bytes()
    upload = service.begin_upload(amina, home, "a.png", len(content))
    service.append(amina, upload.id, 0, content)
    asset = service.finish(amina, upload.id)
    assert service.finish(amina, upload.id).id == asset.id
    with refused(ConflictError, "finished"):
        service.append(amina, upload.id, 0, content)


def test_bytes_that_were_not_written_down_are_asked_for_again(database: str, data: Path) -> None:
    amina, home = person("amina")
    content = samples.picture(data / "a.png").read_bytes()
    upload = service.begin_upload(amina, home, "a.png", len(content))
    service.append(amina, upload.id, 0, content[:1000])
    with storage.incoming(upload.id).open("ab") as file:
        file.write(b"half a chunk of a server that lost power")
    assert service.upload(amina, upload.id).received == 1000
    service.append(amina, upload.id, 1000, content[1000:])
    assert service.file(amina, service.finish(amina, upload.id).id).read_bytes() == content


SENDER = """
import sys
from pathlib import Path
from autosched.library import service
actor, upload_id, path = sys.argv[1:]
content = Path(path).read_bytes()
at = service.upload(actor, upload_id).received
while at < len(content):
    at = service.append(actor, upload_id, at, content[at:at + 4096]).received
    print(at, flush=True)
"""


def test_a_server_killed_again_and_again_loses_no_byte(database: str, data: Path) -> None:
    amina, home = person("amina")
    made = samples.picture(data / "a.png", width=900, height=900)
    upload = service.begin_upload(amina, home, "a.png", made.stat().st_size)
    chance, received = random.Random(7), [0]
    for _ in range(3):
        sender = subprocess.Popen(
            [sys.executable, "-c", SENDER, amina, upload.id, str(made)],
            env={**os.environ, "PYTHONPATH": str(Path(service.__file__).parents[2])},
            stdout=subprocess.PIPE,
        )
        assert sender.stdout is not None
        for _ in range(chance.randrange(1, 40)):
            sender.stdout.readline()
        time.sleep(chance.uniform(0, 0.02))
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        received.append(service.upload(amina, upload.id).received)
    assert received == sorted(received)
    assert len(set(received)) == 4
    content, at = made.read_bytes(), received[-1]
    if at < len(content):
        service.append(amina, upload.id, at, content[at:])
    asset = service.finish(amina, upload.id)
    assert service.file(amina, asset.id).read_bytes() == content


def test_two_senders_of_one_upload_do_not_mix_it_up(database: str, data: Path) -> None:
    amina, home = person("amina")
    content = samples.picture(data / "a.png").read_bytes()
    upload = service.begin_upload(amina, home, "a.png", len(content))

    def run() -> None:
        at = 0
        while at < len(content):
            at = service.append(amina, upload.id, at, content[at : at + 20_000]).received

    senders = [threading.Thread(target=run) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    asset = service.finish(amina, upload.id)
    assert service.file(amina, asset.id).read_bytes() == content


def test_an_upload_belongs_to_who_began_it(database: str, data: Path) -> None:
    amina, home = person("amina")
    bilal, _ = person("bilal")
    upload = service.begin_upload(amina, home, "a.png", 100)
    join(home, bilal, Role.EDITOR)
    for ask in (service.upload, service.finish, service.abandon):
        with refused(NotFoundError):
            ask(bilal, upload.id)
    with refused(NotFoundError):
        service.append(bilal, upload.id, 0, b"x")
    leave(home, amina)
    with refused(NotFoundError):
        service.append(amina, upload.id, 0, b"x")
    with db.read() as session:
        assert session.get_one(Upload, upload.id).received == 0


def test_only_editors_may_upload(database: str) -> None:
    _, home = person("amina")
    bilal, _ = person("bilal")
    with refused(NotFoundError):
        service.begin_upload(bilal, home, "a.png", 100)
    join(home, bilal, Role.VIEWER)
    with refused(ForbiddenError):
        service.begin_upload(bilal, home, "a.png", 100)
    with db.read() as session:
        assert session.exec(select(Upload)).all() == []


def test_what_is_too_big_or_empty_is_refused_before_a_byte_is_sent(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, home = person("amina")
    with refused(TooLargeError):
        service.begin_upload(amina, home, "a.mp4", settings().upload_limit_mb * 1024**2 + 1)
    for size in (0, -1):
        with refused(InvalidError, "empty"):
            service.begin_upload(amina, home, "a.mp4", size)
    upload = service.begin_upload(amina, home, "a.mp4", 10)
    with refused(InvalidError, "beyond_end"):
        service.append(amina, upload.id, 0, bytes(11))
    with refused(InvalidError, "beyond_end"):
        service.append(amina, upload.id, -1, bytes(1))
    monkeypatch.setattr(uploads, "CHUNK_MAX", 4)
    with refused(TooLargeError):
        service.append(amina, upload.id, 0, bytes(5))
    assert service.upload(amina, upload.id).received == 0


def test_a_disk_without_room_refuses_before_and_keeps_the_upload_after(
    database: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, home = person("amina")
    content = samples.picture(data / "a.png").read_bytes()
    upload = service.begin_upload(amina, home, "a.png", len(content))
    with monkeypatch.context() as small:
        # Room for one such file, and that one is under way.
        free = storage.free() - len(content) // 2
        small.setattr(storage, "RESERVE", storage.RESERVE + free - len(content))
        with refused(UnavailableError, "disk_full"):
            service.begin_upload(amina, home, "b.png", len(content))
    service.append(amina, upload.id, 0, content[:1000])

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with refused(UnavailableError, "disk_full"):
            service.append(amina, upload.id, 1000, content[1000:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert service.upload(amina, upload.id).received == 1000
    service.append(amina, upload.id, 1000, content[1000:])
    assert service.file(amina, service.finish(amina, upload.id).id).read_bytes() == content


def test_a_person_has_only_so_many_uploads_under_way(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, home = person("amina")
    monkeypatch.setattr(uploads, "UPLOADS_MAX", 2)
    first = service.begin_upload(amina, home, "a.mp4", 10)
    service.begin_upload(amina, home, "b.mp4", 10)
    with refused(ConflictError, "too_many_uploads"):
        service.begin_upload(amina, home, "c.mp4", 10)
    service.abandon(amina, first.id)
    third = service.begin_upload(amina, home, "c.mp4", 10)
    assert service.upload(amina, third.id).received == 0


@pytest.mark.parametrize("content", [b"#EXTM3U\nhttp://127.0.0.1/x\n", b"hello", bytes(500)])
def test_a_refused_upload_leaves_nothing_behind(database: str, data: Path, content: bytes) -> None:
    amina, home = person("amina")
    upload = service.begin_upload(amina, home, "a.mp4", len(content))
    service.append(amina, upload.id, 0, content)
    with refused(InvalidError):
        service.finish(amina, upload.id)
    assert files(data) == []
    with db.read() as session:
        assert session.get(Upload, upload.id) is None
        assert session.exec(select(Asset)).all() == []
