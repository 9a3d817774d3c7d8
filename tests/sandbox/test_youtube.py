"""The stand-in for YouTube, proved with Google's own client and its discovery documents."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import av
import googleapiclient
import httpx
import numpy as np
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request as GoogleRequest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload
from PIL import Image

AUTH = "https://www.googleapis.com/auth/"
SCOPES = tuple(
    f"{AUTH}{name}"
    for name in (
        "youtube.upload", "youtube.readonly", "youtube.force-ssl", "yt-analytics.readonly",
    )
)  # fmt: skip
REDIRECT = "http://127.0.0.1:9/back"
UNAUDITED = ("sandbox-youtube-unaudited", "GOCSPX-m3VtQz8LrKw1YxBd6HfNpS0aEc")
STEP = 262_144
DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache/documents"
QUIET = {"privacyStatus": "private", "selfDeclaredMadeForKids": False}


def film(
    width: int = 180, height: int = 320, frames: int = 24, rate: int = 24, size: int = 0
) -> bytes:
    """A small film, with an empty box behind it if `size` bytes are wanted."""
    kept = io.BytesIO()
    with av.open(kept, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        grey = np.full((height * 3 // 2, width), 120, np.uint8)
        picture = av.VideoFrame.from_ndarray(grey, "yuv420p")
        for number in range(frames):
            picture.pts = number
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    content = kept.getvalue()
    left = size - len(content)
    return content + struct.pack(">I4s", left, b"free") + bytes(left - 8) if size else content


class Account:
    """Somebody's connection to the stand-in."""

    def __init__(
        self,
        stand: Any,
        person: int = 0,
        scopes: tuple[str, ...] = SCOPES,
        app: tuple[str, str] | None = None,
        **asked: str,
    ) -> None:
        shown = stand.app("youtube")
        self.stand = stand
        self.id, self.secret = app or (shown["client_id"], shown["client_secret"])
        asked = {"scope": " ".join(scopes), "prompt": "consent"} | asked
        self.back = stand.consent(self.address(**asked), person)
        self.tokens = self.redeem(self.back["code"]).json()

    def address(self, **changes: str) -> str:
        asked = {
            "client_id": self.id,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "access_type": "offline",
            "scope": " ".join(SCOPES),
            "state": "s1",
        } | changes
        return f"{self.stand.at('accounts.google.com', 'o/oauth2/v2/auth')}?{urlencode(asked)}"

    def token(self, **form: str) -> httpx.Response:
        form = {"client_id": self.id, "client_secret": self.secret} | form
        return self.stand.client.post(self.stand.at("oauth2.googleapis.com", "token"), data=form)

    def redeem(self, code: str, **form: str) -> httpx.Response:
        form = {"redirect_uri": REDIRECT} | form
        return self.token(grant_type="authorization_code", code=code, **form)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def credentials(self) -> Credentials:
        return Credentials(
            self.tokens["access_token"],
            refresh_token=self.tokens.get("refresh_token"),
            token_uri=self.stand.at("oauth2.googleapis.com", "token"),
            client_id=self.id,
            client_secret=self.secret,
        )

    def google(self, document: str = "youtube.v3", host: str = "youtube.googleapis.com") -> Any:
        """Google's own client, with nothing changed but where its root is."""
        said = json.loads((DOCUMENTS / f"{document}.json").read_text())
        said["rootUrl"] = self.stand.at(host)
        return build_from_document(said, credentials=self.credentials())

    def get(self, path: str, host: str = "www.googleapis.com", **params: Any) -> httpx.Response:
        return self.stand.client.get(self.stand.at(host, path), params=params, headers=self.bearer)

    def begin(
        self,
        size: int,
        snippet: dict[str, Any] | None = None,
        status: dict[str, Any] | None = None,
        query: str = "uploadType=resumable&part=snippet,status",
        body: Any = None,
        **headers: str,
    ) -> httpx.Response:
        body = body or {
            "snippet": {"title": "Evening"} | (snippet or {}),
            "status": status or QUIET,
        }
        return self.stand.client.post(
            self.stand.at("www.googleapis.com", f"upload/youtube/v3/videos?{query}"),
            content=json.dumps(body),
            headers=self.bearer
            | {
                "Content-Type": "application/json; charset=UTF-8",
                "X-Upload-Content-Length": str(size),
                "X-Upload-Content-Type": "video/mp4",
            }
            | headers,
        )

    def put(self, session: str, content: bytes, said: str | None) -> httpx.Response:
        headers = {} if said is None else {"Content-Range": said}
        return self.stand.client.put(session, content=content, headers=headers)

    def ask(self, session: str, total: int) -> httpx.Response:
        return self.put(session, b"", f"bytes */{total}")

    def posted(self, content: bytes, **more: Any) -> dict[str, Any]:
        session = self.begin(len(content), **more).headers["location"]
        answer = self.put(session, content, None)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def settled(self, id: str, parts: str = "status,processingDetails") -> dict[str, Any]:
        for _ in range(25):
            item = self.get("youtube/v3/videos", part=parts, id=id).json()["items"][0]
            if item["status"]["uploadStatus"] != "uploaded":
                return item
            time.sleep(0.1)
        raise AssertionError(item)


