"""OAuth exchanges as data: each is done to a server, and says what came of it.

An outcome holds statuses, `error` codes and whether tokens are good afterwards, and nothing that
differs from one run to the next: two servers can be compared by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

BACK = "http://127.0.0.1:9/back"
VERIFIER, OTHER_VERIFIER = "v" * 43, "w" * 43
STATE = "a b+c/%2F&=é~\"'<#"
LONG = 7_200  # how long the access tokens of X and of the certified server last

Exchange = Callable[["Side"], Any]
EXCHANGES: dict[str, Exchange] = {}
REFRESHES: dict[str, Exchange] = {}


@dataclass(frozen=True)
class Side:
    """A server, and the app that it knows."""

    name: str
    client: httpx.Client
    authorize: str
    tokens: str
    me: str
    client_id: str
    secret: str
    scope: str
    decide: Callable[[str, str], httpx.Response]
    forward: Callable[[float], None]

    def consent(self, decision: str = "allow", **changed: str | None) -> dict[str, str] | None:
        """What the app is sent back with, or `None` when the person is told that the app is at
        fault. A parameter that is `None` is left out."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "scope": self.scope,
            "state": STATE,
            "code_challenge": create_s256_code_challenge(VERIFIER),
            "code_challenge_method": "S256",
        } | changed
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        answer = self.decide(f"{self.authorize}?{query}", decision)
        if not answer.is_redirect:
            assert 400 <= answer.status_code < 500, answer.text
            return None
        where, _, said = answer.headers["location"].partition("?")
        assert where == BACK
        return dict(parse_qsl(said, strict_parsing=True))

    def refused(self, decision: str = "allow", **changed: str | None) -> str:
        """The error with which the app is sent back; `a page` when it is not, `` for none."""
        answer = self.consent(decision, **changed)
        return "a page" if answer is None else answer.get("error", "")

    def code(self) -> str:
        answer = self.consent()
        assert answer is not None
        return answer["code"]

    def token(
        self, client: tuple[str, str] | None = None, **form: str | None
    ) -> tuple[int, str, dict[str, Any]]:
        """Status, error and body of an answer to a request for tokens."""
        said = {name: value for name, value in form.items() if value is not None}
        auth = client or (self.client_id, self.secret)
        answer = self.client.post(f"{self.tokens}/token", data=said, auth=auth)
        body: dict[str, Any] = answer.json()
        return answer.status_code, body.get("error", ""), body

    def exchange(self, code: str, **changed: Any) -> tuple[int, str, dict[str, Any]]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        } | changed
        return self.token(**form)

    def refresh(self, tokens: dict[str, Any], **changed: Any) -> tuple[int, str, dict[str, Any]]:
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        return self.token(**form | changed)

    def revoke(self, token: str, client: tuple[str, str] | None = None) -> tuple[int, str]:
        auth = client or (self.client_id, self.secret)
        answer = self.client.post(f"{self.tokens}/revoke", data={"token": token}, auth=auth)
        return answer.status_code, answer.json().get("error", "") if answer.content else ""

    def good(self, tokens: dict[str, Any]) -> bool:
        """Whether the access token opens the person's own page."""
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        answer = self.client.get(self.me, headers=headers)
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200

    def connected(self) -> dict[str, Any]:
        status, _, tokens = self.exchange(self.code())
        assert status == 200, tokens
        return tokens


def everywhere(exchange: Exchange) -> Exchange:
    """An exchange that every platform knows."""
    EXCHANGES[exchange.__name__] = exchange
    return exchange


def with_refresh(exchange: Exchange) -> Exchange:
    """An exchange of a platform whose tokens are renewed by another token."""
    REFRESHES[exchange.__name__] = exchange
    return exchange


@everywhere
def good_code(side: Side) -> Any:
    status, error, tokens = side.exchange(side.code())
    return status, error, tokens["token_type"].lower(), side.good(tokens)


@everywhere
def wrong_verifier(side: Side) -> Any:
    code = side.code()
    return side.exchange(code, code_verifier=OTHER_VERIFIER)[:2], side.exchange(code)[:2]


@everywhere
def short_verifier(side: Side) -> Any:
    code = side.consent(code_challenge=create_s256_code_challenge("v" * 42))
    return side.exchange(code["code"], code_verifier="v" * 42)[:1] if code else None


@everywhere
def challenge_as_verifier(side: Side) -> Any:
    verifier = create_s256_code_challenge(VERIFIER)
    return side.exchange(side.code(), code_verifier=verifier)[:2]


@everywhere
def missing_verifier(side: Side) -> Any:
    return side.exchange(side.code(), code_verifier=None)[:2]


@everywhere
def code_used_twice(side: Side) -> Any:
    code = side.code()
    tokens = side.exchange(code)[2]
    return side.good(tokens), side.exchange(code)[:2], side.good(tokens)


@everywhere
def code_used_twice_with_a_wrong_verifier(side: Side) -> Any:
    code = side.code()
    tokens = side.exchange(code)[2]
    again = side.exchange(code, code_verifier=OTHER_VERIFIER)[:2]
    return again, side.good(tokens)


@everywhere
def expired_code(side: Side) -> Any:
    code = side.code()
    side.forward(601)
    return side.exchange(code)[:2]


