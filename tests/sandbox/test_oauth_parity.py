"""The stand-in's OAuth beside a certified server: the same requests, the same answers.

Statuses and `error` codes are compared, and what tokens are good for afterwards. Where the
stand-in differs, the difference and its reason stand in the tables below. At the end our own
client goes through the certified server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from autosched.errors import ForbiddenError
from autosched.platforms import oauth
from autosched.platforms.base import Begun, Desk, PlatformError
from autosched.platforms.x import connecting
from autosched.settings import settings
from tests.counterparts.oidc.exchanges import BACK, EXCHANGES, REFRESHES, STATE, Side
from tests.counterparts.oidc.provider import Provider, serve
from tests.counterparts.stand import Stand

# What a platform calls the standard's errors, in every exchange.
WORDS = {
    "x": {
        "invalid_grant": "invalid_request",  # "Value passed for the token was invalid."
        "invalid_client": "unauthorized_client",  # "Missing valid authorization header"
    },
    "mastodon": {},
}
_PAGE = "X tells the person on a page of its own, and sends nobody back to the app"
_OPTIONAL = "PKCE is optional: a consent without it, or with any challenge, is asked for"
_COARSE = "Mastodon would say invalid_request too; the stand-in does not tell this apart"
# Where the stand-in differs: what it answers, and why.
DIFFERENCES: dict[tuple[str, str], tuple[Any, str]] = {
    ("x", "unsupported_response_type"): ("a page", _PAGE),
    ("x", "missing_response_type"): ("a page", _PAGE),
    ("x", "missing_challenge"): ("a page", _PAGE),
    ("x", "unknown_challenge_method"): ("a page", _PAGE),
    ("x", "malformed_challenge"): ("a page", _PAGE),
    ("x", "revoking_an_unknown_token"): (
        (400, "invalid_request"),
        "X does not say; refusing it makes clients bear what RFC 7009 (2.2) rules out",
    ),
    ("x", "refresh_after_the_access_token_was_revoked"): (
        (200, ""),
        "RFC 7009 (2.1) leaves it open whether the refresh token ends too; X does not say",
    ),
    ("mastodon", "missing_challenge"): ("", _OPTIONAL),
    ("mastodon", "malformed_challenge"): ("", _OPTIONAL),
    ("mastodon", "unknown_challenge_method"): (
        "invalid_code_challenge_method",
        "Doorkeeper, on which Mastodon is built, has a word of its own for it",
    ),
    ("mastodon", "expired_access_token"): ((True, True), "Mastodon's tokens have no end"),
    ("mastodon", "missing_code"): ((400, "invalid_grant"), _COARSE),
    ("mastodon", "missing_grant_type"): ((400, "unsupported_grant_type"), _COARSE),
    ("mastodon", "missing_redirect_uri_for_the_code"): ((400, "invalid_grant"), _COARSE),
    ("mastodon", "missing_response_type"): ("unsupported_response_type", _COARSE),
}
COMPARED = [
    *((platform, name) for platform in WORDS for name in EXCHANGES),
    *(("x", name) for name in REFRESHES),  # Mastodon has no refresh tokens
]


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Stand]) -> Stand:
    return run_sandbox("x", "mastodon")


@pytest.fixture(scope="module")
def provider(stand: Stand) -> Iterator[Provider]:
    app = stand.app("x")
    with serve(app["client_id"], app["client_secret"], BACK) as running:
        yield running


@pytest.fixture(scope="module")
def sides(stand: Stand, provider: Provider) -> dict[str, Side]:
    """The stand-in's platforms, and the certified server as `standard`."""

    def decide(url: str, decision: str) -> httpx.Response:
        page = stand.client.get(url)
        people = re.findall(r'name="person" value="([^"]+)"', page.text)
        if page.status_code != 200 or not people:
            return page
        return stand.client.post(url, data={"person": people[0], "decision": decision})

    def like_x(
        name: str,
        url: str,
        decide: Callable[[str, str], httpx.Response],
        forward: Callable[[float], None],
    ) -> Side:
        app = stand.app("x")
        return Side(
            name,
            stand.client,
            f"{url}/x.com/i/oauth2/authorize",
            f"{url}/api.x.com/2/oauth2",
            f"{url}/api.x.com/2/users/me",
            app["client_id"],
            app["client_secret"],
            "tweet.read users.read offline.access",
            decide,
            forward,
        )

    host, app = stand.at("mastodon.social"), stand.app("mastodon")
    return {
        "standard": like_x("standard", provider.url, provider.decide, provider.forward),
        "x": like_x("x", stand.url, decide, stand.forward),
        "mastodon": Side(
            "mastodon",
            stand.client,
            f"{host}oauth/authorize",
            f"{host}oauth",
            f"{host}api/v1/accounts/verify_credentials",
            app["client_id"],
            app["client_secret"],
            "read",
            decide,
            stand.forward,
        ),
    }


