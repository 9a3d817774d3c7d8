"""The stand-in for Bluesky serves the independent client, and refuses what the real one does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import libipld
import pytest
from atproto import AtUri, Client, client_utils, models
from atproto.exceptions import BadRequestError, UnauthorizedError

from autosched.sandbox.platforms import bluesky_cid, bluesky_lexicon
from tests.sandbox.bluesky_hand import PDS, POST, Session, png, post, tid

ASTRONAUT = "👩‍🚀"  # one character to the eye, eleven bytes


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("bluesky")


@pytest.fixture(autouse=True)
def _no_faults(stand: Any) -> Iterator[None]:
    yield
    stand.clear()


@pytest.fixture(scope="module")
def own(stand: Any) -> Session:
    return Session(stand)


@pytest.fixture(scope="module")
def sdk(stand: Any, own: Session) -> Client:
    """The independent client, logged in the way its users do."""
    client = Client(base_url=stand.at(PDS))
    client.login(own.handle, "sandbox")
    return client


def last(stand: Any) -> dict[str, Any]:
    found: dict[str, Any] = stand.posts("bluesky")[-1]
    return found


# The independent client


def test_the_independent_client_logs_in_posts_reads_and_deletes(
    stand: Any, sdk: Client, own: Session
) -> None:
    text = client_utils.TextBuilder().text("Read ").link("this", "https://example.org")
    made = sdk.send_post(text)
    key = AtUri.from_str(made.uri).rkey
    read = sdk.get_post(key, own.did)
    assert read.value.text == "Read this"
    assert read.cid == made.cid
    shown = last(stand)
    assert (shown["id"], shown["text"]) == (made.uri, "Read this")
    assert "Read this" in stand.client.get(shown["permalink"]).text
    assert sdk.delete_post(made.uri) is True
    assert last(stand)["deleted"] is True


def test_the_independent_client_sends_pictures_with_alt_texts(stand: Any, sdk: Client) -> None:
    sdk.send_images("Two", [png(), png()], ["first", "second"])
    assert [each["alt"] for each in last(stand)["media"]] == ["first", "second"]
    assert last(stand)["media"][0]["mime"] == "image/png"


def test_the_independent_client_puts_a_record_only_once_with_a_swap(
    sdk: Client, own: Session
) -> None:
    key = tid()
    record = models.AppBskyFeedPost.Record(text="Swapped", created_at="2026-11-01T10:00:00Z")
    data = models.ComAtprotoRepoPutRecord.Data(
        repo=own.did, collection=POST, rkey=key, record=record
    )
    first = sdk.com.atproto.repo.put_record(data)
    record.text = "Another"
    data.swap_record = first.cid[:-1] + ("a" if first.cid[-1] != "a" else "q")
    with pytest.raises(BadRequestError) as refused:
        sdk.com.atproto.repo.put_record(data)
    assert refused.value.response is not None
    assert refused.value.response.content.error == "InvalidSwap"


def test_the_independent_client_refreshes_its_session_and_resolves_names(
    stand: Any, sdk: Client, own: Session
) -> None:
    sdk._refresh_and_set_session()
    assert sdk.com.atproto.server.get_session().did == own.did
    assert sdk.com.atproto.identity.resolve_handle({"handle": own.handle}).did == own.did
    assert sdk.com.atproto.server.describe_server().did == "did:web:bsky.social"
    assert sdk.me is not None
    assert sdk.me.handle == own.handle
    with pytest.raises(UnauthorizedError):
        Client(base_url=stand.at(PDS)).login(own.handle, "wrong")


def test_public_counts_grow_and_can_lag(stand: Any, own: Session) -> None:
    uri = own.create(post("Counted")).json()["uri"]
    public = Client(base_url=stand.at("public.api.bsky.app"))
    stand.forward(3600)
    first = public.app.bsky.feed.get_posts({"uris": [uri]}).posts[0]
    own.forward(36_000)
    later = public.app.bsky.feed.get_posts({"uris": [uri]}).posts[0]
    assert (later.like_count or 0) > (first.like_count or 0) > 0
    fresh = own.create(post("Fresh")).json()["uri"]
    stand.fault("lag", platform="bluesky", seconds=60, times=None)
    assert public.app.bsky.feed.get_posts({"uris": [uri, fresh]}).posts[0].uri == uri
    assert len(public.app.bsky.feed.get_posts({"uris": [uri, fresh]}).posts) == 1
    assert own.get(fresh.rpartition("/")[2]).status_code == 200
    path = stand.at("public.api.bsky.app", "xrpc/app.bsky.feed.getPosts")
    assert stand.client.get(path, params={"uris": [uri] * 26}).status_code == 400
    assert public.app.bsky.actor.get_profile({"actor": own.did}).followers_count


def test_a_name_leads_to_its_document_and_that_to_its_server(stand: Any, own: Session) -> None:
    told = stand.client.get(stand.at(own.handle, ".well-known/atproto-did")).text
    assert told == own.did
    document = stand.client.get(stand.at("plc.directory", own.did)).json()
    assert document["alsoKnownAs"] == [f"at://{own.handle}"]
    assert document["service"][0]["serviceEndpoint"] == stand.at(PDS).rstrip("/")
    missing = stand.client.get(stand.at("plc.directory", "did:plc:nobody"))
    assert missing.status_code == 404


def test_an_account_has_a_profile_with_its_name(own: Session) -> None:
    told = own.ask(
        "GET",
        "com.atproto.repo.getRecord",
        repo=own.did,
        collection="app.bsky.actor.profile",
        rkey="self",
    )
    assert told.json()["value"]["displayName"] == "Night Reminders"


# Sessions


def test_an_app_password_will_do_and_a_wrong_one_will_not(own: Session) -> None:
    assert own.log_in("lamp-oil7-wick-glow").status_code == 200
    answer = own.log_in("nonsense")
    assert (answer.status_code, answer.json()["error"]) == (401, "AuthenticationRequired")


def test_an_expired_session_is_told_by_a_400(stand: Any, own: Session) -> None:
    stand.fault("expire_token", platform="bluesky", step="create_post")
    answer = own.create(post("Late"))
    assert (answer.status_code, answer.json()["error"]) == (400, "ExpiredToken")
    refreshed = own.ask("POST", "com.atproto.server.refreshSession", token=own.tokens["refreshJwt"])
    own.tokens = refreshed.json()
    assert own.create(post("In time")).status_code == 200


def test_a_used_refresh_token_is_good_for_a_while_and_none_after_logging_out(
    stand: Any, own: Session
) -> None:
    other = Session(stand, 1)
    name, old = "com.atproto.server.refreshSession", other.tokens["refreshJwt"]
    assert other.ask("POST", name, token=old).status_code == 200
    new = other.ask("POST", name, token=old).json()["refreshJwt"]
    own.forward(2 * 3600 + 1)
    assert other.ask("POST", name, token=old).json()["error"] == "ExpiredToken"
    gone = other.ask("POST", "com.atproto.server.deleteSession", token=new)
    assert gone.status_code == 200
    assert other.ask("POST", name, token=new).json()["error"] == "ExpiredToken"


@pytest.mark.parametrize(
    ("token", "status", "error"),
    [("", 401, "AuthMissing"), ("nonsense", 400, "InvalidToken"), (None, 400, "InvalidToken")],
)
def test_a_wrong_token_is_refused(own: Session, token: str | None, status: int, error: str) -> None:
    said = own.tokens["refreshJwt"] if token is None else token
    answer = own.ask("GET", "com.atproto.server.getSession", token=said)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


# Records


def test_the_same_record_put_again_changes_nothing(own: Session) -> None:
    key, record = tid(), post("Once")
    first = own.put(record, key).json()
    again = own.put(record, key).json()
    assert first["cid"] == again["cid"]
    assert "commit" in first
    assert "commit" not in again
    latest = own.ask("GET", "com.atproto.sync.getLatestCommit", did=own.did).json()
    assert latest["rev"] == first["commit"]["rev"]


def test_a_put_that_expects_nothing_proves_what_is_there(stand: Any, own: Session) -> None:
    key = tid()
    first = own.put(post("First"), key, swapRecord=None).json()
    answer = own.put(post("Second"), key, swapRecord=None)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidSwap")
    assert answer.json()["message"] == f"Record was at {first['cid']}"
    changed = own.put(post("Second"), key, swapRecord=first["cid"])
    assert changed.status_code == 200
    assert last(stand)["text"] == "Second"


def test_creating_under_a_taken_key_is_a_servers_failure(own: Session) -> None:
    key = tid()
    assert own.create(post("A"), rkey=key).status_code == 200
    answer = own.create(post("A"), rkey=key)
    assert (answer.status_code, answer.json()["error"]) == (500, "InternalServerError")


@pytest.mark.parametrize("key", ["self", "abc", "z" * 13, "0123456789abc"])
def test_a_posts_key_must_be_a_tid(own: Session, key: str) -> None:
    answer = own.put(post(), key)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")


def test_a_record_is_found_and_listed_and_its_deletion_is_no_error_twice(own: Session) -> None:
    key = tid()
    own.put(post("Listed"), key)
    assert own.get(key).json()["value"]["text"] == "Listed"
    listed = own.ask(
        "GET", "com.atproto.repo.listRecords", repo=own.handle, collection=POST, limit=100
    ).json()
    assert key in [each["uri"].rpartition("/")[2] for each in listed["records"]]
    assert own.delete(key).status_code == 200
    assert own.delete(key).json() == {}
    answer = own.get(key)
    assert (answer.status_code, answer.json()["error"]) == (400, "RecordNotFound")


def test_somebody_elses_repository_is_closed(own: Session, stand: Any) -> None:
    other = Session(stand, 2)
    body = {"repo": other.did, "collection": POST, "record": post()}
    answer = own.ask("POST", "com.atproto.repo.createRecord", body)
    assert (answer.status_code, answer.json()["error"]) == (401, "AuthenticationRequired")


def test_a_method_that_there_is_not(own: Session) -> None:
    answer = own.ask("GET", "com.atproto.repo.nothing")
    assert (answer.status_code, answer.json()["error"]) == (501, "MethodNotImplemented")


# Rations and faults


def test_every_answer_tells_what_is_left(own: Session) -> None:
    answer = own.create(post("Counted down"))
    headers = answer.headers
    assert headers["ratelimit-limit"] == "5000"
    assert headers["ratelimit-policy"] == "5000;w=3600"
    left = int(headers["ratelimit-remaining"])
    deleted = own.delete(answer.json()["uri"].rpartition("/")[2])
    assert int(deleted.headers["ratelimit-remaining"]) == left - 1
    assert int(headers["ratelimit-reset"]) > time.time()


def test_logging_in_too_often_is_refused_with_a_time_to_wait(stand: Any) -> None:
    def ask() -> httpx.Response:
        answer: httpx.Response = stand.client.post(
            stand.at(PDS, "xrpc/com.atproto.server.createSession"),
            json={"identifier": "nobody.bsky.social", "password": "x"},
        )
        return answer

    answers = [ask() for _ in range(31)]
    assert [each.status_code for each in answers] == [401] * 30 + [429]
    assert answers[-1].json()["error"] == "RateLimitExceeded"
    assert answers[-1].headers["ratelimit-policy"] == "30;w=300"
    stand.forward(int(answers[-1].headers["retry-after"]) + 1)
    assert ask().status_code == 401


def test_a_rate_limit_on_demand_tells_its_end(stand: Any, own: Session) -> None:
    stand.fault("rate", platform="bluesky", step="create_post", seconds=7)
    answer = own.create(post())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.headers["ratelimit-remaining"] == "0"


def test_a_lost_answer_leaves_the_post_under_its_key(stand: Any, own: Session) -> None:
    key = tid()
    stand.fault("reset_after", platform="bluesky", step="put_post")
    with pytest.raises(httpx.TransportError):
        own.put(post("Unsure"), key)
    assert own.get(key).json()["value"]["text"] == "Unsure"
    assert own.put(post("Unsure"), key).status_code == 200
    shown = [each for each in stand.posts("bluesky") if each["text"] == "Unsure"]
    assert len(shown) == 1


# The schema


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a" * 300, True),
        ("a" * 301, False),
        (ASTRONAUT * 272, True),
        (ASTRONAUT * 300, False),
        ("क्षि" * 250, True),
        ("क्षि" * 251, False),
        ("", True),
    ],
)
def test_text_is_counted_in_characters_seen_and_in_bytes(
    own: Session, text: str, good: bool
) -> None:
    answer = own.create(post(text))
    assert answer.status_code == (200 if good else 400)
    assert good or answer.json()["error"] == "InvalidRequest"


def test_a_link_card_a_reply_and_a_quote(stand: Any, own: Session) -> None:
    root = own.create(post("Root")).json()
    ref = {"uri": root["uri"], "cid": root["cid"]}
    card = {"uri": "https://example.org", "title": "T", "description": "", "thumb": own.blob()}
    embed = {"$type": "app.bsky.embed.external", "external": card}
    assert own.create(post("Card", embed=embed, langs=["en", "ar"], tags=["x"])).status_code == 200
    assert last(stand)["kind"] == "external"
    assert own.create(post("Reply", reply={"root": ref, "parent": ref})).status_code == 200
    assert last(stand)["extra"]["reply"]["root"] == ref
    quote = {"$type": "app.bsky.embed.record", "record": ref}
    assert own.create(post("Quote", embed=quote)).status_code == 200


def test_identifiers_are_those_of_the_independent_library() -> None:
    record = post("CID", langs=["en"], facets=[], n=-5, big=70_000, flag=True, none=None)
    assert bluesky_cid.encode(record) == libipld.encode_dag_cbor(record)
    assert bluesky_cid.is_cid(bluesky_cid.cid_of_record(record))
    digest = bluesky_cid.cid(b"hello", bluesky_cid.RAW)
    assert digest == "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"
    linked = {"ref": {"$link": digest}}
    assert bluesky_cid.encode(linked)[5:8] == b"\xd8\x2a\x58"
    assert all(bluesky_cid.TID.fullmatch(bluesky_cid.tid()) for _ in range(50))
    assert bluesky_lexicon.graphemes(ASTRONAUT) == 1
