"""Stills and clips of procedural art, as files."""

from __future__ import annotations

import av
import pytest
from PIL import Image

from autosched.errors import CancelledError, InvalidError
from autosched.studio.making.drawn import Art
from autosched.studio.making.wish import Wish

WISH = Wish(maker="art", kind="star_pattern", options={"fold": "7"}, width=91, height=161)


def _made(wish, out, cancelled=lambda: False):
    told = []
    made = Art().make(wish, None, out, lambda share, stage: told.append(share), cancelled)
    return made, told


def test_a_still_has_the_size_that_was_wished(tmp_path):
    made, _ = _made(WISH, tmp_path)
    with Image.open(made.path) as picture:
        assert picture.size == (91, 161)
    assert made.alt
    assert made.credit is None


def test_a_clip_has_its_length_and_tells_how_far_it_is(tmp_path):
    made, told = _made(WISH.model_copy(update={"seconds": 0.5}), tmp_path)
    with av.open(str(made.path)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 15
        assert (film.streams.video[0].width, film.streams.video[0].height) == (90, 160)
    assert told == sorted(told)
    assert told[-1] > 0.9


def test_a_cancelled_clip_stops(tmp_path):
    with pytest.raises(CancelledError):
        _made(WISH.model_copy(update={"seconds": 5.0}), tmp_path, cancelled=lambda: True)


def test_a_fold_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(InvalidError):
        _made(WISH.model_copy(update={"options": {"fold": "3"}}), tmp_path)


def test_the_same_wish_has_the_same_key_and_another_seed_or_source_another():
    key = WISH.key("1")
    assert WISH.model_copy().key("1") == key
    assert WISH.key("2") != key
    assert WISH.key("1", "of a picture") != key
    assert WISH.model_copy(update={"seed": 2}).key("1") != key
