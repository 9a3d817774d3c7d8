"""Composing, planning and answering, as the faces ask for it."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from autosched import clock, db
from autosched.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from autosched.identity import service as identity
from autosched.identity import workspaces
from autosched.identity.models import Role
from autosched.library.models import Asset, Kind
from autosched.platforms.base import PlatformError
from autosched.schedule import dispatch, service
from autosched.schedule.models import Account, AccountState, Post, Target
from autosched.schedule.models import TargetState as S
from tests.schedule.conftest import Room
from tests.schedule.wall import Wall


def soon(room: Room, **ahead: float) -> datetime:
    """A wall-clock time in the workspace's zone."""
    return clock.wall(clock.now() + timedelta(**ahead), "Asia/Riyadh").replace(microsecond=0)


def write(room: Room, text: str = "Peace", **more: object) -> Post:
    given: dict[str, object] = {"account_ids": [room.account.id], **more}
    return service.compose(room.actor, room.id, text=text, **given)


def only(room: Room, post: Post) -> Target:
    [target] = service.targets(room.actor, post.id)
    return target


def member(room: Room, role: Role) -> str:
    user = identity.register(role.value, f"{role}@example.org", "a quiet sentence")
    workspaces.accept(user.id, workspaces.invite(room.actor, room.id, user.email, role))
    return user.id


def publish_due() -> None:
    for target, lease in dispatch.claim(50):
        dispatch.publish(target, lease)


def test_a_draft_waits_and_a_scheduled_post_goes_out(room: Room, wall: Wall) -> None:
    draft, planned = write(room, "a draft"), write(room, "planned", when=soon(room, hours=1))
    assert only(room, draft).state == S.DRAFT
    target = only(room, planned)
    assert (target.state, target.run_at) == (S.SCHEDULED, planned.scheduled_at)
    publish_due()
    assert wall.posts == []
    service.publish_now(room.actor, planned.id)
    publish_due()
    assert [post["text"] for post in wall.posts] == ["planned"]
    assert room.history(target.id)[:2] == ["draft", "scheduled"]


def test_a_draft_keeps_the_time_that_was_thought_of(room: Room) -> None:
    post = write(room, when=soon(room, hours=5), draft=True)
    assert post.scheduled_at is not None
    assert only(room, post).state == S.DRAFT
    moved = service.reschedule(room.actor, post.id, soon(room, hours=7))
    assert moved.post.scheduled_at > post.scheduled_at
    assert only(room, post).state == S.DRAFT


def test_each_account_gets_its_own_words(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "other"}
    other = service.connect(room.actor, room.id, "wall", form)
    post = write(
        room,
        "for all",
        account_ids=[room.account.id, other.id],
        variants={other.id: {"text": "for one", "options": {"loud": True}}},
    )
    service.publish_now(room.actor, post.id)
    publish_due()
    assert sorted(hung["text"] for hung in wall.posts) == ["for all", "for one"]


def test_the_survey_tells_a_quotation_that_is_not_the_canons_and_does_not_forbid_it(
    room: Room,
) -> None:
    accounts = [room.account.id]
    (wrong,) = service.survey(room.actor, room.id, "قال تعالى: إن مع العسر فرجا", [], accounts)
    (right,) = service.survey(room.actor, room.id, "قال تعالى: إن مع العسر يسرا", [], accounts)
    (told,) = [each for each in wrong.problems if each.code == "quotation"]
    assert "94:6" in told.sentence
    assert not told.blocking
    assert not wrong.blocked
    assert right.problems == []


def test_the_survey_counts_and_checks_each_account_while_one_writes(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "other"}
    other = service.connect(room.actor, room.id, "wall", form)
    first, second = service.survey(
        room.actor,
        room.id,
        "x" * 41,
        [],
        [room.account.id, other.id],
        {other.id: {"text": "SHORT"}},
    )
    assert (first.count, first.limit, first.blocked) == (41, 40, True)
    assert (second.count, second.blocked) == (5, False)
    assert [problem.code for problem in second.problems] == ["shouting"]
    assert second.account.secret is None


def test_what_a_platform_would_refuse_is_not_scheduled(room: Room) -> None:
    with pytest.raises(InvalidError) as caught:
        write(room, "x" * 41, when=soon(room, hours=1))
    assert caught.value.sentence == "@me: This is too long for a wall."
    draft = write(room, "x" * 41)
    for order in (
        lambda: service.schedule(room.actor, draft.id, soon(room, hours=1)),
        lambda: service.publish_now(room.actor, draft.id),
    ):
        with pytest.raises(InvalidError):
            order()
    assert only(room, draft).state == S.DRAFT


