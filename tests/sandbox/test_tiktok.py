"""The stand-in for TikTok: it takes what the real one takes, and refuses the rest."""

from __future__ import annotations

import io
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import av
import httpx
import numpy as np
import pytest
from PIL import Image

API = "open.tiktokapis.com"
REDIRECT = "http://127.0.0.1:9/back"
EVERYTHING = (
    "user.info.basic,user.info.profile,user.info.stats,video.publish,video.upload,video.list"
)
UNAUDITED = ("sandbox-tiktok-unaudited", "Yd7mTq2ZrW9cKx4HfLs8BvNpE3uJaG6t")
JSON = {"Content-Type": "application/json; charset=UTF-8"}


def film(width: int = 360, height: int = 640, rate: int = 24, frames: int = 24) -> bytes:
    """A small H.264 film."""
    kept = io.BytesIO()
    with av.open(kept, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, rate)
        grey = np.full((height * 3 // 2, width), 120, np.uint8)
        picture = av.VideoFrame.from_ndarray(grey, "yuv420p")
        for number in range(frames):
            picture.pts = number
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    return kept.getvalue()


def padded(content: bytes, size: int) -> bytes:
    """The film with an empty box behind it, so that it has `size` bytes."""
    left = size - len(content)
    return content + struct.pack(">I4s", left, b"free") + bytes(left - 8)


def photo(width: int = 1080, height: int = 1350, kind: str = "JPEG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "#334455").save(kept, kind)
    return kept.getvalue()


class Account:
    """Somebody's connection to the stand-in."""

    def __init__(
        self,
        stand: Any,
        person: int = 0,
        scope: str = EVERYTHING,
        app: tuple[str, str] | None = None,
    ) -> None:
        shown = stand.app("tiktok")
        self.stand = stand
        self.key, self.secret = app or (shown["client_id"], shown["client_secret"])
        self.back = stand.consent(self.address(scope=scope), person)
        self.tokens = self.token(
            grant_type="authorization_code", code=self.back["code"], redirect_uri=REDIRECT
        ).json()
        assert "access_token" in self.tokens, self.tokens

    def address(self, **changes: str) -> str:
        asked = {
            "client_key": self.key,
            "response_type": "code",
            "scope": EVERYTHING,
            "redirect_uri": REDIRECT,
            "state": "s1",
        } | changes
        return f"{self.stand.at('www.tiktok.com', 'v2/auth/authorize/')}?{urlencode(asked)}"

    def token(self, **form: str) -> httpx.Response:
        form = {"client_key": self.key, "client_secret": self.secret} | form
        return self.stand.client.post(self.stand.at(API, "v2/oauth/token/"), data=form)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.stand.client.post(
            self.stand.at(API, path),
            content=json.dumps(body or {}),
            headers=self.bearer | JSON | headers,
        )

    def init(
        self, size: int, chunk: int = 0, count: int = 0, inbox: bool = False, **info: Any
    ) -> httpx.Response:
        chunk = chunk or size
        source = {
            "source": "FILE_UPLOAD",
            "video_size": size,
            "chunk_size": chunk,
            "total_chunk_count": count or size // chunk,
        }
        if inbox:
            return self.post("v2/post/publish/inbox/video/init/", {"source_info": source})
        info = {"title": "Evening", "privacy_level": "PUBLIC_TO_EVERYONE"} | info
        return self.post("v2/post/publish/video/init/", {"post_info": info, "source_info": source})

    def put(
        self, url: str, content: bytes, first: int = 0, total: int = 0, **headers: str
    ) -> httpx.Response:
        last = first + len(content) - 1
        return self.stand.client.put(
            url,
            content=content,
            headers={
                "Content-Type": "video/mp4",
                "Content-Range": f"bytes {first}-{last}/{total or len(content)}",
            }
            | headers,
        )

    def status(self, publish_id: str) -> httpx.Response:
        return self.post("v2/post/publish/status/fetch/", {"publish_id": publish_id})

    def settled(self, publish_id: str) -> dict[str, Any]:
        for _ in range(25):
            data = self.status(publish_id).json()["data"]
            if not data["status"].startswith("PROCESSING"):
                return data
            time.sleep(0.2)
        raise AssertionError(data)

    def posted(self, content: bytes, **info: Any) -> dict[str, Any]:
        begun = self.init(len(content), **info).json()["data"]
        assert self.put(begun["upload_url"], content).status_code == 201
        return self.settled(begun["publish_id"]) | {"publish_id": begun["publish_id"]}


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("tiktok")


@pytest.fixture(autouse=True)
def _fresh(stand: Any) -> None:
    """Every test begins without faults and with its minute's requests unused."""
    stand.clear()
    stand.forward(61)


@pytest.fixture
def account(stand: Any) -> Account:
    return Account(stand)


@pytest.fixture(scope="module")
def evening() -> bytes:
    return film()


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    """A server that files can be fetched from."""
    files = {
        "/a.jpg": photo(),
        "/b.webp": photo(800, 800, "WEBP"),
        "/c.png": photo(800, 800, "PNG"),
        "/wide.jpg": photo(1440, 1440),
        "/film.mp4": film(),
    }

    class Shelf(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/moved.jpg" else 200)
            if self.path == "/moved.jpg":
                self.send_header("Location", "/a.jpg")
            content = files.get(self.path, b"")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


# Log-in


def test_consent_gives_a_code_the_granted_scopes_and_the_state(account: Account) -> None:
    assert account.back["state"] == "s1"
    assert account.back["scopes"] == EVERYTHING
    assert account.back["code"].endswith("*1!6219.e1")
    assert account.tokens["token_type"] == "Bearer"
    assert account.tokens["expires_in"] == 86_400
    assert account.tokens["refresh_expires_in"] == 31_536_000
    assert account.tokens["scope"] == EVERYTHING


def test_a_person_may_grant_a_part_of_what_is_asked(stand: Any, account: Account) -> None:
    url = account.address()
    page = stand.client.get(url).text
    assert "onclick" not in page
    person = account.tokens["open_id"]
    form = {"person": person, "decision": "allow", "scope": ["video.upload"]}
    answer = stand.client.post(url, data=form, follow_redirects=False)
    assert "scopes=user.info.basic%2Cvideo.upload&" in answer.headers["location"]


def test_a_person_may_refuse(stand: Any, account: Account) -> None:
    said = stand.consent(account.address(), decision="deny")
    assert (said["error"], said["state"]) == ("access_denied", "s1")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_key": "nobody"},
        {"redirect_uri": "https://elsewhere.example/back"},
        {"response_type": "token"},
        {"scope": "video.publish video.list"},
        {"state": ""},
        {"code_challenge": "x", "code_challenge_method": "plain"},
    ],
)
def test_a_wrong_request_for_consent_sends_nobody_back(
    stand: Any, account: Account, changes: dict[str, str]
) -> None:
    assert stand.client.get(account.address(**changes)).status_code == 400


def test_a_code_is_good_once_and_only_decoded(stand: Any, account: Account) -> None:
    raw = account.back["code"].replace("*", "%2A")
    for code in (raw, account.back["code"]):
        said = account.token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
        assert (said.status_code, said.json()["error"]) == (200, "invalid_grant")
    # The second use of the code has ended what the first one gave.
    refused = stand.client.get(
        stand.at(API, "v2/user/info/?fields=open_id"), headers=account.bearer
    )
    assert code_of(refused) == (401, "access_token_invalid")


def test_errors_of_the_token_address_are_flat_and_come_with_200(
    stand: Any, account: Account
) -> None:
    wrong = account.token(client_secret="x", grant_type="refresh_token")
    assert wrong.status_code == 200
    assert set(wrong.json()) == {"error", "error_description", "log_id"}
    assert wrong.json()["error"] == "invalid_client"
    as_id = stand.client.post(
        stand.at(API, "v2/oauth/token/"), data={"client_id": account.key, "client_secret": "x"}
    )
    assert as_id.json()["error"] == "invalid_request"
    as_json = stand.client.post(stand.at(API, "v2/oauth/token/"), json={})
    assert as_json.json()["error"] == "invalid_request"
    assert account.token(grant_type="password").json()["error"] == "unsupported_grant_type"


def test_a_refresh_token_is_replaced_and_its_replay_ends_the_grant(
    stand: Any, account: Account
) -> None:
    first = account.tokens["refresh_token"]
    second = account.token(grant_type="refresh_token", refresh_token=first).json()
    assert second["refresh_token"] != first
    assert second["open_id"] == account.tokens["open_id"]
    account.tokens = second
    assert account.post("v2/post/publish/creator_info/query/").status_code == 200
    replay = account.token(grant_type="refresh_token", refresh_token=first)
    assert (replay.status_code, replay.json()["error"]) == (200, "invalid_grant")
    refused = account.post("v2/post/publish/creator_info/query/")
    assert code_of(refused) == (401, "access_token_invalid")


def test_an_access_token_ends_after_a_day_and_can_be_told_to(stand: Any, account: Account) -> None:
    stand.fault("expire_token", platform="tiktok")
    assert code_of(account.init(1000)) == (401, "access_token_invalid")
    renewed = account.token(
        grant_type="refresh_token", refresh_token=account.tokens["refresh_token"]
    )
    account.tokens = renewed.json()
    assert account.post("v2/post/publish/creator_info/query/").status_code == 200
    stand.forward(86_401)
    assert code_of(account.init(1000)) == (401, "access_token_invalid")


def test_revocation_ends_all_that_a_consent_gave(stand: Any, account: Account) -> None:
    form = {
        "client_key": account.key,
        "client_secret": account.secret,
        "token": account.tokens["access_token"],
    }
    assert stand.client.post(stand.at(API, "v2/oauth/revoke/"), data=form).content == b""
    assert code_of(account.init(1000)) == (401, "access_token_invalid")
    again = account.token(grant_type="refresh_token", refresh_token=account.tokens["refresh_token"])
    assert again.json()["error"] == "invalid_grant"


# Beginning a post


def test_the_creator_info_tells_what_may_be_chosen(stand: Any, account: Account) -> None:
    data = account.post("v2/post/publish/creator_info/query/").json()["data"]
    assert data["creator_nickname"] == "Night Reminders"
    assert data["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert data["max_video_post_duration_sec"] == 600
    other = Account(stand, 1).post("v2/post/publish/creator_info/query/").json()["data"]
    assert other["duet_disabled"]
    assert other["stitch_disabled"]
    assert not other["comment_disabled"]


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (1000, 500, 2),  # small ones go whole
        (20_000_000, 5_000_000, 4),  # five megabytes in one reading only
        (80_000_000, 67_108_864, 1),  # 64 megabytes in one reading only
        (80_000_000, 80_000_000, 1),  # more than 64 MB in one piece
        (20_000_000, 10_000_000, 3),
        (25_000_000, 10_000_000, 3),  # rounded up
        (4 * 1024**3 + 1, 64_000_000, 67),
        (10_000_000, 20_000_000, 1),
        (0, 1, 1),
    ],
)
def test_chunks_that_break_the_rule_are_refused(
    account: Account, size: int, chunk: int, count: int
) -> None:
    assert code_of(account.init(size, chunk, count)) == (400, "invalid_param")


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (1000, 1000, 1),
        (64_000_000, 64_000_000, 1),
        (25_000_000, 10_000_000, 2),
        (4 * 1024**3, 64_000_000, 67),
    ],
)
def test_chunks_by_the_rule_are_taken(account: Account, size: int, chunk: int, count: int) -> None:
    data = account.init(size, chunk, count).json()["data"]
    assert len(data["publish_id"]) <= 64
    assert len(data["upload_url"]) <= 256


