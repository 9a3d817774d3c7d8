"""Connecting: the member and the pages, tokens with and without a way to renew them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from autosched.errors import ForbiddenError
from autosched.platforms import apps
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.linkedin import LinkedIn, connecting
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, Bench, connected

OPEN_APP = ("sandbox-linkedin-open", "WPL_AP1.kq3ZfD0TnV8sYh2L")


@pytest.fixture
def open_app(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that LinkedIn has not approved for pages, and that gets no refresh tokens."""
    monkeypatch.setenv("AUTOSCHED_LINKEDIN_CLIENT_ID", OPEN_APP[0])
    monkeypatch.setenv("AUTOSCHED_LINKEDIN_CLIENT_SECRET", OPEN_APP[1])
    apps._of_sandbox.cache_clear()


def test_one_consent_gives_the_member_and_each_page_that_is_administered(stand: Stand) -> None:
    begun = LinkedIn().begin({}, REDIRECT, "s")
    found = LinkedIn().finish(begun.keep, stand.consent(begun.url), REDIRECT)
    assert [each.options["login"] for each in found] == ["member", "page", "page"]
    assert [each.name for each in found][1:] == ["Lantern House Academy", "Night Reminders"]
    assert found[1].handle == "lantern-house-academy"
    assert found[1].remote_id == found[1].options["urn"] == "urn:li:organization:10100001"
    assert {each.options["member"] for each in found} == {found[0].remote_id}
    assert len({each.options["grant"] for each in found}) == 1
    assert found[0].secret["access"] not in repr(found)


def test_a_role_that_is_not_an_approved_administrators_gives_no_page(stand: Stand) -> None:
    begun = LinkedIn().begin({}, REDIRECT, "s")
    found = LinkedIn().finish(begun.keep, stand.consent(begun.url, person=1), REDIRECT)
    assert [each.name for each in found] == ["Quiet Verses", "Quiet Verses Press"]


def test_a_refusal_on_the_page_is_said(stand: Stand) -> None:
    begun = LinkedIn().begin({}, REDIRECT, "s")
    with pytest.raises(ForbiddenError, match="was not allowed"):
        LinkedIn().finish(begun.keep, stand.consent(begun.url, decision="deny"), REDIRECT)


def test_a_code_is_good_once(stand: Stand) -> None:
    begun = LinkedIn().begin({}, REDIRECT, "s")
    answer = stand.consent(begun.url)
    LinkedIn().finish(begun.keep, answer, REDIRECT)
    with pytest.raises(PlatformError):
        LinkedIn().finish(begun.keep, answer, REDIRECT)


def test_an_app_without_approval_is_told_what_to_set(stand: Stand, open_app: None) -> None:
    url = LinkedIn().begin({}, REDIRECT, "s").url
    answer = stand.client.get(url, follow_redirects=False)
    assert "unauthorized_scope_error" in answer.headers["location"]
    with pytest.raises(ForbiddenError) as refused:
        LinkedIn().finish({}, {"error": "unauthorized_scope_error"}, REDIRECT)
    assert "AUTOSCHED_LINKEDIN_SCOPES" in refused.value.remedy


def test_without_approval_a_member_is_connected_and_told_when_to_come_back(
    stand: Stand, open_app: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "SCOPES", connecting.MEMBER_SCOPES)
    begun = LinkedIn().begin({}, REDIRECT, "s")
    (member,) = LinkedIn().finish(begun.keep, stand.consent(begun.url), REDIRECT)
    ends = LinkedIn().ends_at(member.secret)
    assert ends is not None
    assert (ends - datetime.now(UTC)).days in (59, 60)
    assert LinkedIn().renew_at(member.secret) is None
    bench = Bench(LinkedIn(), member)
    member.secret["ends"] = time.time() + 10
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("too late"))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")


def test_a_partners_tokens_are_renewed_ahead_and_end_with_the_refresh_token(member: Bench) -> None:
    secret = member.connection.secret
    ends, renews = member.platform.ends_at(secret), member.platform.renew_at(secret)
    assert ends is not None
    assert renews is not None
    assert (ends - datetime.now(UTC)).days in (364, 365)
    assert (renews - datetime.now(UTC)).days in (49, 50)
    member.platform.renew(member.desk())
    assert member.secrets[-1]["access"] != secret["access"]
    assert member.secrets[-1]["refresh"] == secret["refresh"]
    assert member.secrets[-1]["refresh_ends"] == pytest.approx(secret["refresh_ends"], abs=10)


def test_an_old_token_is_renewed_before_it_is_used(member: Bench, stand: Stand) -> None:
    member.connection.secret["ends"] = time.time() - 1
    member.publish(member.draft("renewed ahead"))
    assert len(member.secrets) == 1


def test_a_token_that_only_linkedin_knows_to_be_old_is_renewed_and_the_post_sent_once(
    member: Bench, stand: Stand
) -> None:
    stand.fault("expire_token", platform="linkedin", step="create_post")
    member.publish(member.draft("renewed on the way"))
    assert len(member.secrets) == 1
    texts = [post["text"] for post in stand.posts("linkedin")]
    assert texts.count("renewed on the way") == 1


def test_access_that_was_given_back_asks_for_a_person(stand: Stand) -> None:
    bench = connected(LinkedIn(), stand)
    for _ in range(2):
        bench.platform.revoke(bench.desk())
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("after all was given back"))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")
    with pytest.raises(PlatformError) as refused:
        bench.platform.renew(bench.desk())
    assert refused.value.action == Action.RECONNECT


def test_wrong_keys_of_the_app_are_said(member: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSCHED_LINKEDIN_CLIENT_ID", "sandbox-linkedin")
    monkeypatch.setenv("AUTOSCHED_LINKEDIN_CLIENT_SECRET", "wrong")
    with pytest.raises(PlatformError) as refused:
        member.platform.renew(member.desk())
    assert refused.value.code == "app_unknown"
    assert "AUTOSCHED_LINKEDIN_CLIENT_SECRET" in refused.value.remedy


def test_a_linkedin_in_trouble_is_for_later(stand: Stand) -> None:
    begun = LinkedIn().begin({}, REDIRECT, "s")
    answer = stand.consent(begun.url)
    stand.fault("status", platform="linkedin", step="token", status=503)
    with pytest.raises(PlatformError) as refused:
        LinkedIn().finish(begun.keep, answer, REDIRECT)
    assert refused.value.action == Action.RETRY
