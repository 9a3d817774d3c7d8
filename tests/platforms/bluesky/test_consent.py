"""Connecting by consent, at the real server: pushed requests, proofs, tokens for one use."""

from __future__ import annotations

import json
import logging
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey
from PIL import Image

from autosched import packages
from autosched.errors import AutoschedError, ForbiddenError, InvalidError, UnavailableError
from autosched.platforms.base import Action, Media, PlatformError
from autosched.platforms.bluesky import Bluesky, client, dpop, grants, identity
from autosched.settings import settings
from tests.counterparts.gate import Fault, gate
from tests.counterparts.pds import Person, Server
from tests.platforms.bluesky.agreeing import agree
from tests.platforms.desks import Bench

BACK = "http://127.0.0.1:8000/connect/bluesky/back"


@pytest.fixture(autouse=True)
def _directory(pds: Server, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "DIRECTORY", pds.directory)


@pytest.fixture(scope="module")
def person(pds: Server) -> Person:
    return pds.person("amina")


def form(person: Person, pds: Server, **changes: str) -> dict[str, str]:
    return {"identifier": person.handle, "service": pds.url, **changes}


def agreed(person: Person, pds: Server) -> Bench:
    bluesky = Bluesky()
    begun = bluesky.begin(form(person, pds), BACK, "a-state")
    answer = agree(begun.url, person)
    assert answer.pop("state") == "a-state"
    (connection,) = bluesky.finish(begun.keep, answer, BACK)
    return Bench(bluesky, connection)


@pytest.fixture
def bench(pds: Server) -> Bench:
    return agreed(pds.person(), pds)


def posts(bench: Bench, pds: Server) -> list[Any]:
    from atproto import Client

    found = Client(base_url=f"{pds.url}/xrpc").com.atproto.repo.list_records(
        {"repo": bench.connection.remote_id, "collection": "app.bsky.feed.post"}
    )
    return list(found.records)


def aged(bench: Bench, pds: Server, *, known: bool = True) -> None:
    """As after an hour; `known`: by our clock too, not by the server's alone."""
    secret = bench.connection.secret
    secret["access"] = pds.expired(secret["access"])
    if known:
        secret["ends"] = time.time() - 60


def test_an_account_is_connected_without_any_password(person: Person, pds: Server) -> None:
    connection = agreed(person, pds).connection
    assert (connection.remote_id, connection.handle) == (person.did, person.handle)
    assert connection.options == {
        "service": pds.url,
        "identifier": person.handle,
        "login": "oauth",
    }
    assert connection.secret["scopes"] == "atproto transition:generic"
    assert connection.secret["ends"] == pytest.approx(time.time() + 3600, abs=30)


@pytest.mark.parametrize("written", ["@{}", " \u200e{}", "https://bsky.app/profile/{}"])
def test_a_handle_is_taken_as_people_write_it(person: Person, pds: Server, written: str) -> None:
    asked = form(person, pds, identifier=written.format(person.handle))
    assert Bluesky().begin(asked, BACK, "s").keep["did"] == person.did


def test_a_did_stands_for_its_handle(person: Person, pds: Server) -> None:
    begun = Bluesky().begin(form(person, pds, identifier=person.did), BACK, "s")
    assert begun.keep["handle"] == person.handle


def test_posts_and_pictures_and_a_film_go_out_with_proofs(
    bench: Bench, pds: Server, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "a.png")
    film = tmp_path / "a.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(900_000))
    picture = Media(tmp_path / "a.png", "image", "image/png", 1, alt="A lamp")
    video = Media(film, "video", "video/mp4", film.stat().st_size, 90, 160, 1.0, alt="Stars")
    for text, *media in (["Words"], ["A picture", picture], ["A film", video]):
        bench.publish(bench.draft(str(text), *media))
    texts = {post.value.text for post in posts(bench, pds)}
    assert texts == {"Words", "A picture", "A film"}


def test_a_post_can_be_deleted_and_is_gone_twice(bench: Bench, pds: Server) -> None:
    published = bench.publish(bench.draft("Soon gone"))
    for _ in range(2):
        bench.platform.delete(bench.desk(), published.remote_id, {})
    assert posts(bench, pds) == []


def test_a_repeat_after_a_lost_answer_changes_nothing(bench: Bench, pds: Server) -> None:
    draft = bench.draft("once")
    first = bench.publish(draft)
    desk = bench.desk(bench.handles[-1])
    desk.handle = bench.platform.prepare(desk, draft)
    assert bench.platform.settle(desk, draft) == first
    assert bench.platform.commit(desk, draft) == first
    assert len(posts(bench, pds)) == 1