def reason_of(response: httpx.Response) -> tuple[int, str]:
    error = response.json()["error"]
    assert error["code"] == response.status_code
    return response.status_code, error["errors"][0]["reason"]


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("youtube")


@pytest.fixture(autouse=True)
def _fresh(stand: Any) -> None:
    stand.clear()


@pytest.fixture
def account(stand: Any) -> Account:
    return Account(stand)


@pytest.fixture(scope="module")
def evening() -> bytes:
    return film()


@pytest.fixture(scope="module")
def night() -> bytes:
    """A film of four chunks and a rest."""
    return film(size=4 * STEP + 1000)


# Google's own client


def test_googles_client_sends_a_film_in_chunks(
    account: Account, night: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "night.mp4"
    file.write_bytes(night)
    body = {
        "snippet": {
            "title": "Night",
            "description": "Of the moon",
            "tags": ["moon", "quiet night"],
            "categoryId": "27",
            "defaultLanguage": "en",
        },
        "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False,
                   "containsSyntheticMedia": True, "embeddable": False},
        "paidProductPlacementDetails": {"hasPaidProductPlacement": True},
    }  # fmt: skip
    google = account.google()
    request = google.videos().insert(
        part="snippet,status,paidProductPlacementDetails",
        notifySubscribers=False,
        body=body,
        media_body=MediaFileUpload(str(file), mimetype="video/mp4", chunksize=STEP, resumable=True),
    )
    response, steps = None, []
    while response is None:
        status, response = request.next_chunk()
        steps.append(status and status.resumable_progress)
    assert steps == [STEP, 2 * STEP, 3 * STEP, 4 * STEP, None]
    post = account.stand.posts("youtube")[-1]
    assert post["id"] == response["id"]
    assert post["media"][0]["sha256"] == hashlib.sha256(night).hexdigest()
    assert post["extra"]["tags"] == ["moon", "quiet night"]
    assert post["extra"]["containsSyntheticMedia"]
    assert post["extra"]["hasPaidProductPlacement"]
    assert not post["extra"]["notifySubscribers"]
    assert post["kind"] == "short"
    item = account.settled(response["id"], "snippet,status,contentDetails,processingDetails")
    assert item["status"]["uploadStatus"] == "processed"
    assert item["processingDetails"]["processingStatus"] == "succeeded"
    assert item["contentDetails"]["duration"] == "PT1S"
    shown = google.videos().list(part="snippet,statistics", id=response["id"]).execute()
    assert shown["items"][0]["snippet"]["channelTitle"] == "Night Reminders"
    assert shown["items"][0]["statistics"]["viewCount"] == "0"
    assert account.stand.client.get(post["permalink"]).status_code == 200


