"""Connecting pages by Facebook Login, and letting them go."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from autosched.errors import ForbiddenError
from autosched.platforms.base import PlatformError
from autosched.platforms.facebook import Facebook
from autosched.platforms.meta.graph import proof
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, connected

PLATFORM = Facebook()


def consent(stand: Stand, drop: str = "", person: int = 0, **form: Any) -> dict[str, str]:
    """The answer of somebody who leaves one box unticked."""
    url = PLATFORM.begin({}, REDIRECT, "s").url
    page = stand.client.get(url).text
    people = [part.split('"')[0] for part in page.split('name="person" value="')[1:]]
    scopes = [part.split('"')[0] for part in page.split('name="scope" value="')[1:]]
    kept = [scope for scope in scopes if scope != drop]
    said = {"person": people[person], "decision": "allow", "scope": kept, **form}
    answer = stand.client.post(url, data=said, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def test_a_consent_gives_every_page_on_which_the_person_may_post(stand: Stand) -> None:
    found = PLATFORM.finish({}, consent(stand), REDIRECT)
    assert [(each.handle, each.name) for each in found] == [
        ("nightreminders", "Night Reminders"),
        ("morningcircle", "Morning Circle"),
    ]
    first = found[0]
    assert first.remote_id == first.secret["page"] == "122100000000000011"
    assert "read_insights" in first.options["rights"]
    assert first.avatar is not None
    assert httpx.get(first.avatar).status_code == 200
    assert first.secret["access"] not in repr(first)
    assert PLATFORM.renew_at(first.secret) is None
    assert PLATFORM.ends_at(first.secret) is None


def test_a_refused_consent_says_so(stand: Stand) -> None:
    with pytest.raises(ForbiddenError) as caught:
        PLATFORM.finish({}, consent(stand, decision="deny"), REDIRECT)
    assert caught.value.code == "consent_denied"


def test_a_right_that_posting_needs_is_missed_by_its_name(stand: Stand) -> None:
    with pytest.raises(ForbiddenError, match="pages_manage_posts"):
        PLATFORM.finish({}, consent(stand, "pages_manage_posts"), REDIRECT)


def test_without_the_right_to_comment_all_but_the_first_comment_goes(stand: Stand) -> None:
    answer = consent(stand, "pages_manage_engagement", person=1)
    connection = PLATFORM.finish({}, answer, REDIRECT)[0]
    bench = connected(PLATFORM, stand)
    bench.connection = connection
    codes = {p.code for p in PLATFORM.check(bench.draft("Hello", first_comment="More"))}
    assert codes == {"comment_right"}
    assert PLATFORM.check(bench.draft("Hello")) == []


def test_a_code_that_was_used_is_refused_in_words(stand: Stand) -> None:
    answer = consent(stand)
    PLATFORM.finish({}, answer, REDIRECT)
    with pytest.raises(ForbiddenError, match="did not let the account be connected"):
        PLATFORM.finish({}, answer, REDIRECT)


def test_an_outage_while_connecting_is_no_ones_fault(stand: Stand) -> None:
    stand.fault("status", platform="facebook", step="pages", status=503)
    with pytest.raises(PlatformError) as caught:
        PLATFORM.finish({}, consent(stand), REDIRECT)
    assert caught.value.code == "server_fault"


def test_the_only_page_of_a_consent_takes_its_rights_back_with_it(stand: Stand) -> None:
    bench = connected(PLATFORM, stand, person=1)
    assert bench.connection.secret["pages"] == 1
    PLATFORM.revoke(bench.desk())
    with pytest.raises(PlatformError) as caught:
        bench.publish(bench.draft("After the end"))
    assert caught.value.code == "right_missing"
    PLATFORM.revoke(bench.desk())


def test_one_page_of_several_leaves_the_others_their_access(stand: Stand) -> None:
    bench = connected(PLATFORM, stand)
    other = connected(PLATFORM, stand, account=1)
    PLATFORM.revoke(bench.desk())
    assert other.publish(other.draft("Still here")).permalink


def test_calls_bear_the_proof_that_the_app_itself_makes_them(stand: Stand) -> None:
    bench = connected(PLATFORM, stand)
    assert bench.publish(bench.draft("With proof")).remote_id
    # RFC 4231, test case 2.
    assert proof("what do ya want for nothing?", "Jefe").startswith("5bdcc146bf60754e6a042426")