@pytest.mark.parametrize(
    "info",
    [
        {"privacy_level": "EVERYBODY"},
        {"title": "🌙" * 1101},
        {"title": 5},
        {"disable_duet": "false"},
        {"video_cover_timestamp_ms": -1},
        {"video_cover_timestamp_ms": True},
        {"hashtags": []},
    ],
)
def test_post_info_that_breaks_the_rule_is_refused(account: Account, info: dict[str, Any]) -> None:
    assert code_of(account.init(1000, **info)) == (400, "invalid_param")


def test_a_title_is_counted_in_utf_16(account: Account) -> None:
    assert account.init(1000, title="🌙" * 1100).status_code == 200


def test_the_privacy_level_must_be_among_the_persons_options(stand: Any) -> None:
    refused = Account(stand, 2).init(1000)
    assert code_of(refused) == (403, "privacy_level_option_mismatch")


def test_the_content_type_must_name_utf_8(account: Account) -> None:
    refused = account.post(
        "v2/post/publish/creator_info/query/", **{"Content-Type": "application/json"}
    )
    assert code_of(refused) == (400, "invalid_param")


def test_a_body_is_closed_and_privacy_is_required(account: Account) -> None:
    path = "v2/post/publish/video/init/"
    source = {
        "source": "FILE_UPLOAD", "video_size": 10, "chunk_size": 10, "total_chunk_count": 1,
    }  # fmt: skip
    bodies: list[dict[str, Any]] = [
        {"post_info": {"title": "x"}, "source_info": source},
        {"post_info": {"privacy_level": "SELF_ONLY"}},
        {"post_info": {"privacy_level": "SELF_ONLY"}, "source_info": source, "post_mode": "x"},
        {"post_info": {"privacy_level": "SELF_ONLY"}, "source_info": source | {"x": 1}},
        {"post_info": {"privacy_level": "SELF_ONLY"}, "source_info": {"source": "FILE"}},
    ]
    for body in bodies:
        assert code_of(account.post(path, body)) == (400, "invalid_param")