def test_googles_client_goes_on_after_a_break(
    account: Account, night: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "night.mp4"
    file.write_bytes(night)
    media = MediaFileUpload(str(file), mimetype="video/mp4", chunksize=2 * STEP, resumable=True)
    request = account.google().videos().insert(
        part="snippet,status",
        body={"snippet": {"title": "Broken off"}, "status": QUIET},
        media_body=media,
    )  # fmt: skip
    request.next_chunk()
    account.stand.fault("cut", platform="youtube", step="upload_append")
    with pytest.raises((OSError, HttpError)):
        request.next_chunk()
    response = None
    while response is None:
        _, response = request.next_chunk()
    post = account.stand.posts("youtube")[-1]
    assert post["text"] == "Broken off"
    assert post["media"][0]["sha256"] == hashlib.sha256(night).hexdigest()


def test_googles_client_sets_thumbnails_changes_lists_and_deletes(
    stand: Any, account: Account, evening: bytes
) -> None:
    google, id = account.google(), account.posted(evening)["id"]
    kept = io.BytesIO()
    Image.new("RGB", (640, 360), "#123456").save(kept, "JPEG")
    for resumable in (False, True):
        media = MediaInMemoryUpload(kept.getvalue(), "image/jpeg", resumable=resumable)
        said = google.thumbnails().set(videoId=id, media_body=media).execute()
        assert said["items"][0]["default"]["width"] == 120
    post = stand.posts("youtube")[-1]
    assert post["extra"]["thumbnail_sha256"] == hashlib.sha256(kept.getvalue()).hexdigest()
    body = {"id": id, "snippet": {"title": "Later", "categoryId": "22"}, "status": QUIET}
    changed = google.videos().update(part="snippet,status", body=body).execute()
    assert changed["snippet"]["title"] == "Later"
    mine = google.channels().list(part="contentDetails,snippet", mine=True).execute()["items"][0]
    uploads = mine["contentDetails"]["relatedPlaylists"]["uploads"]
    request = google.playlistItems().list(part="snippet", playlistId=uploads, maxResults=1)
    titles = []
    while request is not None:
        page = request.execute()
        titles += [item["snippet"]["title"] for item in page["items"]]
        request = google.playlistItems().list_next(request, page)
    assert titles[0] == "Later"
    assert len(titles) == page["pageInfo"]["totalResults"] > 1
    google.videos().delete(id=id).execute()
    assert google.videos().list(part="id", id=id).execute()["items"] == []
    with pytest.raises(HttpError, match="videoNotFound"):
        google.videos().delete(id=id).execute()


def test_googles_client_renews_a_token_that_has_ended(stand: Any, account: Account) -> None:
    google = account.google()
    stand.fault("expire_token", platform="youtube")
    assert google.channels().list(part="id", mine=True).execute()["items"]
    credentials = account.credentials()
    credentials.refresh(GoogleRequest())
    assert credentials.token != account.tokens["access_token"]
    assert credentials.refresh_token == account.tokens["refresh_token"]


def test_googles_client_reads_the_figures(stand: Any, account: Account, evening: bytes) -> None:
    id = account.posted(evening, status={"privacyStatus": "public"})["id"]
    account.settled(id)
    stand.forward(5 * 86_400)
    account = Account(stand)
    google = account.google()
    batch = google.videos().batchGetStats(part="statistics,snippet", id=[id, "nobody"]).execute()
    assert batch["kind"] == "youtube#batchGetStatsResponse"
    assert [item["id"] for item in batch["items"]] == [id]
    assert int(batch["items"][0]["statistics"]["viewCount"]) > 0
    today = datetime.now(UTC).date()
    query = account.google("youtubeAnalytics.v2", "youtubeanalytics.googleapis.com").reports().query
    asked = {
        "ids": "channel==MINE",
        "startDate": str(today - timedelta(days=9)),
        "endDate": str(today + timedelta(days=9)),
        "metrics": "views,estimatedMinutesWatched,averageViewPercentage,likes",
        "filters": f"video=={id}",
    }
    by_day = query(**asked, dimensions="day").execute()
    assert [header["name"] for header in by_day["columnHeaders"]][:2] == ["day", "views"]
    assert 3 <= len(by_day["rows"]) <= 5  # the last days are not there yet
    by_video = query(**asked, dimensions="video", sort="-views", maxResults=10).execute()
    assert by_video["rows"][0][0] == id
    assert by_video["rows"][0][1] == sum(row[1] for row in by_day["rows"])
    with pytest.raises(HttpError, match="Unknown identifier"):
        query(**asked | {"metrics": "reach"}).execute()


# Log-in


def test_consent_gives_a_code_that_has_to_be_decoded_and_tokens(account: Account) -> None:
    assert account.back["state"] == "s1"
    assert account.back["scope"] == " ".join(SCOPES)
    assert "/" in account.back["code"]
    assert account.tokens["token_type"] == "Bearer"
    assert account.tokens["expires_in"] == 3599
    assert account.redeem(account.back["code"]).json()["error"] == "invalid_grant"


def test_a_person_may_untick_scopes_or_refuse(stand: Any, account: Account) -> None:
    url = account.address()
    person = next(p["id"] for p in stand.client.get(f"{stand.url}/_sandbox/people").json())
    form = {"person": person, "decision": "allow", "scope": [SCOPES[1]]}
    location = stand.client.post(url, data=form, follow_redirects=False).headers["location"]
    assert location.endswith(urlencode({"scope": SCOPES[1]}))
    form["scope"] = []
    location = stand.client.post(url, data=form, follow_redirects=False).headers["location"]
    assert "error=access_denied" in location
    assert stand.consent(url, decision="deny")["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_id": "nobody"}, 401),
        ({"redirect_uri": "https://elsewhere.example/"}, 400),
        ({"response_type": "token"}, 400),
        ({"scope": "youtube.upload"}, 400),
        ({"access_type": "always"}, 400),
    ],
)
def test_a_wrong_request_for_consent_sends_nobody_back(
    stand: Any, account: Account, changes: dict[str, str], status: int
) -> None:
    assert stand.client.get(account.address(**changes)).status_code == status


