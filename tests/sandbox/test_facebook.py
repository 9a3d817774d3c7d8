"""Facebook's stand-in: driven by Meta's own SDK, and pressed by hand where that would not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError

from tests.sandbox import meta_hand as hand

V = "v26.0"


class Way:
    """A page and the token to speak for it."""

    def __init__(self, stand: Any, token: str, number: int = 0) -> None:
        self.stand = stand
        page = hand.pages(stand, token)[number]
        self.page, self.token, self.user_token = page["id"], page["access_token"], token

    def __call__(self, method: str, path: str, host: str = hand.GRAPH, **said: Any) -> Any:
        files = said.pop("files", None)
        token = said.pop("token", self.token)
        url = self.stand.at(host, f"{V}/{path}")
        params = {"access_token": token}
        if method == "POST":
            return self.stand.client.post(url, params=params, data=said, files=files)
        return self.stand.client.request(method, url, params={**params, **said})

    def wait(self, video: str, wanted: str = "ready") -> dict[str, Any]:
        for _ in range(200):
            status: dict[str, Any] = self("GET", video, fields="status").json()["status"]
            if status["video_status"] == wanted:
                return status
            time.sleep(0.02)
        raise AssertionError(status)


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


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


def test_the_sdk_publishes_a_reel(stand: Any, token: str, folder: Path) -> None:
    way = Way(stand, token)
    api = hand.sdk(stand, way.token)
    page = Page(way.page, api=api)
    begun = page.create_video_reel(params={"upload_phase": "start"}).export_all_data()
    assert begun["upload_url"].startswith(stand.at("rupload.facebook.com", f"video-upload/{V}/"))
    content = hand.film(folder)
    head = {"Authorization": f"OAuth {way.token}", "offset": "0", "file_size": str(len(content))}
    answer = stand.client.post(begun["upload_url"], headers=head, content=content)
    assert answer.json()["success"] is True
    wish = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "PUBLISHED"}
    page.create_video_reel(params={**wish, "description": "A reel", "title": "R"})
    way.wait(begun["video_id"])
    told = AdVideo(begun["video_id"], api=api).api_get(fields=["status", "permalink_url"])
    assert told["status"]["publishing_phase"]["status"] == "complete"
    assert f"/reel/{begun['video_id']}/" in told["permalink_url"]
    assert mine(way)[-1]["kind"] == "reel"
    assert mine(way)[-1]["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    again = way("POST", f"{way.page}/video_reels", **wish)
    assert hand.error(again)[0] == 100


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


def test_the_resumable_upload_goes_on_where_it_was_cut(way: Way, folder: Path) -> None:
    content = hand.film(folder, seconds=4)
    said = {"file_name": "a.mp4", "file_length": len(content), "file_type": "video/mp4"}
    begun = way("POST", "sandbox-facebook/uploads", **said).json()["id"]
    url = way.stand.at(hand.GRAPH, f"{V}/{begun}")
    head = {"Authorization": f"OAuth {way.token}"}
    way.stand.fault("cut", platform="facebook", step="upload_append")
    with pytest.raises(httpx.TransportError):
        way.stand.client.post(url, headers={**head, "file_offset": "0"}, content=content)
    offset = way.stand.client.get(url, headers=head).json()["file_offset"]
    assert 0 < offset < len(content)
    wrong = way.stand.client.post(url, headers={**head, "file_offset": "0"}, content=content)
    assert hand.error(wrong) == (100, None)
    head["file_offset"] = str(offset)
    handle = way.stand.client.post(url, headers=head, content=content[offset:]).json()["h"]
    made = way(
        "POST", f"{way.page}/videos", "graph-video.facebook.com",
        fbuploader_video_file_chunk=handle, title="T", description="By handle",
    ).json()["id"]  # fmt: skip
    way.wait(made)
    post = mine(way)[-1]
    assert (post["kind"], post["text"], post["extra"]["title"]) == ("video", "By handle", "T")
    assert post["media"][0]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_video_is_sent_in_one_go_or_fetched_and_a_draft_stays_one(way: Way, folder: Path) -> None:
    content = hand.film(folder)
    path, host = f"{way.page}/videos", "graph-video.facebook.com"
    said = {"description": "In one go", "title": "One"}
    sent = way("POST", path, host, files={"source": ("a.mp4", content)}, **said).json()["id"]
    way.wait(sent)
    told = way("GET", sent, fields="post_id,permalink_url,length").json()
    assert mine(way)[-1]["id"] == f"{way.page}_{told['post_id']}"
    assert way("GET", told["post_id"], fields="message").json()["message"] == "In one go"
    figures = way("GET", f"{sent}/video_insights", metric="total_video_views").json()["data"]
    assert figures[0]["name"] == "total_video_views"
    with hand.media_host() as files:
        url = files.put("b.mp4", content, "video/mp4")
        way.wait(way("POST", path, file_url=url, description="Fetched").json()["id"])
        assert mine(way)[-1]["text"] == "Fetched"
        draft = way("POST", path, file_url=url, description="A draft", published="false")
        status = way.wait(draft.json()["id"])
    assert status["publishing_phase"] == {"status": "not_started", "publish_status": "draft"}
    assert mine(way)[-1]["text"] == "Fetched"
    gone = way("POST", path, file_url="http://127.0.0.1:9/none.mp4").json()["id"]
    way.wait(gone, "error")
    assert hand.error(way("POST", path, description="nothing")) == (100, None)


def test_a_scheduled_reel_is_public_at_its_time(way: Way, folder: Path) -> None:
    content = hand.film(folder)
    path = f"{way.page}/video_reels"
    begun = way("POST", path, upload_phase="start").json()
    head = {"Authorization": f"OAuth {way.token}", "offset": "0", "file_size": str(len(content))}
    way.stand.client.post(begun["upload_url"], headers=head, content=content)
    now = way.stand.client.get(f"{way.stand.url}/_sandbox/clock").json()["now"]
    wish = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "SCHEDULED"}
    assert hand.error(way("POST", path, **wish)) == (100, None)
    made = way("POST", path, **wish, scheduled_publish_time=int(now + 900), description="Later on")
    assert made.json()["success"] is True
    status = way.wait(begun["video_id"])
    assert status["publishing_phase"]["publish_status"] == "scheduled"
    assert mine(way)[-1]["text"] != "Later on"
    way.stand.forward(1_000)
    way("GET", way.page)
    way("GET", f"{way.page}/scheduled_posts")
    assert mine(way)[-1]["text"] == "Later on"


def test_an_upload_by_phases_is_held_to_its_offsets(way: Way, folder: Path) -> None:
    content = hand.film(folder, seconds=4)
    path = f"{way.page}/videos"
    begun = way("POST", path, upload_phase="start", file_size=len(content)).json()
    assert (begun["start_offset"], begun["end_offset"]) == ("0", str(len(content)))
    said = {"upload_phase": "transfer", "upload_session_id": begun["upload_session_id"]}
    piece = {"video_file_chunk": ("a.mp4", content)}
    wrong = way("POST", path, **said, start_offset=7, files=piece)
    assert hand.error(wrong) == (6001, 1363037)
    assert wrong.json()["error"]["error_data"]["start_offset"] == "0"
    half = {"video_file_chunk": ("a.mp4", content[:500])}
    assert way("POST", path, **said, start_offset=0, files=half).json()["start_offset"] == "500"
    rest = {"video_file_chunk": ("a.mp4", content[500:])}
    done = way("POST", path, **said, start_offset=500, files=rest).json()
    assert done["start_offset"] == done["end_offset"]
    said["upload_phase"] = "finish"
    assert way("POST", path, **said, description="In phases").json() == {"success": True}
    way.wait(begun["video_id"])
    assert mine(way)[-1]["text"] == "In phases"


def test_a_cut_reel_goes_on_from_the_offset_and_parts_are_told_as_parts(
    way: Way, folder: Path
) -> None:
    content = hand.film(folder)
    begun = way("POST", f"{way.page}/video_reels", upload_phase="start").json()
    client, url = way.stand.client, begun["upload_url"]
    head = {"Authorization": f"OAuth {way.token}", "file_size": str(len(content))}
    way.stand.fault("cut", platform="facebook", step="upload_append")
    with pytest.raises(httpx.TransportError):
        client.post(url, headers={**head, "offset": "0"}, content=content)
    offset = client.get(url, headers=head).json()["offset"]
    assert 0 < offset < len(content)
    told = way("GET", begun["video_id"], fields="status").json()["status"]
    assert told["uploading_phase"]["bytes_transferred"] == offset
    wrong = client.post(url, headers={**head, "offset": "0"}, content=content)
    assert wrong.json()["debug_info"]["type"] == "OffsetInvalidError"
    wish = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "PUBLISHED"}
    assert hand.error(way("POST", f"{way.page}/video_reels", **wish)) == (100, None)
    piece = content[offset : offset + 100]
    part = client.post(url, headers={**head, "offset": str(offset)}, content=piece)
    assert (part.status_code, part.json()["debug_info"]["retriable"]) == (206, True)
    rest = content[offset + 100 :]
    done = client.post(url, headers={**head, "offset": str(offset + 100)}, content=rest)
    assert done.json()["success"] is True
    assert client.post(url, content=b"x").status_code == 401


def test_a_reel_of_the_wrong_shape_or_a_failed_one_is_not_posted(way: Way, folder: Path) -> None:
    def reel(content: bytes) -> str:
        begun = way("POST", f"{way.page}/video_reels", upload_phase="start").json()
        head = {"Authorization": f"OAuth {way.token}", "offset": "0"}
        head["file_size"] = str(len(content))
        way.stand.client.post(begun["upload_url"], headers=head, content=content)
        wish = {"upload_phase": "finish", "video_id": begun["video_id"]}
        way("POST", f"{way.page}/video_reels", **wish, video_state="PUBLISHED")
        return str(begun["video_id"])

    before = len(mine(way))
    for content in (hand.film(folder, width=960, height=540), hand.film(folder, seconds=1)):
        status = way.wait(reel(content), "error")
        assert status["processing_phase"]["errors"]
    way.stand.fault("fail_processing", platform="facebook", step="create_reel")
    way.wait(reel(hand.film(folder)), "error")
    assert len(mine(way)) == before


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
