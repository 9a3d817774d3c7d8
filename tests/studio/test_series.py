"""A series is planned as one and made video by video; what is done is never made again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autosched.errors import CancelledError, ForbiddenError, InvalidError, NotFoundError
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.identity.models import Role
from autosched.studio import plan
from autosched.studio import service as renders
from autosched.studio import spec as specs
from autosched.studio.jobs import JobState
from autosched.studio.series import batch, members, service, timing

SPEC = {"template": "ink-on-paper", "audio": {"ambience": "none"}, "seed": 11}


@pytest.fixture
def room(database: str) -> tuple[str, str]:
    user = identity.register("Amina", "amina@example.org", "a quiet sentence")
    return user.id, workspaces.create(user.id, "Home", "Asia/Riyadh").id


def series(**given: object) -> members.Series:
    return members.parse({"over": {"surah": 112}, "spec": SPEC, **given})


def test_a_surah_is_made_in_every_language_and_format_and_the_same_way_each_time() -> None:
    asked = series(each=2, languages=["en", "ur"], formats=["reel", "square"])
    found = members.members(asked)
    assert [(each.reference, each.format, each.language) for each in found[:5]] == [
        ("112:1-2", "reel", "en"),
        ("112:1-2", "reel", "ur"),
        ("112:1-2", "square", "en"),
        ("112:1-2", "square", "ur"),
        ("112:3-4", "reel", "en"),
    ]
    assert [each.spec["seed"] for each in found] == [11] * 4 + [12] * 4
    assert members.members(asked) == found
    assert len({each.name for each in found}) == len(found)


@pytest.mark.parametrize("name", sorted(members.plans()))
def test_every_ready_made_plan_names_verses_that_exist(name: str) -> None:
    found = members.members(members.parse({"over": {"plan": name}, "spec": SPEC}))
    assert len(found) == len(members.plans()[name].verses)
    for each in found:
        specs.parse(each.spec)


def test_ramadan_has_thirty_days() -> None:
    assert len(members.plans()["ramadan"].verses) == 30
    assert len(set(members.plans()["ramadan"].verses)) == 30


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "JSON object"),
        ({"over": {}}, "one of surah, verses and plan"),
        ({"over": {"surah": 115}}, "over.surah"),
        ({"over": {"verses": ["2:400"]}}, "over.verses[0]"),
        ({"over": {"plan": "ramadn"}}, "no plan"),
        ({"over": {"surah": 2}, "languages": ["en", "fr", "id", "tr"]}, "1144 videos"),
        ({"over": {"surah": 1}, "spec": {"scenes": []}}, "scenes"),
        ({"over": {"surah": 1}, "colour": "red"}, "colour"),
    ],
)
def test_a_mistake_is_told_with_its_place(data: object, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        members.parse(data)
    assert told in str(refused.value)


def test_the_same_verses_have_one_length_in_all_languages_and_formats() -> None:
    asked = series(languages=["en", "id"], formats=["reel", "landscape"])
    together = [specs.parse(each.spec) for each in members.members(asked)[:4]]
    seconds = timing.together(together)
    planned = [plan.plan(timing.timed(each, seconds)) for each in together]
    assert {each.frames for each in planned} == {round(seconds * 30)}
    assert planned[0].shots == planned[1].shots
    assert planned[0].shots != planned[2].shots
    assert {each.sound for each in planned} == {planned[0].sound}


def test_a_folder_is_filled_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked = series(languages=["en", "fr"])
    seen: list[batch.Made] = []

    def stop_after_three() -> bool:
        return len(seen) >= 3

    with pytest.raises(CancelledError):
        batch.make(
            asked, tmp_path, made=seen.append, cancelled=stop_after_three, scale=0.12, draft=True
        )
    first = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.mp4")}
    assert len(first) == 3
    done = batch.make(asked, tmp_path, scale=0.12, draft=True)
    assert [each.kept for each in done] == [True] * 3 + [False] * 5
    assert all(each.path.is_file() for each in done)
    assert first.items() <= {p.name: p.stat().st_mtime_ns for p in tmp_path.glob("*.mp4")}.items()
    assert len(json.loads((tmp_path / batch.MANIFEST).read_text())["made"]) == 8


def test_a_workspace_asks_once_and_watches_each_video(room: tuple[str, str]) -> None:
    actor, home = room
    asked = {"over": {"verses": ["94:5", "94:6"]}, "languages": ["en", "fr"], "spec": SPEC}
    row = service.request(actor, home, asked)
    standing = service.standing(actor, row.id)
    assert (standing.total, standing.states, standing.progress) == (4, {JobState.QUEUED: 4}, 0.0)
    found = service.renders(actor, row.id)
    assert [each.series_group for each in found] == [0, 0, 1, 1]
    [(first, lease)] = renders.claim(1)
    assert first == found[0].id
    renders.perform(first, lease, scale=0.12, draft=True)
    standing = service.standing(actor, row.id)
    assert standing.states == {JobState.DONE: 1, JobState.QUEUED: 3}
    assert standing.progress == pytest.approx(0.25)
    standing = service.cancel(actor, row.id)
    assert standing.is_over
    assert standing.states == {JobState.DONE: 1, JobState.CANCELLED: 3}
    assert service.retry(actor, row.id).states == {JobState.DONE: 1, JobState.QUEUED: 3}
    assert [each.row.id for each in service.newest(actor, home)] == [row.id]


def test_a_series_belongs_to_its_workspace(room: tuple[str, str]) -> None:
    actor, home = room
    row = service.request(actor, home, {"over": {"surah": 112}, "spec": SPEC})
    stranger = identity.register("Bilal", "bilal@example.org", "another sentence").id
    with pytest.raises(NotFoundError):
        service.standing(stranger, row.id)
    with pytest.raises(NotFoundError):
        service.request(stranger, home, {"over": {"surah": 112}, "spec": SPEC})
    invited = workspaces.invite(actor, home, "bilal@example.org", Role.VIEWER)
    workspaces.accept(stranger, invited)
    assert service.standing(stranger, row.id).total == 4
    with pytest.raises(ForbiddenError):
        service.cancel(stranger, row.id)
    with pytest.raises(NotFoundError):
        service.request(actor, home, {"over": {"surah": 112}, "spec": {"template": "nothing"}})
    assert len(service.newest(actor, home)) == 1
