"""X's stand-in: driven by X's own SDK, and pressed by hand where the SDK would not go."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from PIL import Image
from xdk import Client
from xdk.media.models import (
    AppendUploadRequest,
    CreateMetadataRequest,
    InitializeUploadRequest,
    UploadRequest,
)
from xdk.posts.models import CreateRequest

SCOPES = "tweet.read tweet.write users.read media.write offline.access"
BACK = "http://127.0.0.1:9/back"


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("x")


@pytest.fixture(autouse=True)
def _calm(stand: Any) -> Any:
    yield
    stand.clear()


def asked(verifier: str, scope: str = SCOPES, **more: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return urlencode(
        {
            "response_type": "code",
            "client_id": "sandbox-x",
            "redirect_uri": BACK,
            "scope": scope,
            "state": "s1",
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        | more
    )


def exchange(stand: Any, code: str, verifier: str) -> httpx.Response:
    return token_call(
        stand,
        grant_type="authorization_code",
        code=code,
        redirect_uri=BACK,
        code_verifier=verifier,
    )


def token_call(stand: Any, **form: str) -> httpx.Response:
    app = stand.app("x")
    answer: httpx.Response = stand.client.post(
        stand.at("api.x.com", "2/oauth2/token"),
        data=form,
        auth=(app["client_id"], app["client_secret"]),
    )
    return answer


def tokens(stand: Any, person: int = 0, scope: str = SCOPES) -> dict[str, Any]:
    verifier = secrets.token_urlsafe(48)
    url = stand.at("x.com", "i/oauth2/authorize") + "?" + asked(verifier, scope)
    answer = exchange(stand, stand.consent(url, person)["code"], verifier)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class Hand:
    """A person's raw client."""

    def __init__(self, stand: Any, person: int = 0, scope: str = SCOPES) -> None:
        self.stand = stand
        self.access = tokens(stand, person, scope)["access_token"]
        self.id = ("2000000000000000101", "2000000000000000102", "2000000000000000103")[person]

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.access}"} | more.pop("headers", {})
        answer: httpx.Response = self.stand.client.request(
            method, self.stand.at("api.x.com", f"2/{path}"), headers=headers, **more
        )
        return answer

    def post(self, text: str, **more: Any) -> httpx.Response:
        return self("POST", "tweets", json={"text": text, **more})

    def picture(self, size: tuple[int, int] = (40, 30)) -> str:
        answer = self(
            "POST",
            "media/upload",
            files={"media": ("a.jpg", picture(size), "image/jpeg")},
            data={"media_category": "tweet_image"},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["id"])

    def begin(self, content: bytes, category: str = "tweet_video", mime: str = "video/mp4") -> str:
        answer = self(
            "POST",
            "media/upload/initialize",
            json={"media_type": mime, "total_bytes": len(content), "media_category": category},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["id"])

    def append(self, id: str, index: int, content: bytes) -> httpx.Response:
        return self(
            "POST",
            f"media/upload/{id}/append",
            files={"media": content},
            data={"segment_index": str(index)},
        )

    def wait(self, id: str) -> dict[str, Any]:
        for _ in range(100):
            answer = self("GET", f"media/upload?command=STATUS&media_id={id}")
            info: dict[str, Any] = answer.json()["data"]["processing_info"]
            if info["state"] in ("succeeded", "failed"):
                return info
            time.sleep(0.05)
        raise AssertionError("never processed")


@pytest.fixture(scope="module")
def hand(stand: Any) -> Hand:
    return Hand(stand)


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def clip() -> bytes:
    return video()


def video(width: int = 128, height: int = 96, frames: int = 25) -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for n in range(frames):
            frame = av.VideoFrame.from_image(Image.new("RGB", (width, height), (n * 5, 60, 90)))
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return file.getvalue()


