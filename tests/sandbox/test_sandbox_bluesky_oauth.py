"""The stand-in's OAuth for Bluesky: pushed requests, bound keys, and tokens for one use."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.sandbox.bluesky_hand import CLIENT, POST, REDIRECT, SCOPE, Prover, digest, post


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("bluesky")


@pytest.fixture(autouse=True)
def _no_faults(stand: Any) -> Iterator[None]:
    yield
    stand.clear()


@pytest.fixture
def app(stand: Any) -> Prover:
    return Prover(stand)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_the_documents_lead_from_the_server_to_its_issuer(app: Prover) -> None:
    resource = app.http.get(f"{app.issuer}/.well-known/oauth-protected-resource").json()
    assert resource["authorization_servers"] == [app.issuer]
    known = app.http.get(f"{app.issuer}/.well-known/oauth-authorization-server").json()
    assert known["issuer"] == app.issuer
    assert known["require_pushed_authorization_requests"] is True
    assert known["dpop_signing_alg_values_supported"] == ["ES256"]
    assert known["token_endpoint"] == f"{app.issuer}/oauth/token"


def test_the_whole_way_gives_a_bound_token_that_posts(stand: Any, app: Prover) -> None:
    came = app.consent()
    assert (came["state"], came["iss"]) == ("s1", app.issuer)
    app.tokens = app.redeem(came["code"]).json()
    assert (app.tokens["token_type"], app.tokens["expires_in"]) == ("DPoP", 3599)
    assert app.tokens["scope"] == SCOPE
    made = app.create("By OAuth")
    assert made.status_code == 200, made.text
    assert stand.posts("bluesky")[-1]["owner"] == app.tokens["sub"]


def test_each_server_asks_for_a_nonce_of_its_own(app: Prover) -> None:
    url = f"{app.issuer}/oauth/par"
    first = app.send("POST", url, data=app.form())
    assert error(first) == (400, "use_dpop_nonce")
    assert first.headers["dpop-nonce"]
    app.log_in()
    session = app.xrpc("com.atproto.server.getSession")
    asked = app.send("GET", session, token=app.tokens["access_token"])
    assert error(asked) == (401, "use_dpop_nonce")
    assert 'error="use_dpop_nonce"' in asked.headers["www-authenticate"]
    assert app.nonces["resource"] != app.nonces["issuer"]
    assert app.send("GET", session, token=app.tokens["access_token"]).status_code == 200


def test_a_nonce_grows_old(stand: Any, app: Prover) -> None:
    app.push()
    stand.forward(200)
    url = f"{app.issuer}/oauth/par"
    assert error(app.send("POST", url, data=app.form())) == (400, "use_dpop_nonce")
    assert app.send("POST", url, data=app.form()).status_code == 201


def test_a_refused_consent_comes_back_as_an_error(app: Prover) -> None:
    came = app.consent(decision="deny")
    assert (came["error"], came["iss"], came["state"]) == ("access_denied", app.issuer, "s1")


def test_a_request_must_be_pushed_is_used_once_and_ends(stand: Any, app: Prover) -> None:
    bare = f"{app.issuer}/oauth/authorize?client_id={CLIENT}&response_type=code"
    assert stand.client.get(bare).status_code == 400
    url = app.authorize_url(app.push().json()["request_uri"])
    stand.consent(url)
    assert stand.client.get(url).status_code == 400
    late = app.authorize_url(app.push().json()["request_uri"])
    assert stand.client.get(late).status_code == 200
    stand.forward(300)
    assert stand.client.get(late).status_code == 400


def test_a_hint_shows_one_account_alone(stand: Any, app: Prover) -> None:
    pushed = app.push(login_hint="quiet-verses.bsky.social").json()["request_uri"]
    page = stand.client.get(app.authorize_url(pushed)).text
    assert page.count('name="person"') == 1


def test_a_code_is_good_once_and_a_second_use_ends_the_session(app: Prover) -> None:
    code = app.consent()["code"]
    app.tokens = app.redeem(code).json()
    assert app.create("Still").status_code == 200
    assert error(app.redeem(code)) == (400, "invalid_grant")
    assert error(app.create("Gone")) == (401, "invalid_token")
    assert error(app.refresh()) == (400, "invalid_grant")


def test_a_code_needs_its_verifier_its_redirect_and_its_key(stand: Any, app: Prover) -> None:
    code = app.consent()["code"]
    assert error(app.redeem(code, code_verifier="x" * 43)) == (400, "invalid_grant")
    assert error(app.redeem(code, redirect_uri=f"{REDIRECT}/")) == (400, "invalid_grant")
    thief = Prover(stand)
    thief.verifier = app.verifier
    assert error(thief.redeem(code)) == (400, "invalid_grant")
    assert app.redeem(code).status_code == 200


def test_a_replayed_refresh_token_ends_the_whole_session(app: Prover) -> None:
    first = app.log_in()
    app.tokens = app.refresh().json()
    assert app.tokens["refresh_token"] != first["refresh_token"]
    assert app.create("Refreshed").status_code == 200
    replay = app.refresh(first["refresh_token"])
    assert error(replay) == (400, "invalid_grant")
    assert replay.json()["error_description"] == "Refresh token replayed"
    assert error(app.refresh()) == (400, "invalid_grant")
    assert error(app.create("Dead")) == (401, "invalid_token")


def test_a_refresh_token_is_bound_to_its_key_and_its_client(stand: Any, app: Prover) -> None:
    app.log_in()
    thief = Prover(stand)
    assert error(thief.refresh(app.tokens["refresh_token"])) == (400, "invalid_grant")
    other = app.refresh(client_id="http://localhost")
    assert error(other) == (400, "invalid_grant")
    assert app.refresh().status_code == 200


def test_a_lost_answer_to_a_refresh_costs_the_session(stand: Any, app: Prover) -> None:
    old = app.log_in()
    stand.fault("reset_after", platform="bluesky", step="token")
    with pytest.raises(httpx.TransportError):
        app.send(
            "POST",
            f"{app.issuer}/oauth/token",
            data={
                "grant_type": "refresh_token",
                "client_id": CLIENT,
                "refresh_token": old["refresh_token"],
            },
        )
    assert app.refresh(old["refresh_token"]).json()["error_description"] == "Refresh token replayed"


def test_a_session_of_a_public_client_ends_after_two_weeks(stand: Any, app: Prover) -> None:
    app.log_in()
    for _ in range(13):
        stand.forward(86_400)
        app.tokens = app.refresh().json()
    stand.forward(86_400)
    answer = app.refresh()
    assert error(answer) == (400, "invalid_grant")
    assert answer.json()["error_description"] == "Session expired"


def test_an_access_token_ends_after_an_hour_or_on_demand(stand: Any, app: Prover) -> None:
    app.log_in()
    stand.fault("expire_token", platform="bluesky", step="create_post")
    assert error(app.create("Expired")) == (401, "invalid_token")
    app.tokens = app.refresh().json()
    assert app.create("Fresh").status_code == 200
    stand.forward(3600)
    late = app.create("Late")
    assert error(late) == (401, "invalid_token")
    assert 'error="invalid_token"' in late.headers["www-authenticate"]


def test_a_revoked_session_is_over(app: Prover) -> None:
    app.log_in()
    form = {"token": app.tokens["refresh_token"], "client_id": CLIENT}
    assert app.http.post(f"{app.issuer}/oauth/revoke", data=form).status_code == 200
    assert error(app.create("Over")) == (401, "invalid_token")
    assert error(app.refresh()) == (400, "invalid_grant")


def test_a_bound_token_is_no_bearer_and_needs_its_own_proof(stand: Any, app: Prover) -> None:
    app.log_in()
    token, url = app.tokens["access_token"], app.xrpc("com.atproto.repo.createRecord")
    body = {"repo": app.tokens["sub"], "collection": POST, "record": post("Nobody's")}
    plain = app.http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})
    assert error(plain) == (400, "InvalidToken")
    bare = app.http.post(url, json=body, headers={"Authorization": f"DPoP {token}"})
    assert error(bare) == (401, "invalid_dpop_proof")
    thief = Prover(stand)
    thief.tokens = app.tokens
    assert error(thief.create("Stolen")) == (401, "invalid_token")
    assert app.create("Mine").status_code == 200
    assert error(app.create("Mine", claims={"ath": digest("x")})) == (401, "invalid_dpop_proof")


def test_a_scope_that_was_not_granted_does_not_write(app: Prover) -> None:
    app.log_in(scope="atproto")
    assert error(app.create("Closed")) == (403, "ScopeMissingError")


# Clients that sign


@pytest.fixture
def published() -> Iterator[tuple[dict[str, Any], ECKey]]:
    """A client's metadata on a server of its own, and the key that it signs with."""
    key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
    said: dict[str, Any] = {
        "redirect_uris": [REDIRECT],
        "scope": SCOPE,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "dpop_bound_access_tokens": True,
        "jwks": {"keys": [key.as_dict(private=False)]},
    }

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Page)
    said["client_id"] = f"http://127.0.0.1:{server.server_port}/client-metadata.json"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield said, key
    server.shutdown()
    server.server_close()


