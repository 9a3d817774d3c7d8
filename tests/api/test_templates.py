"""Saved templates over HTTP, as the gallery's page speaks it."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from autosched.api import routes
from autosched.api.session import COOKIE
from autosched.identity import service as identity
from autosched.identity.models import User
from autosched.studio.saved import exchange, previewing, service
from autosched.studio.template import template
from tests.library.people import person

HOST = "http://app.example.org"
LANTERNS = template("lantern-light")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def browser(actor: str | None) -> TestClient:
    client = TestClient(Starlette(routes=routes()), base_url=HOST)
    if actor is not None:
        user = User(id=actor, email="", name="", password_hash="")
        client.cookies.set(COOKIE, identity.open_login(user))
    return client


@pytest.fixture
def amina(database: str) -> tuple[str, str]:
    return person("amina")


def test_a_template_leaves_as_a_file_and_comes_in_again(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    made = service.create(user, home, LANTERNS, title="نور")
    answer = client.get(f"/saved-templates/{made.id}/export")
    assert answer.status_code == 200
    assert 'filename="template.autosched-template"' in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert exchange.read(answer.content).still[:2] == b"\xff\xd8"
    back = client.post(f"/api/v1/saved-templates?workspace={home}", content=answer.content)
    assert back.status_code == 201
    assert (back.json()["name"], back.json()["title"]) == ("template-2", "نور")
    assert len(service.saved(user, home)) == 2


def test_a_wrong_file_is_refused_as_a_problem(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    where = f"/api/v1/saved-templates?workspace={home}"
    refused = client.post(where, content=b"{}")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "not a template file" in refused.json()["detail"]
    assert client.post(where, content=b" " * 2_000_001).status_code == 413
    elsewhere = {"Origin": "http://evil.example"}
    assert client.post(where, content=b"{}", headers=elsewhere).status_code == 403
    content = exchange.written(LANTERNS)
    assert browser(None).post(where, content=content).status_code == 401
    assert browser(person("zaid")[0]).post(where, content=content).status_code == 404
    assert service.saved(user, home) == []


def test_previews_are_for_members_alone(amina: tuple[str, str]) -> None:
    user, home = amina
    client = browser(user)
    made = service.create(user, home, LANTERNS)
    still = client.get(f"/saved-templates/{made.id}/still")
    assert (still.status_code, still.headers["content-type"]) == (200, "image/jpeg")
    same = {"If-None-Match": still.headers["etag"]}
    assert client.get(f"/saved-templates/{made.id}/still", headers=same).status_code == 304
    moving = client.get(f"/saved-templates/{made.id}/moving", headers={"Range": "bytes=0-99"})
    assert (moving.status_code, len(moving.content)) == (206, 100)
    key = previewing.preview_motion(user, home, LANTERNS).stem
    assert client.get(f"/previews/{home}/{key}").status_code == 200
    for wrong in ("0" * 40, "..%2f..%2fsecret.key"):
        assert client.get(f"/previews/{home}/{wrong}").status_code == 404
    for path in (
        f"/previews/{home}/{key}",
        *(f"/saved-templates/{made.id}/{what}" for what in ("still", "moving", "export")),
    ):
        assert browser(None).get(path).status_code == 401
        assert browser(person(f"z{len(path)}{path[-3:]}")[0]).get(path).status_code == 404
    assert client.get(f"/saved-templates/{made.id}/still?version=9").status_code == 404
    assert client.get(f"/saved-templates/{made.id}/still?version=x").status_code == 422


def test_an_exported_file_says_nothing_of_the_workspace(amina: tuple[str, str]) -> None:
    user, home = amina
    source = exchange.Source(name="sea.mp4", analysis="01analysis", asset=None)
    made = service.create(user, home, LANTERNS, sources=[source])
    text = browser(user).get(f"/saved-templates/{made.id}/export").text
    for private in (home, user, made.id, "01analysis"):
        assert private not in text
    assert json.loads(text)["sources"] == [{"name": "sea.mp4", "analysis": None, "asset": None}]
