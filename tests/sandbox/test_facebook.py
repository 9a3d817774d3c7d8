"""Facebook's stand-in: driven by Meta's own SDK, and pressed by hand where that would not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError

from tests.sandbox import meta_hand as hand

Way = hand.PageWay
V = hand.V


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("facebook")


@pytest.fixture(scope="module")
def token(stand: Any) -> str:
    return hand.long_token(stand)


@pytest.fixture
def way(stand: Any, token: str) -> Iterator[Way]:
    yield Way(stand, token)
    stand.clear()


def mine(way: Way) -> list[dict[str, Any]]:
    return [post for post in way.stand.posts("facebook") if post["owner"] == way.page]


# Logging in


def test_a_code_is_good_once_and_for_its_own_redirect_address(stand: Any) -> None:
    back = stand.consent(hand.dialog(stand))
    assert back["state"] == "s1"
    said = {**stand.app("facebook"), "code": back["code"]}
    url = stand.at(hand.GRAPH, f"{V}/oauth/access_token")
    other = stand.client.get(url, params={**said, "redirect_uri": hand.BACK + "2"})
    assert hand.error(other) == (100, 36008)
    first = stand.client.post(url, data={**said, "redirect_uri": hand.BACK})
    assert first.json()["token_type"] == "bearer"
    assert first.json()["expires_in"] < 7_200
    again = stand.client.get(url, params={**said, "redirect_uri": hand.BACK})
    assert hand.error(again) == (100, 36009)


def test_a_refused_consent_sends_back_the_reason(stand: Any) -> None:
    back = stand.consent(hand.dialog(stand), decision="deny")
    assert back["error"] == "access_denied"
    assert back["error_reason"] == "user_denied"


def test_the_dialog_stops_unknown_scopes_apps_and_old_versions(stand: Any) -> None:
    assert stand.client.get(hand.dialog(stand, "pages_fly")).status_code == 400
    assert stand.client.get(hand.dialog(stand, client_id="nobody")).status_code == 400
    assert stand.client.get(hand.dialog(stand, redirect_uri="https://a.example")).status_code == 400
    old = hand.dialog(stand).replace("v26.0", "v21.0")
    assert hand.error(stand.client.get(old)) == (2635, None)
    assert stand.client.get(hand.dialog(stand).replace("v26.0", "v22.0")).status_code == 200


def test_a_scope_left_out_at_the_dialog_is_told_as_declined(stand: Any) -> None:
    url = hand.dialog(stand)
    page = stand.client.get(url).text
    person = page.split('name="person" value="')[1].split('"')[0]
    form = {"person": person, "decision": "allow", "scope": ["pages_show_list"]}
    answer = stand.client.post(url, data=form, follow_redirects=False)
    assert answer.headers["location"].endswith("#_=_")
    code = httpx.URL(answer.headers["location"]).params["code"]
    said = {**stand.app("facebook"), "redirect_uri": hand.BACK, "code": code}
    url = stand.at(hand.GRAPH, f"{V}/oauth/access_token")
    token = stand.client.get(url, params=said).json()["access_token"]
    way = Way(stand, token)
    told = way("GET", "me/permissions", token=token).json()["data"]
    assert {"permission": "pages_manage_posts", "status": "declined"} in told
    assert hand.error(way("POST", f"{way.page}/feed", message="no right to")) == (10, None)


def test_page_tokens_of_a_long_lived_user_token_do_not_expire(stand: Any, token: str) -> None:
    app = stand.app("facebook")
    asker = f"{app['client_id']}|{app['client_secret']}"
    url = stand.at(hand.GRAPH, f"{V}/debug_token")

    def told(value: str) -> dict[str, Any]:
        said = {"input_token": value, "access_token": asker}
        data: dict[str, Any] = stand.client.get(url, params=said).json()["data"]
        return data

    page = told(hand.pages(stand, token)[0]["access_token"])
    assert (page["type"], page["expires_at"], page["is_valid"]) == ("PAGE", 0, True)
    short = hand.short_token(stand)
    user = told(short)
    assert user["type"] == "USER"
    assert user["expires_at"] > time.time()
    assert told(hand.pages(stand, short)[0]["access_token"])["expires_at"] > 0
    assert not told("EAAnothing")["is_valid"]


def test_an_expired_token_is_refused_and_cannot_be_exchanged(stand: Any) -> None:
    value = hand.short_token(stand, person=1)
    stand.forward(6_000)
    url = stand.at(hand.GRAPH, f"{V}/me")
    assert hand.error(stand.client.get(url, params={"access_token": value})) == (190, 463)
    said = {
        **stand.app("facebook"), "grant_type": "fb_exchange_token", "fb_exchange_token": value,
    }  # fmt: skip
    answer = stand.client.get(stand.at(hand.GRAPH, "oauth/access_token"), params=said)
    assert hand.error(answer) == (190, 463)


def test_revoking_ends_every_token_of_the_person(stand: Any) -> None:
    token = hand.long_token(stand, person=1)
    way = Way(stand, token)
    assert way("DELETE", "me/permissions", token=token).json() == {"success": True}
    assert hand.error(way("GET", "me", token=token)) == (190, 458)
    assert hand.error(way("POST", f"{way.page}/feed", message="gone")) == (190, 458)


def test_the_fault_expire_token_meets_the_step_it_is_for(stand: Any) -> None:
    way = Way(stand, hand.long_token(stand))
    stand.fault("expire_token", platform="facebook", step="create_post")
    assert way("GET", way.page).status_code == 200
    assert hand.error(way("POST", f"{way.page}/feed", message="late")) == (190, 463)
    stand.clear()


def test_a_wrong_proof_of_the_secret_is_refused(way: Way) -> None:
    secret = way.stand.app("facebook")["client_secret"]
    right = hmac.new(secret.encode(), way.token.encode(), hashlib.sha256).hexdigest()
    assert way("GET", "me", appsecret_proof=right).json()["id"] == way.page
    assert hand.error(way("GET", "me", appsecret_proof="0" * 64)) == (100, None)


# By Meta's own SDK


def test_the_sdk_finds_pages_posts_edits_and_deletes(stand: Any, token: str) -> None:
    secret = stand.app("facebook")["client_secret"]
    user = User("me", api=hand.sdk(stand, token, secret))
    found = list(user.get_accounts(fields=["name", "access_token", "tasks"]))
    assert [page["name"] for page in found][:2] == ["Night Reminders", "Morning Circle"]
    assert "CREATE_CONTENT" not in found[2]["tasks"]
    api = hand.sdk(stand, found[0]["access_token"], secret)
    page = Page(found[0]["id"], api=api)
    made = page.create_feed(params={"message": "By the SDK", "link": "https://example.org/a"})
    post = PagePost(made["id"], api=api)
    told = post.api_get(fields=["message", "permalink_url", "created_time", "attachments"])
    assert told["message"] == "By the SDK"
    assert stand.client.get(told["permalink_url"]).status_code == 200
    post.api_update(params={"message": "By the SDK, again"})
    listed = page.get_published_posts(fields=["id", "message", "created_time", "attachments"])
    assert listed[0]["message"] == "By the SDK, again"
    comment = post.create_comment(params={"message": "The first comment"})
    assert comment["id"].startswith(made["id"].split("_")[1])
    assert [each["message"] for each in post.get_comments()] == ["The first comment"]
    post.api_delete()
    with pytest.raises(FacebookRequestError) as refused:
        post.api_get(fields=["message"])
    assert (refused.value.api_error_code(), refused.value.api_error_subcode()) == (100, 33)


def test_the_sdk_posts_several_photos_and_reads_figures(stand: Any, token: str) -> None:
    way = Way(stand, token)
    api = hand.sdk(stand, way.token)
    page = Page(way.page, api=api)
    with hand.media_host() as host:
        ids = []
        for number in range(3):
            url = host.put(f"{number}.jpg", hand.picture(shade=number))
            params = {"url": url, "published": False, "alt_text_custom": f"Alt {number}"}
            ids.append(page.create_photo(params=params)["id"])
    attached = [{"media_fbid": id} for id in ids]
    made = page.create_feed(params={"message": "Three", "attached_media": attached})
    post = mine(way)[-1]
    assert (post["id"], [blob["alt"] for blob in post["media"]]) == (
        made["id"], ["Alt 0", "Alt 1", "Alt 2"],
    )  # fmt: skip
    metrics = ["post_media_view", "post_clicks", "post_reactions_by_type_total"]
    told = PagePost(made["id"], api=api).get_insights(params={"metric": metrics})
    assert [each["name"] for each in told] == metrics
    daily = page.get_insights(params={"metric": ["page_follows"], "period": "day"})
    assert daily[0]["values"][0]["value"] > 0
    with pytest.raises(FacebookRequestError) as refused:
        page.get_insights(params={"metric": ["page_impressions"], "period": "day"})
    assert refused.value.api_error_code() == 100
    params = {"message": "Once more", "attached_media": attached}
    with pytest.raises(FacebookRequestError) as refused:
        page.create_feed(params=params)
    assert refused.value.api_error_subcode() == 1366051


# By hand


def test_photos_are_judged_by_size_and_format(way: Way) -> None:
    def photo(content: bytes, name: str = "a.jpg", **said: Any) -> Any:
        return way("POST", f"{way.page}/photos", files={"source": (name, content)}, **said)

    made = photo(hand.picture(kind="PNG"), message="With words")
    assert made.json()["post_id"] == mine(way)[-1]["id"]
    assert hand.error(photo(b"\xff\xd8" + bytes(5 << 20))) == (100, 1366046)
    assert hand.error(photo(b"no picture")) == (100, 1349125)
    assert hand.error(way("POST", f"{way.page}/photos", message="none")) == (100, None)


def test_what_a_page_may_not_do_is_refused(way: Way) -> None:
    feed = f"{way.page}/feed"
    assert hand.error(way("POST", feed, message="x", token=way.user_token)) == (210, None)
    assert hand.error(way("POST", feed, message="x" * 63_207)) == (100, None)
    assert hand.error(way("POST", feed, link="ftp://nowhere")) == (100, 1609005)
    assert hand.error(way("POST", feed)) == (100, None)
    assert hand.error(way("GET", way.page, fields="id,nonsense")) == (100, None)
    assert hand.error(way("GET", "122400000000000000")) == (100, 33)
    assert way("POST", feed, message="Just the same").status_code == 200
    assert hand.error(way("POST", feed, message="Just the same")) == (506, None)
    watched = Way(way.stand, way.user_token, 2)
    assert hand.error(watched("POST", f"{watched.page}/feed", message="x")) == (200, None)
    bare = way.stand.client.get(way.stand.at(hand.GRAPH, f"{V}/me"))
    assert hand.error(bare) == (104, None)
    assert hand.error(way("GET", "me", token="EAAnothing")) == (190, None)


def test_a_scheduled_post_waits_and_then_is_public(way: Way) -> None:
    now = way.stand.client.get(f"{way.stand.url}/_sandbox/clock").json()["now"]
    said = {"message": "Later", "published": "false"}
    soon = way("POST", f"{way.page}/feed", **said, scheduled_publish_time=int(now + 60))
    assert hand.error(soon) == (100, None)
    made = way("POST", f"{way.page}/feed", **said, scheduled_publish_time=int(now + 900))
    waiting = way("GET", f"{way.page}/scheduled_posts", fields="message").json()["data"]
    assert [each["message"] for each in waiting] == ["Later"]
    way.stand.forward(1_000)
    listed = way("GET", f"{way.page}/published_posts", fields="message").json()["data"]
    assert listed[0] == {"id": made.json()["id"], "message": "Later"}


def test_every_row_of_the_error_table_can_be_had(way: Way) -> None:
    rows = {
        102: (102, None), 463: (190, 463), 467: (190, 467), 460: (190, 460), 458: (190, 458),
        10: (10, None), 200: (200, None), 4: (4, None), 17: (17, None), 32: (32, None),
        341: (341, None), 613: (613, None), 80001: (80001, None), 1: (1, None), 2: (2, None),
        368: (368, None), 506: (506, None), 1609005: (100, 1609005), 1366046: (100, 1366046),
        1366051: (100, 1366051), 1349125: (100, 1349125), 1404102: (100, 1404102),
        1346003: (100, 1346003), 1390008: (1, 1390008), 1363047: (1, 1363047),
        1609010: (1, 1609010), 1404078: (200, 1404078),
    }  # fmt: skip
    before = len(mine(way))
    for number, meant in rows.items():
        way.stand.fault("status", platform="facebook", step="create_post", status=number)
        answer = way("POST", f"{way.page}/feed", message=f"Row {number}")
        assert hand.error(answer) == meant
        assert answer.status_code >= 400
    assert len(mine(way)) == before


def test_throttles_and_outages_are_told_in_the_platforms_words(way: Way) -> None:
    calm = way("GET", way.page)
    assert set(json.loads(calm.headers["x-app-usage"])) == {
        "call_count", "total_cputime", "total_time",
    }  # fmt: skip
    assert json.loads(calm.headers["x-page-usage"])["call_count"] == 0
    usage = json.loads(calm.headers["x-business-use-case-usage"])[way.page][0]
    assert (usage["type"], usage["estimated_time_to_regain_access"]) == ("pages", 0)
    way.stand.fault("rate", platform="facebook", seconds=90)
    hot = way("POST", f"{way.page}/feed", message="Too much")
    assert hand.error(hot) == (80001, None)
    usage = next(iter(json.loads(hot.headers["x-business-use-case-usage"]).values()))[0]
    assert usage["estimated_time_to_regain_access"] == 2
    way.stand.fault("status", platform="facebook", status=503)
    down = way("POST", f"{way.page}/feed", message="Down")
    assert (down.status_code, hand.error(down)) == (503, (2, None))
    assert down.json()["error"]["is_transient"] is True


def test_a_post_whose_answer_is_lost_can_be_found_after_the_lag(way: Way) -> None:
    way.stand.fault("lag", platform="facebook", seconds=600, times=None)
    way.stand.fault("reset_after", platform="facebook", step="create_post")
    with pytest.raises(httpx.TransportError):
        way("POST", f"{way.page}/feed", message="Lost answer")
    path = f"{way.page}/published_posts"
    seen = way("GET", path, fields="message", limit=5).json()["data"]
    assert "Lost answer" not in [each.get("message") for each in seen]
    way.stand.forward(700)
    seen = way("GET", path, fields="message", limit=5).json()["data"]
    assert seen[0]["message"] == "Lost answer"


def test_lists_come_in_pages_with_cursors(way: Way) -> None:
    for number in range(3):
        way("POST", f"{way.page}/feed", message=f"Number {number}")
    first = way("GET", f"{way.page}/feed", fields="message", limit=2).json()
    following = way.stand.client.get(first["paging"]["next"]).json()
    texts = [each["message"] for each in first["data"] + following["data"]]
    assert texts[:3] == ["Number 2", "Number 1", "Number 0"]
