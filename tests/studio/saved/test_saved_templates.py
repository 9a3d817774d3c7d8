"""A workspace's own templates: versions, two people at once, the trash, and who may do what."""

from __future__ import annotations

import threading

import pytest

from autosched import db
from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.studio import service as renders
from autosched.studio import template as built_in
from autosched.studio.assets import resolved
from autosched.studio.models import Render
from autosched.studio.saved import service
from autosched.studio.saved.exchange import Source

NIGHT = built_in.template("night-sky")


def warmer(template, by=0.3):
    grade = template.grade.model_copy(update={"temperature": by})
    return template.model_copy(update={"grade": grade})


def test_a_saved_template_is_the_same_design_under_its_own_name(room):
    made = service.create(
        room.editor, room.id, NIGHT, title="My  night", sources=[Source(name="sea.mp4", asset="a")]
    )
    assert (made.name, made.title, made.version) == ("my-night", "My night", 1)
    found = service.template(room.viewer, made.id)
    naming = {"name": "my-night", "title": "My night"}
    assert found.model_dump() == NIGHT.model_dump() | naming
    assert [each.id for each in service.saved(room.viewer, room.id)] == [made.id]
    assert service.sources(made)[0].name == "sea.mp4"


def test_names_are_free_of_collisions_with_each_other_and_the_built_in_ones(room):
    names = [service.create(room.owner, room.id, NIGHT).name for _ in range(3)]
    assert names == ["night-sky-2", "night-sky-3", "night-sky-4"]
    assert service.create(room.owner, room.other, NIGHT).name == "night-sky-2"
    assert service.free_name("سكينة") == "template"
    assert service.free_name("Ramaḍān, 1447!") == "ramadan-1447"
    assert len(service.free_name("x" * 60, ["x" * 50])) <= 60


def test_each_edit_is_a_version_with_its_author_note_and_differences(room):
    made = service.create(room.owner, room.id, NIGHT, title="Mine")
    service.edit(
        room.editor, made.id, warmer(service.template(room.editor, made.id)), based_on=1, note="sun"
    )
    newest, first = service.history(room.viewer, made.id)
    assert (newest.number, newest.author, newest.note) == (2, "b", "sun")
    assert [str(change) for change in newest.changes] == ["grade.temperature: -0.35 → 0.3"]
    assert (first.number, first.author, first.changes) == (1, "a", ())
    assert service.template(room.viewer, made.id, 1).grade.temperature == -0.35
    assert service.template(room.viewer, made.id).grade.temperature == 0.3


def test_an_old_version_is_restored_as_a_new_one(room):
    made = service.create(room.owner, room.id, NIGHT)
    service.edit(room.owner, made.id, warmer(NIGHT), based_on=1)
    assert service.restore_version(room.owner, made.id, 1).version == 3
    assert service.template(room.owner, made.id).grade == NIGHT.grade
    assert [each.number for each in service.history(room.owner, made.id)] == [3, 2, 1]
    with pytest.raises(NotFoundError, match="no version 9"):
        service.restore_version(room.owner, made.id, 9)


def test_of_two_edits_at_once_one_is_refused_and_nothing_is_lost(room):
    made = service.create(room.owner, room.id, NIGHT)
    edits = [warmer(NIGHT, 0.1 * number) for number in range(1, 5)]
    barrier, won, refused = threading.Barrier(4), [], []

    def save(edit):
        barrier.wait()
        try:
            service.edit(room.editor, made.id, edit, based_on=1)
            won.append(edit)
        except ConflictError as error:
            refused.append((edit, error))

    threads = [threading.Thread(target=save, args=(edit,)) for edit in edits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 3)
    assert {error.code for _, error in refused} == {"edited_meanwhile"}
    assert service.template(room.owner, made.id).grade == won[0].grade
    # The one who came late keeps theirs: on top, or beside.
    service.edit(room.editor, made.id, refused[0][0], based_on=2)
    beside = service.create(room.editor, room.id, refused[1][0], title="Theirs")
    assert service.template(room.owner, made.id, 3).grade == refused[0][0].grade
    assert service.template(room.owner, beside.id).grade == refused[1][0].grade


def test_what_is_thrown_away_waits_in_the_trash(room):
    made = service.create(room.owner, room.id, NIGHT)
    service.trash(room.editor, made.id)
    assert service.saved(room.viewer, room.id) == []
    assert [each.id for each in service.saved(room.viewer, room.id, trashed=True)] == [made.id]
    with pytest.raises(ConflictError, match="trash"):
        service.edit(room.editor, made.id, NIGHT, based_on=1)
    service.untrash(room.editor, made.id)
    assert [each.id for each in service.saved(room.viewer, room.id)] == [made.id]