def test_a_post_without_words_or_accounts_is_not_scheduled(room: Room) -> None:
    for empty in (write(room, "  "), write(room, account_ids=[])):
        with pytest.raises(InvalidError):
            service.publish_now(room.actor, empty.id)
        with pytest.raises(InvalidError):
            service.schedule(room.actor, empty.id, soon(room, hours=1))


def test_a_time_that_has_passed_is_refused_with_a_way_out(room: Room) -> None:
    with pytest.raises(InvalidError) as caught:
        write(room, when=soon(room, minutes=-5))
    assert caught.value.code == "past"
    assert "publish it now" in caught.value.remedy
    write(room, when=soon(room, seconds=-20))


@pytest.mark.parametrize(
    ("when", "later", "utc", "said"),
    [
        (datetime(2031, 3, 30, 2, 30), False, "2031-03-30T01:30", "goes out at 03:30"),
        (datetime(2031, 10, 26, 2, 30), False, "2031-10-26T00:30", "the first time"),
        (datetime(2031, 10, 26, 2, 30), True, "2031-10-26T01:30", "the second time"),
        (datetime(2031, 7, 1, 2, 30), False, "2031-07-01T00:30", ""),
    ],
)
def test_where_the_clocks_jump_it_is_said_what_becomes_of_the_time(
    room: Room, when: datetime, later: bool, utc: str, said: str
) -> None:
    workspaces.change(room.actor, room.id, zone="Europe/Berlin")
    foreseen = service.foresee(room.actor, room.id, when, later=later)
    planned = service.schedule(room.actor, write(room).id, when, later=later)
    assert planned.post.scheduled_at is not None
    assert planned.post.scheduled_at.isoformat().startswith(utc)
    assert planned.moment == foreseen.moment
    assert planned.notice == foreseen.notice
    assert (said in planned.notice) if said else planned.notice == ""


def test_of_two_who_edit_at_once_the_second_is_told(room: Room) -> None:
    post = write(room)
    edited = service.edit(room.actor, post.id, version=post.version, text="first")
    assert (edited.text, edited.version) == ("first", 2)
    with pytest.raises(ConflictError) as caught:
        service.edit(room.actor, post.id, version=post.version, text="second")
    assert caught.value.code == "version"
    assert service.post(room.actor, post.id).text == "first"


def test_an_edit_that_would_be_refused_changes_nothing(room: Room) -> None:
    post = write(room, when=soon(room, hours=1))
    with pytest.raises(InvalidError):
        service.edit(room.actor, post.id, version=1, text="x" * 41)
    kept = service.post(room.actor, post.id)
    assert (kept.text, kept.version) == ("Peace", 1)


def test_accounts_come_and_go_with_an_edit(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "other"}
    other = service.connect(room.actor, room.id, "wall", form)
    post = write(room, when=soon(room, hours=1))
    service.edit(room.actor, post.id, version=1, account_ids=[other.id])
    first, second = service.targets(room.actor, post.id)
    assert (first.state, second.state) == (S.CANCELLED, S.SCHEDULED)
    assert second.run_at == post.scheduled_at
    service.edit(room.actor, post.id, version=2, account_ids=[room.account.id, other.id])
    assert {target.state for target in service.targets(room.actor, post.id)} == {S.SCHEDULED}


def test_an_edit_forgets_what_was_uploaded_for_the_earlier_version(room: Room, wall: Wall) -> None:
    post = write(room)
    target = only(room, post)
    room.set(target.id, handle={"blob": "old"}, state=S.FAILED)
    service.edit(room.actor, post.id, version=1, text="new")
    assert room.read(target.id).handle == {}


def test_what_has_gone_out_stays_as_it_went_out(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "other"}
    other = service.connect(room.actor, room.id, "wall", form)
    post = write(room, "old", account_ids=[room.account.id, other.id])
    first, second = service.targets(room.actor, post.id)
    wall.orders[second.id] = [("prepare", "fix")]
    service.publish_now(room.actor, post.id)
    publish_due()
    service.edit(room.actor, post.id, version=1, text="new")
    assert room.read(first.id).text == "old"
    service.retry(room.actor, second.id)
    publish_due()
    assert [hung["text"] for hung in wall.posts] == ["old", "new"]


