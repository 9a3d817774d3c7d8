"""A picture from the wish to the library: members only, made once, cancelled, refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from autosched.errors import ConflictError, InvalidError, NotFoundError
from autosched.library import service as library
from autosched.studio.jobs import JobState
from autosched.studio.making import service
from autosched.studio.making.models import MAKINGS
from autosched.studio.making.wish import Wish
from tests.library.people import person

WISH = Wish(maker="art", kind="sky", options={"time": "dusk"}, width=90, height=160)


@pytest.fixture
def room(database: str) -> SimpleNamespace:
    owner, place = person("owner")
    stranger, _ = person("stranger")
    return SimpleNamespace(owner=owner, other=stranger, id=place)


def _worked() -> None:
    for job, lease in MAKINGS.claim(10):
        service.perform(job, lease)


def test_a_wish_becomes_a_picture_of_the_library_and_is_made_once(room):
    row = service.request(room.owner, room.id, WISH)
    _worked()
    done = MAKINGS.get(room.owner, row.id)
    assert (done.state, done.error) == (JobState.DONE, None)
    asset = library.asset(room.owner, done.asset_id)
    assert (asset.width, asset.height) == (90, 160)
    assert asset.alt
    assert service.request(room.owner, room.id, WISH).id == row.id
    other = WISH.model_copy(update={"seed": 2})
    assert service.request(room.owner, room.id, other).id != row.id


def test_a_picture_that_was_removed_is_made_again(room):
    row = service.request(room.owner, room.id, WISH)
    _worked()
    library.remove(room.owner, MAKINGS.get(room.owner, row.id).asset_id)
    assert MAKINGS.get(room.owner, row.id).asset_id is None
    assert service.request(room.owner, room.id, WISH).id != row.id


def test_strangers_get_nothing(room):
    with pytest.raises(NotFoundError):
        service.request(room.other, room.id, WISH)


def test_what_is_never_pictured_is_refused_before_it_waits(room):
    with pytest.raises(InvalidError):
        wish = WISH.model_copy(update={"maker": "diffusers", "prompt": "an angel"})
        service.request(room.owner, room.id, wish)
    assert MAKINGS.newest(room.owner, room.id) == []


def test_without_a_model_it_fails_with_what_to_do(room):
    wish = WISH.model_copy(update={"maker": "diffusers", "prompt": "dunes"})
    row = service.request(room.owner, room.id, wish)
    _worked()
    failed = MAKINGS.get(room.owner, row.id)
    assert (failed.state, failed.error_code) == (JobState.FAILED, "no_model")
    assert "AUTOSCHED_DIFFUSION_MODEL" in failed.error


def test_a_waiting_picture_is_cancelled_at_once_and_no_more_can_be(room):
    row = service.request(room.owner, room.id, WISH)
    assert MAKINGS.cancel(room.owner, row.id).state == JobState.CANCELLED
    done = service.request(room.owner, room.id, WISH)
    _worked()
    with pytest.raises(ConflictError):
        MAKINGS.cancel(room.owner, done.id)