def test_a_copy_goes_its_own_way_and_a_new_title_is_no_edit(room):
    made = service.create(room.owner, room.id, NIGHT, title="Mine", credits=["Amina"])
    copy = service.duplicate(room.editor, made.id)
    assert (copy.title, copy.name, copy.credits) == ("Mine (copy)", "mine-copy", ["Amina"])
    service.edit(room.owner, copy.id, warmer(NIGHT), based_on=1)
    assert service.template(room.owner, made.id).grade == NIGHT.grade
    service.rename(room.editor, made.id, "Ours")
    assert service.row(room.owner, made.id).version == 1
    assert service.template(room.owner, made.id).title == "Ours"
    with pytest.raises(InvalidError):
        service.rename(room.editor, made.id, "   ")


def test_viewers_change_nothing_and_strangers_see_nothing(room):
    made = service.create(room.owner, room.id, NIGHT)
    content = service.export(room.viewer, made.id)[1]
    forbidden = [
        lambda: service.create(room.viewer, room.id, NIGHT),
        lambda: service.edit(room.viewer, made.id, NIGHT, based_on=1),
        lambda: service.restore_version(room.viewer, made.id, 1),
        lambda: service.rename(room.viewer, made.id, "x"),
        lambda: service.duplicate(room.viewer, made.id),
        lambda: service.trash(room.viewer, made.id),
        lambda: service.untrash(room.viewer, made.id),
        lambda: service.import_file(room.viewer, room.id, content),
    ]
    for call in forbidden:
        with pytest.raises(ForbiddenError):
            call()
    unseen = [
        lambda: service.saved(room.stranger, room.id),
        lambda: service.row(room.stranger, made.id),
        lambda: service.template(room.stranger, made.id),
        lambda: service.history(room.stranger, made.id),
        lambda: service.export(room.stranger, made.id),
        lambda: service.edit(room.stranger, made.id, NIGHT, based_on=1),
        lambda: service.trash(room.stranger, made.id),
        lambda: service.create(room.stranger, room.id, NIGHT),
        lambda: service.import_file(room.stranger, room.id, content),
    ]
    for call in unseen:
        with pytest.raises(NotFoundError):
            call()
    assert service.row(room.owner, made.id).version == 1


def test_a_render_keeps_the_version_that_it_was_asked_for(room):
    made = service.create(room.owner, room.id, NIGHT, title="Mine")
    spec = {"template": {"saved": made.id}, "scenes": [{"verse": "112:1"}]}
    asked = renders.request(room.owner, room.id, spec)
    service.edit(room.owner, made.id, warmer(NIGHT), based_on=1)
    service.trash(room.owner, made.id)
    with db.read() as session:
        stored = session.get(Render, asked.id)
    assert stored.spec["template"] == {"saved": made.id, "version": 1}
    assert stored.template == "mine"
    design = resolved(stored.spec, room.owner, room.id).design
    assert design.grade == NIGHT.grade
    with pytest.raises(ConflictError, match="trash"):
        renders.request(room.owner, room.id, spec)


def test_a_saved_template_is_rendered_in_its_own_workspace_alone(room):
    theirs = service.create(room.stranger, room.other, NIGHT)
    scenes = [{"verse": "112:1"}]
    # The owner is in both workspaces: the template still belongs to one.
    for template in ({"saved": theirs.id}, {"saved": "nothing"}):
        with pytest.raises(NotFoundError, match="in this workspace"):
            renders.request(room.owner, room.id, {"template": template, "scenes": scenes})
    for template in ({"saved": 3}, {"saved": theirs.id, "version": 0}, {"saved": "x", "more": 1}):
        with pytest.raises(InvalidError):
            renders.request(room.owner, room.id, {"template": template, "scenes": scenes})


def test_a_template_that_names_what_is_not_there_is_not_kept(room):
    wrong = NIGHT.model_copy(
        update={"background": NIGHT.background.model_copy(update={"art": "starz"})}
    )
    with pytest.raises(InvalidError, match="starz"):
        service.create(room.owner, room.id, wrong)
    made = service.create(room.owner, room.id, NIGHT)
    with pytest.raises(InvalidError, match=r"background\.art"):
        service.edit(room.owner, made.id, wrong, based_on=1)
    assert service.row(room.owner, made.id).version == 1
