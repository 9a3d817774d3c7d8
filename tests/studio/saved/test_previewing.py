"""A template is seen before it is used: at rest at once, moving within seconds, drawn once."""

import io
import time

import av
import pytest
from PIL import Image

from autosched.errors import CancelledError, InvalidError, NotFoundError
from autosched.library import service as library
from autosched.settings import settings
from autosched.studio.saved import previewing
from autosched.studio.template import template

NIGHT = template("lantern-light")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def files():
    return list((settings().data_dir / "cache" / "previews").glob("*/*"))


def test_a_still_is_drawn_once_for_what_looks_the_same(room):
    first = previewing.preview_still(room.viewer, room.id, NIGHT)
    with Image.open(io.BytesIO(first)) as picture:
        assert picture.size == (540, 960)
    renamed = NIGHT.model_copy(update={"name": "other", "title": "Other"})
    began = time.monotonic()
    assert previewing.preview_still(room.owner, room.id, renamed) == first
    assert time.monotonic() - began < 0.5
    assert len(files()) == 1
    brighter = NIGHT.model_copy(update={"layout": template("your-footage").layout})
    assert previewing.preview_still(room.owner, room.id, brighter) != first
    assert len(files()) == 2


def test_a_moving_preview_is_short_small_and_kept(room):
    told = []
    path = previewing.preview_motion(room.viewer, room.id, NIGHT, progress=told.append)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (360, 640)
        assert 2.9 <= container.duration / av.time_base <= 3.2
    assert path.stat().st_size < 1_500_000
    assert told[-1].share == 1.0
    assert len(told) > 3
    told.clear()
    assert previewing.preview_motion(room.viewer, room.id, NIGHT, progress=told.append) == path
    assert told == []
    assert [each.suffix for each in files()] == [".mp4"]
    assert previewing.moving(room.viewer, room.id, path.stem) == path
    assert previewing.moving(room.viewer, room.id, "../../secret") is None
    with pytest.raises(NotFoundError):
        previewing.moving(room.stranger, room.id, path.stem)


def test_a_cancelled_preview_leaves_nothing_behind(room):
    began = time.monotonic()
    with pytest.raises(CancelledError):
        previewing.preview_motion(room.viewer, room.id, NIGHT, cancelled=lambda: True)
    assert time.monotonic() - began < 5
    assert files() == []


def test_a_preview_may_stand_over_the_workspaces_own_picture(room, tmp_path):
    picture = tmp_path / "sky.png"
    Image.linear_gradient("L").convert("RGB").save(picture)
    ours = library.add_file(room.owner, room.id, picture)
    footage = template("your-footage")
    over = previewing.preview_still(room.viewer, room.id, footage, asset=ours.id)
    assert over != previewing.preview_still(room.viewer, room.id, footage)
    theirs = library.add_file(room.stranger, room.other, picture)
    with pytest.raises(NotFoundError):
        previewing.preview_still(room.viewer, room.id, footage, asset=theirs.id)


def test_strangers_get_no_preview_and_wrong_templates_none_either(room):
    with pytest.raises(NotFoundError):
        previewing.preview_still(room.stranger, room.id, NIGHT)
    wrong = NIGHT.model_copy(
        update={"background": NIGHT.background.model_copy(update={"art": "starz"})}
    )
    with pytest.raises(InvalidError, match="starz"):
        previewing.preview_still(room.viewer, room.id, wrong)