@pytest.mark.parametrize("issuer", ["http://localhost:1", None])
def test_an_answer_of_another_server_is_not_believed(
    person: Person, pds: Server, issuer: str | None
) -> None:
    begun = Bluesky().begin(form(person, pds), BACK, "s")
    answer = agree(begun.url, person)
    changed = {name: value for name, value in answer.items() if name != "iss"}
    if issuer:
        changed["iss"] = issuer
    with pytest.raises(ForbiddenError) as refused:
        Bluesky().finish(begun.keep, changed, BACK)
    assert refused.value.code == "other_issuer"


def test_who_agrees_must_be_who_was_named(person: Person, pds: Server) -> None:
    begun = Bluesky().begin(form(person, pds), BACK, "s")
    # As if the server had given somebody else's tokens for this code.
    keep = {**begun.keep, "did": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"}
    with pytest.raises(ForbiddenError, match="another account") as refused:
        Bluesky().finish(keep, agree(begun.url, person), BACK)
    assert refused.value.code == "other_account"


def test_a_refusal_on_the_page_is_said(person: Person, pds: Server) -> None:
    begun = Bluesky().begin(form(person, pds), BACK, "s")
    answer = agree(begun.url, person, decision="reject")
    with pytest.raises(ForbiddenError, match="was not allowed"):
        Bluesky().finish(begun.keep, answer, BACK)


def test_a_code_is_good_once(person: Person, pds: Server) -> None:
    begun = Bluesky().begin(form(person, pds), BACK, "s")
    answer = agree(begun.url, person)
    Bluesky().finish(begun.keep, answer, BACK)
    with pytest.raises(ForbiddenError, match="did not let the account be connected") as refused:
        Bluesky().finish(begun.keep, answer, BACK)
    assert refused.value.code == "consent_failed"


@pytest.mark.parametrize("identifier", ["nobody.test", "not a handle", "did:plc:x", "amina"])
def test_a_handle_of_nobody_is_said(person: Person, pds: Server, identifier: str) -> None:
    with pytest.raises(InvalidError, match="does not know this handle") as refused:
        Bluesky().begin(form(person, pds, identifier=identifier), BACK, "s")
    assert refused.value.code == "unknown_handle"


def test_a_handle_that_the_account_does_not_know_of_is_nobodys(person: Person, pds: Server) -> None:
    answer = json.dumps({"did": person.did}).encode()
    with gate(pds.url) as between:
        between.once("com.atproto.identity.resolveHandle", Fault(instead=(200, answer)))
        with pytest.raises(InvalidError, match="does not call itself"):
            Bluesky().begin({"identifier": "a-thief.test", "service": between.url}, BACK, "s")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, b"", "no_consent_page"),
        (200, b'{"authorization_servers":[]}', "no_consent_page"),
        (200, b'{"authorization_servers":["ftp://x"]}', "no_consent_page"),
        (503, b"", "server_fault"),
    ],
)
def test_a_server_without_a_page_of_its_own_leads_to_app_passwords(
    person: Person, pds: Server, status: int, body: bytes, expected: str
) -> None:
    with gate(pds.url) as between:
        between.once("oauth-protected-resource", Fault(instead=(status, body)))
        with pytest.raises(AutoschedError) as refused:
            identity.guard_of(between.url)
    assert refused.value.code == expected


def test_a_guard_that_calls_itself_otherwise_is_none(pds: Server) -> None:
    with gate(pds.url) as between:
        told = json.dumps({"authorization_servers": [between.url]}).encode()
        between.once("oauth-protected-resource", Fault(instead=(200, told)))
        # Reached by way of the gate it still names itself by its own address.
        with pytest.raises(InvalidError) as refused:
            identity.guard_of(between.url)
    assert refused.value.code == "no_consent_page"


def test_a_directory_that_is_silent_is_for_later(
    person: Person, pds: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "DIRECTORY", "http://127.0.0.1:9")
    with pytest.raises(PlatformError) as refused:
        Bluesky().begin(form(person, pds), BACK, "s")
    assert refused.value.action == Action.RETRY


def test_an_old_token_is_renewed_before_it_is_used(bench: Bench, pds: Server) -> None:
    aged(bench, pds)
    bench.publish(bench.draft("after an hour"))
    assert len(posts(bench, pds)) == 1
    (fresh,) = bench.secrets
    assert fresh["refresh"] != bench.connection.secret["refresh"]
    assert fresh["key"] == bench.connection.secret["key"]