def test_nothing_is_changed_while_it_goes_out(room: Room) -> None:
    post = write(room)
    for state in (S.CLAIMED, S.UPLOADING, S.COMMITTING, S.UNCONFIRMED):
        room.set(only(room, post).id, state=state)
        with pytest.raises(ConflictError):
            service.edit(room.actor, post.id, version=1, text="new")
    assert service.post(room.actor, post.id).version == 1


@pytest.mark.parametrize("state", [S.SCHEDULED, S.CLAIMED, S.UPLOADING, S.RETRY_WAIT, S.FAILED])
def test_a_cancel_wins_up_to_the_commit(room: Room, wall: Wall, state: S) -> None:
    post = write(room, when=soon(room, hours=1))
    target = only(room, post)
    room.set(target.id, state=state, run_at=clock.now(), lease="held")
    service.cancel(room.actor, post.id)
    assert room.state(target.id) == S.CANCELLED
    dispatch.publish(target.id, "held")
    publish_due()
    assert wall.posts == []


@pytest.mark.parametrize("state", [S.COMMITTING, S.UNCONFIRMED, S.PUBLISHED])
def test_what_may_be_public_can_not_be_cancelled(room: Room, state: S) -> None:
    post = write(room)
    room.set(only(room, post).id, state=state)
    with pytest.raises(ConflictError):
        service.cancel(room.actor, post.id)


def test_a_cancelled_post_can_be_planned_again(room: Room) -> None:
    post = write(room, when=soon(room, hours=1))
    service.cancel(room.actor, post.id)
    service.schedule(room.actor, post.id, soon(room, hours=2))
    assert only(room, post).state == S.SCHEDULED
    service.unschedule(room.actor, post.id)
    assert (only(room, post).state, only(room, post).run_at) == (S.DRAFT, None)


def test_a_missed_post_ordered_now_goes_out_however_late_it_is(room: Room, wall: Wall) -> None:
    target = room.target(clock.ago(days=2))
    publish_due()
    assert room.state(target) == S.MISSED
    service.retry(room.actor, target)
    publish_due()
    assert wall.counts() == {target: 1}


def test_a_person_who_says_it_went_out_ends_the_doubt(room: Room, wall: Wall) -> None:
    target = room.target(state=S.NEEDS_PERSON)
    room.set(target, doubt_since=clock.now(), run_at=None)
    service.answer(room.actor, target, True)
    publish_due()
    assert room.state(target) == S.PUBLISHED
    assert wall.posts == []
    with pytest.raises(ConflictError):
        service.answer(room.actor, target, False)


def test_a_person_who_says_it_did_not_go_out_sends_it(room: Room, wall: Wall) -> None:
    target = room.target(state=S.UNCONFIRMED)
    room.set(target, doubt_since=clock.now(), run_at=clock.now() + timedelta(hours=1))
    service.answer(room.actor, target, False)
    publish_due()
    assert wall.counts() == {target: 1}


def test_trying_again_in_doubt_only_asks_again(room: Room, wall: Wall) -> None:
    target = room.target(state=S.NEEDS_PERSON)
    room.set(target, doubt_since=clock.now(), run_at=None, attempts=1, questions=12)
    with pytest.raises(ConflictError):
        service.publish_now(room.actor, room.read(target).post_id)
    with pytest.raises(ConflictError):
        service.cancel(room.actor, room.read(target).post_id)
    wall.posts.append({"target": target})
    service.retry(room.actor, target)
    assert room.state(target) == S.UNCONFIRMED
    publish_due()
    assert room.state(target) == S.PUBLISHED
    assert wall.counts() == {target: 1}


