"""The stand-in for LinkedIn is as strict as the real one, and as silent where that is silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from autosched.sandbox.platforms import linkedin_text, linkedin_wire
from autosched.sandbox.platforms.linkedin import LinkedIn
from autosched.sandbox.wire import Refusal
from autosched.sandbox.world import World
from tests.sandbox.linkedin_hand import (
    API,
    MEMBER,
    PAGE,
    PAGES,
    WWW,
    Hand,
    authorize,
    body,
    exchange,
    last,
    log_in,
)


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("linkedin")


@pytest.fixture(autouse=True)
def _no_faults(stand: Any) -> Iterator[None]:
    yield
    stand.clear()


@pytest.fixture(scope="module")
def hand(stand: Any) -> Hand:
    return Hand(stand)


@pytest.fixture(scope="module")
def member(stand: Any) -> Hand:
    return Hand(stand, MEMBER)


# Log-in


def test_the_code_flow_gives_a_token_of_sixty_days_and_a_partner_a_refresh_token(
    hand: Hand,
) -> None:
    assert hand.tokens["expires_in"] == 60 * 86_400
    assert hand.tokens["refresh_token_expires_in"] == 365 * 86_400
    assert hand.tokens["scope"].split(",") == PAGES.split()


def test_an_app_without_approval_gets_no_refresh_token_and_no_page_scopes(stand: Any) -> None:
    app = {"client_id": "sandbox-linkedin-open", "client_secret": "WPL_AP1.kq3ZfD0TnV8sYh2L"}
    assert "refresh_token" not in log_in(stand, MEMBER, **app)
    came = stand.client.get(authorize(stand, PAGES, **app))
    assert "error=unauthorized_scope_error" in came.headers["location"]


def test_a_refused_consent_comes_back_as_an_error(stand: Any) -> None:
    came = stand.consent(authorize(stand, MEMBER, **stand.app("linkedin")), decision="deny")
    assert came["error"] == "user_cancelled_authorize"
    assert came["state"] == "s1"


def test_an_unknown_redirect_address_sends_nobody_back(stand: Any) -> None:
    url = authorize(stand, MEMBER, stand.app("linkedin")["client_id"], "https://evil.example/cb")
    answer = stand.client.get(url)
    assert answer.status_code == 400
    assert "redirect_uri does not match" in answer.text


def test_a_code_is_good_once(stand: Any) -> None:
    app = stand.app("linkedin")
    code = stand.consent(authorize(stand, MEMBER, **app))["code"]
    token = exchange(stand, code, **app).json()["access_token"]
    again = exchange(stand, code, **app)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_request"
    info = stand.client.get(
        stand.at(API, "v2/userinfo"), headers={"Authorization": f"Bearer {token}"}
    )
    assert (info.status_code, info.json()["code"]) == (401, "REVOKED_ACCESS_TOKEN")


def test_a_wrong_secret_is_refused(stand: Any) -> None:
    app = stand.app("linkedin")
    code = stand.consent(authorize(stand, MEMBER, **app))["code"]
    answer = exchange(stand, code, app["client_id"], "wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_refresh_does_not_lengthen_the_life_of_the_refresh_token(stand: Any) -> None:
    own = Hand(stand)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": own.tokens["refresh_token"],
        **own.app,
    }
    stand.forward(1000)
    said = stand.client.post(stand.at(WWW, "oauth/v2/accessToken"), data=form).json()
    assert said["refresh_token"] == own.tokens["refresh_token"]
    assert said["refresh_token_expires_in"] <= 365 * 86_400 - 1000
    assert said["access_token"] != own.tokens["access_token"]


def test_introspection_and_revocation(stand: Any) -> None:
    own = Hand(stand, MEMBER)
    form = {"token": own.tokens["access_token"], **own.app}
    told = stand.client.post(stand.at(WWW, "oauth/v2/introspectToken"), data=form).json()
    assert told["active"] is True
    assert told["status"] == "active"
    assert stand.client.post(stand.at(WWW, "oauth/v2/revoke"), data=form).status_code == 200
    told = stand.client.post(stand.at(WWW, "oauth/v2/introspectToken"), data=form).json()
    assert (told["active"], told["status"]) == (False, "revoked")
    assert own.post("Too late").json()["code"] == "REVOKED_ACCESS_TOKEN"


def test_the_pages_of_an_administrator_are_listed(hand: Hand) -> None:
    found = hand.rest(
        "GET", "organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED"
    ).json()["elements"]
    assert [each["organization"] for each in found] == [PAGE, "urn:li:organization:10100002"]
    name = hand.rest("GET", "organizations/10100001").json()["localizedName"]
    assert name == "Lantern House Academy"


# Headers and tokens


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"LinkedIn-Version": ""}, 400, "VERSION_MISSING"),
        ({"LinkedIn-Version": "202507"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn-Version": "209901"}, 426, "NONEXISTENT_VERSION"),
        ({"X-Restli-Protocol-Version": "1.0.0"}, 400, "ILLEGAL_ARGUMENT"),
        ({"Authorization": ""}, 401, "EMPTY_ACCESS_TOKEN"),
        ({"Authorization": "Bearer nonsense"}, 401, "INVALID_ACCESS_TOKEN"),
    ],
)
def test_what_a_request_lacks_is_refused_by_name(
    hand: Hand, headers: dict[str, str], status: int, code: str
) -> None:
    answer = hand.rest("POST", "posts", body(hand.me, "x"), **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) >= {"message", "status", "code"}


def test_a_token_that_was_made_to_expire_is_refused(stand: Any) -> None:
    own = Hand(stand, MEMBER)
    stand.fault("expire_token", platform="linkedin", step="create_post")
    assert own.post("Late").json()["code"] == "EXPIRED_ACCESS_TOKEN"
    assert own.post("Late").status_code == 401


def test_a_members_scopes_do_not_reach_a_page(hand: Hand, member: Hand) -> None:
    assert member.post("As a page", PAGE).json()["code"] == "ACCESS_DENIED"
    assert hand.post("Not mine", "urn:li:organization:10100003").status_code == 403
    assert hand.post("Not me", "urn:li:person:Qv7xR1mZ8d").status_code == 403


# Posts


def test_a_post_answers_201_with_its_urn_in_a_header_and_no_body(stand: Any, hand: Hand) -> None:
    answer = hand.post("Patience is light")
    assert (answer.status_code, answer.content) == (201, b"")
    urn = answer.headers["x-restli-id"]
    assert urn.startswith("urn:li:share:")
    shown = last(stand)
    assert (shown["id"], shown["text"]) == (urn, "Patience is light")
    assert "Patience is light" in stand.client.get(shown["permalink"]).text


@pytest.mark.parametrize(
    ("sent", "shown", "cut"),
    [
        ("plain\nwith lines", "plain\nwith lines", False),
        (r"\(2:255\) \* a\_b \\ \#no", r"(2:255) * a_b \ #no", False),
        ("a (2:255) b", "a ", True),
        ("half_life", "half", True),
        ("see #patience now", "see #patience now", False),
        (r"see {hashtag|\#|patience}", "see #patience", False),
        ("by @[Lantern House](urn:li:organization:1) ok", "by Lantern House ok", False),
        ("mail me@there", "mail me", True),
        ("price # 5", "price ", True),
    ],
)
def test_unescaped_text_is_cut_in_silence(
    stand: Any, hand: Hand, sent: str, shown: str, cut: bool
) -> None:
    assert hand.post(sent).status_code == 201
    assert last(stand)["text"] == shown
    assert last(stand)["extra"]["cut"] is cut


def test_the_cut_can_be_read_back_on_a_page(hand: Hand) -> None:
    urn = hand.post("Verse (2:255) of the throne", PAGE).headers["x-restli-id"]
    told = hand.rest("GET", f"posts/{quote(urn, safe='')}").json()
    assert told["commentary"] == "Verse "


def test_three_thousand_characters_fit_and_escapes_are_not_counted(hand: Hand) -> None:
    assert hand.post("\\(" * 1500 + "y" * 1500).status_code == 201
    answer = hand.post("z" * 3001)
    assert (answer.status_code, answer.json()["code"]) == (400, "FIELD_LENGTH_TOO_LONG")


def test_identical_content_is_refused_for_ten_minutes_by_the_name_of_the_first(
    stand: Any, hand: Hand
) -> None:
    first = hand.post("Only once").headers["x-restli-id"]
    again = hand.post("Only once")
    assert again.status_code == 422
    assert f"Content is a duplicate of {first}" in again.json()["message"]
    assert hand.post("Only once", PAGE).status_code == 201
    stand.forward(601)
    assert hand.post("Only once").status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"poll": {}}, 422),
        ({"visibility": "FRIENDS"}, 400),
        ({"lifecycleState": "SCHEDULED"}, 400),
        ({"distribution": {"feedDistribution": "MAIN_FEED", "targets": []}}, 422),
        ({"content": {"carousel": {}}}, 422),
        ({"content": {"media": {"id": "urn:li:image:unknown"}}}, 400),
        ({"content": {"media": {"id": "nothing"}}}, 400),
        ({"content": {"article": {"source": "https://example.org"}}}, 422),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:x"}]}}}, 400),
    ],
)
def test_the_body_is_closed(hand: Hand, change: dict[str, Any], status: int) -> None:
    assert hand.post("Strict", **change).status_code == status


def test_a_missing_field_is_refused(hand: Hand) -> None:
    said = body(hand.me, "Lacking")
    del said["distribution"]
    answer = hand.rest("POST", "posts", said)
    assert answer.status_code == 422
    assert "/distribution :: field is required" in answer.json()["message"]


def test_deleting_twice_is_no_error(stand: Any, hand: Hand) -> None:
    urn = quote(hand.post("To be deleted").headers["x-restli-id"], safe="")
    assert hand.rest("DELETE", f"posts/{urn}").status_code == 204
    assert hand.rest("DELETE", f"posts/{urn}").status_code == 204
    assert last(stand)["deleted"] is True


def test_a_urn_in_a_path_must_be_escaped(hand: Hand) -> None:
    assert hand.rest("DELETE", "posts/urn:li:share:1").json()["code"] == "ILLEGAL_ARGUMENT"


def test_a_partial_update_changes_the_commentary(stand: Any, hand: Hand) -> None:
    urn = quote(hand.post("Before").headers["x-restli-id"], safe="")
    patch = {"patch": {"$set": {"commentary": "After"}}}
    assert hand.rest("POST", f"posts/{urn}", patch).status_code == 400
    changed = hand.rest("POST", f"posts/{urn}", patch, X_RestLi_Method="PARTIAL_UPDATE")
    assert changed.status_code == 204
    assert last(stand)["text"] == "After"


def test_own_posts_can_be_listed_for_pages_only_and_with_a_lag(stand: Any, hand: Hand) -> None:
    urn = hand.post("On the page", PAGE).headers["x-restli-id"]
    path = f"posts?q=author&author={quote(PAGE, safe='')}&count=5&sortBy=CREATED"
    found = hand.rest("GET", path).json()["elements"]
    assert found[0]["id"] == urn
    assert len(found) <= 5
    stand.fault("lag", platform="linkedin", seconds=60, times=None)
    assert urn not in [each["id"] for each in hand.rest("GET", path).json()["elements"]]
    mine = hand.rest("GET", f"posts?q=author&author={quote(hand.me, safe='')}")
    assert (mine.status_code, mine.json()["code"]) == (403, "ACCESS_DENIED")


def test_a_first_comment(hand: Hand, stand: Any) -> None:
    urn = hand.post("With a comment", PAGE).headers["x-restli-id"]
    path = f"socialActions/{quote(urn, safe='')}/comments"
    made = hand.rest(
        "POST", path, {"actor": PAGE, "object": urn, "message": {"text": "Source (1:2)"}}
    )
    assert made.status_code == 201
    assert made.headers["x-restli-id"] == made.json()["id"]
    assert last(stand)["extra"]["comments"][0]["message"]["text"] == "Source (1:2)"
    assert len(hand.rest("GET", path).json()["elements"]) == 1


# Figures


def test_a_pages_figures_grow(stand: Any, hand: Hand) -> None:
    urn = hand.post("Counted", PAGE).headers["x-restli-id"]
    path = (
        "organizationalEntityShareStatistics?q=organizationalEntity"
        f"&organizationalEntity={quote(PAGE, safe='')}&shares=List({quote(urn, safe='')})"
    )
    stand.forward(3600)
    first = hand.rest("GET", path).json()["elements"][0]["totalShareStatistics"]
    stand.forward(36_000)
    later = hand.rest("GET", path).json()["elements"][0]
    assert later["share"] == urn
    assert later["totalShareStatistics"]["impressionCount"] > first["impressionCount"] > 0
    now = int(time.time() * 1000) + 40_000_000
    span = f"(start:{now - 3 * 86_400_000},end:{now})"
    days = f"&timeIntervals=(timeRange:{span},timeGranularityType:DAY)"
    assert len(hand.rest("GET", path + days).json()["elements"]) == 3


def test_a_members_figures_come_one_metric_a_call(stand: Any, hand: Hand, member: Hand) -> None:
    urn = hand.post("My figures").headers["x-restli-id"]
    stand.forward(7200)

    def ask(entity: str, metric: str = "IMPRESSION", who: Hand = hand) -> httpx.Response:
        return who.rest(
            "GET",
            f"memberCreatorPostAnalytics?q=entity&entity={entity}&queryType={metric}"
            "&aggregation=TOTAL",
        )

    escaped = f"(share:{quote(urn, safe='')})"
    assert ask(escaped).json()["elements"][0]["count"] > 0
    assert ask(f"(share:{urn})").status_code == 400
    assert ask(quote(escaped, safe="")).status_code == 400
    assert ask(escaped, "VIEWS").status_code == 400
    assert ask(escaped, who=member).status_code == 403


# The parts


def test_restli_reads_structure_and_escapes() -> None:
    assert linkedin_wire.restli("List(urn%3Ali%3Ashare%3A1,b)") == ["urn:li:share:1", "b"]
    assert linkedin_wire.restli("(a:(b:1,c:2),d:x%2Cy)") == {"a": {"b": "1", "c": "2"}, "d": "x,y"}
    for wrong in ("List(a", "(a:urn:li:1)", "(a)", "List(a)b"):
        with pytest.raises(Refusal):
            linkedin_wire.restli(wrong)


def test_a_mention_may_hold_escapes() -> None:
    shown = linkedin_text.read(r"@[House \(A\)](urn:li:organization:7)!")
    assert shown.text == "House (A)!"
    assert shown.mentions == ("urn:li:organization:7",)


def test_a_days_quota_ends_at_midnight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkedin_wire, "MEMBER_DAILY", 2)
    world = World("http://testserver", tmp_path)
    platform = LinkedIn(world)
    client = TestClient(Starlette(routes=platform.routes()))
    token = platform.grants.issue(
        "g", "sandbox-linkedin", world.people[0].id, ("openid",), seconds=None
    )

    def ask() -> int:
        headers = {"Authorization": f"Bearer {token.value}"}
        return client.get(f"/{API}/v2/userinfo", headers=headers).status_code

    assert [ask(), ask(), ask()] == [200, 200, 429]
    world.ahead += 86_400
    assert ask() == 200
