"""The same file twice is stored once, and removing it in one place leaves it in the other."""

from __future__ import annotations

import threading
from pathlib import Path

from autosched.identity.models import Role
from autosched.library import service
from autosched.library.models import Asset
from tests.library.people import join, person, send
from tests.library.test_uploads import files
from tests.media import samples


def test_the_same_file_twice_is_one_asset(database: str, data: Path) -> None:
    amina, home = person("amina")
    made = samples.sound(data / "wind.mp3")
    first = send(amina, home, made)
    before = sorted(files(data))
    assert send(amina, home, made, "another name.mp3").id == first.id
    assert sorted(files(data)) == before
    assert [asset.name for asset in service.assets(amina, home)] == ["wind.mp3"]


def test_two_workspaces_share_bytes_but_not_the_asset(database: str, data: Path) -> None:
    amina, home = person("amina")
    bilal, other = person("bilal")
    made = samples.sound(data / "wind.mp3")
    ours, theirs = send(amina, home, made), send(bilal, other, made)
    assert ours.id != theirs.id
    assert len(files(data)) == 2
    service.remove(amina, ours.id)
    assert service.file(bilal, theirs.id).read_bytes() == made.read_bytes()
    assert service.file(bilal, theirs.id, "waveform").is_file()
    service.remove(bilal, theirs.id)
    assert files(data) == []


def test_the_same_file_from_many_hands_at_once_is_one_asset(database: str, data: Path) -> None:
    amina, home = person("amina")
    bilal, _ = person("bilal")
    join(home, bilal, Role.EDITOR)
    made = samples.picture(data / "a.jpg")
    got: list[Asset] = []
    senders = [
        threading.Thread(target=lambda who=who: got.append(send(who, home, made)))
        for who in (amina, bilal, amina)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(got) == 3
    assert len({asset.id for asset in got}) == 1


def test_removing_while_another_workspace_takes_the_same_file_in_never_loses_it(
    database: str, data: Path
) -> None:
    amina, home = person("amina")
    bilal, other = person("bilal")
    made = samples.picture(data / "a.png", width=40, height=40)
    for _ in range(4):
        ours = send(amina, home, made)
        remover = threading.Thread(target=service.remove, args=(amina, ours.id))
        remover.start()
        theirs = send(bilal, other, made)
        remover.join()
        assert service.file(bilal, theirs.id).read_bytes() == made.read_bytes()
        assert service.file(bilal, theirs.id, "poster").is_file()
        service.remove(bilal, theirs.id)
