"""Connecting by either log-in, renewing, and letting go."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.instagram import Instagram
from autosched.platforms.instagram.accounts import RENEWED_AFTER_SECONDS
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, connected

PLATFORM = Instagram()
DAY = 86_400.0
BY_FACEBOOK = {"login": "facebook"}


def consent(stand: Stand, url: str, *drop: str) -> dict[str, str]:
    page = stand.client.get(url).text
    person = page.split('name="person" value="')[1].split('"')[0]
    scopes = [part.split('"')[0] for part in page.split('name="scope" value="')[1:]]
    kept = [scope for scope in scopes if scope not in drop]
    said = {"person": person, "decision": "allow", "scope": kept}
    answer = stand.client.post(url, data=said, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def test_its_own_log_in_gives_the_account_and_a_token_for_sixty_days(stand: Stand) -> None:
    connection = connected(PLATFORM, stand).connection
    assert connection.remote_id == connection.secret["user"] == "17841400000000011"
    assert connection.handle == "nightreminders"
    assert connection.options["login"] == "instagram"
    assert connection.options["account_type"] == "BUSINESS"
    ends, renewal = PLATFORM.ends_at(connection.secret), PLATFORM.renew_at(connection.secret)
    assert ends is not None
    assert renewal is not None
    assert timedelta(days=59) < ends - datetime.now(UTC) < timedelta(days=61)
    assert timedelta(days=1) < renewal - datetime.now(UTC) < timedelta(days=20)


def test_facebooks_log_in_gives_every_account_that_belongs_to_a_page(stand: Stand) -> None:
    connection = connected(PLATFORM, stand, form=BY_FACEBOOK).connection
    assert connection.remote_id == "17841400000000011"
    assert connection.handle == "nightreminders"
    assert connection.options["login"] == "facebook"
    assert connection.secret["accounts"] == 1
    assert PLATFORM.ends_at(connection.secret) is None
    assert PLATFORM.renew_at(connection.secret) is None


def test_there_are_two_log_ins_and_no_third(stand: Stand) -> None:
    with pytest.raises(InvalidError):
        PLATFORM.begin({"login": "myspace"}, REDIRECT, "s")
    begun = PLATFORM.begin({}, REDIRECT, "s")
    assert begun.keep == {"login": "instagram"}
    assert PLATFORM.consent_fields[0].default == "instagram"


def test_a_right_that_posting_needs_is_missed_by_its_name(stand: Stand) -> None:
    for form, right in (({}, "instagram_business_content_publish"),
                        (BY_FACEBOOK, "instagram_content_publish")):  # fmt: skip
        begun = PLATFORM.begin(form, REDIRECT, "s")
        with pytest.raises(ForbiddenError, match=right):
            PLATFORM.finish(begun.keep, consent(stand, begun.url, right), REDIRECT)


def test_rights_that_are_only_wished_for_may_be_left_out(stand: Stand) -> None:
    begun = PLATFORM.begin({}, REDIRECT, "s")
    answer = consent(
        stand, begun.url, "instagram_business_manage_comments", "instagram_business_manage_insights"
    )
    (connection,) = PLATFORM.finish(begun.keep, answer, REDIRECT)
    bench = connected(PLATFORM, stand)
    bench.connection = connection
    codes = {problem.code for problem in PLATFORM.check(bench.draft("x", first_comment="y"))}
    assert "comment_right" in codes


def test_a_code_that_was_used_is_refused_in_words(stand: Stand) -> None:
    begun = PLATFORM.begin({}, REDIRECT, "s")
    answer = consent(stand, begun.url)
    PLATFORM.finish(begun.keep, answer, REDIRECT)
    with pytest.raises(ForbiddenError, match="already used"):
        PLATFORM.finish(begun.keep, answer, REDIRECT)


def test_a_token_is_renewed_when_it_is_a_day_old_and_stored_before_use(stand: Stand) -> None:
    bench = connected(PLATFORM, stand)
    PLATFORM.renew(bench.desk())
    assert bench.secrets == []  # too young: nothing was asked
    stand.forward(DAY + 3600)
    desk = bench.desk()
    desk.secret["made"] -= DAY + 3600
    PLATFORM.renew(desk)
    stand.forward(-DAY - 3600)
    (renewed,) = bench.secrets
    assert renewed["access"] != bench.connection.secret["access"]
    assert renewed["user"] == bench.connection.secret["user"]
    assert desk.secret == renewed


def test_a_token_near_its_end_is_renewed_on_the_way(stand: Stand) -> None:
    bench = connected(PLATFORM, stand)
    stand.forward(DAY + 3600)
    desk = bench.desk()
    desk.secret["ends"] = time.time() + 60
    PLATFORM.measure(desk, [])
    stand.forward(-DAY - 3600)
    assert len(bench.secrets) == 1


def test_a_token_that_has_expired_cannot_be_brought_back(stand: Stand) -> None:
    bench = connected(PLATFORM, stand)
    stand.fault("expire_token", platform="instagram", step="refresh")
    desk = bench.desk()
    desk.secret["made"] -= 30 * DAY
    with pytest.raises(PlatformError) as caught:
        PLATFORM.renew(desk)
    assert (caught.value.action, caught.value.code) == (Action.RECONNECT, "access_expired")


def test_the_renewal_leaves_weeks_to_try_it_again() -> None:
    made = 1_900_000_000.0
    for life in (60 * DAY, 30 * DAY, 3 * DAY):
        at = PLATFORM.renew_at({"made": made, "ends": made + life})
        assert at is not None
        assert made + DAY < at.timestamp() <= made + max(life - RENEWED_AFTER_SECONDS, 2 * DAY)


def test_letting_go_takes_only_instagrams_own_rights_back(stand: Stand) -> None:
    bench = connected(PLATFORM, stand, person=1, form=BY_FACEBOOK)
    PLATFORM.revoke(bench.desk())
    said: Any = stand.client.get(
        stand.at("graph.facebook.com", "v26.0/me/permissions"),
        params={"access_token": bench.connection.secret["person"]},
    ).json()
    kept = {each["permission"] for each in said["data"]}
    assert "pages_show_list" in kept
    assert not any(right.startswith("instagram_") for right in kept)
    PLATFORM.revoke(connected(PLATFORM, stand).desk())  # its own log-in knows no such call
