"""The library as its members see it, and as others don't."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import redis

from autosched import db
from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.identity.models import Role
from autosched.library import service
from autosched.library.models import Asset, Kind
from autosched.schedule.models import Account, Post, Target, TargetState
from autosched.studio.jobs import JobState
from autosched.studio.models import Render
from tests.library.people import join, person
from tests.media import samples


@pytest.fixture
def shelf(database: str, data: Path) -> tuple[str, str, list[Asset]]:
    """A person, the workspace, and three assets of it, oldest first."""
    amina, home = person("amina")
    made = [
        samples.picture(data / "dune.png"),
        samples.sound(data / "wind.mp3"),
        samples.video(data / "50%_rain.mp4"),
    ]
    return amina, home, [service.add_file(amina, home, path) for path in made]


def test_a_file_of_this_machine_is_copied_in(database: str, data: Path) -> None:
    amina, home = person("amina")
    made = samples.video(data / "out.mp4")
    asset = service.add_file(amina, home, made, name="Ar-Rahman.mp4", render_id="r1", alt="Stars")
    assert made.exists()
    assert (asset.name, asset.render_id, asset.alt) == ("Ar-Rahman.mp4", "r1", "Stars")
    assert service.add_file(amina, home, made).id == asset.id
    (data / "broken.mp4").write_bytes(b"broken")
    with pytest.raises(InvalidError):
        service.add_file(amina, home, data / "broken.mp4")
    assert list((data / "files" / "incoming").iterdir()) == []


def test_the_library_is_shown_newest_first_page_by_page(
    shelf: tuple[str, str, list[Asset]],
) -> None:
    amina, home, (dune, wind, rain) = shelf
    first = service.assets(amina, home, limit=2)
    assert [asset.id for asset in first] == [rain.id, wind.id]
    rest = service.assets(amina, home, limit=2, before=first[-1].id)
    assert [asset.id for asset in rest] == [dune.id]


def test_the_library_is_searched_by_kind_name_and_description(
    shelf: tuple[str, str, list[Asset]],
) -> None:
    amina, home, (dune, _, rain) = shelf
    service.describe(amina, dune.id, alt="Sand at dawn, فجر")

    def found(**how: str | Kind) -> list[str]:
        return [asset.name for asset in service.assets(amina, home, **how)]

    assert found(kind=Kind.AUDIO) == ["wind.mp3"]
    assert found(kind="image") == ["dune.png"]
    assert found(query="RAIN") == [rain.name]
    assert found(query="فجر") == ["dune.png"]
    assert found(query="0%_r") == [rain.name]
    assert found(query="%") == [rain.name]
    assert found(query="d_ne") == []
    assert found(query="'; DROP TABLE asset; --\0") == []
    with pytest.raises(InvalidError):
        found(kind="script")


def test_to_a_stranger_nothing_of_it_exists(shelf: tuple[str, str, list[Asset]]) -> None:
    _, home, (dune, *_) = shelf
    bilal, _ = person("bilal")
    with pytest.raises(NotFoundError):
        service.assets(bilal, home)
    with pytest.raises(NotFoundError) as missing:
        service.asset(bilal, "0" * 26)
    for ask in (service.asset, service.file, service.remove, service.describe):
        with pytest.raises(NotFoundError) as hidden:
            ask(bilal, dune.id)
        assert str(hidden.value) == str(missing.value)


def test_a_viewer_sees_and_changes_nothing(shelf: tuple[str, str, list[Asset]], data: Path) -> None:
    _, home, (dune, *_) = shelf
    bilal, _ = person("bilal")
    join(home, bilal, Role.VIEWER)
    assert service.file(bilal, dune.id).is_file()
    with pytest.raises(ForbiddenError):
        service.remove(bilal, dune.id)
    with pytest.raises(ForbiddenError):
        service.describe(bilal, dune.id, name="mine")
    with pytest.raises(ForbiddenError):
        service.add_file(bilal, home, data / "dune.png")


def test_a_file_is_renamed_and_described(shelf: tuple[str, str, list[Asset]]) -> None:
    amina, _, (dune, *_) = shelf
    changed = service.describe(amina, dune.id, name="../a\u202eb.png", alt=" Sand\0 ")
    assert (changed.name, changed.alt) == ("ab.png", "Sand")
    assert service.asset(amina, dune.id).alt == "Sand"
    for wrong in ({"name": "  "}, {"alt": "x" * 2001}):
        with pytest.raises(InvalidError):
            service.describe(amina, dune.id, **wrong)


def test_a_file_that_a_post_still_needs_is_not_removed(
    shelf: tuple[str, str, list[Asset]],
) -> None:
    amina, home, (dune, *_) = shelf
    account = Account(
        workspace_id=home, platform="folder", remote_id="x", handle="x", created_by=amina
    )
    post = Post(
        workspace_id=home,
        author_id=amina,
        text="Patience",
        media=[{"asset_id": dune.id, "alt": ""}],
    )
    with db.write() as session:
        session.add_all([account, post])
    with pytest.raises(ConflictError, match="Patience"):
        service.remove(amina, dune.id)
    target = Target(workspace_id=home, post_id=post.id, account_id=account.id)
    for state in (TargetState.SCHEDULED, TargetState.FAILED, TargetState.UNCONFIRMED):
        target.state = state
        with db.write() as session:
            target = session.merge(target)
        with pytest.raises(ConflictError):
            service.remove(amina, dune.id)
    target.state = TargetState.PUBLISHED
    with db.write() as session:
        session.merge(target)
    service.remove(amina, dune.id)


def test_a_file_that_a_render_needs_is_not_removed_and_a_renders_result_is(
    shelf: tuple[str, str, list[Asset]],
) -> None:
    amina, home, (_, wind, rain) = shelf
    render = Render(
        workspace_id=home,
        created_by=amina,
        title="x",
        template="night_sky",
        format="reel",
        spec={"audio": {"recitation": {"asset": wind.id}}},
        asset_id=rain.id,
        state=JobState.RUNNING,
    )
    with db.write() as session:
        session.add(render)
    with pytest.raises(ConflictError):
        service.remove(amina, wind.id)
    service.remove(amina, rain.id)
    with db.read() as session:
        assert session.get_one(Render, render.id).asset_id is None


def test_open_pages_are_told_of_what_changed(
    valkey: str, shelf: tuple[str, str, list[Asset]]
) -> None:
    amina, home, (dune, *_) = shelf
    client = redis.from_url(valkey)
    with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(f"autosched:events:{home}")
        pubsub.get_message(timeout=2)
        service.describe(amina, dune.id, alt="Sand")
        message = pubsub.get_message(timeout=2)
    assert message is not None
    assert json.loads(message["data"]) == {"topic": "asset", "id": dune.id}
    client.close()
