"""A client of the stand-in for LinkedIn, and files to send to it."""

from __future__ import annotations

import io
import struct
import time
from typing import Any
from urllib.parse import quote, urlencode

import av
import httpx
import numpy as np
from PIL import Image

API = "api.linkedin.com"
WWW = "www.linkedin.com"
REDIRECT = "http://127.0.0.1:3000/callback"
MEMBER = "openid profile w_member_social"
PAGES = (
    "openid profile w_member_social w_organization_social r_organization_social"
    " rw_organization_admin r_member_postAnalytics"
)
PAGE = "urn:li:organization:10100001"
VERSION = {"LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}


class Hand:
    """A client with a token."""

    def __init__(self, stand: Any, scopes: str = PAGES, person: int = 0) -> None:
        self.stand, self.http = stand, stand.client
        self.app = stand.app("linkedin")
        self.tokens = log_in(stand, scopes, person)
        self.bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        info = self.http.get(stand.at(API, "v2/userinfo"), headers=self.bearer)
        self.me = f"urn:li:person:{info.json()['sub']}"

    def rest(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        answer: httpx.Response = self.http.request(
            method,
            self.stand.at(API, f"rest/{path}"),
            json=json,
            headers={
                **VERSION,
                **self.bearer,
                **{k.replace("_", "-"): v for k, v in headers.items()},
            },
        )
        return answer

    def post(self, text: str, author: str = "", **more: Any) -> httpx.Response:
        return self.rest("POST", "posts", body(author or self.me, text, **more))

    def image(self, owner: str = "", content: bytes | None = None) -> str:
        begun = self.rest(
            "POST",
            "images?action=initializeUpload",
            {"initializeUploadRequest": {"owner": owner or self.me}},
        ).json()["value"]
        sent = self.http.put(begun["uploadUrl"], content=content or jpeg(), headers=self.bearer)
        assert sent.status_code == 201, sent.text
        return str(begun["image"])

    def begin_video(self, size: int, owner: str = "") -> dict[str, Any]:
        value: dict[str, Any] = self.rest(
            "POST",
            "videos?action=initializeUpload",
            {
                "initializeUploadRequest": {
                    "owner": owner or self.me,
                    "fileSizeBytes": size,
                    "uploadCaptions": False,
                    "uploadThumbnail": True,
                }
            },
        ).json()["value"]
        return value

    def put_part(self, part: dict[str, Any], content: bytes, **headers: str) -> httpx.Response:
        answer: httpx.Response = self.http.put(
            part["uploadUrl"],
            content=content[part["firstByte"] : part["lastByte"] + 1],
            headers={"Content-Type": "application/octet-stream", **headers},
        )
        return answer

    def finish_video(self, begun: dict[str, Any], etags: list[str]) -> httpx.Response:
        return self.rest(
            "POST",
            "videos?action=finalizeUpload",
            {
                "finalizeUploadRequest": {
                    "video": begun["video"],
                    "uploadToken": begun["uploadToken"],
                    "uploadedPartIds": etags,
                }
            },
        )

    def status(self, urn: str) -> httpx.Response:
        return self.rest("GET", f"{urn.split(':')[2]}s/{quote(urn, safe='')}")

    def wait(self, urn: str) -> dict[str, Any]:
        for _ in range(60):
            said: dict[str, Any] = self.status(urn).json()
            if said["status"] not in ("PROCESSING", "WAITING_UPLOAD"):
                return said
            time.sleep(0.05)
        raise AssertionError(said)


def log_in(stand: Any, scopes: str, person: int = 0, **app: str) -> dict[str, Any]:
    app = app or stand.app("linkedin")
    came = stand.consent(authorize(stand, scopes, **app), person)
    assert came["state"] == "s1"
    answer = exchange(stand, came["code"], **app)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def authorize(stand: Any, scopes: str, client_id: str, redirect: str = REDIRECT, **_: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "state": "s1",
        "scope": scopes,
    }
    return f"{stand.at(WWW, 'oauth/v2/authorization')}?{urlencode(asked)}"


def exchange(stand: Any, code: str, client_id: str, client_secret: str) -> httpx.Response:
    answer: httpx.Response = stand.client.post(
        stand.at(WWW, "oauth/v2/accessToken"),
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "client_id": client_id,
            "client_secret": client_secret,
        },
    )
    return answer


def body(author: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "author": author,
        "commentary": text,
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        **more,
    }


def jpeg(size: tuple[int, int] = (32, 32), kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (20, 30, 60)).save(file, kind)
    return file.getvalue()


def mp4(seconds: float = 4.0, at_least: int = 80_000) -> bytes:
    """A short film, made as large as wanted by a box of nothing at its end."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as video:
        track = video.add_stream("mpeg4", rate=5)
        track.width = track.height = 64
        for number in range(int(seconds * 5)):
            picture = np.full((64, 64, 3), number % 250, dtype=np.uint8)
            video.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        video.mux(track.encode(None))
    made = file.getvalue()
    padding = max(8, at_least - len(made))
    return made + struct.pack(">I4s", padding, b"free") + bytes(padding - 8)


def last(stand: Any) -> dict[str, Any]:
    found: dict[str, Any] = stand.posts("linkedin")[-1]
    return found
