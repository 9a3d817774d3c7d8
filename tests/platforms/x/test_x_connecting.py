"""Accounts of X are connected, renewed and given back."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread

import pytest

from autosched.errors import ForbiddenError
from autosched.platforms import apps
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.x import X
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, Bench


def posted(stand: Stand) -> int:
    return len(stand.posts("x"))


def test_an_account_is_connected_as_the_person_who_agreed(bench: Bench) -> None:
    made = bench.connection
    assert (made.handle, made.name) == ("NightReminders", "Night Reminders")
    assert made.remote_id == made.secret["id"] == "2000000000000000101"
    assert made.options == {"username": "NightReminders"}
    assert set(made.secret["scopes"]) >= {"tweet.write", "media.write", "offline.access"}
    assert 0 < made.secret["ends"] - time.time() <= 7200


def test_who_refuses_on_the_page_is_not_connected(stand: Stand) -> None:
    begun = X().begin({}, REDIRECT, "s")
    answer = stand.consent(begun.url, decision="deny")
    with pytest.raises(ForbiddenError) as refused:
        X().finish(begun.keep, answer, REDIRECT)
    assert refused.value.code == "consent_denied"


def test_a_code_that_is_used_too_late_says_so(stand: Stand) -> None:
    begun = X().begin({}, REDIRECT, "s")
    answer = stand.consent(begun.url)
    stand.forward(40)
    with pytest.raises(PlatformError) as refused:
        X().finish(begun.keep, answer, REDIRECT)
    assert refused.value.code == "consent_expired"


def test_old_tokens_are_renewed_before_they_are_used_and_kept_before_that(
    bench: Bench, stand: Stand
) -> None:
    before = bench.connection.secret
    before["ends"] = time.time() + 60
    bench.publish(bench.draft("renewed ahead of time"))
    assert len(bench.secrets) == 1
    assert bench.secrets[0]["access"] != before["access"]
    assert bench.secrets[0]["refresh"] != before["refresh"]
    assert bench.secrets[0]["username"] == before["username"]


def test_a_token_that_ends_on_the_way_is_renewed_and_the_post_goes_out_once(
    bench: Bench, stand: Stand
) -> None:
    before = posted(stand)
    stand.fault("expire_token", platform="x", step="create_post")
    bench.publish(bench.draft("renewed on the way"))
    assert posted(stand) == before + 1
    assert len(bench.secrets) == 1


def test_two_workers_renew_once(bench: Bench, stand: Stand) -> None:
    bench.connection.secret["ends"] = time.time()
    desks = [bench.desk(), bench.desk()]

    def stored_late(desk_secret: dict[str, object]) -> Callable[[], dict[str, object]]:
        return lambda: dict(bench.secrets[-1]) if bench.secrets else desk_secret

    for desk in desks:
        desk.stored_secret = stored_late(dict(desk.secret))
    threads = [Thread(target=bench.platform.renew, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bench.secrets) == 1
    assert desks[0].secret == desks[1].secret == bench.secrets[0]


def test_access_that_was_given_back_asks_for_a_person(bench: Bench) -> None:
    bench.platform.revoke(bench.desk())
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("nobody"))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")
    bench.platform.revoke(bench.desk())  # once more is no error


def test_an_app_without_a_secret_names_itself_and_a_wrong_one_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_X_CLIENT_ID", "sandbox-x")
    for secret in ("", "wrong"):
        monkeypatch.setenv("AUTOSCHED_X_CLIENT_SECRET", secret)
        assert apps.keys("x", "X").client_secret == secret
        with pytest.raises(PlatformError) as refused:
            bench.platform.renew(bench.desk())
        assert (refused.value.action, refused.value.code) == (Action.RETRY, "app_refused")
        assert "AUTOSCHED_X_CLIENT_SECRET" in refused.value.remedy


def test_tokens_are_renewed_a_day_later_and_end_never(bench: Bench) -> None:
    secret = bench.connection.secret
    renew_at = bench.platform.renew_at(secret)
    assert renew_at is not None
    assert 86_000 < renew_at.timestamp() - time.time() <= 86_400
    assert bench.platform.ends_at(secret) is None
    ends = bench.platform.ends_at({**secret, "refresh": None})
    assert ends is not None
    assert ends.timestamp() == pytest.approx(secret["ends"])
