"""Instagram's stand-in by both log-ins: Meta's own SDK where it goes, and by hand elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.exceptions import FacebookRequestError

from autosched.sandbox.app import build
from autosched.sandbox.world import World
from tests.sandbox import meta_hand as hand

Way = hand.AccountWay
OWN, SCOPES, DAY = hand.OWN, hand.SCOPES, 86_400
consent_url, short, long, refresh, image = (
    hand.consent_url,
    hand.short,
    hand.long,
    hand.refresh,
    hand.image,
)


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("instagram", "facebook")


@pytest.fixture(scope="module")
def host() -> Iterator[hand.MediaHost]:
    with hand.media_host() as found:
        yield found


@pytest.fixture(scope="module")
def _own(stand: Any) -> Way:
    token = long(stand, short(stand)).json()["access_token"]
    url = stand.at(OWN, "v26.0/me")
    said = {"fields": "user_id,username,account_type,id", "access_token": token}
    me = stand.client.get(url, params=said).json()
    assert me["id"] != me["user_id"]
    return Way(stand, OWN, me["user_id"], token)


@pytest.fixture
def own(_own: Way) -> Iterator[Way]:
    yield _own
    _own.stand.clear()


@pytest.fixture
def linked(stand: Any) -> Iterator[Way]:
    token = hand.long_token(stand, hand.LINKED_SCOPES)
    page = hand.pages(stand, token)[0]
    user = page["instagram_business_account"]["id"]
    yield Way(stand, hand.GRAPH, user, page["access_token"])
    stand.clear()


def last(way: Way) -> dict[str, Any]:
    found: list[dict[str, Any]] = way.stand.posts("instagram")
    return [post for post in found if post["owner"] == way.user][-1]


# Logging in


def test_the_code_is_good_once_in_a_form_and_ends_with_a_sign_to_strip(stand: Any) -> None:
    url = consent_url(stand)
    page = stand.client.get(url).text
    person = page.split('name="person" value="')[1].split('"')[0]
    form = {"person": person, "decision": "allow", "scope": SCOPES.split(",")}
    answer = stand.client.post(url, data=form, follow_redirects=False)
    assert answer.headers["location"].endswith("#_")
    code = httpx.URL(answer.headers["location"]).params["code"]
    token_url = stand.at("api.instagram.com", "oauth/access_token")
    said = {
        **stand.app("instagram"), "grant_type": "authorization_code", "redirect_uri": hand.BACK,
    }  # fmt: skip
    kept = stand.client.post(token_url, data={**said, "code": code + "#_"})
    assert kept.json()["error_type"] == "OAuthException"
    assert stand.client.post(token_url, json={**said, "code": code}).status_code == 400
    first = stand.client.post(token_url, data={**said, "code": code})
    assert first.json()["data"][0]["permissions"] == SCOPES
    again = stand.client.post(token_url, data={**said, "code": code})
    assert "already used" in again.json()["error_message"]


def test_a_token_is_renewed_only_after_a_day_and_before_its_end(stand: Any) -> None:
    brief = short(stand, 1)
    answer = long(stand, brief)
    assert answer.json()["expires_in"] > 5_000_000
    token = answer.json()["access_token"]
    assert hand.error(refresh(stand, brief)) == (100, None)
    assert hand.error(refresh(stand, token)) == (100, None)
    assert hand.error(long(stand, token)) == (100, None)
    stand.forward(DAY + 60)
    renewed = refresh(stand, token)
    assert renewed.json()["access_token"] != token
    assert hand.error(long(stand, brief)) == (190, 463)
    stand.forward(60 * DAY)
    assert hand.error(refresh(stand, token)) == (190, 463)
    url = stand.at(OWN, "me")
    said = {"access_token": renewed.json()["access_token"]}
    assert hand.error(stand.client.get(url, params=said)) == (190, 463)
    stand.forward(-61 * DAY - 60)


def test_the_id_that_me_gives_is_not_the_one_for_posting(own: Way) -> None:
    scoped = own("GET", "me").json()["id"]
    assert hand.error(own("POST", f"{scoped}/media", image_url="http://x")) == (100, 33)


def test_the_two_log_ins_do_not_take_each_others_tokens(own: Way, linked: Way) -> None:
    assert hand.error(own("GET", "me", token=linked.token)) == (190, None)
    assert hand.error(linked("GET", linked.user, token=own.token)) == (190, None)
    other = "17841400000000021"
    assert hand.error(linked("GET", other)) == (100, 33)
    assert hand.error(own("GET", other)) == (100, 33)


def test_a_token_without_the_scope_cannot_publish(stand: Any) -> None:
    token = short(stand, 0, "instagram_business_basic")
    way = Way(stand, OWN, "17841400000000011", token)
    assert hand.error(way.container(image_url="http://x")) == (10, None)


# By Meta's own SDK


def test_the_sdk_posts_a_picture_and_reads_all_about_it(linked: Way, host: hand.MediaHost) -> None:
    stand = linked.stand
    api = hand.sdk(stand, linked.token, stand.app("facebook")["client_secret"])
    user = IGUser(linked.user, api=api)
    params = {
        "image_url": image(host), "caption": "By the SDK", "alt_text": "A red field",
        "user_tags": [{"username": "quietverses", "x": 0.5, "y": 0.5}],
    }  # fmt: skip
    container = user.create_media(params=params)
    linked.wait(container["id"])
    made = user.create_media_publish(params={"creation_id": container["id"]})
    media = IGMedia(made["id"], api=api)
    told = media.api_get(fields=["permalink", "media_product_type", "timestamp", "caption"])
    assert (told["media_product_type"], told["caption"]) == ("FEED", "By the SDK")
    assert stand.client.get(told["permalink"]).status_code == 200
    assert last(linked)["media"][0]["alt"] == "A red field"
    media.create_comment(params={"message": "The first comment"})
    assert [each["text"] for each in media.get_comments()] == ["The first comment"]
    metrics = ["views", "reach", "saved", "follows"]
    assert [e["name"] for e in media.get_insights(params={"metric": metrics})] == metrics
    with pytest.raises(FacebookRequestError) as refused:
        media.get_insights(params={"metric": ["views", "replies"]})
    assert refused.value.api_error_code() == 100
    limit = user.get_content_publishing_limit(fields=["quota_usage", "config"])[0]
    assert limit["quota_usage"] >= 1
    assert limit["config"]["quota_duration"] == DAY
    assert user.get_media(fields=["caption"])[0]["id"] == made["id"]
    media.api_delete()
    assert made["id"] not in [each["id"] for each in user.get_media()]


# Pictures, reels, stories, carousels


def test_a_container_is_published_once(own: Way, host: hand.MediaHost) -> None:
    own.stand.fault("slow", platform="instagram", seconds=0.6, times=None)
    container = own.container(image_url=image(host), caption="Once").json()["id"]
    assert hand.error(own.publish(container)) == (9007, 2207027)
    own.wait(container)
    assert own.publish(container).status_code == 200
    assert own.wait(container, "PUBLISHED")
    assert hand.error(own.publish(container))[0] == 24
    texts = [post["text"] for post in own.stand.posts("instagram")]
    assert texts.count("Once") == 1


# What goes wrong


def test_containers_expire_after_a_day_and_can_be_lost(own: Way, host: hand.MediaHost) -> None:
    container = own.ready(image_url=image(host))
    own.stand.forward(DAY + 1)
    assert own.wait(container, "EXPIRED")
    assert hand.error(own.publish(container)) == (-2, 2207020)
    own.stand.forward(-DAY - 1)
    lost = own.ready(image_url=image(host))
    own.stand.fault("lose_container", platform="instagram", step="publish")
    assert hand.error(own.publish(lost)) == (24, 2207006)
    assert hand.error(own("GET", lost, fields="status_code")) == (100, 33)
    own.stand.fault("fail_processing", platform="instagram")
    failed = own.container(image_url=image(host)).json()["id"]
    assert "2207053" in own.wait(failed, "ERROR")["status"]


def test_a_lost_answer_to_publish_is_told_by_the_container(own: Way, host: hand.MediaHost) -> None:
    container = own.ready(image_url=image(host), caption="Unclear")
    own.stand.fault("reset_after", platform="instagram", step="publish")
    with pytest.raises(httpx.TransportError):
        own.publish(container)
    assert own.wait(container, "PUBLISHED")
    listed = own("GET", f"{own.user}/media", fields="id,caption,timestamp", limit=5).json()
    assert listed["data"][0]["caption"] == "Unclear"
    other = own.ready(image_url=image(host), caption="Not yet")
    own.stand.fault("reset_before", platform="instagram", step="publish")
    with pytest.raises(httpx.TransportError):
        own.publish(other)
    assert own.wait(other, "FINISHED")
    assert own.publish(other).status_code == 200


def test_every_row_of_the_error_table_can_be_had(own: Way) -> None:
    rows = {
        458: (190, 458), 459: (190, 459), 460: (190, 460), 463: (190, 463), 464: (190, 464),
        467: (190, 467), 492: (190, 492), 102: (102, None), 10: (10, None), 200: (200, None),
        2207003: (-2, 2207003), 2207020: (-2, 2207020), 2207001: (-1, 2207001),
        2207032: (-1, 2207032), 2207053: (-1, 2207053), 2207006: (24, 2207006),
        2207008: (24, 2207008), 2207027: (9007, 2207027), 2207052: (9004, 2207052),
        4: (4, None), 17: (17, None), 32: (32, None), 613: (613, None), 80002: (80002, None),
        2207051: (4, 2207051), 2207050: (25, 2207050), 2207042: (9, 2207042),
        2207004: (36000, 2207004), 2207005: (36001, 2207005), 2207009: (36003, 2207009),
        2207010: (36004, 2207010), 2207026: (352, 2207026), 2207023: (100, 2207023),
        2207028: (100, 2207028), 2207040: (100, 2207040), 2207057: (1, 2207057),
        1: (1, None), 2: (2, None),
    }  # fmt: skip
    for number, meant in rows.items():
        own.stand.fault("status", platform="instagram", step="publish", status=number)
        assert hand.error(own.publish("1")) == meant


def test_throttles_are_told_with_the_minutes_to_wait(own: Way) -> None:
    own.stand.fault("rate", platform="instagram", seconds=61)
    hot = own("GET", own.user)
    assert hand.error(hot) == (80002, None)
    usage = next(iter(json.loads(hot.headers["x-business-use-case-usage"]).values()))[0]
    assert (usage["type"], usage["estimated_time_to_regain_access"]) == ("instagram", 2)
    calm = json.loads(own("GET", own.user).headers["x-business-use-case-usage"])
    assert calm[own.user][0]["call_count"] == 0


def test_account_figures_want_the_type_that_the_metric_has(own: Way) -> None:
    path = f"{own.user}/insights"
    assert hand.error(own("GET", path, metric="views", period="day")) == (100, None)
    told = own("GET", path, metric="reach,views", period="day", metric_type="total_value").json()
    assert [each["name"] for each in told["data"]] == ["reach", "views"]
    assert "value" in told["data"][0]["total_value"]
    assert own("GET", path, metric="reach", period="day").json()["data"][0]["values"]


def test_instagram_login_offers_no_deletion(own: Way, host: hand.MediaHost) -> None:
    media = own.post(image_url=image(host))
    assert hand.error(own("DELETE", media)) == (10, None)


def test_the_daily_quota_ends_publishing_and_is_told_beforehand(
    tmp_path: Path, host: hand.MediaHost
) -> None:
    world = World("http://sandbox", tmp_path)
    app = build(world, ["instagram"])
    person = world.people_of("instagram")[0]
    person.extra["quota"] = 2
    world.publish("instagram", person.id, "Before", id="18000000000000001")
    instagram = world.app("instagram", "sandbox-instagram")
    assert instagram is not None
    url = image(host)

    async def story() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            said = {"client_id": instagram.client_id, "redirect_uri": hand.BACK,
                    "response_type": "code", "scope": SCOPES}  # fmt: skip
            form = {"person": person.id, "decision": "allow", "scope": SCOPES.split(",")}
            back = await client.post("/www.instagram.com/oauth/authorize", params=said, data=form)
            code = httpx.URL(back.headers["location"]).params["code"]
            form = {
                "client_id": instagram.client_id,
                "client_secret": instagram.client_secret,
                "grant_type": "authorization_code",
                "redirect_uri": hand.BACK,
                "code": code,
            }
            given = await client.post("/api.instagram.com/oauth/access_token", data=form)
            token = {"access_token": given.json()["data"][0]["access_token"]}
            path = f"/{OWN}/v26.0/{person.id}"
            answers = []
            for _ in range(2):
                form = {"image_url": url}
                made = await client.post(f"{path}/media", params=token, data=form)
                world.ahead += 5
                form = {"creation_id": made.json()["id"]}
                answers.append(await client.post(f"{path}/media_publish", params=token, data=form))
            said = {**token, "fields": "quota_usage,config"}
            limit = await client.get(f"{path}/content_publishing_limit", params=said)
        assert [answer.status_code for answer in answers] == [200, 400]
        assert hand.error(answers[1]) == (9, 2207042)
        assert limit.json()["data"][0]["quota_usage"] == 2
        assert limit.json()["data"][0]["config"]["quota_total"] == 2

    asyncio.run(story())