def test_the_official_sdk_goes_the_whole_way_from_consent_to_deletion(
    stand: Any, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # loopback has no https
    app = stand.app("x")
    client = Client(
        base_url=stand.at("api.x.com").rstrip("/"),
        authorization_base_url=stand.at("x.com", "i"),
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        redirect_uri=BACK,
        scope=SCOPES.split(),
    )
    code = stand.consent(client.get_authorization_url(state="s"), person=2)["code"]
    client.exchange_code(code)
    client.refresh_token()
    client.access_token = client.token["access_token"]
    me = client.users.get_me().data
    assert me.username == "EastLibrary"

    begun = client.media.initialize_upload(
        InitializeUploadRequest(
            media_type="video/mp4", total_bytes=len(clip), media_category="tweet_video"
        )
    ).data
    for index, at in enumerate(range(0, len(clip), 900)):
        part = base64.b64encode(clip[at : at + 900]).decode()
        client.media.append_upload(begun.id, AppendUploadRequest(media=part, segment_index=index))
    finished = client.media.finalize_upload(begun.id).data
    assert finished.processing_info.state == "pending"
    while client.media.get_upload_status(begun.id).data.processing_info.state != "succeeded":
        time.sleep(0.1)
    client.media.create_metadata(
        CreateMetadataRequest.model_validate(
            {"id": begun.id, "metadata": {"alt_text": {"text": "A field"}}}
        )
    )
    made = client.posts.create(
        CreateRequest.model_validate(
            {"text": "From the SDK", "media": {"media_ids": [begun.id]}, "made_with_ai": True}
        )
    ).data
    (page,) = list(
        client.users.get_posts(me.id, max_results=5, post_fields=["created_at", "public_metrics"])
    )
    assert page.data[0].id == made.id
    assert client.posts.get_by_ids([made.id]).data[0].id == made.id
    figures = client.posts.get_analytics(
        [made.id], "2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z", analytics_fields=["likes"]
    ).data
    assert figures[0].id == made.id
    post = stand.posts("x")[-1]
    assert post["media"][0]["sha256"] == hashlib.sha256(clip).hexdigest()
    assert post["media"][0]["alt"] == "A field"
    assert post["extra"]["made_with_ai"] is True
    assert client.posts.delete(made.id).data.deleted is True
    assert stand.posts("x")[-1]["deleted"] is True


def test_the_official_sdk_uploads_a_small_picture_in_one_request(stand: Any) -> None:
    client = Client(
        base_url=stand.at("api.x.com").rstrip("/"), access_token=tokens(stand, 1)["access_token"]
    )
    sent = picture()
    media = client.media.upload(
        UploadRequest(media=base64.b64encode(sent).decode(), media_category="tweet_image")
    ).data
    client.posts.create(CreateRequest.model_validate({"media": {"media_ids": [media.id]}}))
    assert stand.posts("x")[-1]["media"][0]["sha256"] == hashlib.sha256(sent).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://elsewhere.example/back"},
        {"code_challenge": ""},
        {"code_challenge_method": "S512"},
        {"response_type": "token"},
        {"scope": "tweet.eat"},
        {"state": "s" * 501},
    ],
)
def test_a_wrong_request_for_consent_is_not_sent_back_to_the_app(
    stand: Any, wrong: dict[str, str]
) -> None:
    url = stand.at("x.com", "i/oauth2/authorize") + "?" + asked("v" * 43, **wrong)
    assert stand.client.get(url, follow_redirects=False).status_code == 400


def test_a_person_who_declines_is_sent_back_with_access_denied(stand: Any) -> None:
    url = stand.at("x.com", "i/oauth2/authorize") + "?" + asked("v" * 43)
    assert stand.consent(url, decision="deny") == {"error": "access_denied", "state": "s1"}


def test_a_code_is_good_for_thirty_seconds(stand: Any) -> None:
    url = stand.at("x.com", "i/oauth2/authorize") + "?" + asked("v" * 43)
    code = stand.consent(url)["code"]
    stand.forward(31)
    assert exchange(stand, code, "v" * 43).status_code == 400


