"""Videos and reels of Facebook's stand-in: whole, in phases, cut short and gone on with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.page import Page

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


def mine(way: Way) -> list[dict[str, Any]]:
    return [post for post in way.stand.posts("facebook") if post["owner"] == way.page]


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