def test_a_scope_that_was_not_granted_is_missed(stand: Any) -> None:
    reader = Account(stand, scope="user.info.basic,video.list")
    assert code_of(reader.init(1000)) == (401, "scope_not_authorized")
    asked = stand.client.get(
        stand.at(API, "v2/user/info/?fields=open_id,username"), headers=reader.bearer
    )
    assert code_of(asked) == (401, "scope_not_authorized")


def test_six_inits_in_a_sliding_minute_are_the_limit(stand: Any, account: Account) -> None:
    assert [account.init(1000).status_code for _ in range(7)] == [200] * 6 + [429]
    assert code_of(account.init(1000)) == (429, "rate_limit_exceeded")
    assert account.post("v2/post/publish/creator_info/query/").status_code == 200
    stand.forward(60)
    assert account.init(1000).status_code == 200


def test_an_unaudited_app_posts_only_for_oneself_and_to_private_accounts(
    stand: Any, evening: bytes
) -> None:
    code = (403, "unaudited_client_can_only_post_to_private_accounts")
    assert code_of(Account(stand, 0, app=UNAUDITED).init(1000, privacy_level="SELF_ONLY")) == code
    private = Account(stand, 2, app=UNAUDITED)
    assert code_of(private.init(1000, privacy_level="MUTUAL_FOLLOW_FRIENDS")) == code
    done = private.posted(evening, privacy_level="SELF_ONLY")
    assert done["status"] == "PUBLISH_COMPLETE"


