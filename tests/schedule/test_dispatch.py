"""Claiming: who gets what is due, and what becomes of what is late, abandoned or in doubt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from autosched import clock, db
from autosched.identity import workspaces
from autosched.schedule import dispatch
from autosched.schedule.models import AccountState
from autosched.schedule.models import TargetState as S
from tests.schedule.conftest import Room


def test_what_is_due_is_claimed_and_what_is_not_stays(room: Room) -> None:
    due = room.target()
    later = room.target(clock.now() + timedelta(hours=1))
    claimed = dispatch.claim(10)
    assert [target for target, _ in claimed] == [due]
    assert room.state(due) == S.CLAIMED
    assert room.state(later) == S.SCHEDULED
    assert dispatch.claim(10) == []
    assert room.history(due) == ["claimed"]
    assert dispatch.next_due() is not None


def test_the_earliest_go_first_and_the_limit_is_kept(room: Room) -> None:
    targets = [room.target(clock.ago(seconds=50 - n)) for n in range(5)]
    assert {target for target, _ in dispatch.claim(3)} == set(targets[:3])
    assert {target for target, _ in dispatch.claim(3)} == set(targets[3:])


def test_dispatchers_that_race_never_claim_the_same(room: Room) -> None:
    targets = {room.target() for _ in range(60)}

    def greedy(_: int) -> list[str]:
        mine: list[str] = []
        while got := dispatch.claim(7):
            mine += [target for target, _ in got]
        return mine

    with ThreadPoolExecutor(4) as pool:
        claimed = [target for mine in pool.map(greedy, range(4)) for target in mine]
    assert len(claimed) == len(set(claimed))
    # With rows skipped while another holds them, the last few may be left for the next tick.
    claimed += [target for target, _ in dispatch.claim(60)]
    assert sorted(claimed) == sorted(targets)


def test_a_claim_whose_message_was_lost_is_handed_out_again_with_another_lease(room: Room) -> None:
    target = room.target()
    [(_, first)] = dispatch.claim(1)
    room.lapse(target)
    [(again, second)] = dispatch.claim(1)
    assert again == target
    assert first != second
    assert room.history(target) == ["claimed"]
    dispatch.publish(target, first)
    assert room.state(target) == S.CLAIMED
    dispatch.publish(target, second)
    assert room.state(target) == S.PUBLISHED


def test_a_post_that_is_too_late_waits_for_a_person(room: Room) -> None:
    workspaces.change(room.actor, room.id, missed_after_minutes=30)
    late = room.target(clock.ago(minutes=31))
    in_time = room.target(clock.ago(minutes=29))
    assert [target for target, _ in dispatch.claim(10)] == [in_time]
    missed = room.read(late)
    assert missed.state == S.MISSED
    assert missed.run_at is None
    assert missed.error is not None
    assert "31 minutes late" in missed.error


def test_a_retry_in_progress_is_measured_from_its_own_time(room: Room) -> None:
    planned = clock.ago(hours=3)
    waiting = room.target(planned)
    room.set(waiting, state=S.RETRY_WAIT, attempts=2, run_at=clock.ago(minutes=1))
    forgotten = room.target(planned)
    room.set(forgotten, state=S.RETRY_WAIT, attempts=2, run_at=clock.ago(hours=2))
    assert [target for target, _ in dispatch.claim(10)] == [waiting]
    assert room.state(forgotten) == S.MISSED


def test_what_no_worker_began_for_hours_asks_before_it_goes_out(room: Room) -> None:
    target = room.target(clock.ago(hours=3))
    room.set(target, state=S.RETRY_WAIT, attempts=2, run_at=clock.ago(minutes=50))
    assert len(dispatch.claim(1)) == 1
    room.lapse(target)
    [(_, lease)] = dispatch.claim(1)
    ripe = room.read(target).ripe_at
    assert ripe is not None
    room.set(target, ripe_at=ripe - timedelta(minutes=20), run_at=clock.ago(seconds=1))
    dispatch.publish(target, lease)
    assert room.state(target) == S.MISSED


def test_an_account_that_is_not_connected_holds_its_posts_back(room: Room) -> None:
    target = room.target()
    with db.write() as session:
        account = room.account
        account.state = AccountState.NEEDS_PERSON
        session.add(account)
    assert dispatch.claim(10) == []
    held = room.read(target)
    assert (held.state, held.error_code, held.run_at) == (S.NEEDS_PERSON, "account", None)


def test_an_abandoned_upload_is_taken_up_again(room: Room) -> None:
    target = room.target(state=S.UPLOADING)
    room.set(target, run_at=clock.ago(seconds=1), lease="dead", attempts=1)
    assert [claimed for claimed, _ in dispatch.claim(10)] == [target]
    assert room.history(target) == ["claimed"]


def test_an_abandoned_commit_is_settled_never_sent_blindly(room: Room) -> None:
    target = room.target(state=S.COMMITTING)
    room.set(target, run_at=clock.ago(seconds=1), lease="dead", attempts=1, doubt_since=clock.now())
    [(claimed, _)] = dispatch.claim(10)
    assert claimed == target
    assert room.state(target) == S.UNCONFIRMED
    assert room.read(target).doubt_since is not None


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(days=2)])
def test_doubt_is_settled_however_late_it_is(room: Room, late: timedelta) -> None:
    target = room.target(clock.now() - late, state=S.UNCONFIRMED)
    room.set(target, run_at=clock.now() - late, attempts=1, doubt_since=clock.now())
    assert [claimed for claimed, _ in dispatch.claim(10)] == [target]
    assert room.state(target) == S.UNCONFIRMED


def test_the_next_wake_up_is_the_earliest_of_all(room: Room) -> None:
    assert dispatch.next_due() is None
    first = clock.now() + timedelta(minutes=5)
    room.target(first + timedelta(minutes=1))
    room.target(first)
    assert dispatch.next_due() == first
