"""Files to post, a host to have them fetched from, and the way in by Facebook Login."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import av
import httpx
import numpy as np
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from PIL import Image

BACK = "http://127.0.0.1:9/back"
PAGE_SCOPES = (
    "pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_engagement,read_insights"
)
GRAPH = "graph.facebook.com"
V = "v26.0"
OWN = "graph.instagram.com"
SCOPES = (
    "instagram_business_basic,instagram_business_content_publish,"
    "instagram_business_manage_comments,instagram_business_manage_insights"
)
LINKED_SCOPES = (
    "pages_show_list,pages_read_engagement,instagram_basic,instagram_content_publish,"
    "instagram_manage_insights,instagram_manage_comments,instagram_manage_contents"
)


def picture(width: int = 1080, height: int = 1350, kind: str = "JPEG", shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 40, 60)).save(out, kind)
    return out.getvalue()


def film(
    folder: Path,
    *,
    seconds: float = 3.5,
    width: int = 540,
    height: int = 960,
    rate: int = 24,
    edited: bool = False,
    head_first: bool = True,
) -> bytes:
    """A small H.264 video in an MP4 file."""
    path = folder / f"{seconds}-{width}x{height}-{rate}-{edited}-{head_first}.mp4"
    if path.exists():
        return path.read_bytes()
    options = {"use_editlist": "1" if edited else "0"}
    if head_first:
        options["movflags"] = "+faststart"
    with av.open(str(path), "w", options=options) as out:
        stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        blank = np.full((height, width, 3), 70, dtype=np.uint8)
        for _ in range(round(seconds * rate)):
            for packet in stream.encode(av.VideoFrame.from_ndarray(blank, format="rgb24")):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path.read_bytes()


class MediaHost:
    """Serves what is put into `files`: path to (status, content type, bytes)."""

    def __init__(self, url: str, files: dict[str, tuple[int, str, bytes]]) -> None:
        self.url, self.files = url, files

    def put(self, name: str, content: bytes, kind: str = "image/jpeg", status: int = 200) -> str:
        self.files[f"/{name}"] = (status, kind, content)
        return f"{self.url}/{name}"


@contextmanager
def media_host() -> Iterator[MediaHost]:
    files: dict[str, tuple[int, str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, content = files.get(
                self.path.partition("?")[0], (404, "text/plain", b"no")
            )
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status in (301, 302):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield MediaHost(f"http://127.0.0.1:{server.server_port}", files)
    server.shutdown()
    server.server_close()


def dialog(stand: Any, scope: str = PAGE_SCOPES, **more: str) -> str:
    said = {"client_id": "sandbox-facebook", "redirect_uri": BACK, "scope": scope, "state": "s1"}
    return str(stand.at("www.facebook.com", f"v26.0/dialog/oauth?{urlencode(said | more)}"))


def short_token(stand: Any, scope: str = PAGE_SCOPES, person: int = 0) -> str:
    code = stand.consent(dialog(stand, scope), person)["code"]
    app = stand.app("facebook")
    said = {**app, "redirect_uri": BACK, "code": code}
    answer = stand.client.get(stand.at(GRAPH, "v26.0/oauth/access_token"), params=said)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def long_token(stand: Any, scope: str = PAGE_SCOPES, person: int = 0) -> str:
    said = {
        **stand.app("facebook"),
        "grant_type": "fb_exchange_token",
        "fb_exchange_token": short_token(stand, scope, person),
    }
    answer = stand.client.get(stand.at(GRAPH, "oauth/access_token"), params=said)
    assert answer.json()["expires_in"] == 5_183_944
    return str(answer.json()["access_token"])


def pages(stand: Any, token: str) -> list[dict[str, Any]]:
    said = {
        "fields": "id,name,access_token,tasks,instagram_business_account",
        "access_token": token,
    }
    found: list[dict[str, Any]] = stand.client.get(
        stand.at(GRAPH, "v26.0/me/accounts"), params=said
    ).json()["data"]
    return found


def sdk(stand: Any, token: str, secret: str | None = None) -> FacebookAdsApi:
    """Meta's own SDK, pointed here."""
    session = FacebookSession(app_id="sandbox-facebook", app_secret=secret, access_token=token)
    session.GRAPH = stand.at(GRAPH).rstrip("/")
    return FacebookAdsApi(session, api_version="v26.0")


def error(answer: Any) -> tuple[int, int | None]:
    """Code and subcode of a refusal."""
    said = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= set(said)
    return said["code"], said.get("error_subcode")


class PageWay:
    """A page and the token to speak for it."""

    def __init__(self, stand: Any, token: str, number: int = 0) -> None:
        self.stand = stand
        page = pages(stand, token)[number]
        self.page, self.token, self.user_token = page["id"], page["access_token"], token

    def __call__(self, method: str, path: str, host: str = GRAPH, **said: Any) -> Any:
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


def consent_url(stand: Any, scope: str = SCOPES) -> str:
    said = {
        "client_id": "sandbox-instagram", "redirect_uri": BACK, "scope": scope,
        "response_type": "code", "state": "s2",
    }  # fmt: skip
    return str(stand.at("www.instagram.com", f"oauth/authorize?{urlencode(said)}"))


def short(stand: Any, person: int = 0, scope: str = SCOPES) -> str:
    form = {
        **stand.app("instagram"), "grant_type": "authorization_code", "redirect_uri": BACK,
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


class AccountWay:
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


def image(host: MediaHost, **said: Any) -> str:
    return host.put("a.jpg", picture(**said))