def test_an_app_with_a_secret_must_show_it_by_http_basic(stand: Any) -> None:
    url = stand.at("x.com", "i/oauth2/authorize") + "?" + asked("v" * 43)
    form = {
        "grant_type": "authorization_code",
        "code": stand.consent(url)["code"],
        "redirect_uri": BACK,
        "code_verifier": "v" * 43,
        "client_id": "sandbox-x",
    }
    answer = stand.client.post(stand.at("api.x.com", "2/oauth2/token"), data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_a_refresh_token_comes_only_with_offline_access(stand: Any) -> None:
    assert "refresh_token" not in tokens(stand, scope="tweet.read users.read")


def test_a_refresh_token_changes_each_time_and_a_replay_ends_the_grant(stand: Any) -> None:
    first = tokens(stand)
    second = token_call(
        stand, grant_type="refresh_token", refresh_token=first["refresh_token"]
    ).json()
    assert second["refresh_token"] != first["refresh_token"]
    replay = token_call(stand, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert replay.status_code == 400
    after = token_call(stand, grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert after.status_code == 400


def test_an_access_token_lasts_two_hours(stand: Any) -> None:
    hand = Hand(stand)
    assert hand("GET", "users/me").status_code == 200
    stand.forward(7_200)
    assert hand("GET", "users/me").status_code == 401


def test_a_revoked_refresh_token_takes_the_access_token_along(stand: Any) -> None:
    both = tokens(stand)
    app = stand.app("x")
    answer = stand.client.post(
        stand.at("api.x.com", "2/oauth2/revoke"),
        data={"token": both["refresh_token"]},
        auth=(app["client_id"], app["client_secret"]),
    )
    assert answer.json() == {"revoked": True}
    headers = {"authorization": f"Bearer {both['access_token']}"}
    answer = stand.client.get(stand.at("api.x.com", "2/users/me"), headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_what_a_token_was_not_given_for_is_forbidden(stand: Any) -> None:
    hand = Hand(stand, scope="tweet.read users.read")
    answer = hand.post("May I?")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (
        403,
        "client-forbidden",
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "a" * 281},
        {"text": "日" * 141},
        {"text": "a", "unknown": 1},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": [1]}},
        {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
        {"text": "a", "media": {"media_ids": ["12345"]}},
        {"text": "a", "media": {"media_ids": ["1"], "more": 1}},
        {"text": "a", "reply_settings": "everyone"},
        {"text": "a", "made_with_ai": "yes"},
        {"text": "a", "poll": {"options": ["one"], "duration_minutes": 5}},
    ],
)
def test_a_body_that_the_schema_does_not_allow_is_refused(hand: Hand, body: Any) -> None:
    before = len(hand.stand.posts("x"))
    answer = hand("POST", "tweets", json=body)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/invalid-request")
    assert len(hand.stand.posts("x")) == before


@pytest.mark.parametrize(
    "body",
    [
        {"text": "$ABC and $DEF"},
        {"text": "a", "quote_tweet_id": "1"},
        {"text": "a", "community_id": "1"},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "1"}},
        {"text": "a", "edit_options": {"previous_post_id": "1"}},
    ],
)
def test_what_an_app_of_ones_own_may_not_do_is_forbidden(hand: Hand, body: Any) -> None:
    assert hand("POST", "tweets", json=body).status_code == 403


def test_a_body_must_say_that_it_is_json(hand: Hand) -> None:
    answer = hand("POST", "tweets", content=b'{"text":"a"}', headers={"content-type": "text/plain"})
    assert answer.status_code == 400


def test_the_same_text_again_is_a_duplicate_until_the_first_is_deleted(hand: Hand) -> None:
    id = hand.post("Once only").json()["data"]["id"]
    again = hand.post("Once only")
    assert again.status_code == 403
    assert "duplicate content" in again.json()["detail"]
    assert hand.post("Once only", media={"media_ids": [hand.picture()]}).status_code == 201
    assert hand("DELETE", f"tweets/{id}").json() == {"data": {"deleted": True}}
    assert hand.post("Once only").status_code == 201


def test_a_thread_is_one_reply_after_the_other_and_others_must_call_first(
    stand: Any, hand: Hand
) -> None:
    other = Hand(stand, 1)
    mine = hand.post("The first of a thread").json()["data"]["id"]
    reply = {"in_reply_to_tweet_id": mine}
    assert hand.post("The second", reply=reply).status_code == 201
    assert other.post("Uncalled", reply=reply).status_code == 403
    called = hand.post("What says @quietverses?").json()["data"]["id"]
    assert other.post("Called", reply={"in_reply_to_tweet_id": called}).status_code == 201


def test_somebody_elses_post_can_not_be_deleted(stand: Any, hand: Hand) -> None:
    id = hand.post("Mine").json()["data"]["id"]
    assert Hand(stand, 1)("DELETE", f"tweets/{id}").status_code == 403
    assert hand("DELETE", "tweets/99").status_code == 404


def test_a_wrong_picture_is_refused(hand: Hand) -> None:
    def send(content: bytes, category: str = "tweet_image") -> int:
        files = {"media": ("a", content, "image/jpeg")}
        data = {"media_category": category}
        return hand("POST", "media/upload", files=files, data=data).status_code

    assert send(picture()) == 200
    assert send(picture(kind="PNG")) == 200
    assert send(b"no picture at all") == 400
    assert send(picture(kind="TIFF")) == 400
    assert send(picture() + bytes(5_242_880)) == 400
    assert send(picture(), "tweet_video") == 400


@pytest.mark.parametrize(
    "body",
    [
        {"media_type": "video/mp4", "total_bytes": 0, "media_category": "tweet_video"},
        {"media_type": "video/mp4", "total_bytes": "9", "media_category": "tweet_video"},
        {"media_type": "video/mp4", "total_bytes": 536_870_913, "media_category": "tweet_video"},
        {"media_type": "video/mp4", "total_bytes": 9, "media_category": "tweet_image"},
        {"media_type": "video/mp4", "total_bytes": 9, "media_category": "video"},
        {"media_type": "video/mp4", "total_bytes": 9, "media_category": "tweet_video", "a": 1},
    ],
)
def test_an_upload_that_can_not_be_is_not_begun(hand: Hand, body: Any) -> None:
    assert hand("POST", "media/upload/initialize", json=body).status_code == 400


def test_segments_may_come_in_any_order_and_again_but_must_add_up(hand: Hand, clip: bytes) -> None:
    half = len(clip) // 2
    id = hand.begin(clip)
    assert hand.append(id, 1, clip[half:]).status_code == 200
    assert hand.append(id, 1, clip[half:]).status_code == 200
    assert hand("POST", f"media/upload/{id}/finalize").status_code == 400
    assert hand.append(id, 1_000, b"x").status_code == 400
    assert hand.append(id, 0, clip[: half + 1]).status_code == 400
    assert hand.append(id, 0, clip[: half - 1]).status_code == 200
    assert hand("POST", f"media/upload/{id}/finalize").status_code == 400
    assert hand.append(id, 0, clip[:half]).status_code == 200
    first = hand("POST", f"media/upload/{id}/finalize").json()["data"]
    assert first["processing_info"]["state"] == "pending"
    assert hand("POST", f"media/upload/{id}/finalize").status_code == 200
    assert hand.append(id, 0, clip[:half]).status_code == 400
    early = hand.post("Too early", media={"media_ids": [id]})
    assert early.status_code == 400
    assert hand.wait(id)["state"] == "succeeded"
    assert hand.post("In time", media={"media_ids": [id]}).status_code == 201


def test_a_segment_is_at_most_five_megabytes(hand: Hand) -> None:
    content = bytes(5_242_881)
    id = hand.begin(content)
    assert hand.append(id, 0, content).status_code == 400
    assert hand.append(id, 0, content[:-1]).status_code == 200


def test_a_video_of_the_wrong_size_fails_in_processing(hand: Hand) -> None:
    content = video(1408, 96, 14)
    id = hand.begin(content)
    hand.append(id, 0, content)
    hand("POST", f"media/upload/{id}/finalize")
    info = hand.wait(id)
    assert (info["state"], info["error"]["name"]) == ("failed", "InvalidMedia")


def test_pictures_and_a_video_do_not_go_together(hand: Hand, clip: bytes) -> None:
    id = hand.begin(clip)
    hand.append(id, 0, clip)
    hand("POST", f"media/upload/{id}/finalize")
    hand.wait(id)
    assert hand.post("Both", media={"media_ids": [hand.picture(), id]}).status_code == 400
    four = [hand.picture((40, 30 + n)) for n in range(4)]
    assert hand.post("Four", media={"media_ids": four}).status_code == 201


def test_processing_can_be_told_to_be_slow_to_fail_and_to_lose_the_upload(
    stand: Any, hand: Hand, clip: bytes
) -> None:
    def uploaded() -> str:
        id = hand.begin(clip)
        hand.append(id, 0, clip)
        hand("POST", f"media/upload/{id}/finalize")
        return id

    stand.fault("slow", platform="x", seconds=60, times=None)
    id = uploaded()
    time.sleep(0.4)
    status = hand("GET", f"media/upload?media_id={id}").json()["data"]["processing_info"]
    assert status["state"] == "pending"
    assert status["check_after_secs"] == 1
    stand.clear()
    stand.fault("fail_processing", platform="x")
    assert hand.wait(uploaded())["state"] == "failed"
    stand.fault("lose_container", platform="x", step="upload_append")
    assert hand.append(hand.begin(clip), 0, clip).status_code == 404


def test_a_media_id_is_gone_after_a_day(stand: Any) -> None:
    hand = Hand(stand)
    id = hand.picture()
    stand.forward(86_400)
    late = Hand(stand)
    assert late.post("Late", media={"media_ids": [id]}).status_code == 400


def test_a_list_gives_addresses_shortened_and_told_one_by_one(stand: Any) -> None:
    hand = Hand(stand, 1)
    id = hand.picture()
    made = hand.post("See https://example.com/a & foo.com", media={"media_ids": [id]}).json()
    fields = "created_at,entities,attachments"
    page = hand(
        "GET",
        f"users/{hand.id}/tweets?max_results=5&tweet.fields={fields}"
        "&expansions=attachments.media_keys",
    ).json()
    post = page["data"][0]
    assert post["id"] == made["data"]["id"]
    assert post["edit_history_tweet_ids"] == [post["id"]]
    links = post["entities"]["urls"]
    assert [link["expanded_url"] for link in links[:2]] == [
        "https://example.com/a",
        "http://foo.com",
    ]
    for link in links:
        assert post["text"][link["start"] : link["end"]] == link["url"]
        assert len(link["url"]) == 23
    assert "&amp;" in post["text"]
    assert post["attachments"]["media_keys"] == [f"3_{id}"]
    assert page["includes"]["media"][0] == {"media_key": f"3_{id}", "type": "photo"}


def test_a_list_is_cut_into_pages_and_begins_where_asked(stand: Any) -> None:
    hand = Hand(stand, 2)
    stand.forward(2)
    since = datetime.fromtimestamp(stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"])
    start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ids = [hand.post(f"Page {n} {secrets.token_hex(4)}").json()["data"]["id"] for n in range(7)]
    path = f"users/{hand.id}/tweets?start_time={start}&max_results=5"
    first = hand("GET", path).json()
    assert first["meta"]["result_count"] == 5
    second = hand("GET", f"{path}&pagination_token={first['meta']['next_token']}").json()
    shown = [post["id"] for post in first["data"] + second["data"]]
    assert shown == ids[::-1]
    assert hand("GET", f"users/{hand.id}/tweets?start_time=yesterday").status_code == 400
    assert hand("GET", f"users/{hand.id}/tweets?max_results=4").status_code == 400
    assert hand("GET", f"users/{hand.id}/tweets?colour=red").status_code == 400


def test_a_list_can_lag_behind(stand: Any) -> None:
    hand = Hand(stand, 2)
    stand.fault("lag", platform="x", seconds=300, times=None)
    id = hand.post(f"Hidden {secrets.token_hex(4)}").json()["data"]["id"]
    path = f"users/{hand.id}/tweets"
    assert id not in [post["id"] for post in hand("GET", path).json().get("data", [])]
    stand.forward(301)
    assert id in [post["id"] for post in hand("GET", path).json()["data"]]


def test_figures_grow_and_private_ones_end_after_thirty_days(stand: Any) -> None:
    hand = Hand(stand)
    id = hand.post(f"Counted {secrets.token_hex(4)}").json()["data"]["id"]
    path = f"tweets?ids={id},5&tweet.fields=public_metrics,non_public_metrics,created_at"
    stand.forward(3_600)
    early = hand("GET", path).json()
    assert early["errors"][0]["value"] == "5"
    assert "retweet_count" in early["data"][0]["public_metrics"]
    assert early["data"][0]["non_public_metrics"]["impression_count"] > 0
    renamed = hand("GET", f"tweets?ids={id}&post.fields=public_metrics").json()["data"][0]
    assert "repost_count" in renamed["public_metrics"]
    stand.forward(31 * 86_400)
    hand = Hand(stand)
    late = hand("GET", path).json()
    seen = "impression_count"
    assert late["data"][0]["public_metrics"][seen] > early["data"][0]["public_metrics"][seen]
    assert "non_public_metrics" not in late["data"][0]
    assert late["errors"][1]["title"] == "Field Authorization Error"
    many = ",".join(["1"] * 101)
    assert hand("GET", f"tweets?ids={many}").status_code == 400


def test_analytics_come_in_the_spans_that_were_asked_for(stand: Any) -> None:
    hand = Hand(stand)
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    id = hand.post(f"Analysed {secrets.token_hex(4)}").json()["data"]["id"]
    stand.forward(2 * 86_400)
    hand = Hand(stand)

    def time_of(seconds: float) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    span = f"start_time={time_of(now - 10)}&end_time={time_of(now + 2 * 86_400)}"
    path = f"tweets/analytics?ids={id}&{span}&analytics.fields=impressions,likes"
    daily = hand("GET", f"{path}&granularity=daily").json()["data"][0]["timestamped_metrics"]
    whole = hand("GET", f"{path}&granularity=total").json()["data"][0]["timestamped_metrics"]
    assert len(daily) == 3
    total = sum(bucket["metrics"]["impressions"] for bucket in daily)
    assert total == whole[0]["metrics"]["impressions"] > 0
    assert hand("GET", f"{path}&granularity=yearly").status_code == 400
    assert hand("GET", f"tweets/analytics?ids={id}").status_code == 400


def test_every_answer_tells_what_is_left_and_the_hundred_and_first_post_must_wait(
    stand: Any,
) -> None:
    stand.forward(901)
    hand = Hand(stand, 1)
    for n in range(100):
        answer = hand.post(f"Many {n} {secrets.token_hex(4)}")
        assert answer.headers["x-rate-limit-remaining"] == str(99 - n)
    over = hand.post("One too many")
    assert over.status_code == 429
    assert over.json()["type"].endswith("/rate-limit-exceeded")
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    assert 0 < int(over.headers["x-rate-limit-reset"]) - now <= 902
    assert Hand(stand, 0).post(f"Another {secrets.token_hex(4)}").status_code == 201
    stand.forward(901)
    assert hand.post("After the window").status_code == 201


def test_a_rate_limit_that_was_told_names_its_reset(stand: Any) -> None:
    hand = Hand(stand)
    stand.fault("rate", platform="x", step="create_post", seconds=40)
    answer = hand.post("Wait")
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    assert answer.status_code == 429
    assert 38 <= int(answer.headers["x-rate-limit-reset"]) - now <= 42
    assert answer.headers["x-rate-limit-remaining"] == "0"


def test_the_page_at_a_permalink_shows_the_post(stand: Any) -> None:
    Hand(stand).post("Look <here>")
    page = stand.client.get(stand.posts("x")[-1]["permalink"])
    assert "Look &lt;here&gt;" in page.text
