"""What nobody goes on with is cleared up; what is needed stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from autosched import clock, db, storage
from autosched.errors import NotFoundError
from autosched.library import service
from autosched.library.models import Asset, Upload
from tests.library.people import person, send
from tests.library.test_uploads import files
from tests.media import samples

DAY = 25 * 3600


def age(file: Path) -> None:
    os.utime(file, (time.time() - DAY, time.time() - DAY))


def age_upload(upload_id: str) -> None:
    with db.write() as session:
        upload = session.get_one(Upload, upload_id)
        upload.created_at = clock.now() - timedelta(seconds=DAY)


def test_an_upload_that_nobody_goes_on_with_is_swept(database: str) -> None:
    amina, home = person("amina")
    old, slow, fresh = (service.begin_upload(amina, home, "a.mp4", 10) for _ in range(3))
    for upload in (old, slow):
        service.append(amina, upload.id, 0, b"12345")
        age_upload(upload.id)
    age(storage.incoming(old.id))
    assert service.sweep() == 1
    with pytest.raises(NotFoundError):
        service.upload(amina, old.id)
    assert not storage.incoming(old.id).exists()
    assert service.upload(amina, slow.id).received == 5
    assert service.upload(amina, fresh.id).received == 0


def test_files_that_belong_to_nothing_are_swept_and_no_others(database: str, data: Path) -> None:
    amina, home = person("amina")
    asset = send(amina, home, samples.picture(data / "a.png"))
    lost = send(amina, home, samples.sound(data / "a.mp3"))
    with db.write() as session:
        session.delete(session.get_one(Asset, lost.id))
    stray = storage.incoming(clock.new_id())
    stray.write_bytes(b"x")
    assert service.sweep() == 0
    for file in files(data):
        age(file)
    assert service.sweep() == 2
    assert service.sweep() == 0
    assert len(files(data)) == 2
    assert service.file(amina, asset.id).is_file()
    assert service.file(amina, asset.id, "poster").is_file()