def test_strangers_see_nothing_and_viewers_only_look(room: Room) -> None:
    post = write(room)
    target = only(room, post).id
    stranger = identity.register("eve", "eve@example.org", "a quiet sentence").id
    viewer = member(room, Role.VIEWER)
    assert service.post(viewer, post.id).id == post.id
    orders = {
        "edit": lambda who: service.edit(who, post.id, version=1, text="x"),
        "schedule": lambda who: service.schedule(who, post.id, soon(room, hours=1)),
        "reschedule": lambda who: service.reschedule(who, post.id, soon(room, hours=1)),
        "cancel": lambda who: service.cancel(who, post.id),
        "publish_now": lambda who: service.publish_now(who, post.id),
        "unschedule": lambda who: service.unschedule(who, post.id),
        "retry": lambda who: service.retry(who, target),
        "answer": lambda who: service.answer(who, target, True),
        "cancel_target": lambda who: service.cancel_target(who, target),
        "compose": lambda who: service.compose(who, room.id, text="x"),
        "connect": lambda who: service.connect(who, room.id, "wall", {}),
        "disconnect": lambda who: service.disconnect(who, room.account.id),
        "reconnect": lambda who: service.reconnect(who, room.account.id, {}),
    }
    looks = {
        "post": lambda who: service.post(who, post.id),
        "targets": lambda who: service.targets(who, post.id),
        "history": lambda who: service.history(who, target),
        "attention": lambda who: service.attention(who, room.id),
        "calendar": lambda who: service.calendar(who, room.id, clock.now(), clock.now()),
        "posts": lambda who: service.posts(who, room.id),
        "accounts": lambda who: service.accounts(who, room.id),
        "survey": lambda who: service.survey(who, room.id, "x"),
        "foresee": lambda who: service.foresee(who, room.id, soon(room, hours=1)),
    }
    for order in orders.values():
        with pytest.raises(ForbiddenError):
            order(viewer)
    for verb in (*orders.values(), *looks.values()):
        with pytest.raises(NotFoundError):
            verb(stranger)


def test_an_account_or_a_file_of_another_workspace_can_not_be_used(room: Room, wall: Wall) -> None:
    eve = identity.register("eve", "eve@example.org", "a quiet sentence").id
    other = workspaces.workspaces(eve)[0][0].id
    with pytest.raises(NotFoundError):
        service.compose(eve, other, text="x", account_ids=[room.account.id])
    asset = Asset(
        workspace_id=room.id,
        kind=Kind.IMAGE,
        name="a",
        mime="image/png",
        sha256="0" * 64,
        size=1,
        path="x",
        created_by=room.actor,
    )
    with db.write() as session:
        session.add(asset)
    with pytest.raises(NotFoundError):
        service.compose(eve, other, text="x", media=[{"asset_id": asset.id}])


def test_a_secret_goes_in_sealed_and_never_comes_out(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "safe"}
    made = service.connect(room.actor, room.id, "wall", form)
    assert made.secret is None
    assert all(account.secret is None for account in service.accounts(room.actor, room.id))
    with db.read() as session:
        stored = session.get_one(Account, made.id)
    assert stored.secret is not None
    assert "open" not in stored.secret
    assert service.disconnect(room.actor, made.id).secret is None
    with db.read() as session:
        assert session.get_one(Account, made.id).secret is None


def test_a_wrong_key_connects_nothing(room: Room, wall: Wall) -> None:
    with pytest.raises(PlatformError):
        service.connect(room.actor, room.id, "wall", {"url": wall.url, "key": "wrong"})
    assert len(service.accounts(room.actor, room.id)) == 1


def test_posts_of_a_lost_account_wait_and_go_on_when_it_is_back(room: Room, wall: Wall) -> None:
    due, late, doubt = room.target(), room.target(clock.ago(days=1)), room.target()
    future = room.target(clock.now() + timedelta(hours=1))
    room.set(doubt, state=S.UNCONFIRMED, doubt_since=clock.now(), handle={"key": doubt})
    service.disconnect(room.actor, room.account.id)
    publish_due()
    assert {room.state(target) for target in (due, late, doubt, future)} == {S.NEEDS_PERSON}
    assert service.accounts(room.actor, room.id) == []
    form = {"url": wall.url, "key": "open", "who": "me"}
    again = service.connect(room.actor, room.id, "wall", form)
    assert again.id == room.account.id
    assert room.state(due) == S.SCHEDULED
    assert room.state(late) == S.MISSED
    assert room.state(doubt) == S.UNCONFIRMED
    assert room.state(future) == S.SCHEDULED
    publish_due()
    assert wall.counts() == {due: 1, doubt: 1}


def test_reconnecting_takes_the_same_account_only(room: Room, wall: Wall) -> None:
    form = {"url": wall.url, "key": "open", "who": "somebody else"}
    with pytest.raises(InvalidError) as caught:
        service.reconnect(room.actor, room.account.id, form)
    assert caught.value.code == "other_account"
    back = service.reconnect(room.actor, room.account.id, {"key": "open", "who": "me"})
    assert back.state == AccountState.ACTIVE


