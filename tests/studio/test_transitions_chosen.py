"""How one picture gives way to the next: kinds by their shares, and what each looks like."""

from collections import Counter

import av
import numpy as np
import pytest

from autosched.studio import spec as specs
from autosched.studio.plan import plan
from autosched.studio.render import render_plan
from autosched.studio.shots import chosen
from autosched.studio.template import Transition, template


def planned(transition, count=2):
    """A video whose pictures are black and white in turn, as plain as they can be."""
    data = {**template("lantern-light").model_dump(mode="json"), "transition": transition}
    data["push"] = 0.0
    scenes = [
        {"text": "One", "seconds": 1.5, "media": {"art": "stars", "seed": number}}
        for number in range(count)
    ]
    return plan(specs.parse({"template": data, "format": "square", "scenes": scenes}), scale=0.1)


def test_kinds_come_as_often_as_their_shares_say_and_the_same_every_time():
    shares = {"cut": 0.5, "dissolve": 0.25, "wipe": 0.25}
    transition = Transition(kind="zoom", shares=shares)
    drawn = [chosen(transition, 7, number) for number in range(40)]
    counts = Counter(kind for kind, *_ in drawn)
    for kind, share in shares.items():
        assert counts[kind] == pytest.approx(40 * share, abs=2)
    assert drawn == [chosen(transition, 7, number) for number in range(40)]
    assert drawn != [chosen(transition, 8, number) for number in range(40)]
    assert len({direction for kind, direction, _ in drawn if kind == "wipe"}) > 1
    assert {blend for kind, _, blend in drawn if kind == "cut"} == {0}


def test_without_shares_the_one_kind_is_used_and_a_flash_is_short():
    assert chosen(Transition(kind="wipe"), 7, 3) == ("wipe", "left", 27)
    assert chosen(Transition(kind="slide", direction="up"), 7, 3) == ("slide", "up", 27)
    assert chosen(Transition(kind="flash"), 7, 3) == ("flash", "left", 6)
    assert chosen(Transition(kind="zoom", shares={"cut": 0.0}), 7, 3)[0] == "zoom"


def test_a_shot_tells_its_own_kind_and_pages_keep_clear_of_it():
    found = planned({"shares": {"cut": 0.5, "flash": 0.5}}, count=5)
    kinds = [shot.transition for shot in found.shots[1:]]
    assert set(kinds) == {"cut", "flash"}
    for shot in found.shots[1:]:
        assert (shot.blend == 0) == (shot.transition == "cut")
        assert shot.blend <= 6


@pytest.mark.parametrize(
    ("kind", "direction", "first"),
    [("wipe", "left", "right"), ("wipe", "right", "left"), ("wipe", "up", "down"),
     ("wipe", "down", "up"), ("slide", "left", "right"), ("slide", "right", "left"),
     ("slide", "up", "down"), ("slide", "down", "up")],
)  # fmt: skip
def test_an_edge_moves_where_the_direction_says(tmp_path, kind, direction, first, picture_pair):
    shown = middle(tmp_path, {"kind": kind, "direction": direction, "seconds": 0.6}, picture_pair)
    rows, columns = np.array_split(shown, 4, 0), np.array_split(shown, 4, 1)
    sides = {"left": columns[0], "right": columns[-1], "up": rows[0], "down": rows[-1]}
    new = max(sides, key=lambda side: sides[side].mean())
    assert new == first


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("flash", 215, 255), ("fade_white", 215, 255), ("fade_black", 0, 40)]
)
def test_a_flash_and_the_fades_pass_through_their_colour(tmp_path, kind, low, high, picture_pair):
    shown = middle(tmp_path, {"kind": kind, "seconds": 0.6}, picture_pair, share=0.35)
    assert low <= np.median(shown) <= high


def test_cuts_and_blends_follow_each_other_to_the_exact_frame(tmp_path):
    found = planned({"shares": {"cut": 0.5, "slide": 0.5}, "seconds": 0.4}, count=4)
    assert {shot.transition for shot in found.shots[1:]} == {"cut", "slide"}
    done = render_plan(found, tmp_path / "out.mp4", draft=True)
    assert done.proof.frames == found.frames == 180


@pytest.fixture(scope="module")
def picture_pair(tmp_path_factory):
    from PIL import Image

    folder = tmp_path_factory.mktemp("pair")
    for name, value in (("dark", 40), ("light", 190)):
        Image.new("RGB", (200, 200), (value,) * 3).save(folder / f"{name}.png")
    return [str(folder / "dark.png"), str(folder / "light.png")]


def middle(tmp_path, transition, pictures, share=0.5):
    """The frame in the middle, or at another share, of a change from dark to light, grey."""
    data = {**template("your-footage").model_dump(mode="json"), "transition": transition}
    data |= {"panel": {}, "vignette": 0.0, "grain": 0.0, "grade": {}, "push": 0.0}
    scenes = [{"text": "A", "seconds": 1.5, "media": path} for path in pictures]
    asked = specs.parse({"template": data, "format": "square", "scenes": scenes})
    found = plan(asked, scale=0.1)
    render_plan(found, tmp_path / "out.mp4", draft=True)
    at = found.shots[1].first + found.shots[1].blend * share // 1
    with av.open(str(tmp_path / "out.mp4")) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == at:
                return frame.to_ndarray(format="gray")
    raise AssertionError("the video is too short")
