"""Accounts of platforms with consent pages: connected, renewed, warned of, counted, let go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from autosched import clock, crypto, db
from autosched.analytics import collecting
from autosched.errors import ConflictError, ForbiddenError, NotFoundError
from autosched.platforms import apps
from autosched.platforms.base import Media
from autosched.schedule import accounts, by_hand, consents, dispatch, keys, public, service, tending
from autosched.schedule.models import Account, AccountState, Consent
from autosched.schedule.models import TargetState as S
from autosched.settings import settings
from tests.counterparts.stand import Stand, stands
from tests.schedule.conftest import Room

LOGIN = "what only this browser knows"


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with stands() as start:
        yield start("x", "facebook", "mastodon")


@pytest.fixture
def away(room: Room, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Room:
    stand.clear()
    monkeypatch.setenv("AUTOSCHED_SANDBOX", stand.url)
    settings.cache_clear()
    apps._of_sandbox.cache_clear()
    return room


def go(room: Room, stand: Stand, platform: str, **how: object) -> tuple[str, consents.Standing]:
    """Through the consent page and back; the consent and what came of it."""
    form = {"server": "https://mastodon.social"} if platform == "mastodon" else {}
    url = consents.begin(room.actor, room.id, platform, form, login=LOGIN)
    answer = stand.consent(url, **how)
    consent = consents.finish(room.actor, platform, answer, login=LOGIN)
    return consent, consents.standing(room.actor, consent)


def connected(room: Room, stand: Stand, platform: str = "x") -> Account:
    _, standing = go(room, stand, platform)
    assert standing.problem is None
    return stored(room, platform)[0]


def stored(room: Room, platform: str) -> list[Account]:
    with db.read() as session:
        found = select(Account).where(Account.workspace_id == room.id, Account.platform == platform)
        return list(session.exec(found))


def published(room: Room, account: Account, text: str) -> str:
    target = room.target(account=account, text=f"{text} {clock.new_id()}")
    for claimed, lease in dispatch.claim(5):
        dispatch.publish(claimed, lease)
    assert room.state(target) == S.PUBLISHED, room.read(target).error
    return target


def test_an_account_is_connected_on_the_platforms_page_and_its_secret_is_sealed(
    away: Room, stand: Stand
) -> None:
    account = connected(away, stand)
    assert (account.state, account.platform) == (AccountState.ACTIVE, "x")
    assert account.renew_at is not None
    assert account.secret is not None
    assert "access" in crypto.unseal(account.secret)
    assert "access" not in account.secret


def test_a_return_counts_once_and_only_in_the_browser_that_began(away: Room, stand: Stand) -> None:
    url = consents.begin(away.actor, away.id, "x", {}, login=LOGIN)
    answer = stand.consent(url)
    for login, state in (("another browser", answer["state"]), (LOGIN, "made up")):
        with pytest.raises(ForbiddenError) as refused:
            consents.finish(away.actor, "x", {**answer, "state": state}, login=login)
        assert refused.value.code == "consent_unknown"
    consents.finish(away.actor, "x", answer, login=LOGIN)
    with pytest.raises(ForbiddenError):
        consents.finish(away.actor, "x", answer, login=LOGIN)


def test_a_denied_consent_says_so_and_connects_nothing(away: Room, stand: Stand) -> None:
    _, standing = go(away, stand, "x", decision="deny")
    assert standing.problem is not None
    assert "not allowed" in standing.problem
    assert stored(away, "x") == []


def test_of_several_pages_a_person_chooses_and_the_rest_is_forgotten(
    away: Room, stand: Stand
) -> None:
    consent, standing = go(away, stand, "facebook")
    assert len(standing.choices) > 1
    assert stored(away, "facebook") == []
    consents.choose(away.actor, consent, [1])
    (account,) = stored(away, "facebook")
    assert account.handle == standing.choices[1].handle
    with db.read() as session:
        assert crypto.unseal(session.get_one(Consent, consent).kept) == {}


def test_another_account_can_not_take_the_place_of_one_that_is_reconnected(
    away: Room, stand: Stand
) -> None:
    account = connected(away, stand)
    url = consents.begin(away.actor, away.id, "x", {}, login=LOGIN, account_id=account.id)
    consent = consents.finish(away.actor, "x", stand.consent(url, 1), login=LOGIN)
    problem = consents.standing(away.actor, consent).problem
    assert problem is not None
    assert account.handle in problem


def test_tokens_are_renewed_ahead_of_time_and_stored(away: Room, stand: Stand) -> None:
    account = connected(away, stand)
    with db.write() as session:
        due = session.get_one(Account, account.id)
        due.renew_at = clock.ago(seconds=1)
        session.add(due)
    assert tending.renew_due() == 1
    assert tending.renew_due() == 0
    (fresh,) = stored(away, "x")
    assert fresh.secret != account.secret
    assert fresh.renew_at is not None
    assert fresh.renew_at > clock.now()
    published(away, fresh, "After the renewal, ease.")


def test_access_that_was_ended_there_asks_for_a_person_and_posts_wait_for_it(
    away: Room, stand: Stand
) -> None:
    account = connected(away, stand)
    assert account.secret is not None
    app = stand.app("x")
    for name in ("access", "refresh"):
        stand.client.post(
            stand.at("api.x.com", "2/oauth2/revoke"),
            data={"token": crypto.unseal(account.secret)[name]},
            auth=(app["client_id"], app["client_secret"]),
        )
    target = away.target(account=account, text=f"Waits {clock.new_id()}")
    for claimed, lease in dispatch.claim(5):
        dispatch.publish(claimed, lease)
    assert (away.state(target), away.read(target).error_code) == (S.NEEDS_PERSON, "account")
    assert stored(away, "x")[0].state == AccountState.NEEDS_PERSON
    url = consents.begin(away.actor, away.id, "x", {}, login=LOGIN, account_id=account.id)
    consents.finish(away.actor, "x", stand.consent(url), login=LOGIN)
    assert away.state(target) == S.SCHEDULED
    for claimed, lease in dispatch.claim(5):
        dispatch.publish(claimed, lease)
    assert away.state(target) == S.PUBLISHED


def test_a_post_refused_while_its_account_was_being_reconnected_is_not_forgotten(
    away: Room, stand: Stand
) -> None:
    account = connected(away, stand)
    target = away.target(account=account, text=f"Overtaken {clock.new_id()}")
    away.set(target, state=S.NEEDS_PERSON, error_code="account", run_at=None)
    assert tending.nobody_forgotten() == 1
    assert away.state(target) == S.SCHEDULED
    assert tending.nobody_forgotten() == 0


def test_people_are_told_days_before_access_ends_and_once_a_day(away: Room) -> None:
    with db.write() as session:
        account = session.get_one(Account, away.account.id)
        account.ends_at = clock.now() + timedelta(days=3)
        session.add(account)
    assert [each.id for each in tending.ending_soon()] == [away.account.id]
    assert tending.ending_soon() == []


def test_figures_are_collected_under_the_platforms_names_and_ever_more_seldom(
    away: Room, stand: Stand
) -> None:
    target = published(away, connected(away, stand), "Figures follow")
    first = away.read(target).measure_at
    assert first is not None
    assert first > clock.now()
    away.set(target, measure_at=clock.ago(seconds=1))
    assert collecting.collect_due() == 1
    with db.read() as session:
        figures = collecting.figures(session, target)
    assert {figure.name for figure in figures} >= {"like_count", "impression_count"}
    later = away.read(target).measure_at
    assert later is not None
    assert later > clock.now() + timedelta(minutes=10)
    young, old = clock.ago(hours=2), clock.ago(days=100)
    assert collecting.next_look(young, clock.now()) == pytest.approx(
        clock.now() + timedelta(hours=1), abs=timedelta(seconds=5)
    )
    assert collecting.next_look(old, clock.now()) is None


def test_a_published_post_is_taken_back_and_can_go_out_anew(away: Room, stand: Stand) -> None:
    target = published(away, connected(away, stand), "Taken back")
    before = len([post for post in stand.posts("x") if not post["deleted"]])
    service.take_back(away.actor, target)
    assert away.state(target) == S.CANCELLED
    assert away.read(target).handle == {}
    assert len([post for post in stand.posts("x") if not post["deleted"]]) == before - 1
    with pytest.raises(ConflictError):
        service.take_back(away.actor, target)


def test_secrets_are_sealed_anew_by_a_new_key_and_the_account_works_on(
    away: Room, stand: Stand
) -> None:
    account = connected(away, stand)
    file = settings().data_dir / "secret.key"
    old = file.read_bytes()
    assert keys.rotate()[0] == 2
    assert file.stat().st_mode & 0o077 == 0
    (fresh,) = stored(away, "x")
    assert fresh.secret != account.secret
    file.write_bytes(file.read_bytes().replace(old, b""))  # the old key is thrown away
    crypto._box.cache_clear()
    published(away, fresh, "Sealed anew")


def test_what_is_let_go_is_revoked_there(away: Room, stand: Stand) -> None:
    account = connected(away, stand)
    assert account.secret is not None
    access = crypto.unseal(account.secret)["access"]
    accounts.disconnect(away.actor, account.id)
    me = stand.client.get(
        stand.at("api.x.com", "2/users/me"), headers={"Authorization": f"Bearer {access}"}
    )
    assert me.status_code == 401


def test_by_hand_the_package_is_ready_and_a_person_is_asked(away: Room, stand: Stand) -> None:
    target = away.target(account=connected(away, stand), text="By hand " * 80)
    away.set(target, options={by_hand.OPTION: True})
    for claimed, lease in dispatch.claim(5):
        dispatch.publish(claimed, lease)
    waiting = away.read(target)
    assert (waiting.state, waiting.error_code) == (S.NEEDS_PERSON, by_hand.CODE)
    packed = by_hand.package(away.actor, target)
    assert packed.startswith(b"PK")
    service.answer(away.actor, target, went_out=True)
    assert away.state(target) == S.PUBLISHED


def test_a_public_address_serves_that_file_for_a_while_and_no_other(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = data / "files" / "a.jpg"
    file.parent.mkdir()
    file.write_bytes(b"picture")
    url = public.url(Media(file, "image", "image/jpeg", 7))
    assert url.startswith(settings().public_url)
    token = url.rsplit("/", 1)[1]
    assert public.file(token) == (file, "image/jpeg")
    for wrong in ("made-up.jpg", crypto.seal({"place": "secret.key"})):
        with pytest.raises(NotFoundError):
            public.file(wrong)
    monkeypatch.setattr(public.time, "time", lambda: 4_000_000_000.0)
    with pytest.raises(NotFoundError):
        public.file(token)


@pytest.fixture(autouse=True)
def quick_leases(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setenv("AUTOSCHED_LEASE_SECONDS", "2")
    settings.cache_clear()
    return settings.cache_clear
