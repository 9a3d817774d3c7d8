"""The way to a consent page and back over HTTP, and what is served for platforms and previews."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from autosched import db
from autosched.api import routes
from autosched.api.session import COOKIE
from autosched.identity import service as identity
from autosched.identity.models import User
from autosched.library import service as library
from autosched.platforms import apps
from autosched.platforms.base import Media
from autosched.schedule import public
from autosched.schedule.models import Account
from autosched.settings import settings
from tests.counterparts.stand import Stand, stands
from tests.library.people import person

HOST = "http://app.example.org"


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with stands() as start:
        yield start("instagram", "mastodon")


@pytest.fixture
def amina(database: str, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("AUTOSCHED_SANDBOX", stand.url)
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", "http://127.0.0.1:8000")
    settings.cache_clear()
    apps._of_sandbox.cache_clear()
    return person("amina")


def browser(actor: str | None) -> TestClient:
    client = TestClient(Starlette(routes=routes()), base_url=HOST, follow_redirects=False)
    if actor is not None:
        user = User(id=actor, email="", name="", password_hash="")
        client.cookies.set(COOKIE, identity.open_login(user))
    return client


def connect(client: TestClient, stand: Stand, workspace: str, name: str, **form: str) -> str:
    """Where the browser ends after the whole way."""
    sent = client.post(f"/connect/{name}", data={"workspace_id": workspace, **form})
    assert sent.status_code == 303
    answer = stand.consent(sent.headers["location"])
    back = client.get(f"/connect/{name}/back", params=answer)
    assert back.status_code == 303
    return str(back.headers["location"])


def test_a_browser_goes_to_the_platform_and_comes_back_connected(
    amina: tuple[str, str], stand: Stand
) -> None:
    actor, workspace = amina
    ended = connect(browser(actor), stand, workspace, "mastodon", server="https://mastodon.social")
    assert urlsplit(ended).path == "/accounts"
    assert "consent=" in ended
    with db.read() as session:
        (account,) = session.exec(select(Account).where(Account.workspace_id == workspace))
    assert account.platform == "mastodon"


def test_nobody_connects_from_another_site_or_without_a_log_in(
    amina: tuple[str, str], stand: Stand
) -> None:
    actor, workspace = amina
    form = {"workspace_id": workspace, "server": "https://mastodon.social"}
    elsewhere = browser(actor).post(
        "/connect/mastodon", data=form, headers={"Origin": "https://evil.example"}
    )
    stranger = browser(None).post("/connect/mastodon", data=form)
    for answer in (elsewhere, stranger):
        assert urlsplit(answer.headers["location"]).path == "/accounts"
        assert "problem=" in answer.headers["location"]


def test_a_file_for_a_platform_needs_its_sealed_address_and_no_log_in(
    amina: tuple[str, str], data: Path
) -> None:
    file = data / "files" / "a.jpg"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"a picture")
    url = public.url(Media(file, "image", "image/jpeg", 9))
    served = browser(None).get(urlsplit(url).path)
    assert (served.status_code, served.content) == (200, b"a picture")
    assert served.headers["content-type"] == "image/jpeg"
    assert browser(None).get("/public/made-up.jpg").status_code == 404


def test_a_picture_is_shown_as_the_platform_will_get_it_to_members_only(
    amina: tuple[str, str], stand: Stand, tmp_path: Path
) -> None:
    actor, workspace = amina
    connect(browser(actor), stand, workspace, "instagram", login="instagram")
    with db.read() as session:
        (account,) = session.exec(select(Account).where(Account.workspace_id == workspace))
    wide = tmp_path / "wide.png"
    Image.new("RGB", (2400, 600), "teal").save(wide)
    asset = library.add_file(actor, workspace, wide, name="wide.png")
    address = f"/fitted/{account.id}/{asset.id}"
    for fit, height in (("pad", 0.52), ("crop", 0.52)):
        shown = browser(actor).get(address, params={"fit": fit})
        assert shown.headers["content-type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(shown.content))
        assert picture.width <= 1440
        assert picture.height / picture.width == pytest.approx(height, abs=0.02)
    assert browser(None).get(address).status_code == 401
    assert browser(person("zayd")[0]).get(address).status_code == 404


def test_bluesky_reads_who_this_installation_is(
    amina: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", "https://app.example.org")
    settings.cache_clear()
    told = browser(None).get("/oauth/bluesky/client-metadata.json").json()
    assert told["client_id"] == "https://app.example.org/oauth/bluesky/client-metadata.json"
    assert told["dpop_bound_access_tokens"] is True
