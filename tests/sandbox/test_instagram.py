"""Instagram's stand-in by both log-ins: Meta's own SDK where it goes, and by hand elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.exceptions import FacebookRequestError

from autosched.sandbox.app import build
from autosched.sandbox.world import World
from tests.sandbox import meta_hand as hand

OWN = "graph.instagram.com"
DAY = 86_400
SCOPES = (
    "instagram_business_basic,instagram_business_content_publish,"
    "instagram_business_manage_comments,instagram_business_manage_insights"
)
LINKED_SCOPES = (
    "pages_show_list,pages_read_engagement,instagram_basic,instagram_content_publish,"
    "instagram_manage_insights,instagram_manage_comments,instagram_manage_contents"
)


def consent_url(stand: Any, scope: str = SCOPES) -> str:
    said = {
        "client_id": "sandbox-instagram", "redirect_uri": hand.BACK, "scope": scope,
        "response_type": "code", "state": "s2",
    }  # fmt: skip
    return str(stand.at("www.instagram.com", f"oauth/authorize?{urlencode(said)}"))


def short(stand: Any, person: int = 0, scope: str = SCOPES) -> str:
    form = {
        **stand.app("instagram"), "grant_type": "authorization_code", "redirect_uri": hand.BACK,
        "code": stand.consent(consent_url(stand, scope), person)["code"],
    }  # fmt: skip
    answer = stand.client.post(stand.at("api.instagram.com", "oauth/access_token"), data=form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["data"][0]["access_token"])


def long(stand: Any, token: str) -> httpx.Response:
    said = {
        "grant_type": "ig_exchange_token", "access_token": token,
        "client_secret": stand.app("instagram")["client_secret"],
    }  # fmt: skip
    answer: httpx.Response = stand.client.get(stand.at(OWN, "access_token"), params=said)
    return answer


def refresh(stand: Any, token: str) -> httpx.Response:
    said = {"grant_type": "ig_refresh_token", "access_token": token}
    answer: httpx.Response = stand.client.get(stand.at(OWN, "refresh_access_token"), params=said)
    return answer


class Way:
    """An account, a token for it and the host to speak to."""

    def __init__(self, stand: Any, host: str, user: str, token: str) -> None:
        self.stand, self.host, self.user, self.token = stand, host, user, token

    def __call__(self, method: str, path: str, **said: Any) -> Any:
        token = said.pop("token", self.token)
        url = self.stand.at(self.host, f"v26.0/{path}")
        if method == "POST":
            return self.stand.client.post(url, params={"access_token": token}, data=said)
        return self.stand.client.request(method, url, params={"access_token": token, **said})

    def container(self, **said: Any) -> Any:
        return self("POST", f"{self.user}/media", **said)

    def wait(self, container: str, wanted: str = "FINISHED") -> dict[str, Any]:
        for _ in range(200):
            said: dict[str, Any] = self("GET", container, fields="status_code,status").json()
            if said.get("status_code") == wanted:
                return said
            time.sleep(0.02)
        raise AssertionError(said)

    def ready(self, **said: Any) -> str:
        answer = self.container(**said)
        assert answer.status_code == 200, answer.text
        self.wait(answer.json()["id"])
        return str(answer.json()["id"])

    def publish(self, container: str) -> Any:
        return self("POST", f"{self.user}/media_publish", creation_id=container)

    def post(self, **said: Any) -> str:
        answer = self.publish(self.ready(**said))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("instagram", "facebook")


@pytest.fixture(scope="module")
def host() -> Iterator[hand.MediaHost]:
    with hand.media_host() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


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
    token = hand.long_token(stand, LINKED_SCOPES)
    page = hand.pages(stand, token)[0]
    user = page["instagram_business_account"]["id"]
    yield Way(stand, hand.GRAPH, user, page["access_token"])
    stand.clear()


def last(way: Way) -> dict[str, Any]:
    found: list[dict[str, Any]] = way.stand.posts("instagram")
    return [post for post in found if post["owner"] == way.user][-1]


def image(host: hand.MediaHost, **said: Any) -> str:
    return host.put("a.jpg", hand.picture(**said))


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


def test_pictures_are_judged_when_they_are_fetched(own: Way, host: hand.MediaHost) -> None:
    def refused(url: str, **said: Any) -> tuple[int, int | None]:
        return hand.error(own.container(image_url=url, **said))

    assert refused(host.put("p.png", hand.picture(kind="PNG"), "image/png")) == (36001, 2207005)
    assert refused(host.put("p.jpg", hand.picture(kind="PNG"))) == (36001, 2207005)
    assert refused(host.put("t.jpg", hand.picture(1080, 1920))) == (36003, 2207009)
    assert refused(host.put("w.jpg", hand.picture(1440, 600))) == (36003, 2207009)
    assert refused(host.put("s.jpg", hand.picture(300, 300))) == (36000, 2207004)
    assert refused(host.put("b.jpg", hand.picture() + bytes(9 << 20))) == (36000, 2207004)
    assert refused(host.put("r.jpg", b"", status=302)) == (9004, 2207052)
    assert refused("http://127.0.0.1:9/none.jpg") == (9004, 2207052)
    assert refused(image(host), caption="x" * 2_201) == (36004, 2207010)
    assert refused(image(host), caption=" ".join(f"#t{n}" for n in range(31))) == (100, 2207040)
    assert refused(image(host), caption=" ".join(f"@t{n}" for n in range(21))) == (100, 2207040)
    assert refused(image(host), media_type="POSTER") == (100, 2207023)
    assert refused(image(host), alt_text="x" * 1_001) == (100, None)
    assert refused(image(host), collaborators=json.dumps(["a", "b", "c", "d"])) == (100, None)


def test_a_reel_by_address_is_judged_after_it_was_fetched(
    own: Way, host: hand.MediaHost, folder: Path
) -> None:
    def reel(name: str, content: bytes, **said: Any) -> str:
        url = host.put(name, content, "video/mp4")
        return str(own.container(media_type="REELS", video_url=url, **said).json()["id"])

    fine = reel("a.mp4", hand.film(folder), caption="A reel", share_to_feed="true")
    own.wait(fine)
    media = own.publish(fine).json()["id"]
    told = own("GET", media, fields="media_product_type,permalink,media_type").json()
    assert (told["media_product_type"], told["media_type"]) == ("REELS", "VIDEO")
    assert "/reel/" in told["permalink"]
    for name, content in {
        "short": hand.film(folder, seconds=2),
        "edited": hand.film(folder, edited=True),
        "tail": hand.film(folder, head_first=False),
        "slow": hand.film(folder, rate=15),
        "none": b"no video",
    }.items():
        said = own.wait(reel(f"{name}.mp4", content), "ERROR")
        assert "2207026" in said["status"], name
    late = reel("b.mp4", hand.film(folder), thumb_offset=9_000)
    assert "2207057" in own.wait(late, "ERROR")["status"]
    assert hand.error(own.publish(late)) == (-1, 2207032)
    gone = own.container(media_type="REELS", video_url="http://127.0.0.1:9/x.mp4").json()["id"]
    assert "2207052" in own.wait(gone, "ERROR")["status"]
    video = own.container(media_type="VIDEO", video_url="http://127.0.0.1:9/x.mp4")
    assert hand.error(video) == (100, 2207023)
    metrics = "views,ig_reels_avg_watch_time,reels_skip_rate"
    assert own("GET", f"{media}/insights", metric=metrics).status_code == 200
    assert hand.error(own("GET", f"{media}/insights", metric="plays")) == (100, None)
    assert hand.error(own("GET", f"{media}/insights", metric="follows")) == (100, None)


def test_a_carousel_takes_ready_children_without_captions(own: Way, host: hand.MediaHost) -> None:
    children = [own.ready(image_url=image(host), is_carousel_item="true") for _ in range(2)]
    child = own.container(image_url=image(host), is_carousel_item="true", caption="no")
    assert hand.error(child) == (100, None)
    alone = own.container(media_type="CAROUSEL", children=children[0], caption="One")
    assert hand.error(alone) == (100, 2207028)
    reel = own.container(
        media_type="REELS", video_url="http://127.0.0.1:9/x.mp4", is_carousel_item="true"
    )
    assert hand.error(reel) == (100, 2207023)
    assert hand.error(own.publish(children[0])) == (100, None)
    media = own.post(media_type="CAROUSEL", children=",".join(children), caption="Two")
    told = own("GET", media, fields="media_type,children").json()
    assert (told["media_type"], len(told["children"]["data"])) == ("CAROUSEL_ALBUM", 2)
    assert len(last(own)["media"]) == 2
    used = own.container(media_type="CAROUSEL", children=",".join(children))
    assert hand.error(used) == (-1, 2207032)


def test_stories_are_for_business_accounts_and_listed_apart(own: Way, host: hand.MediaHost) -> None:
    url = host.put("story.jpg", hand.picture(1080, 1920))
    media = own.post(media_type="STORIES", image_url=url)
    path = f"{own.user}/stories"
    assert own("GET", path).json()["data"] == [{"id": media}]
    assert media not in [each["id"] for each in own("GET", f"{own.user}/media").json()["data"]]
    metrics = "views,reach,replies,navigation"
    assert own("GET", f"{media}/insights", metric=metrics).status_code == 200
    assert hand.error(own("GET", f"{media}/insights", metric="likes")) == (100, None)
    creator = Way(own.stand, OWN, "17841400000000031", short(own.stand, 2))
    answer = creator.container(media_type="STORIES", image_url=url)
    assert hand.error(answer) == (10, None)


def test_a_resumable_reel_goes_on_where_it_was_cut(linked: Way, own: Way, folder: Path) -> None:
    content = hand.film(folder, seconds=4)
    said = {"media_type": "REELS", "upload_type": "resumable", "caption": "Resumed"}
    assert hand.error(own.container(**said)) == (100, None)
    begun = linked.container(**said).json()
    assert begun["uri"].endswith(f"rupload.facebook.com/ig-api-upload/v26.0/{begun['id']}")
    client, uri = linked.stand.client, begun["uri"]
    head = {"Authorization": f"OAuth {linked.token}", "file_size": str(len(content))}
    linked.stand.fault("cut", platform="instagram", step="upload_append")
    with pytest.raises(httpx.TransportError):
        client.post(uri, headers={**head, "offset": "0"}, content=content)
    offset = client.get(uri, headers=head).json()["offset"]
    assert 0 < offset < len(content)
    told = linked("GET", begun["id"], fields="status_code,video_status").json()
    assert told["status_code"] == "IN_PROGRESS"
    assert told["video_status"]["uploading_phase"]["bytes_transferred"] == offset
    wrong = client.post(uri, headers={**head, "offset": "0"}, content=content)
    assert wrong.json()["debug_info"]["type"] == "OffsetInvalidError"
    none = client.post(uri, headers={"Authorization": head["Authorization"]}, content=content)
    assert none.json()["debug_info"]["retriable"] is False
    rest = content[offset:]
    done = client.post(uri, headers={**head, "offset": str(offset)}, content=rest)
    assert done.json()["success"] is True
    linked.wait(begun["id"])
    assert linked.publish(begun["id"]).status_code == 200
    assert last(linked)["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()


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