def assertion(app: Prover, key: ECKey, **change: Any) -> dict[str, str]:
    claims = {
        "iss": app.client_id,
        "sub": app.client_id,
        "aud": app.issuer,
        "jti": secrets.token_urlsafe(8),
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
    } | change
    signed = jwt.encode({"alg": "ES256", "kid": "k1"}, claims, key)
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": str(signed),
    }


def test_a_client_that_signs_proves_itself_at_every_step(
    stand: Any, published: tuple[dict[str, Any], ECKey]
) -> None:
    said, key = published
    app = Prover(stand, said["client_id"])
    assert error(app.push()) == (401, "invalid_client")
    for change in ({"aud": "https://example.org"}, {"iss": "x"}, {"iat": 1_700_000_000}):
        assert error(app.push(**assertion(app, key, **change))) == (401, "invalid_client")
    stranger = ECKey.generate_key("P-256")
    assert error(app.push(**assertion(app, stranger))) == (401, "invalid_client")
    came = app.consent(**assertion(app, key))
    assert error(app.redeem(came["code"])) == (401, "invalid_client")
    app.tokens = app.redeem(came["code"], **assertion(app, key)).json()
    assert app.create("Signed").status_code == 200
    once = assertion(app, key)
    app.tokens = app.refresh(**once).json()
    assert app.refresh(**once).status_code == 400
    stand.forward(20 * 86_400)
    assert app.refresh(**assertion(app, key)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"dpop_bound_access_tokens": False},
        {"scope": "transition:generic"},
        {"redirect_uris": []},
        {"client_id": "https://example.org/other.json"},
        {"jwks": {"keys": []}},
    ],
)
def test_metadata_that_do_not_hold_are_refused(
    stand: Any, published: tuple[dict[str, Any], ECKey], change: dict[str, Any]
) -> None:
    said, key = published
    app = Prover(stand, said["client_id"])
    said.update(change)
    assert error(app.push(**assertion(app, key))) == (400, "invalid_client_metadata")


def test_a_client_that_cannot_be_reached_is_refused(stand: Any) -> None:
    for id in ("http://127.0.0.1:9/client-metadata.json", "https://example.org/client.json"):
        assert error(Prover(stand, id).push()) == (400, "invalid_client_metadata")
