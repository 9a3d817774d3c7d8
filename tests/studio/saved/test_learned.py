"""A template learned from references of the workspace keeps the link to them."""

import pytest
from PIL import Image

from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.library import service as library
from autosched.studio.models import ANALYSES
from autosched.studio.references import service as references
from autosched.studio.saved import learned, previewing, service

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def measured(actor, workspace, path, *, done=True):
    Image.linear_gradient("L").convert("RGB").resize((270, 480)).save(path)
    asset = library.add_file(actor, workspace, path)
    (row,) = references.request(actor, workspace, [asset.id])
    if done:
        for analysis, lease in ANALYSES.claim(1, 60):
            references.perform(analysis, lease)
    return row


def test_it_is_kept_with_its_sources_and_shown_over_them(room, tmp_path):
    row = measured(room.owner, room.id, tmp_path / "dusk sky.png")
    made = learned.learn(room.editor, room.id, [row.id, row.id])
    assert (made.title, made.name) == ("dusk sky", "dusk-sky")
    (source,) = service.sources(made)
    assert (source.name, source.analysis, source.asset) == ("dusk sky.png", row.id, row.asset_id)
    assert previewing.footage(room.viewer, made) == row.asset_id
    references.remove(room.owner, row.id)
    library.remove(room.owner, row.asset_id)
    assert previewing.footage(room.viewer, made) is None
    assert service.template(room.viewer, made.id).title == "dusk sky"


def test_only_what_is_measured_in_the_workspace_is_learned_from(room, tmp_path):
    ours = measured(room.owner, room.id, tmp_path / "a.png", done=False)
    theirs = measured(room.owner, room.other, tmp_path / "b.png", done=False)
    with pytest.raises(ConflictError, match="not been measured"):
        learned.learn(room.owner, room.id, [ours.id])
    with pytest.raises(NotFoundError):
        learned.learn(room.owner, room.id, [theirs.id])
    with pytest.raises(NotFoundError):
        learned.learn(room.stranger, room.id, [ours.id])
    with pytest.raises(ForbiddenError):
        learned.learn(room.viewer, room.id, [ours.id])
    for wrong in ([], [str(number) for number in range(13)]):
        with pytest.raises(InvalidError):
            learned.learn(room.owner, room.id, wrong)
    assert service.saved(room.owner, room.id) == []