def test_a_refresh_token_comes_with_the_first_consent_or_when_it_is_asked_for(
    stand: Any, account: Account
) -> None:
    assert "refresh_token" in account.tokens
    assert "refresh_token" not in Account(stand, prompt="select_account").tokens
    assert "refresh_token" not in Account(stand, access_type="online").tokens


def test_scopes_granted_before_can_be_included(stand: Any) -> None:
    Account(stand, 1, SCOPES[:1])
    more = Account(stand, 1, SCOPES[1:2], include_granted_scopes="true")
    assert set(more.tokens["scope"].split()) == set(SCOPES[:2])


def test_pkce_is_held_to(stand: Any, account: Account) -> None:
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    url = account.address(code_challenge=challenge, code_challenge_method="S256")
    refused = account.redeem(stand.consent(url)["code"], code_verifier="w" * 43)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    taken = account.redeem(stand.consent(url)["code"], code_verifier=verifier)
    assert taken.status_code == 200


def test_the_token_address_says_what_is_wrong(account: Account) -> None:
    wrong = account.token(client_secret="x", grant_type="refresh_token")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    wrong = account.redeem(account.back["code"], redirect_uri="http://127.0.0.1:9/other")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "redirect_uri_mismatch")
    wrong = account.token(grant_type="refresh_token", refresh_token="1//0x")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


def test_revocation_ends_all_that_the_project_had(stand: Any) -> None:
    one, other = Account(stand, 1, SCOPES[:1]), Account(stand, 1, SCOPES[1:2])
    url = stand.at("oauth2.googleapis.com", "revoke")
    assert stand.client.post(url, data={"token": one.tokens["access_token"]}).json() == {}
    assert reason_of(other.get("youtube/v3/channels", part="id", mine="true")) == (401, "authError")
    again = other.token(grant_type="refresh_token", refresh_token=other.tokens["refresh_token"])
    assert again.json()["error"] == "invalid_grant"
    twice = stand.client.post(url, data={"token": one.tokens["access_token"]})
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_token")


def test_the_oldest_of_more_than_a_hundred_refresh_tokens_falls(stand: Any) -> None:
    first = Account(stand, 1)
    for _ in range(100):
        code = stand.consent(first.address(prompt="consent"), 1)["code"]
        assert "refresh_token" in first.redeem(code).json()
    fallen = first.token(grant_type="refresh_token", refresh_token=first.tokens["refresh_token"])
    assert fallen.json()["error"] == "invalid_grant"