# Uploading


def test_a_video_in_chunks_becomes_a_post_with_what_was_asked(
    stand: Any, account: Account, evening: bytes
) -> None:
    content = padded(evening, 12_000_000)
    begun = account.init(
        len(content), 5_242_880, is_aigc=True, disable_duet=True, title="Night 🌙"
    ).json()["data"]
    url = begun["upload_url"]
    first = account.put(url, content[:5_242_880], 0, len(content))
    assert (first.status_code, first.headers["content-range"]) == (206, "bytes 0-5242879/12000000")
    data = account.status(begun["publish_id"]).json()["data"]
    assert (data["status"], data["uploaded_bytes"]) == ("PROCESSING_UPLOAD", 5_242_880)
    assert account.put(url, content[5_242_880:], 5_242_880, len(content)).status_code == 201
    data = account.settled(begun["publish_id"])
    assert data["status"] == "PUBLISH_COMPLETE"
    assert data["publicaly_available_post_id"] == []  # not moderated yet
    time.sleep(0.5)
    shown = account.status(begun["publish_id"]).json()["data"]["publicaly_available_post_id"]
    post = stand.posts("tiktok")[-1]
    assert [str(number) for number in shown] == [post["id"]]
    assert post["text"] == "Night 🌙"
    assert post["media"][0]["size"] == len(content)
    assert post["media"][0]["mime"] == "video/mp4"
    assert post["extra"]["is_aigc"]
    assert post["extra"]["disable_duet"]
    assert stand.client.get(post["permalink"]).status_code == 200