def in_words_of(platform: str, outcome: Any) -> Any:
    """An outcome with the platform's own names for the standard's errors."""
    if isinstance(outcome, (tuple, list)):
        return type(outcome)(in_words_of(platform, each) for each in outcome)
    return WORDS[platform].get(outcome, outcome) if isinstance(outcome, str) else outcome


@pytest.mark.parametrize(("platform", "name"), COMPARED)
def test_the_stand_in_answers_as_a_certified_server_does(
    sides: dict[str, Side], platform: str, name: str
) -> None:
    exchange = (EXCHANGES | REFRESHES)[name]
    by_standard = in_words_of(platform, exchange(sides["standard"]))
    wanted, why = DIFFERENCES.get((platform, name), (by_standard, "as the standard has it"))
    assert exchange(sides[platform]) == wanted, why
    if (platform, name) in DIFFERENCES:
        assert wanted != by_standard, "no difference any more: take it out of the table"


def test_every_difference_is_one_of_an_exchange_that_is_compared() -> None:
    assert DIFFERENCES.keys() <= set(COMPARED)


def test_the_certified_server_itself_keeps_to_the_standard(sides: dict[str, Side]) -> None:
    """What the comparison rests on, said once without it."""
    refused = (400, "invalid_grant")
    said = {
        "good_code": (200, "", "bearer", True),
        "wrong_verifier": (refused, (200, "")),
        "missing_verifier": refused,
        "expired_code": refused,
        "code_used_twice": (True, refused, False),
        "wrong_redirect_uri_for_the_code": (refused, (200, "")),
        "unknown_client": (401, "invalid_client"),
        "unknown_grant_type": (400, "unsupported_grant_type"),
        "state_returned_to_the_letter": [True, True],
        "denied_consent": ("access_denied", False),
        "missing_challenge": "invalid_request",
        "replayed_refresh_token": (refused, refused, False, False),
    }
    exchanges = EXCHANGES | REFRESHES
    assert {name: exchanges[name](sides["standard"]) for name in said} == said


@pytest.fixture
def as_x(provider: Provider, sides: dict[str, Side], monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The certified server in the place of X, for our own client."""
    monkeypatch.setenv("AUTOSCHED_SANDBOX", provider.url)
    monkeypatch.setenv("AUTOSCHED_X_CLIENT_ID", sides["standard"].client_id)
    monkeypatch.setenv("AUTOSCHED_X_CLIENT_SECRET", sides["standard"].secret)
    settings.cache_clear()
    return provider


def agreed(provider: Provider, begun: Begun, decision: str = "allow") -> dict[str, str]:
    """What comes back from the consent at which our client begins."""
    where = provider.decide(begun.url, decision).headers["location"]
    return dict(parse_qsl(urlsplit(where).query))


def desk(secret: dict[str, Any]) -> Desk:
    return Desk(
        secret=secret,
        options={},
        handle={},
        remember=lambda handle: None,
        keep_secret=lambda fresh: None,
        stored_secret=None,
        public_url=lambda media: "",
    )


def test_our_client_connects_renews_and_gives_back_at_a_certified_server(
    as_x: Provider, sides: dict[str, Side]
) -> None:
    begun = connecting.begin(BACK, STATE)
    answer = agreed(as_x, begun)
    assert answer["state"] == STATE
    (connection,) = connecting.finish(begun.keep, answer, BACK)
    assert connection.handle == "alice"
    first = connection.secret
    assert set(first["scopes"]) == set(connecting.SCOPES)
    second = connecting.renew(first)
    assert second["access"] != first["access"]
    assert second["refresh"] != first["refresh"]
    opens = {"access_token": second["access"]}
    assert sides["standard"].good(opens)
    connecting.revoke(desk(second))
    assert not sides["standard"].good(opens)
    connecting.revoke(desk(second))  # once more is no error
    with pytest.raises(PlatformError) as ended:
        connecting.renew(second)
    assert ended.value.code == "access_ended"


def test_our_client_knows_a_refusal_of_a_certified_server(
    as_x: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = connecting.begin(BACK, STATE)
    with pytest.raises(ForbiddenError) as declined:
        connecting.finish(begun.keep, agreed(as_x, begun, "deny"), BACK)
    assert declined.value.code == "consent_denied"
    answer = agreed(as_x, begun)
    with pytest.raises(PlatformError) as mixed_up:
        connecting.finish({"verifier": oauth.verifier()}, answer, BACK)
    assert mixed_up.value.code == "access_ended"
    monkeypatch.setenv("AUTOSCHED_X_CLIENT_SECRET", "an older one")
    with pytest.raises(PlatformError) as stale:
        connecting.finish(begun.keep, answer, BACK)
    assert stale.value.code == "app_refused"
