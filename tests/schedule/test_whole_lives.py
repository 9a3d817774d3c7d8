"""Whole lives at random: dispatcher, workers, the far side and people do what they like, in any
order, and the laws hold: never posted twice, never forgotten, never a gap in the history.
"""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from autosched import clock, db
from autosched.errors import AutoschedError
from autosched.schedule import dispatch, life, service
from autosched.schedule.models import AccountState, TargetEvent
from autosched.schedule.models import TargetState as S
from autosched.settings import settings as program
from tests.schedule.conftest import Room
from tests.schedule.wall import Wall

ENDS = {S.PUBLISHED, S.CANCELLED, S.FAILED, S.MISSED, S.NEEDS_PERSON, S.DRAFT}
STEPS = ("prepare", "prepared", "commit", "settle")
ORDERS = ("retry", "fix", "ask", "settle", "reconnect", "crash")

far_side = st.one_of(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(ORDERS)),
    # Once it hangs, a platform may fall silent or break, but not say that it refused.
    st.tuples(st.just("committed"), st.sampled_from(["ask", "settle", "crash"])),
    st.just(("post", "lose")),
    st.just(("post", "refuse")),
)
deeds = st.one_of(
    st.sampled_from(
        [
            "claim",
            "claim",
            "publish",
            "publish",
            "publish an old message",
            "time passes",
            "time passes",
            "cancel",
            "schedule",
            "retry",
            "publish now",
            "disconnect",
            "connect",
            "say the truth",
        ]
    ),
    far_side,
)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_LEASE_SECONDS", "30")
    program.cache_clear()


class Life:
    """One target, and what may happen to it."""

    def __init__(self, room: Room, wall: Wall) -> None:
        self.room, self.wall = room, wall
        room.account = _connected(room, wall)
        self.target = room.target(clock.now())
        self.post = room.read(self.target).post_id
        self.messages: list[tuple[str, str]] = []

    def do(self, deed: str | tuple[str, str]) -> None:
        """Let it happen; a refusal that is said in a sentence is one more thing that happens."""
        room, target = self.room, self.target
        if isinstance(deed, tuple):
            self.wall.orders[target].append(deed)
            return
        with contextlib.suppress(AutoschedError):
            match deed:
                case "claim":
                    self.messages += [pair for pair in dispatch.claim(50) if pair[0] == target]
                case "publish" if self.messages:
                    dispatch.publish(*self.messages[-1])
                case "publish an old message" if self.messages:
                    dispatch.publish(*self.messages[0])
                case "time passes" if room.read(target).run_at is not None:
                    room.lapse(target)
                case "cancel":
                    service.cancel(room.actor, self.post)
                case "schedule":
                    service.schedule(room.actor, self.post, clock.wall(clock.now(), "Asia/Riyadh"))
                case "retry":
                    service.retry(room.actor, target)
                case "publish now":
                    service.publish_now(room.actor, self.post)
                case "disconnect":
                    service.disconnect(room.actor, room.account.id)
                case "connect":
                    _connected(room, self.wall)
                case "say the truth":
                    if room.read(target).doubt_since is not None:
                        service.answer(room.actor, target, self.hung() > 0)

    def hung(self) -> int:
        """How often it hangs on the wall."""
        return self.wall.counts()[self.target]

    def laws(self) -> None:
        """What holds at every moment."""
        target = self.room.read(self.target)
        assert self.hung() <= 1
        if target.state == S.PUBLISHED:
            assert self.hung() == 1
        elif self.hung() == 1:
            # It is out and we don't know: then we know that we don't.
            assert target.doubt_since is not None
        if target.state in life.DOUBTFUL:
            assert target.doubt_since is not None
        elif target.state != S.NEEDS_PERSON:
            assert target.doubt_since is None
        # Whatever is not at rest has a time at which it is looked at again.
        assert (target.run_at is None) == (target.state in ENDS)
        if target.state in (S.FAILED, S.MISSED, S.NEEDS_PERSON):
            assert target.error
            assert target.remedy

    def history_is_whole(self) -> None:
        """Each line begins where the one before ended, and every move was allowed."""
        with db.read() as session:
            lines = session.exec(
                select(TargetEvent)
                .where(TargetEvent.target_id == self.target)
                .order_by(col(TargetEvent.at), col(TargetEvent.id))
            ).all()
        state = S.SCHEDULED
        for line in lines:
            assert line.state_from == state
            assert line.state_to in life.MOVES[state]
            state = line.state_to
        assert state == self.room.state(self.target)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(deeds, min_size=4, max_size=30))
def test_whatever_happens_a_post_goes_out_at_most_once_and_is_never_forgotten(
    room: Room, wall: Wall, happenings: list[str | tuple[str, str]]
) -> None:
    one = Life(room, wall)
    for deed in happenings:
        one.do(deed)
        one.laws()
    # In the end the far side behaves, the account is there, and people answer: it comes to an end.
    wall.orders.clear()
    while room.read(one.target).run_at is not None or room.state(one.target) == S.NEEDS_PERSON:
        for deed in ("connect", "say the truth", "time passes", "claim", "publish"):
            one.do(deed)
            one.laws()
    assert room.state(one.target) in ENDS
    one.history_is_whole()


def _connected(room: Room, wall: Wall):  # an Account
    form = {"url": wall.url, "key": "open", "who": "me"}
    account = service.connect(room.actor, room.id, "wall", form)
    assert account.state == AccountState.ACTIVE
    return account