def test_chunks_come_in_order_and_whole(stand: Any, account: Account) -> None:
    size, chunk = 12_000_000, 5_242_880
    url = account.init(size, chunk).json()["data"]["upload_url"]
    piece, rest = bytes(chunk), bytes(size - chunk)
    assert account.put(url, rest, chunk, size).status_code == 416  # the second one first
    assert account.put(url, piece[:-1], 0, size).status_code == 416  # too short
    assert account.put(url, piece, 0, size + 1).status_code == 416  # another total
    assert account.put(url, piece, 0, size).status_code == 206
    assert account.put(url, piece, 0, size).status_code == 416  # once more


def test_the_upload_address_wants_its_headers_and_no_token(
    stand: Any, account: Account, evening: bytes
) -> None:
    url = account.init(len(evening)).json()["data"]["upload_url"]
    for wrong in (
        {"Content-Type": "application/octet-stream"},
        {"Content-Range": "bytes=0-1"},
        {"Authorization": "Bearer x"},
    ):
        assert account.put(url, evening, **wrong).status_code == 400
    assert account.put(url[:-3], evening).status_code == 403
    stand.forward(3601)
    assert account.put(url, evening).status_code == 403


def test_a_chunk_that_breaks_off_is_sent_again(
    stand: Any, account: Account, evening: bytes
) -> None:
    begun = account.init(len(evening)).json()["data"]
    stand.fault("cut", platform="tiktok", step="upload_append")
    with pytest.raises(httpx.TransportError):
        account.put(begun["upload_url"], evening)
    assert account.status(begun["publish_id"]).json()["data"]["uploaded_bytes"] == 0
    assert account.put(begun["upload_url"], evening).status_code == 201


