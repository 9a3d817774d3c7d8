"""From a claim to the wall: guards, failures, doubt, and never the same post twice."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from autosched import clock, crypto, db
from autosched.schedule import dispatch, verdicts
from autosched.schedule.models import Account, AccountState
from autosched.schedule.models import TargetState as S
from autosched.settings import settings
from tests.schedule.conftest import Room
from tests.schedule.wall import Wall


@pytest.fixture(autouse=True)
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_LEASE_SECONDS", "1")
    settings.cache_clear()


def once(room: Room, target: str) -> S:
    """Claim what is due and publish it, as dispatcher and worker do; the state after."""
    for claimed, lease in dispatch.claim(10):
        dispatch.publish(claimed, lease)
    return room.state(target)


def through(room: Room, target: str, *, turns: int = 30) -> S:
    """Let time pass until the target comes to rest."""
    for _ in range(turns):
        state = once(room, target)
        if room.read(target).run_at is None:
            return state
        room.lapse(target)
    return room.state(target)


def test_a_post_goes_out_once_with_its_proof_and_its_history(room: Room, wall: Wall) -> None:
    target = room.target(text="Peace be upon you")
    assert once(room, target) == S.PUBLISHED
    assert [post["text"] for post in wall.posts] == ["Peace be upon you"]
    published = room.read(target)
    assert published.permalink == f"{wall.url}/post/{target}"
    assert published.published_at is not None
    assert (published.lease, published.run_at, published.doubt_since) == (None, None, None)
    assert published.handle["remote_id"] == "1"
    assert room.history(target) == ["claimed", "uploading", "committing", "published"]


def test_a_message_that_comes_twice_or_late_does_nothing(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    for _ in range(3):
        dispatch.publish(target, lease)
    dispatch.publish(target, "a lease of somebody else's")
    dispatch.publish("no such target", lease)
    assert wall.counts() == {target: 1}


def test_two_workers_with_the_same_message_post_once(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    threads = [threading.Thread(target=dispatch.publish, args=(target, lease)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wall.counts() == {target: 1}


@pytest.mark.parametrize("step", ["prepare", "prepared", "commit"])
@pytest.mark.parametrize(
    ("order", "state"),
    [("retry", S.RETRY_WAIT), ("fix", S.FAILED), ("reconnect", S.NEEDS_PERSON)],
)
def test_a_clear_refusal_is_followed_by_what_it_asks_for(
    room: Room, wall: Wall, step: str, order: str, state: S
) -> None:
    target = room.target()
    wall.orders[target] = [(step, order)]
    assert once(room, target) == state
    refused = room.read(target)
    assert refused.error == f"The wall says {order}."
    assert refused.remedy
    assert refused.doubt_since is None
    assert refused.lease is None
    assert wall.counts() == {}


def test_a_retry_goes_out_and_its_error_is_forgotten(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("prepare", "retry"), ("post", "refuse")]
    assert through(room, target) == S.PUBLISHED
    done = room.read(target)
    assert (done.attempts, done.error, done.error_code) == (3, None, None)
    assert wall.counts() == {target: 1}


def test_tries_come_to_an_end_and_say_why(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("prepare", "retry")] * 20
    assert through(room, target) == S.FAILED
    failed = room.read(target)
    assert failed.attempts == verdicts.MAX_ATTEMPTS
    assert failed.error is not None
    assert "tried 8 times" in failed.error


def test_an_upload_goes_on_from_where_it_stopped(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("prepared", "retry")]
    once(room, target)
    assert room.read(target).handle == {"blob": "uploaded"}


def test_a_bug_before_the_commit_is_tried_again_and_in_the_commit_is_doubt(
    room: Room, wall: Wall
) -> None:
    before, during = room.target(), room.target()
    wall.orders[before] = [("prepare", "crash")]
    wall.orders[during] = [("committed", "crash")]
    assert once(room, before) == S.RETRY_WAIT
    assert room.state(during) == S.UNCONFIRMED
    assert through(room, before) == through(room, during) == S.PUBLISHED
    assert wall.counts() == {before: 1, during: 1}


def test_a_lost_answer_is_settled_by_asking(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("post", "lose")]
    assert once(room, target) == S.UNCONFIRMED
    assert room.read(target).doubt_since is not None
    room.lapse(target)
    assert once(room, target) == S.PUBLISHED
    assert wall.counts() == {target: 1}
    assert room.history(target)[-2:] == ["unconfirmed", "published"]


def test_a_sure_no_lets_it_go_out_by_the_same_handle(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("commit", "settle")]
    assert once(room, target) == S.UNCONFIRMED
    room.lapse(target)
    assert once(room, target) == S.PUBLISHED
    assert wall.counts() == {target: 1}
    assert wall.posts[0]["key"] == target
    assert room.history(target)[-3:] == ["unconfirmed", "committing", "published"]


def test_a_sure_no_that_comes_too_late_asks_before_it_posts(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("commit", "settle")]
    once(room, target)
    room.set(target, due_at=clock.ago(hours=5))
    assert through(room, target) == S.MISSED
    assert room.read(target).doubt_since is None
    assert wall.counts() == {}


def test_a_platform_that_does_not_answer_is_asked_with_patience_then_a_person_is(
    room: Room, wall: Wall
) -> None:
    target = room.target()
    wall.orders[target] = [("post", "lose")] + [("settle", "retry")] * 40
    assert through(room, target) == S.NEEDS_PERSON
    asked = room.read(target)
    assert asked.questions == verdicts.MAX_QUESTIONS
    assert asked.doubt_since is not None
    assert asked.error is not None
    assert "12 times" in asked.error
    assert wall.counts() == {target: 1}


def test_doubt_with_a_lost_account_waits_for_a_person_and_stays_doubt(
    room: Room, wall: Wall
) -> None:
    target = room.target()
    wall.orders[target] = [("post", "lose"), ("settle", "reconnect")]
    assert through(room, target) == S.NEEDS_PERSON
    assert room.read(target).doubt_since is not None
    with db.read() as session:
        assert session.get_one(Account, room.account.id).state == AccountState.NEEDS_PERSON


def test_an_account_whose_access_ended_holds_back_all_its_posts(room: Room, wall: Wall) -> None:
    first, second = room.target(clock.ago(seconds=5)), room.target(clock.ago(seconds=1))
    wall.orders[first] = [("prepare", "reconnect")]
    once(room, first)
    with db.read() as session:
        account = session.get_one(Account, room.account.id)
    assert (account.state, account.problem) == (
        AccountState.NEEDS_PERSON,
        "The wall says reconnect.",
    )
    assert room.state(second) == S.NEEDS_PERSON
    assert wall.counts() == {}


def test_a_secret_of_another_key_asks_to_reconnect(room: Room, wall: Wall) -> None:
    target = room.target()
    (settings().data_dir / "secret.key").unlink()
    crypto._box.cache_clear()
    assert once(room, target) == S.NEEDS_PERSON
    assert room.read(target).error_code == "account"


def test_limits_are_checked_again_and_a_warning_is_no_obstacle(room: Room, wall: Wall) -> None:
    long, loud = room.target(text="long " * 20), room.target(text="PEACE")
    once(room, long)
    assert room.state(long) == S.FAILED
    assert room.read(long).error == "This is too long for a wall."
    assert room.state(loud) == S.PUBLISHED


def test_a_file_that_is_gone_fails_before_anything_is_sent(room: Room, wall: Wall) -> None:
    from autosched.schedule.models import Post

    target = room.target()
    with db.write() as session:
        post = session.get_one(Post, room.read(target).post_id)
        post.media = [{"asset_id": "no such", "alt": ""}]
        session.add(post)
    assert once(room, target) == S.FAILED
    assert room.read(target).error_code == "media_gone"
    assert wall.steps == []


def test_a_post_that_waited_too_long_in_the_queue_is_not_sent(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    room.set(target, due_at=clock.ago(hours=2))
    dispatch.publish(target, lease)
    assert room.state(target) == S.MISSED
    assert wall.counts() == {}


def test_a_worker_that_dies_every_time_is_not_fed_for_ever(room: Room, wall: Wall) -> None:
    target = room.target(state=S.UPLOADING)
    room.set(target, attempts=verdicts.MAX_ATTEMPTS, run_at=clock.ago(seconds=1))
    assert once(room, target) == S.FAILED
    assert room.read(target).error_code == "interrupted"


def test_a_cancel_before_the_commit_wins(room: Room, wall: Wall) -> None:
    from autosched.schedule.transitions import move

    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    wall.orders[target] = [("prepared", "sleep 1")]
    worker = threading.Thread(target=dispatch.publish, args=(target, lease))
    worker.start()
    while "prepared" not in [step for _, step in wall.steps]:
        time.sleep(0.02)
    with db.write() as session:
        move(
            session,
            [room.read(target)],
            S.CANCELLED,
            actor=room.actor,
            cause="",
            lease=None,
            run_at=None,
        )
    worker.join()
    assert room.state(target) == S.CANCELLED
    assert wall.counts() == {}


def test_the_lease_is_kept_while_a_long_step_runs(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    wall.orders[target] = [("prepare", "sleep 2.5")]
    worker = threading.Thread(target=dispatch.publish, args=(target, lease))
    worker.start()
    while worker.is_alive():
        assert dispatch.claim(1) == []
        time.sleep(0.1)
    assert room.state(target) == S.PUBLISHED


def test_a_worker_whose_lease_was_taken_stops_before_it_posts(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    wall.orders[target] = [("prepare", "sleep 1")]
    slow = threading.Thread(target=dispatch.publish, args=(target, lease))
    slow.start()
    while not wall.steps:
        time.sleep(0.02)
    room.lapse(target, timedelta(seconds=30))
    [(_, second)] = dispatch.claim(1)
    dispatch.publish(target, second)
    slow.join()
    assert room.state(target) == S.PUBLISHED
    assert wall.counts() == {target: 1}


def test_a_proof_that_comes_after_the_lease_was_lost_ends_the_doubt(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    wall.orders[target] = [("post", "wait")]
    slow = threading.Thread(target=dispatch.publish, args=(target, lease))
    slow.start()
    while "post" not in [step for _, step in wall.steps]:
        time.sleep(0.02)
    room.lapse(target)
    [(_, second)] = dispatch.claim(1)
    assert room.state(target) == S.UNCONFIRMED
    wall.gate.set()
    slow.join()
    assert room.state(target) == S.PUBLISHED
    dispatch.publish(target, second)
    assert wall.counts() == {target: 1}


def test_of_two_who_are_at_it_only_the_one_with_the_lease_posts(room: Room, wall: Wall) -> None:
    target = room.target()
    [(_, lease)] = dispatch.claim(1)
    wall.orders[target] = [("prepared", "sleep 0.8"), ("prepared", "sleep 2")]
    first = threading.Thread(target=dispatch.publish, args=(target, lease))
    first.start()
    while len(wall.steps) < 2:
        time.sleep(0.02)
    room.lapse(target)
    [(_, again)] = dispatch.claim(1)
    second = threading.Thread(target=dispatch.publish, args=(target, again))
    second.start()
    first.join()
    assert wall.counts() == {}
    second.join()
    assert wall.counts() == {target: 1}
    assert room.state(target) == S.PUBLISHED


def test_a_message_that_comes_twice_asks_the_platform_once(room: Room, wall: Wall) -> None:
    target = room.target()
    wall.orders[target] = [("post", "lose"), ("settle", "sleep 0.5")]
    once(room, target)
    room.lapse(target)
    [(_, lease)] = dispatch.claim(1)
    threads = [threading.Thread(target=dispatch.publish, args=(target, lease)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [step for _, step in wall.steps].count("settle") == 1
    assert room.state(target) == S.PUBLISHED