def test_tokens_and_scopes_are_looked_at(stand: Any, account: Account) -> None:
    sender = Account(stand, scopes=SCOPES[:1])
    refused = sender.get("youtube/v3/channels", part="id", mine="true")
    assert reason_of(refused) == (403, "insufficientPermissions")
    reader = Account(stand, scopes=SCOPES[1:2])
    assert reason_of(reader.begin(1000)) == (403, "insufficientPermissions")
    bare = stand.client.get(stand.at("www.googleapis.com", "youtube/v3/channels?part=id&mine=true"))
    assert reason_of(bare) == (401, "required")
    stand.fault("expire_token", platform="youtube")
    assert reason_of(account.begin(1000)) == (401, "authError")


# Beginning an upload


@pytest.mark.parametrize(
    ("snippet", "status", "reason"),
    [
        ({"title": ""}, None, "invalidTitle"),
        ({"title": "x" * 101}, None, "invalidTitle"),
        ({"title": "a < b"}, None, "invalidTitle"),
        ({"description": "ن" * 2501}, None, "invalidDescription"),
        ({"description": "->"}, None, "invalidDescription"),
        ({"tags": ["x" * 250, "y" * 250]}, None, "invalidTags"),
        ({"tags": ["x " + "y" * 497]}, None, "invalidTags"),
        ({"tags": [5]}, None, "invalidTags"),
        ({"categoryId": "999"}, None, "invalidCategoryId"),
        ({"colour": "red"}, None, "badRequest"),
        ({"tags": "moon"}, None, "invalidVideoMetadata"),
        (None, {"privacyStatus": "hidden"}, "invalidVideoMetadata"),
        (None, {"embeddable": "yes"}, "invalidVideoMetadata"),
        (None, {"privacyStatus": "private", "publishAt": "tomorrow"}, "invalidPublishAt"),
        (
            None,
            {"privacyStatus": "private", "publishAt": "2030-01-01T10:00:00"},
            "invalidPublishAt",
        ),
        (
            None,
            {"privacyStatus": "public", "publishAt": "2030-01-01T10:00:00Z"},
            "invalidPublishAt",
        ),
    ],
)
def test_a_description_that_breaks_the_rule_is_refused(
    account: Account, snippet: dict[str, Any] | None, status: dict[str, Any] | None, reason: str
) -> None:
    assert reason_of(account.begin(1000, snippet, status)) == (400, reason)


@pytest.mark.parametrize(
    "snippet",
    [
        {"title": "ن" * 100},
        {"description": "ن" * 2500},
        {"tags": ["x" * 249, "y" * 250]},
        {"tags": ["x " + "y" * 496]},
    ],
)
def test_a_description_up_to_the_limit_is_taken(account: Account, snippet: dict[str, Any]) -> None:
    assert account.begin(1000, snippet).status_code == 200


def test_an_upload_is_begun_with_its_parameters_and_headers(account: Account) -> None:
    start = "uploadType=resumable"
    refused = account.begin(1000, query=start)
    assert reason_of(refused) == (400, "missingRequiredParameter")
    refused = account.begin(1000, query=f"{start}&part=snippet")
    assert reason_of(refused) == (400, "unexpectedPart")
    assert reason_of(account.begin(1000, query=f"{start}&part=moon")) == (400, "unknownPart")
    refused = account.begin(1000, query=f"{start}&part=snippet,status&privacy=x")
    assert reason_of(refused) == (400, "badRequest")
    assert reason_of(account.begin(0)) == (400, "mediaBodyRequired")
    for headers in ({"X-Upload-Content-Type": "image/png"}, {"X-Upload-Content-Length": "?"}):
        assert reason_of(account.begin(1000, **headers)) == (400, "badRequest")
    assert reason_of(account.begin(1000, **{"Content-Type": "text/plain"})) == (400, "badContent")


def test_somebody_without_a_channel_cannot_upload(stand: Any) -> None:
    nobody = Account(stand, 2)
    assert reason_of(nobody.begin(1000)) == (401, "youtubeSignupRequired")
    assert nobody.get("youtube/v3/channels", part="id", mine="true").json()["items"] == []


