"""Uploads and files over HTTP, as a browser's page speaks it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from autosched.api import files, routes
from autosched.api.session import COOKIE
from autosched.errors import NotFoundError
from autosched.identity import service as identity
from autosched.identity.models import Role, User
from autosched.library import service
from autosched.library.models import Asset
from tests.library.people import join, leave, person, send
from tests.media import samples

HOST = "http://app.example.org"


def browser(actor: str | None) -> TestClient:
    client = TestClient(Starlette(routes=routes()), base_url=HOST)
    if actor is not None:
        user = User(id=actor, email="", name="", password_hash="")
        client.cookies.set(COOKIE, identity.open_login(user))
    return client


@pytest.fixture
def amina(database: str) -> tuple[str, str]:
    return person("amina")


@pytest.fixture
def film(amina: tuple[str, str], data: Path) -> Asset:
    return send(*amina, samples.video(data / "سورة.mp4"))


def announce(client: TestClient, home: str, name: str, size: int) -> str:
    answer = client.post("/api/v1/uploads", json={"workspace_id": home, "name": name, "size": size})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/uploads/{answer.json()['id']}"
    assert answer.json()["chunk_max"] == service.CHUNK_MAX
    return answer.headers["location"]


def test_a_file_goes_up_in_pieces_and_comes_back_whole(amina: tuple[str, str], data: Path) -> None:
    user, home = amina
    client = browser(user)
    content = samples.sound(data / "a.mp3").read_bytes()
    where = announce(client, home, "../recitation.mp3", len(content))
    half = len(content) // 2
    sent = client.patch(where, content=content[:half], headers={"Upload-Offset": "0"})
    assert (sent.status_code, sent.json()["received"]) == (200, half)
    gap = client.patch(where, content=content[half:], headers={"Upload-Offset": str(half + 1)})
    assert (gap.status_code, gap.json()["code"], gap.json()["received"]) == (409, "offset", half)
    assert gap.headers["upload-offset"] == str(half)
    early = client.post(f"{where}/finish")
    assert (early.status_code, early.json()["received"]) == (409, half)
    assert client.get(where).json()["received"] == half
    client.patch(where, content=content[half:], headers={"Upload-Offset": str(half)})
    made = client.post(f"{where}/finish")
    assert made.status_code == 200
    assert (made.json()["name"], made.json()["kind"]) == ("recitation.mp3", "audio")
    assert client.get(made.json()["url"]).content == content
    assert client.get(made.json()["waveform_url"]).headers["content-type"] == "image/png"
    assert made.json()["poster_url"] is None
    assert client.post(f"{where}/finish").json() == made.json()


def test_a_refused_file_is_answered_with_its_reason(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    where = announce(client, home, "a.mp4", 5)
    client.patch(where, content=b"hello", headers={"Upload-Offset": "0"})
    answer = client.post(f"{where}/finish")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(told) == {"type", "title", "status", "code", "detail", "remedy"}
    assert told["code"] == "not_media"
    assert told["type"] == "urn:autosched:problem:not_media"
    assert client.get(where).status_code == 404


def test_an_upload_is_given_up(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    where = announce(client, home, "a.mp4", 5)
    assert client.delete(where).status_code == 204
    assert client.delete(where).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 422),
        (b"[]", 422),
        (b'{"workspace_id": "x", "name": "a", "size": -1}', 422),
        (b'{"workspace_id": "x", "name": "a", "size": 99999999999999999999999}', 422),
        (b'{"workspace_id": "x", "name": "a", "size": 5}', 404),
        (b'{"workspace_id": "x", "name": "a", "size": 9999999999999}', 413),
        (b" " * 70_000, 413),
    ],
)
def test_a_wrong_announcement_is_told_what_is_wrong(
    amina: tuple[str, str], body: bytes, status: int
) -> None:
    answer = browser(amina[0]).post("/api/v1/uploads", content=body)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["detail"]


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "²", "9" * 30])
def test_an_offset_must_be_a_number(amina: tuple[str, str], offset: str) -> None:
    user, home = amina
    client = browser(user)
    where = announce(client, home, "a.mp4", 5)
    answer = client.patch(where, content=b"x", headers={"Upload-Offset": offset.encode()})
    assert answer.status_code == 422


def test_a_chunk_over_the_limit_is_refused_unread(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    where = announce(client, home, "a.mp4", 10**9)
    too_much = bytes(service.CHUNK_MAX + 1)
    answer = client.patch(where, content=too_much, headers={"Upload-Offset": "0"})
    assert answer.status_code == 413

    def unmeasured() -> Iterator[bytes]:
        for _ in range(17):
            yield bytes(1024**2)

    answer = client.patch(where, content=unmeasured(), headers={"Upload-Offset": "0"})
    assert answer.status_code == 413
    assert client.get(where).json()["received"] == 0


def test_another_sites_page_can_change_nothing(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    where = announce(client, home, "a.mp4", 5)
    for origin in ("http://evil.example", "null", "http://app.example.org:8080"):
        evil = {"Origin": origin, "Upload-Offset": "0"}
        for answer in (
            client.post("/api/v1/uploads", json={}, headers=evil),
            client.patch(where, content=b"x", headers=evil),
            client.post(f"{where}/finish", headers=evil),
            client.delete(where, headers=evil),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    own = client.patch(where, content=b"x", headers={"Origin": HOST, "Upload-Offset": "0"})
    assert own.status_code == 200


def test_who_is_not_logged_in_gets_nothing(film: Asset, amina: tuple[str, str]) -> None:
    client = browser(None)
    client.cookies.set(COOKIE, "made up")
    for answer in (
        client.get(f"/files/{film.id}/original"),
        client.post("/api/v1/uploads", json={}),
        client.get("/api/v1/uploads/x"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_a_file_is_served_to_members_and_to_others_does_not_exist(
    film: Asset, amina: tuple[str, str]
) -> None:
    bilal, _ = person("bilal")
    client = browser(bilal)
    url = f"/files/{film.id}/original"
    hidden = client.get(url)
    assert hidden.status_code == 404
    assert hidden.json() == client.get(f"/files/{'0' * 26}/original").json()
    join(amina[1], bilal, Role.VIEWER)
    served = client.get(url)
    assert served.status_code == 200
    leave(amina[1], bilal)
    assert client.get(url, headers={"If-None-Match": served.headers["etag"]}).status_code == 404
    assert client.get(url, headers={"Range": "bytes=0-9"}).status_code == 404


def test_a_served_file_can_do_no_harm_in_a_browser(film: Asset, amina: tuple[str, str]) -> None:
    client = browser(amina[0])
    answer = client.get(f"/files/{film.id}/original")
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    poster = client.get(f"/files/{film.id}/poster")
    assert poster.headers["content-type"] == "image/jpeg"
    assert poster.headers["etag"] != answer.headers["etag"]


def test_a_file_is_saved_under_its_own_name_in_any_script(
    film: Asset, amina: tuple[str, str]
) -> None:
    client = browser(amina[0])
    shown = client.get(f"/files/{film.id}/original").headers["content-disposition"]
    assert shown.startswith("inline;")
    saved = client.get(f"/files/{film.id}/original?download=1").headers["content-disposition"]
    assert saved.startswith("attachment;")
    assert saved.endswith("filename*=UTF-8''%D8%B3%D9%88%D8%B1%D8%A9.mp4")
    assert files.disposition('a"b\\c.mp4', True).startswith('attachment; filename="a_b_c.mp4";')


def test_a_player_gets_the_ranges_it_asks_for(film: Asset, amina: tuple[str, str]) -> None:
    client, url = browser(amina[0]), f"/files/{film.id}/original"
    whole = client.get(url).content

    def ranged(value: str, **more: str) -> httpx.Response:
        return client.get(url, headers={"Range": value, **more})

    size = len(whole)
    for value, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, size),
        ("bytes=-50", size - 50, size),
        (f"bytes=10-{size * 2}", 10, size),
        (f"bytes=-{size * 2}", 0, size),
    ):
        answer = ranged(value)
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.content == whole[start:end]
        assert answer.headers["x-content-type-options"] == "nosniff"
    beyond = ranged(f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert ranged("bytes=0-9", **{"If-Range": '"another"'}).status_code == 200
    tag = client.get(url).headers["etag"]
    assert ranged("bytes=0-9", **{"If-Range": tag}).status_code == 206
    head = client.head(url)
    assert (head.headers["content-length"], head.headers["accept-ranges"]) == (str(size), "bytes")
    assert head.content == b""


def test_what_the_browser_has_already_is_not_sent_again(
    film: Asset, amina: tuple[str, str]
) -> None:
    client, url = browser(amina[0]), f"/files/{film.id}/poster"
    tag = client.get(url).headers["etag"]
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = client.get(url, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    "path", ["original.mp4", "..%2Foriginal", "waveform", "thumbnail", "%00", "original/x"]
)
def test_only_what_exists_of_a_file_is_found(
    film: Asset, amina: tuple[str, str], path: str
) -> None:
    assert browser(amina[0]).get(f"/files/{film.id}/{path}").status_code == 404


def test_a_file_that_is_missing_on_disk_is_told_as_such(
    film: Asset, amina: tuple[str, str], data: Path
) -> None:
    (data / "files" / film.path).unlink()
    answer = browser(amina[0]).get(f"/files/{film.id}/original")
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")
    with pytest.raises(NotFoundError):
        service.file(amina[0], film.id)


@contextmanager
def served() -> Iterator[str]:
    """The routes behind the very server that the program uses, on a real socket."""
    import socket

    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loop = asyncio.new_event_loop()
    server = Server(
        Starlette(routes=routes()),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        log_access=False,
    )
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)


def test_over_a_real_socket_an_interrupted_upload_goes_on_and_plays_by_ranges(
    amina: tuple[str, str], data: Path
) -> None:
    user, home = amina
    made = samples.video(data / "rain.mp4", seconds=6, size="640x360")
    content = made.read_bytes()
    cookies = {COOKIE: identity.open_login(User(id=user, email="", name="", password_hash=""))}
    with (
        served() as base,
        httpx.Client(
            base_url=base, cookies=cookies, transport=httpx.HTTPTransport(retries=40)
        ) as client,
    ):
        for _ in range(100):
            try:
                client.get("/api/v1/uploads/x")
                break
            except httpx.TransportError:
                threading.Event().wait(0.05)
        told = {"workspace_id": home, "name": "rain.mp4", "size": len(content)}
        where = client.post("/api/v1/uploads", json=told).headers["location"]
        client.patch(where, content=content[:50_000], headers={"Upload-Offset": "0"})

        def broken() -> Iterator[bytes]:
            yield content[50_000:60_000]
            raise ConnectionError("the train goes into a tunnel")

        with pytest.raises(ConnectionError):
            client.patch(where, content=broken(), headers={"Upload-Offset": "50000"})
        at = client.get(where).json()["received"]
        assert at == 50_000
        client.patch(where, content=content[at:], headers={"Upload-Offset": str(at)})
        asset = client.post(f"{where}/finish", timeout=60).json()
        assert client.get(asset["url"]).content == content
        part = client.get(asset["url"], headers={"Range": "bytes=1000-1999"})
        assert (part.status_code, part.content) == (206, content[1000:2000])
