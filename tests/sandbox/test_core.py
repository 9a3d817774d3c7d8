"""The stand-in's ground: faults, consent, PKCE, codes, its clock and its control panel."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from PIL import Image

from autosched.sandbox.faults import KINDS, Faults
from autosched.sandbox.oauth import Code, Grants, pkce_holds, redirect_allowed
from autosched.sandbox.rates import Rate, Windows
from autosched.sandbox.world import App, Person, World

BACK = "http://127.0.0.1:9/back"


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("mastodon")


@pytest.fixture(autouse=True)
def _calm(stand: Any) -> Any:
    yield
    stand.clear()


@pytest.fixture(scope="module")
def access(stand: Any) -> str:
    app = stand.app("mastodon")
    query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK,
             "scope": "read write"}  # fmt: skip
    code = stand.consent(stand.at("mastodon.social", "oauth/authorize?" + urlencode(query)))
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, **code, **app}
    answer = stand.client.post(stand.at("mastodon.social", "oauth/token"), data=form)
    return str(answer.json()["access_token"])


@pytest.fixture
def call(stand: Any, access: str) -> Callable[..., httpx.Response]:
    def ask(method: str, path: str, **more: Any) -> httpx.Response:
        answer: httpx.Response = stand.client.request(
            method,
            stand.at("mastodon.social", f"api/{path}"),
            headers={"authorization": f"Bearer {access}"},
            **more,
        )
        return answer

    return ask


@pytest.fixture
def post(stand: Any, call: Callable[..., httpx.Response]) -> Callable[..., httpx.Response]:
    """Publish a text of its own; `made` tells afterwards how often it stands there."""

    def publish(text: str, **more: Any) -> httpx.Response:
        return call("POST", "v1/statuses", json={"status": text}, **more)

    return publish


def made(stand: Any, text: str) -> int:
    return sum(each["text"] == text for each in stand.posts("mastodon"))


def some() -> str:
    return f"Text {secrets.token_hex(6)}"


@pytest.mark.parametrize(
    ("kind", "done"),
    [("timeout_before", 0), ("timeout_after", 1), ("reset_before", 0), ("reset_after", 1)],
)
def test_a_broken_connection_leaves_done_what_it_says(
    stand: Any, post: Callable[..., Any], kind: str, done: int
) -> None:
    text = some()
    stand.fault(kind, platform="mastodon", step="create_post", seconds=0.4)
    began = time.monotonic()
    with pytest.raises(httpx.TransportError):
        post(text)
    waited = time.monotonic() - began
    assert (waited >= 0.4) == kind.startswith("timeout")
    assert made(stand, text) == done
    assert post(text).status_code == 200
    assert made(stand, text) == done + 1


def test_a_client_that_waits_less_than_the_fault_sees_a_timeout(
    stand: Any, post: Callable[..., Any]
) -> None:
    text = some()
    stand.fault("timeout_after", platform="mastodon", step="create_post", seconds=1.5)
    with pytest.raises(httpx.ReadTimeout):
        post(text, timeout=0.3)
    assert made(stand, text) == 1


@pytest.mark.parametrize(("kind", "done"), [("status", 0), ("status_after", 1)])
def test_a_refusal_that_was_told_is_in_the_platforms_own_words(
    stand: Any, post: Callable[..., Any], kind: str, done: int
) -> None:
    text = some()
    stand.fault(kind, platform="mastodon", step="create_post", status=502)
    answer = post(text)
    assert (answer.status_code, answer.json()) == (502, {"error": "Bad Gateway"})
    assert made(stand, text) == done


def test_a_rate_limit_that_was_told_does_nothing_and_names_its_reset(
    stand: Any, post: Callable[..., Any]
) -> None:
    text = some()
    stand.fault("rate", platform="mastodon", step="create_post", seconds=20)
    answer = post(text)
    assert answer.status_code == 429
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert made(stand, text) == 0


def test_a_request_can_be_cut_in_the_middle_of_what_is_sent(
    stand: Any, call: Callable[..., Any]
) -> None:
    stand.fault("cut", platform="mastodon", step="upload")
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 90).save(noise, "PNG")
    with pytest.raises(httpx.TransportError):
        call("POST", "v2/media", files={"file": noise.getvalue()})
    line = [each for each in stand.log() if each["step"] == "upload"][-1]
    assert (line["status"], line["fault"]) == (0, "cut")
    assert call("POST", "v2/media", files={"file": noise.getvalue()}).status_code == 200


def test_an_access_token_can_be_told_to_expire_and_stays_so(
    stand: Any, call: Callable[..., Any]
) -> None:
    # A consent of its own, since it is spoilt.
    app = stand.app("mastodon")
    query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}
    code = stand.consent(stand.at("mastodon.social", "oauth/authorize?" + urlencode(query)))
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, **code, **app}
    token = stand.client.post(stand.at("mastodon.social", "oauth/token"), data=form).json()
    stand.fault("expire_token", platform="mastodon", step="me")
    for _ in range(2):
        answer = stand.client.get(
            stand.at("mastodon.social", "api/v1/accounts/verify_credentials"),
            headers={"authorization": f"Bearer {token['access_token']}"},
        )
        assert answer.status_code == 401
    assert call("GET", "v1/accounts/verify_credentials").status_code == 200


def test_a_fault_meets_only_its_platform_and_step_and_as_often_as_it_says(
    stand: Any, post: Callable[..., Any], call: Callable[..., Any]
) -> None:
    stand.fault("status", platform="x")
    stand.fault("status", platform="mastodon", step="delete_post")
    assert post(some()).status_code == 200
    stand.clear()
    stand.fault("status", platform="*", step="create_post", times=2)
    assert [post(some()).status_code for _ in range(3)] == [503, 503, 200]
    stand.fault("status", platform="mastodon", times=None)
    assert [post(some()).status_code for _ in range(3)] == [503, 503, 503]
    assert call("GET", "v1/accounts/verify_credentials").status_code == 503
    stand.clear()
    assert post(some()).status_code == 200


def test_a_fault_with_a_chance_meets_its_share_and_the_seed_decides_which() -> None:
    import random

    def met(seed: int) -> list[bool]:
        faults = Faults(random.Random(seed))
        faults.add(kind="status", chance=0.3, times=None)
        return [faults.draw("x", "me", "status") is not None for _ in range(1_000)]

    assert met(1) == met(1) != met(2)
    assert 240 < sum(met(1)) < 360


def test_a_fault_that_there_is_not_is_refused(stand: Any) -> None:
    for said in ({"kind": "earthquake"}, {"kind": "status", "where": "here"}, {}):
        answer = stand.client.post(f"{stand.url}/_sandbox/faults", json=said)
        assert answer.status_code == 400
    assert stand.client.get(f"{stand.url}/_sandbox/faults").json() == []


def test_every_kind_of_fault_can_be_told_and_is_listed(stand: Any) -> None:
    answer = stand.client.post(
        f"{stand.url}/_sandbox/faults", json=[{"kind": kind} for kind in KINDS]
    )
    assert answer.status_code == 200
    listed = stand.client.get(f"{stand.url}/_sandbox/faults").json()
    assert [each["kind"] for each in listed] == list(KINDS)


def test_the_log_names_each_step_its_answer_and_its_fault(
    stand: Any, post: Callable[..., Any]
) -> None:
    before = time.time()
    stand.fault("reset_after", platform="mastodon", step="create_post")
    with pytest.raises(httpx.TransportError):
        post(some())
    post(some())
    lines = [each for each in stand.log() if each["at"] >= before]
    assert [(each["step"], each["status"], each["fault"]) for each in lines] == [
        ("create_post", 0, "reset_after"),
        ("create_post", 200, ""),
    ]


def test_the_clock_goes_forward_only_when_told(stand: Any) -> None:
    def ahead() -> float:
        return float(stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]) - time.time()

    before = ahead()
    stand.forward(100)
    assert 99 < ahead() - before < 101


def test_uploaded_files_are_served_as_they_came(stand: Any, call: Callable[..., Any]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), (9, 90, 200)).save(file, "PNG")
    media = call("POST", "v2/media", files={"file": file.getvalue()}).json()
    call("POST", "v1/statuses", json={"media_ids": [media["id"]]})
    found = stand.client.get(media["url"])
    assert (found.content, found.headers["content-type"]) == (file.getvalue(), "image/png")
    assert stand.client.get(f"{stand.url}/_sandbox/media/other").status_code == 404
    assert stand.client.get(stand.url).status_code == 200


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World("http://127.0.0.1:1", tmp_path)


def code_of(**values: Any) -> Code:
    return Code("c", "app", BACK, "p", ("read",), 10.0, **values)


def test_a_challenge_is_met_by_its_verifier_alone() -> None:
    verifier = secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    challenge = digest.decode().rstrip("=")
    assert pkce_holds(code_of(), None)
    assert pkce_holds(code_of(challenge=challenge, method="S256"), verifier)
    assert not pkce_holds(code_of(challenge=challenge, method="S256"), None)
    assert not pkce_holds(code_of(challenge=challenge, method="S256"), verifier + "x")
    assert not pkce_holds(code_of(challenge=challenge, method="S256"), challenge)
    assert pkce_holds(code_of(challenge=verifier, method="plain"), verifier)
    assert not pkce_holds(code_of(challenge="short", method="plain"), "short")


def test_the_published_example_of_a_challenge_holds() -> None:
    code = code_of(challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method="S256")
    assert pkce_holds(code, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")


def test_a_code_is_good_once_and_a_replay_ends_all_that_it_gave(world: World) -> None:
    grants = Grants(world, "x")
    app, person = App("x", "app", "secret"), Person("x", "p", "p", "P")
    code = grants.code(app, person, BACK, ("read",), seconds=30)
    other = grants.code(app, person, BACK, ("read",), seconds=30)
    assert grants.redeem(code.value, "app", BACK) is code
    token = grants.issue(code.value, "app", "p", code.scopes, seconds=60)
    refresh = grants.issue(code.value, "app", "p", code.scopes, seconds=None, kind="refresh")
    kept = grants.issue(other.value, "app", "p", code.scopes, seconds=60)
    assert grants.check(token.value)[1] == "good"
    assert grants.redeem(code.value, "app", BACK) is None
    assert grants.check(token.value)[1] == "revoked"
    assert grants.standing(refresh) == "revoked"
    assert grants.check(kept.value)[1] == "good"


def test_a_code_is_for_its_app_its_address_and_its_time(world: World) -> None:
    grants = Grants(world, "x")
    app, person = App("x", "app", "secret"), Person("x", "p", "p", "P")
    code = grants.code(app, person, BACK, ("read",), seconds=30)
    assert grants.redeem(code.value, "other", BACK) is None
    assert grants.redeem(code.value, "app", BACK + "/more") is None
    world.ahead = 31
    assert grants.redeem(code.value, "app", BACK) is None


def test_a_replayed_code_ends_the_grant_over_the_wire_too(stand: Any) -> None:
    app = stand.app("mastodon")
    query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}
    code = stand.consent(stand.at("mastodon.social", "oauth/authorize?" + urlencode(query)))
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, **code, **app}
    where = stand.at("mastodon.social", "oauth/token")
    token = stand.client.post(where, data=form).json()["access_token"]
    again = stand.client.post(where, data=form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    answer = stand.client.get(
        stand.at("mastodon.social", "api/v1/accounts/verify_credentials"),
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 401


def test_an_unknown_token_and_one_of_another_kind_are_not_let_in(world: World) -> None:
    grants = Grants(world, "x")
    refresh = grants.issue("g", "app", "p", (), seconds=None, kind="refresh")
    assert grants.check(None)[1] == "unknown"
    assert grants.check(refresh.value)[1] == "unknown"
    access = grants.issue("g", "app", "p", (), seconds=10)
    world.ahead = 11
    assert grants.check(access.value)[1] == "expired"


def test_an_address_to_come_back_to_is_a_loopback_one_or_registered_to_the_letter() -> None:
    free, bound = App("x", "a", "s"), App("x", "a", "s", ("https://a.example/back",))
    assert redirect_allowed(free, "http://127.0.0.1:8000/back")
    assert redirect_allowed(free, "http://localhost/back")
    assert not redirect_allowed(free, "https://a.example/back")
    assert not redirect_allowed(free, "http://127.0.0.1.a.example/")
    assert not redirect_allowed(free, "javascript://localhost/")
    assert redirect_allowed(bound, "https://a.example/back")
    assert not redirect_allowed(bound, "https://a.example/back/")
    assert not redirect_allowed(bound, "http://127.0.0.1:8000/back")


def test_a_window_begins_with_its_first_request_and_refused_ones_do_not_count() -> None:
    windows, rate = Windows(), Rate(2, 60)
    first = windows.count("a", rate, 100.0)
    assert (first.left, first.reset, first.over) == (1, 160.0, False)
    assert windows.count("b", rate, 100.0).left == 1
    assert windows.count("a", rate, 130.0).left == 0
    assert windows.count("a", rate, 140.0).over
    again = windows.count("a", rate, 160.0)
    assert (again.left, again.reset, again.over) == (1, 220.0, False)


def test_the_stand_in_imports_nothing_of_the_program() -> None:
    folder = Path(__file__).parents[2] / "autosched" / "sandbox"
    for file in folder.rglob("*.py"):
        for line in file.read_text().splitlines():
            if line.strip().startswith(("import autosched", "from autosched")):
                assert "autosched.sandbox" in line or line == "from autosched import sandbox", file