def test_a_killed_client_leaves_the_upload_where_it_was(
    stand: Any, account: Account, evening: bytes
) -> None:
    begun, before = account.init(len(evening)).json()["data"], stand.broken_off("tiktok")
    parts = urlsplit(begun["upload_url"])
    head = (
        f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\n"
        f"Content-Length: {len(evening)}\r\n"
        f"Content-Range: bytes 0-{len(evening) - 1}/{len(evening)}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port)) as link:
        link.sendall(head.encode() + evening[:100])
    stand.wait_until_broken_off("tiktok", before)
    assert account.put(begun["upload_url"], evening).status_code == 201
    assert account.settled(begun["publish_id"])["status"] == "PUBLISH_COMPLETE"


def test_after_a_lost_answer_the_status_tells_that_all_came(
    stand: Any, account: Account, evening: bytes
) -> None:
    begun = account.init(len(evening)).json()["data"]
    stand.fault("reset_after", platform="tiktok", step="upload_append")
    before = len(stand.posts("tiktok"))
    with pytest.raises(httpx.TransportError):
        account.put(begun["upload_url"], evening)
    data = account.status(begun["publish_id"]).json()["data"]
    assert data["uploaded_bytes"] == len(evening)
    assert account.settled(begun["publish_id"])["status"] == "PUBLISH_COMPLETE"
    assert account.put(begun["upload_url"], evening).status_code == 416
    assert len(stand.posts("tiktok")) == before + 1


def test_a_lost_upload_is_not_known_any_more(stand: Any, account: Account, evening: bytes) -> None:
    begun = account.init(len(evening)).json()["data"]
    stand.fault("lose_container", platform="tiktok", step="upload_append")
    assert account.put(begun["upload_url"], evening).status_code == 403
    assert code_of(account.status(begun["publish_id"])) == (400, "invalid_publish_id")


@pytest.mark.parametrize(
    ("content", "person", "reason"),
    [
        (b"this is no film" * 100, 0, "file_format_check_failed"),
        (film(240, 426), 0, "picture_size_check_failed"),
        (film(rate=15), 0, "frame_rate_check_failed"),
        (film(rate=24, frames=24 * 62), 2, "duration_check_failed"),
    ],
    ids=["text", "small", "slow", "long"],
)
def test_a_film_that_does_not_fit_fails_in_processing(
    stand: Any, content: bytes, person: int, reason: str
) -> None:
    data = Account(stand, person).posted(content, privacy_level="SELF_ONLY")
    assert (data["status"], data["fail_reason"]) == ("FAILED", reason)


def test_processing_can_be_slow_and_fail(stand: Any, account: Account, evening: bytes) -> None:
    stand.fault("slow", platform="tiktok", seconds=0.8, times=None)
    begun = account.init(len(evening)).json()["data"]
    account.put(begun["upload_url"], evening)
    time.sleep(0.5)
    assert account.status(begun["publish_id"]).json()["data"]["status"] == "PROCESSING_UPLOAD"
    assert account.settled(begun["publish_id"])["status"] == "PUBLISH_COMPLETE"
    stand.clear()
    stand.fault("fail_processing", platform="tiktok")
    assert account.posted(evening)["fail_reason"] == "internal"


def test_a_status_is_for_its_own_person(stand: Any, account: Account) -> None:
    begun = account.init(1000).json()["data"]
    other = Account(stand, 1).status(begun["publish_id"])
    assert code_of(other) == (403, "token_not_authorized_for_specified_publish_id")
    assert code_of(account.status("v_pub_file~v2-1.0")) == (400, "invalid_publish_id")


def test_a_draft_goes_to_the_inbox_and_five_may_wait(stand: Any, evening: bytes) -> None:
    account = Account(stand, 2)
    begun = account.init(len(evening), inbox=True).json()["data"]
    account.put(begun["upload_url"], evening)
    assert account.settled(begun["publish_id"])["status"] == "SEND_TO_USER_INBOX"
    assert stand.posts("tiktok")[-1]["extra"]["draft"]
    assert [account.init(1000, inbox=True).status_code for _ in range(4)] == [200] * 4
    refused = account.init(1000, inbox=True)
    assert code_of(refused) == (403, "spam_risk_too_many_pending_share")


def test_fifteen_direct_posts_a_day_are_the_limit(stand: Any, evening: bytes) -> None:
    stand.forward(86_400)
    account = Account(stand, 2)
    stand.fault("slow", platform="tiktok", seconds=0.01, times=None)
    for number in range(15):
        if number % 6 == 0:
            stand.forward(60)
        begun = account.init(len(evening), privacy_level="SELF_ONLY").json()["data"]
        account.put(begun["upload_url"], evening)
    account.settled(begun["publish_id"])
    refused = account.init(1000, privacy_level="SELF_ONLY")
    assert code_of(refused) == (403, "spam_risk_too_many_posts")


# What TikTok fetches itself


def photos(account: Account, urls: list[str], mode: str = "DIRECT_POST", **info: Any) -> Any:
    info = {"title": "Three", "description": "Of the evening"} | info
    if mode == "DIRECT_POST":
        info = {"privacy_level": "PUBLIC_TO_EVERYONE"} | info
    return account.post(
        "v2/post/publish/content/init/",
        {
            "post_info": info,
            "source_info": {
                "source": "PULL_FROM_URL",
                "photo_images": urls,
                "photo_cover_index": 1,
            },
            "post_mode": mode,
            "media_type": "PHOTO",
        },
    )


def test_photos_are_fetched_and_posted(stand: Any, account: Account, shelf: str) -> None:
    begun = photos(account, [f"{shelf}/a.jpg", f"{shelf}/b.webp"], auto_add_music=True).json()
    data = account.settled(begun["data"]["publish_id"])
    assert data["status"] == "PUBLISH_COMPLETE"
    assert data["downloaded_bytes"] > 0
    post = stand.posts("tiktok")[-1]
    assert [media["mime"] for media in post["media"]] == ["image/jpeg", "image/webp"]
    assert post["text"] == "Of the evening"
    assert post["extra"]["photo_cover_index"] == 1
    assert post["extra"]["title"] == "Three"


def test_photos_can_go_to_the_inbox(account: Account, shelf: str) -> None:
    begun = photos(account, [f"{shelf}/a.jpg", f"{shelf}/b.webp"], "MEDIA_UPLOAD").json()
    assert account.settled(begun["data"]["publish_id"])["status"] == "SEND_TO_USER_INBOX"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("moved.jpg", "photo_pull_failed"),
        ("c.png", "file_format_check_failed"),
        ("wide.jpg", "picture_size_check_failed"),
        ("missing.jpg", "photo_pull_failed"),
    ],
)
def test_a_photo_that_cannot_be_had_or_does_not_fit_fails(
    account: Account, shelf: str, name: str, reason: str
) -> None:
    begun = photos(account, [f"{shelf}/a.jpg", f"{shelf}/{name}"]).json()["data"]
    assert account.settled(begun["publish_id"])["fail_reason"] == reason