def test_a_hundred_uploads_a_day_are_the_quota_until_midnight_pacific(stand: Any) -> None:
    account = Account(stand, app=UNAUDITED)
    statuses = [account.begin(1000).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [403]
    assert reason_of(account.begin(1000)) == (403, "quotaExceeded")
    assert account.get("youtube/v3/channels", part="id", mine="true").status_code == 200
    stand.forward(86_400)
    assert Account(stand, app=UNAUDITED).begin(1000).status_code == 200


# The session


def test_chunks_are_answered_with_308_and_the_range_that_is_kept(
    account: Account, night: bytes
) -> None:
    session = account.begin(len(night)).headers["location"]
    assert "upload_id=" in session
    asked = account.ask(session, len(night))
    assert asked.status_code == 308
    assert "range" not in asked.headers
    total = len(night)
    first = account.put(session, night[: 2 * STEP], f"bytes 0-{2 * STEP - 1}/{total}")
    assert (first.status_code, first.headers["range"]) == (308, f"bytes=0-{2 * STEP - 1}")
    second = account.put(
        session, night[2 * STEP : 4 * STEP], f"bytes {2 * STEP}-{4 * STEP - 1}/{total}"
    )
    assert second.headers["range"] == f"bytes=0-{4 * STEP - 1}"
    last = account.put(session, night[4 * STEP :], f"bytes {4 * STEP}-{total - 1}/{total}")
    assert last.status_code == 201
    repeated = account.ask(session, total)
    assert (repeated.status_code, repeated.json()) == (201, last.json())
    assert [post["id"] for post in account.stand.posts("youtube")].count(last.json()["id"]) == 1


def test_chunks_that_break_the_rule_are_refused(account: Account, night: bytes) -> None:
    total = len(night)
    session = account.begin(total).headers["location"]
    for content, said in (
        (night[:1000], f"bytes 0-999/{total}"),  # no multiple of 256 KiB
        (night[:STEP], f"bytes 0-{STEP}/{total}"),  # another length
        (night[:STEP], f"bytes 0-{STEP - 1}/{total + 1}"),  # another total
        (night[:STEP], f"bytes {STEP}-{2 * STEP - 1}/{total}"),  # not the first
        (night[:STEP], "0-1"),
        (night[:STEP], None),
    ):
        assert reason_of(account.put(session, content, said)) == (400, "badRequest")
    assert account.put(session, night[:STEP], f"bytes 0-{STEP - 1}/{total}").status_code == 308
    larger = account.put(session, night[STEP : 3 * STEP], f"bytes {STEP}-{3 * STEP - 1}/{total}")
    assert reason_of(larger) == (400, "badRequest")
    again = account.put(session, night[:STEP], f"bytes 0-{STEP - 1}/{total}")
    assert reason_of(again) == (400, "badRequest")
    assert account.ask(session, total).headers["range"] == f"bytes=0-{STEP - 1}"


def test_what_came_before_a_break_is_kept_in_granules(account: Account, night: bytes) -> None:
    total = len(night)
    session = account.begin(total).headers["location"]
    account.stand.fault("cut", platform="youtube", step="upload_append")
    with pytest.raises(httpx.TransportError):
        account.put(session, night, None)
    kept = account.ask(session, total)
    assert (kept.status_code, kept.headers["range"]) == (308, f"bytes=0-{2 * STEP - 1}")
    rest = account.put(session, night[2 * STEP :], f"bytes {2 * STEP}-{total - 1}/{total}")
    assert rest.status_code == 201
    digest = account.stand.posts("youtube")[-1]["media"][0]["sha256"]
    assert digest == hashlib.sha256(night).hexdigest()


def test_a_killed_client_finds_its_bytes_again(stand: Any, account: Account, night: bytes) -> None:
    total, before = len(night), stand.broken_off("youtube")
    session = account.begin(total).headers["location"]
    parts = urlsplit(session)
    head = (
        f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {total}\r\n"
        f"Content-Range: bytes 0-{total - 1}/{total}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port)) as link:
        link.sendall(head.encode() + night[: STEP + 5000])
    stand.wait_until_broken_off("youtube", before)
    assert account.ask(session, total).headers["range"] == f"bytes=0-{STEP - 1}"


def test_after_a_lost_answer_the_session_repeats_the_final_one(
    stand: Any, account: Account, evening: bytes
) -> None:
    for kind in ("reset_after", "status_after"):
        session = account.begin(len(evening)).headers["location"]
        before = len(stand.posts("youtube"))
        stand.fault(kind, platform="youtube", step="upload_append")
        if kind == "reset_after":
            with pytest.raises(httpx.TransportError):
                account.put(session, evening, None)
        else:
            refused = account.put(session, evening, None)
            assert reason_of(refused) == (503, "backendError")
        told = account.ask(session, len(evening))
        assert told.status_code == 201
        assert stand.posts("youtube")[-1]["id"] == told.json()["id"]
        assert len(stand.posts("youtube")) == before + 1


def test_a_session_can_be_lost(stand: Any, account: Account, evening: bytes) -> None:
    session = account.begin(len(evening)).headers["location"]
    stand.fault("lose_container", platform="youtube", step="upload_append")
    assert account.ask(session, len(evening)).status_code == 404
    assert account.put(session, evening, None).status_code == 404


# Processing, and what comes after


def test_processing_can_be_slow_and_fail(stand: Any, account: Account, evening: bytes) -> None:
    stand.fault("slow", platform="youtube", seconds=0.8, times=None)
    id = account.posted(evening)["id"]
    item = account.get("youtube/v3/videos", part="status,processingDetails", id=id).json()
    assert item["items"][0]["status"]["uploadStatus"] == "uploaded"
    assert item["items"][0]["processingDetails"]["processingStatus"] == "processing"
    assert account.settled(id)["status"]["uploadStatus"] == "processed"
    stand.clear()
    stand.fault("fail_processing", platform="youtube")
    item = account.settled(account.posted(evening)["id"])
    assert item["status"]["uploadStatus"] == "failed"
    assert item["status"]["failureReason"] == "conversion"
    assert item["processingDetails"]["processingStatus"] == "failed"


def test_a_file_that_is_no_film_fails_and_a_long_one_is_rejected(stand: Any) -> None:
    item = Account(stand).settled(Account(stand).posted(b"no film" * 99)["id"])
    assert item["status"]["failureReason"] == "invalidFile"
    other = Account(stand, 1)
    long = other.posted(film(64, 64, frames=901, rate=1))
    item = other.settled(long["id"])
    assert item["status"]["rejectionReason"] == "length"


def test_an_unaudited_project_is_locked_to_private_and_its_tokens_last_a_week(
    stand: Any, evening: bytes
) -> None:
    stand.forward(86_400)
    account = Account(stand, app=UNAUDITED)
    assert account.tokens["refresh_token_expires_in"] == 604_800
    id = account.posted(evening, status={"privacyStatus": "public"})["id"]
    assert account.settled(id)["status"]["privacyStatus"] == "private"
    assert stand.posts("youtube")[-1]["extra"]["asked_privacy"] == "public"
    stand.forward(604_801)
    ended = account.token(grant_type="refresh_token", refresh_token=account.tokens["refresh_token"])
    assert ended.json()["error"] == "invalid_grant"
    with pytest.raises(RefreshError):
        account.credentials().refresh(GoogleRequest())


def test_a_planned_video_becomes_public_at_its_time(stand: Any, evening: bytes) -> None:
    account = Account(stand)
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    moment = datetime.fromtimestamp(now + 1800, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    id = account.posted(evening, status=QUIET | {"publishAt": moment})["id"]
    status = account.settled(id)["status"]
    assert (status["privacyStatus"], status["publishAt"]) == ("private", moment)
    stranger = Account(stand, 1)
    assert stranger.get("youtube/v3/videos", part="status", id=id).json()["items"] == []
    stand.forward(1801)
    status = account.settled(id)["status"]
    assert status["privacyStatus"] == "public"
    assert "publishAt" not in status
    later = {"id": id, "status": QUIET | {"publishAt": "2090-01-01T00:00:00Z"}}
    url = stand.at("youtube.googleapis.com", "youtube/v3/videos?part=status")
    refused = stand.client.put(url, json=later, headers=account.bearer)
    assert reason_of(refused) == (400, "invalidPublishAt")
    seen = stranger.get("youtube/v3/videos", part="status", id=id).json()["items"]
    assert "selfDeclaredMadeForKids" not in seen[0]["status"]
    refused = stranger.get("youtube/v3/videos", part="processingDetails", id=id)
    assert reason_of(refused) == (403, "forbidden")


def test_changing_and_deleting_is_for_the_owner(stand: Any, evening: bytes) -> None:
    id = Account(stand).posted(evening)["id"]
    stranger = Account(stand, 1)
    url = stand.at("www.googleapis.com", f"youtube/v3/videos?id={id}")
    refused = stand.client.delete(url, headers=stranger.bearer)
    assert reason_of(refused) == (403, "forbidden")
    sender = Account(stand, scopes=SCOPES[:2])
    refused = stand.client.delete(url, headers=sender.bearer)
    assert reason_of(refused) == (403, "insufficientPermissions")


def test_thumbnails_are_for_verified_channels_and_pictures(stand: Any, evening: bytes) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 36)).save(picture, "PNG")

    def put(account: Account, id: str, content: bytes, mime: str = "image/png") -> Any:
        return stand.client.post(
            stand.at("www.googleapis.com", f"upload/youtube/v3/thumbnails/set?videoId={id}"),
            content=content,
            headers=account.bearer | {"Content-Type": mime},
        )

    account, other = Account(stand), Account(stand, 1)
    id, theirs = account.posted(evening)["id"], other.posted(evening)["id"]
    assert put(account, id, picture.getvalue()).status_code == 200
    assert reason_of(put(account, id, b"moon")) == (400, "invalidImage")
    assert reason_of(put(account, id, b"")) == (400, "mediaBodyRequired")
    assert reason_of(put(account, id, picture.getvalue(), "image/gif")) == (400, "badRequest")
    assert reason_of(put(account, "nothing", picture.getvalue())) == (404, "videoNotFound")
    assert reason_of(put(other, theirs, picture.getvalue())) == (403, "forbidden")


def test_the_uploads_can_lag_and_others_see_only_what_is_public(stand: Any, evening: bytes) -> None:
    account, stranger = Account(stand), Account(stand, 1)
    uploads = "UU" + stand.client.get(f"{stand.url}/_sandbox/people").json()[0]["id"][2:]
    asked = {"part": "snippet", "playlistId": uploads}
    account.posted(evening, snippet={"title": "Just now"}, status={"privacyStatus": "public"})
    account.posted(evening, snippet={"title": "For me"})

    def newest(reader: Account) -> str:
        title: str = reader.get("youtube/v3/playlistItems", **asked).json()["items"][0]["snippet"][
            "title"
        ]
        return title

    assert newest(account) == "For me"
    assert newest(stranger) == "Just now"
    stand.fault("lag", platform="youtube", seconds=30, times=None)
    assert newest(account) != "For me"
    refused = account.get("youtube/v3/playlistItems", part="snippet", playlistId="UUx")
    assert reason_of(refused) == (404, "playlistNotFound")


def test_filters_are_asked_for(account: Account) -> None:
    refused = account.get("youtube/v3/videos", part="id")
    assert reason_of(refused) == (400, "missingRequiredParameter")
    refused = account.get("youtube/v3/videos", part="id", id=",".join(["x"] * 51))
    assert reason_of(refused) == (400, "invalidFilters")
    refused = account.get("youtube/v3/channels", part="id")
    assert reason_of(refused) == (400, "missingRequiredParameter")


def test_outages_and_limits_come_in_googles_words(stand: Any, account: Account) -> None:
    for status, reason in (
        (503, "backendError"),
        (403, "quotaExceeded"),
        (400, "uploadLimitExceeded"),
    ):
        stand.fault("status", platform="youtube", step="upload_init", status=status)
        assert reason_of(account.begin(1000)) == (status, reason)
    stand.fault("rate", platform="youtube", step="upload_init", seconds=7)
    refused = account.begin(1000)
    assert reason_of(refused) == (429, "rateLimitExceeded")
    assert refused.headers["retry-after"] == "7"