def test_attention_says_what_why_and_what_helps(room: Room, wall: Wall) -> None:
    failed, missed, doubt, fine = (room.target() for _ in range(4))
    wall.orders[failed] = [("prepare", "fix")]
    room.set(missed, due_at=clock.ago(days=1))
    room.set(doubt, state=S.NEEDS_PERSON, doubt_since=clock.now(), run_at=None, error="Unclear.")
    publish_due()
    concerns = {c.target_id: c for c in service.attention(room.actor, room.id)}
    assert fine not in concerns
    assert concerns[failed].sentence == "The wall says fix."
    assert concerns[failed].helps[0] == service.Help.RETRY
    assert concerns[missed].helps[0] == service.Help.PUBLISH_NOW
    assert concerns[doubt].helps[0] == service.Help.WENT_OUT
    assert service.Help.CANCEL not in concerns[doubt].helps


def test_a_history_names_who_did_what(room: Room, wall: Wall) -> None:
    post = write(room)
    service.publish_now(room.actor, post.id)
    publish_due()
    lines = service.history(room.actor, only(room, post).id)
    assert [line.state_to for line in lines] == [
        "draft",
        "scheduled",
        "claimed",
        "uploading",
        "committing",
        "published",
    ]
    assert [line.actor for line in lines[:3]] == ["amina", "amina", "dispatcher"]
    assert all(line.cause for line in lines)


def test_the_calendar_shows_a_month_in_the_workspaces_own_time(room: Room) -> None:
    when = datetime(2031, 5, 10, 21, 15)
    post = write(room, "First line\nsecond", when=when)
    write(room, "no time")
    [entry] = service.calendar(room.actor, room.id, datetime(2031, 5, 1), datetime(2031, 6, 1))
    assert entry["id"] == post.id
    assert entry["title"] == "First line"
    assert entry["wall"] == "2031-05-10T21:15:00"
    assert entry["start"] == "2031-05-10T18:15:00+00:00"
    assert (entry["state"], entry["editable"]) == ("scheduled", True)
    assert [account["handle"] for account in entry["accounts"]] == ["@me"]
    service.reschedule(room.actor, post.id, datetime(2031, 6, 2, 9, 0))
    assert service.calendar(room.actor, room.id, datetime(2031, 5, 1), datetime(2031, 6, 1)) == []
    assert [one["title"] for one in service.posts(room.actor, room.id)] == ["no time", "First line"]


def test_a_calendar_of_ten_thousand_posts_opens_at_once(room: Room) -> None:
    start = datetime(2031, 1, 1, tzinfo=clock.now().tzinfo)
    with db.write() as session:
        posts = [
            Post(
                workspace_id=room.id,
                author_id=room.actor,
                text=f"Post {n}",
                scheduled_at=start + timedelta(hours=n),
            )
            for n in range(10_000)
        ]
        session.add_all(posts)
        session.flush()
        session.add_all(
            Target(
                workspace_id=room.id,
                post_id=post.id,
                account_id=room.account.id,
                state=S.SCHEDULED,
                due_at=post.scheduled_at,
                run_at=post.scheduled_at,
            )
            for post in posts
        )
    began = time.perf_counter()
    entries = service.calendar(room.actor, room.id, start, start + timedelta(days=31))
    spent = time.perf_counter() - began
    assert len(entries) == 31 * 24
    assert spent < 0.5


def test_a_cancel_and_a_claim_that_race_never_both_win(room: Room, wall: Wall) -> None:
    for _ in range(8):
        post = write(room)
        service.publish_now(room.actor, post.id)
        target = only(room, post).id
        outcome: list[str] = []

        def cancel(post_id: str = post.id, outcome: list[str] = outcome) -> None:
            try:
                service.cancel(room.actor, post_id)
                outcome.append("cancelled")
            except ConflictError:
                outcome.append("too late")

        racing = threading.Thread(target=cancel)
        racing.start()
        publish_due()
        racing.join()
        if outcome == ["cancelled"]:
            assert room.state(target) == S.CANCELLED
            assert wall.counts()[target] == 0
        else:
            publish_due()
            assert wall.counts()[target] == 1


def test_every_target_of_a_post_is_told_apart(room: Room) -> None:
    post = write(room)
    with db.read() as session:
        found = session.exec(select(Target).where(col(Target.post_id) == post.id)).all()
    assert len(found) == 1