def test_photos_by_address_are_asked_for_by_the_rule(account: Account, shelf: str) -> None:
    foreign = photos(account, ["https://example.com/a.jpg"] * 2)
    assert code_of(foreign) == (403, "url_ownership_unverified")
    for refused in (
        photos(account, [f"{shelf}/a.jpg"] * 36),
        photos(account, [f"{shelf}/a.jpg"]),  # the cover is out of range
        photos(account, [f"{shelf}/a.jpg"] * 2, title="x" * 91),
        photos(account, [f"{shelf}/a.jpg"] * 2, disable_duet=True),
    ):
        assert code_of(refused) == (400, "invalid_param")


def test_a_video_can_be_fetched_from_an_address(stand: Any, account: Account, shelf: str) -> None:
    begun = account.post(
        "v2/post/publish/video/init/",
        {
            "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE"},
            "source_info": {"source": "PULL_FROM_URL", "video_url": f"{shelf}/film.mp4"},
        },
    ).json()["data"]
    assert "upload_url" not in begun
    assert account.settled(begun["publish_id"])["status"] == "PUBLISH_COMPLETE"
    assert stand.posts("tiktok")[-1]["media"][0]["mime"] == "video/mp4"


# Reading


def test_only_public_posts_are_listed_and_counted(
    stand: Any, account: Account, evening: bytes
) -> None:
    for level in ("PUBLIC_TO_EVERYONE", "SELF_ONLY", "PUBLIC_TO_EVERYONE"):
        account.posted(evening, title=level, privacy_level=level)
    time.sleep(0.5)
    stand.forward(3600)
    path = "v2/video/list/?fields=id,title,create_time,view_count,width"
    page = account.post(path, {"max_count": 1}).json()["data"]
    assert page["has_more"]
    following = account.post(path, {"max_count": 1, "cursor": page["cursor"]}).json()["data"]
    both = page["videos"] + following["videos"]
    assert [video["title"] for video in both] == ["PUBLIC_TO_EVERYONE"] * 2
    assert both[0]["id"] != both[1]["id"]
    assert both[0]["width"] == 360
    query = "v2/video/query/?fields=id,like_count,comment_count,share_count,view_count"
    asked = {"filters": {"video_ids": [video["id"] for video in both]}}
    now = account.post(query, asked).json()["data"]["videos"]
    assert {video["id"] for video in now} == set(asked["filters"]["video_ids"])
    assert now[0]["view_count"] > 0
    stand.forward(7200)
    later = account.post(query, asked).json()["data"]["videos"]
    assert later[0]["view_count"] > now[0]["view_count"]


def test_a_list_can_lag(stand: Any, account: Account, evening: bytes) -> None:
    account.posted(evening, title="Just now")
    time.sleep(0.5)
    stand.fault("lag", platform="tiktok", seconds=20, times=None)
    shown = account.post("v2/video/list/?fields=title").json()["data"]["videos"]
    assert "Just now" not in [video["title"] for video in shown[:1]]


def test_reads_ask_for_fields_and_small_pages(account: Account) -> None:
    for path, body in (
        ("v2/video/list/", {}),
        ("v2/video/list/?fields=reach", {}),
        ("v2/video/list/?fields=id", {"max_count": 21}),
        ("v2/video/query/?fields=id", {"filters": {"video_ids": ["1"] * 21}}),
        ("v2/video/query/?fields=id", {"video_ids": ["1"]}),
    ):
        assert code_of(account.post(path, body)) == (400, "invalid_param")


def test_the_person_is_told_by_fields(stand: Any, account: Account) -> None:
    fields = "open_id,display_name,username,follower_count,video_count,likes_count"
    user = stand.client.get(
        stand.at(API, f"v2/user/info/?fields={fields}"), headers=account.bearer
    ).json()["data"]["user"]
    assert set(user) == set(fields.split(","))
    assert user["username"] == "night.reminders"
    assert user["open_id"] == account.tokens["open_id"]


def test_outages_and_limits_come_in_its_own_words(stand: Any, account: Account) -> None:
    stand.fault("status", platform="tiktok", step="upload_init", status=503)
    assert code_of(account.init(1000)) == (503, "internal_error")
    stand.fault("rate", platform="tiktok", step="upload_init")
    assert code_of(account.init(1000)) == (429, "rate_limit_exceeded")