@everywhere
def unknown_code(side: Side) -> Any:
    return side.exchange("nothing-like-it")[:2]


@everywhere
def missing_code(side: Side) -> Any:
    return side.token(grant_type="authorization_code", redirect_uri=BACK, code_verifier=VERIFIER)[
        :2
    ]


@everywhere
def wrong_redirect_uri_for_the_code(side: Side) -> Any:
    code = side.code()
    return side.exchange(code, redirect_uri=f"{BACK}/")[:2], side.exchange(code)[:2]


@everywhere
def missing_redirect_uri_for_the_code(side: Side) -> Any:
    return side.exchange(side.code(), redirect_uri=None)[:2]


@everywhere
def unknown_client(side: Side) -> Any:
    return side.exchange(side.code(), client=("nobody", side.secret))[:2]


@everywhere
def wrong_secret(side: Side) -> Any:
    code = side.code()
    wrong = side.exchange(code, client=(side.client_id, "guessed"))[:2]
    return wrong, side.exchange(code)[:2]


@everywhere
def unknown_grant_type(side: Side) -> Any:
    return side.token(grant_type="telepathy")[:2]


@everywhere
def missing_grant_type(side: Side) -> Any:
    return side.token(code=side.code(), redirect_uri=BACK)[:2]


@everywhere
def revoked_access_token(side: Side) -> Any:
    tokens = side.connected()
    return side.revoke(tokens["access_token"]), side.good(tokens)


@everywhere
def revoking_with_a_wrong_secret(side: Side) -> Any:
    tokens = side.connected()
    return side.revoke(tokens["access_token"], (side.client_id, "guessed")), side.good(tokens)


@everywhere
def revoking_an_unknown_token(side: Side) -> Any:
    return side.revoke("nothing-like-it")


@everywhere
def expired_access_token(side: Side) -> Any:
    tokens = side.connected()
    side.forward(LONG - 60)
    before = side.good(tokens)
    side.forward(120)  # the certified server forgives clocks that differ by 15 seconds
    return before, side.good(tokens)


@everywhere
def made_up_access_token(side: Side) -> Any:
    return side.good({"access_token": "nothing-like-it"})


@everywhere
def refresh_token_as_access_token(side: Side) -> Any:
    tokens = side.connected()
    return side.good({"access_token": tokens.get("refresh_token", "none")})


@everywhere
def state_returned_to_the_letter(side: Side) -> Any:
    agreed, declined = side.consent(), side.consent("deny")
    return [answer and answer["state"] == STATE for answer in (agreed, declined)]


@everywhere
def denied_consent(side: Side) -> Any:
    answer = side.consent("deny")
    return answer and (answer["error"], "code" in answer)


@everywhere
def unsupported_response_type(side: Side) -> Any:
    return side.refused(response_type="telepathy")


@everywhere
def missing_response_type(side: Side) -> Any:
    return side.refused(response_type=None)


@everywhere
def missing_challenge(side: Side) -> Any:
    return side.refused(code_challenge=None, code_challenge_method=None)


@everywhere
def unknown_challenge_method(side: Side) -> Any:
    return side.refused(code_challenge_method="S512")


@everywhere
def malformed_challenge(side: Side) -> Any:
    return side.refused(code_challenge="short")


@everywhere
def consent_for_an_unknown_client(side: Side) -> Any:
    return side.refused(client_id="nobody")


@everywhere
def consent_for_another_redirect_uri(side: Side) -> Any:
    return side.refused(redirect_uri="https://elsewhere.example/back")


@with_refresh
def refresh_rotation(side: Side) -> Any:
    first = side.connected()
    status, error, second = side.refresh(first)
    changed = [first[name] != second[name] for name in ("access_token", "refresh_token")]
    return status, error, changed, side.good(second), side.refresh(second)[:2]


@with_refresh
def replayed_refresh_token(side: Side) -> Any:
    first = side.connected()
    second = side.refresh(first)[2]
    replay = side.refresh(first)[:2]
    return replay, side.refresh(second)[:2], side.good(first), side.good(second)


@with_refresh
def code_used_twice_after_a_refresh(side: Side) -> Any:
    code = side.code()
    second = side.refresh(side.exchange(code)[2])[2]
    return side.exchange(code)[:2], side.good(second), side.refresh(second)[:2]


@with_refresh
def revoked_refresh_token(side: Side) -> Any:
    tokens = side.connected()
    return side.revoke(tokens["refresh_token"]), side.refresh(tokens)[:2], side.good(tokens)


@with_refresh
def refresh_after_the_access_token_was_revoked(side: Side) -> Any:
    tokens = side.connected()
    side.revoke(tokens["access_token"])
    return side.refresh(tokens)[:2]


@with_refresh
def refresh_with_a_wrong_secret(side: Side) -> Any:
    tokens = side.connected()
    wrong = side.refresh(tokens, client=(side.client_id, "guessed"))[:2]
    return wrong, side.refresh(tokens)[:2]


@with_refresh
def access_token_as_refresh_token(side: Side) -> Any:
    tokens = side.connected()
    return side.refresh(tokens, refresh_token=tokens["access_token"])[:2], side.good(tokens)


@with_refresh
def missing_refresh_token(side: Side) -> Any:
    return side.token(grant_type="refresh_token")[:2]