def test_a_token_that_only_the_server_knows_to_be_old_is_renewed_and_the_request_repeated(
    bench: Bench, pds: Server
) -> None:
    aged(bench, pds, known=False)
    bench.publish(bench.draft("by a late clock"))
    assert len(posts(bench, pds)) == 1
    assert len(bench.secrets) == 1


def test_new_tokens_are_stored_before_they_are_used(bench: Bench, pds: Server) -> None:
    aged(bench, pds)
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, bench.draft("x"))

    def disk_full(secret: dict[str, Any]) -> None:
        raise OSError("disk full")

    desk.keep_secret = disk_full
    with pytest.raises(OSError, match="disk full"):
        bench.platform.commit(desk, bench.draft("x"))
    assert posts(bench, pds) == []


def test_several_workers_at_once_use_a_refresh_token_once(bench: Bench, pds: Server) -> None:
    aged(bench, pds)
    desks = [bench.desk() for _ in range(6)]

    def publish(number: int) -> None:
        desk, draft = desks[number], bench.draft(f"post {number}")
        desk.handle = bench.platform.prepare(desk, draft)
        bench.platform.commit(desk, draft)

    with ThreadPoolExecutor(len(desks)) as pool:
        list(pool.map(publish, range(len(desks))))
    assert len(bench.secrets) == 1
    assert len(posts(bench, pds)) == 6


def test_a_refresh_token_used_twice_ends_the_access_and_a_person_is_asked(
    bench: Bench, pds: Server
) -> None:
    bench.platform.renew(bench.desk())
    spent = bench.desk()
    spent.secret, spent.stored_secret = dict(bench.connection.secret), None
    for desk in (spent, bench.desk()):  # the replay ends what the first use gave, too
        with pytest.raises(PlatformError) as refused:
            bench.platform.renew(desk)
        assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")


def test_what_was_given_back_is_good_no_more(bench: Bench, pds: Server) -> None:
    for _ in range(2):
        bench.platform.revoke(bench.desk())
    with pytest.raises(PlatformError) as refused:
        bench.platform.renew(bench.desk())
    assert refused.value.action == Action.RECONNECT


def test_a_nonce_that_is_too_old_costs_one_repeat(bench: Bench, pds: Server) -> None:
    server = bench.connection.secret["pds"]
    for url in (f"{server}/xrpc/x", f"{server}/oauth/token"):
        dpop.nonces._held[dpop._server(url)] = ("long-gone", time.monotonic())
    aged(bench, pds)
    bench.publish(bench.draft("with an old nonce"))
    assert len(posts(bench, pds)) == 1


def test_no_token_and_no_key_is_ever_logged(
    bench: Bench, pds: Server, caplog: pytest.LogCaptureFixture
) -> None:
    aged(bench, pds)
    with caplog.at_level(logging.DEBUG):
        bench.publish(bench.draft("quietly"))
    told = caplog.text + repr(bench.connection) + repr(bench.desk())
    for name in ("access", "refresh", "key"):
        assert bench.secrets[-1][name] not in told


def test_a_client_on_loopback_needs_a_person_after_two_weeks(bench: Bench) -> None:
    secret = bench.connection.secret
    ends = bench.platform.ends_at(secret)
    assert ends is not None
    assert ends - datetime.now(UTC) == pytest.approx(timedelta(days=14), abs=timedelta(minutes=1))
    assert bench.platform.renew_at(secret) is None


def test_a_client_with_a_key_renews_and_goes_on() -> None:
    about = {"client": "https://autosched.example/x.json", "began": time.time()}
    answer = {"access_token": "a", "refresh_token": "r", "expires_in": 3600}
    secret = {**about, "login": "oauth", **grants.facts(answer, about)}
    ends, renews = Bluesky().ends_at(secret), Bluesky().renew_at(secret)
    assert ends is not None
    assert renews is not None
    assert (ends - datetime.now(UTC)).days in (89, 90)
    assert (ends - renews).days in (44, 45)
    about["began"] -= 700 * 86_400  # two years are over soon: renewing gives no more time
    assert grants.facts(answer, about)["renews"] is None


def test_a_session_by_app_password_is_renewed_weeks_before_it_ends(
    person: Person, pds: Server
) -> None:
    asked = {"identifier": person.handle, "password": person.app_password, "service": pds.url}
    secret = Bluesky().connect(asked).secret
    ends, renews = Bluesky().ends_at(secret), Bluesky().renew_at(secret)
    assert ends is not None
    assert renews is not None
    assert (ends - datetime.now(UTC)).days in (89, 90)
    assert (ends - renews).days == 30


