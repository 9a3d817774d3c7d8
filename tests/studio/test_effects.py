"""Bloom, light leaks and bars: there when asked for, nothing when not, never over the words."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from autosched.studio import effects, graph
from autosched.studio import spec as specs
from autosched.studio.frame import FRAMES, Format
from autosched.studio.plan import plan
from autosched.studio.render import render_plan, still
from autosched.studio.template import Effects, template


def asked(format="square", **fields):
    data = {**template("lantern-light").model_dump(mode="json"), "effects": fields}
    scenes = [{"verse": "94:5", "seconds": 1.5}]
    return specs.parse({"template": data, "format": format, "scenes": scenes})


def drawn(**fields):
    with Image.open(io.BytesIO(still(asked(**fields), scale=0.2))) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.float32)


def test_effects_at_nothing_add_nothing_to_the_graph():
    arguments, feeds = graph.build(plan(asked(), scale=0.2), [])
    joined = " ".join(arguments)
    assert "blend" not in joined.replace("blend=all_mode=multiply", "")
    assert "drawbox" not in joined
    assert len(feeds) == 2
    with pytest.raises(ValidationError):
        Effects(bloom=1.2)


def test_bloom_lights_what_is_around_the_bright_and_leaks_are_warm():
    plain, bloom, leaks = drawn(), drawn(bloom=1.0), drawn(leaks=1.0)
    more = bloom - plain
    assert more.mean() > 0.6
    assert np.percentile(more, 1) > -12
    bright = plain.mean(axis=2) > np.percentile(plain.mean(axis=2), 95)
    assert more[bright].mean() > 1.3 * more[~bright].mean()
    red, _, blue = (leaks - plain).reshape(-1, 3).mean(axis=0)
    assert red > 8
    assert red > 2 * blue


def test_leaks_wander_are_seeded_and_smooth():
    found = plan(asked(leaks=1.0), scale=0.5)
    size = (64, 64)
    every = [np.array(each, np.float32) for each in effects.leaks(found, size, range(0, 60, 1))]
    again = [np.array(each, np.float32) for each in effects.leaks(found, size, range(59, 60))]
    assert np.array_equal(every[-1], again[0])
    steps = [np.abs(after - before).mean() for before, after in pairwise(every)]
    assert 0 < max(steps) < 2.0
    assert np.abs(every[-1] - every[0]).mean() > 3.0


@pytest.mark.parametrize("format", list(Format))
def test_words_keep_off_the_bars_in_every_format(format):
    found = plan(asked(format=format, letterbox=1.0), scale=0.2)
    bar = 0.128 * found.height
    for words in found.leaves[0].words:
        for line in words.lines:
            assert line.ink.y > bar
            assert line.ink.bottom < found.height - bar
    assert effects.framed(FRAMES[format], Effects()) == FRAMES[format]


def test_bars_are_black_and_the_video_is_whole(tmp_path):
    found = plan(asked(bloom=0.5, leaks=0.5, letterbox=1.0), scale=0.2)
    done = render_plan(found, tmp_path / "out.mp4", draft=True)
    assert done.proof.frames == found.frames == 45
    with Image.open(done.thumbnail) as picture:
        shown = np.asarray(picture.convert("L"))
    bar = round(0.128 * found.height / 2) * 2
    assert shown[: bar - 2].max() < 16
    assert shown[-bar + 2 :].max() < 16
    assert shown[bar + 2 : -bar - 2].mean() > 16
