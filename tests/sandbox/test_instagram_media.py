"""Instagram's stand-in: what it says to pictures, reels, stories and carousels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox import meta_hand as hand

Way = hand.AccountWay
OWN = hand.OWN
short, long, image = hand.short, hand.long, hand.image


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
    token = hand.long_token(stand, hand.LINKED_SCOPES)
    page = hand.pages(stand, token)[0]
    user = page["instagram_business_account"]["id"]
    yield Way(stand, hand.GRAPH, user, page["access_token"])
    stand.clear()


def last(way: Way) -> dict[str, Any]:
    found: list[dict[str, Any]] = way.stand.posts("instagram")
    return [post for post in found if post["owner"] == way.user][-1]


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