def test_a_session_by_app_password_is_renewed_and_given_back(person: Person, pds: Server) -> None:
    asked = {"identifier": person.handle, "password": person.app_password, "service": pds.url}
    bench = Bench(Bluesky(), Bluesky().connect(asked))
    bench.platform.renew(bench.desk())
    assert bench.secrets[-1]["refresh"] != bench.connection.secret["refresh"]
    for _ in range(2):
        bench.platform.revoke(bench.desk())
    with pytest.raises(PlatformError) as refused:
        bench.platform.renew(bench.desk())
    assert refused.value.action == Action.RECONNECT


@pytest.mark.parametrize(
    ("public", "hint"),
    [("http://localhost:8000", "open it at http://127.0.0.1:8000"), ("http://10.0.0.5", "https")],
)
def test_an_address_that_bluesky_sends_nobody_back_to_is_said(
    person: Person, pds: Server, public: str, hint: str
) -> None:
    with pytest.raises(UnavailableError) as refused:
        Bluesky().begin(form(person, pds), f"{public}/connect/bluesky/back", "s")
    assert hint in refused.value.remedy


def test_reached_by_https_the_client_is_where_its_description_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", "https://plan.example.org/")
    settings.cache_clear()
    made = client.client_for("https://plan.example.org/connect/bluesky/back")
    shown = client.client_metadata("https://plan.example.org/")
    assert made.id == shown["client_id"]
    assert made.id == "https://plan.example.org/oauth/bluesky/client-metadata.json"
    assert made.signs
    sent = made.credentials("https://bsky.social")
    token = jwt.decode(sent["client_assertion"], ECKey.import_key(shown["jwks"]["keys"][0]))
    assert token.claims["aud"] == "https://bsky.social"
    assert token.claims["iss"] == token.claims["sub"] == made.id


def test_the_description_shows_no_private_key_and_its_file_is_for_its_owner(data: Path) -> None:
    (key,) = client.client_metadata("https://plan.example.org")["jwks"]["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert (data / "bluesky-client.json").stat().st_mode & 0o777 == 0o600


def test_the_description_is_as_blueskys_own_schema_wants_it(pds: Server, tmp_path: Path) -> None:
    shown = tmp_path / "metadata.json"
    shown.write_text(json.dumps(client.client_metadata("https://plan.example.org")))
    script = (
        "const load = require('node:module').createRequire(process.argv[1] + '/package.json');"
        "const types = load('@atproto/oauth-types');"
        "const said = JSON.parse(require('node:fs').readFileSync(process.argv[2]));"
        "types.oauthClientMetadataSchema.parse(said);"
        "types.oauthClientIdDiscoverableSchema.parse(said.client_id);"
        "console.log('good')"
    )
    done = subprocess.run(
        [str(packages.node_bin() / "node"), "-e", script, str(_oauth_types(pds)), str(shown)],
        capture_output=True,
        text=True,
        env=packages.node_env(),
        check=False,
    )
    assert done.stdout.strip() == "good", done.stderr[-800:]


def _oauth_types(pds: Server) -> Path:
    return pds.built / "node_modules" / "@atproto" / "oauth-provider"


def test_proofs_are_what_an_independent_library_reads(data: Path) -> None:
    key = dpop.Key.new()
    said = dpop.proof(key, "POST", "https://pds.example/xrpc/x?y=1#z", "a-token")
    token = jwt.decode(said, ECKey.import_key(key.public()))
    assert token.header["typ"] == "dpop+jwt"
    assert token.header["jwk"] == key.public()
    assert token.claims["htu"] == "https://pds.example/xrpc/x"
    assert token.claims["ath"] == create_s256_code_challenge("a-token")  # the same sum
    assert key.name() == ECKey.import_key(key.public()).thumbprint()
    assert dpop.Key.opened(key.stored()).public() == key.public()
    assert said != dpop.proof(key, "POST", "https://pds.example/xrpc/x?y=1#z", "a-token")


def test_a_loopback_client_says_where_it_wants_the_browser_back() -> None:
    asked = parse_qs(urlsplit(client.client_for(BACK).id).query)
    assert asked == {"redirect_uri": [BACK], "scope": ["atproto transition:generic"]}


def test_a_lost_answer_of_a_renewal_leaves_no_doubt_about_the_post(
    bench: Bench, pds: Server
) -> None:
    aged(bench, pds)
    with gate(pds.url) as between:
        bench.connection.secret["token_url"] = f"{between.url}/oauth/token"
        desk = bench.desk()
        desk.handle = bench.platform.prepare(desk, bench.draft("x"))
        between.once("token", Fault(forward=False))
        with pytest.raises(PlatformError) as refused:
            bench.platform.commit(desk, bench.draft("x"))
    assert refused.value.action == Action.RETRY
