"""Tokens: renewed when they are old, one at a time, stored before they are used."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from autosched.errors import InvalidError
from autosched.platforms.base import Action, Media, PlatformError
from autosched.platforms.bluesky import addresses, tokens
from tests.counterparts.gate import Fault, gate
from tests.counterparts.pds import Server
from tests.platforms.writing import Writer, draft

REFRESH = "com.atproto.server.refreshSession"
PUT = "com.atproto.repo.putRecord"
UPLOAD = "com.atproto.repo.uploadBlob"


def aged(writer: Writer, pds: Server, *, refresh: bool = False) -> None:
    """As after two hours, or with `refresh` after three months."""
    writer.connection.secret["access"] = pds.expired(writer.connection.secret["access"])
    if refresh:
        writer.connection.secret["refresh"] = pds.expired(writer.connection.secret["refresh"])


def test_an_old_token_is_renewed_before_it_is_used(writer: Writer, pds: Server) -> None:
    aged(writer, pds)
    with gate(pds.url) as between:
        writer.connection.secret["pds"] = between.url
        writer.publish(draft())
        assert between.seen == [REFRESH, PUT]
    assert len(writer.person.posts()) == 1


def test_a_token_that_only_the_server_knows_to_be_old_is_renewed_and_the_request_repeated(
    writer: Writer, pds: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_MARGIN_SECONDS", -7200)  # a clock that is two hours late
    aged(writer, pds)
    with gate(pds.url) as between:
        writer.connection.secret["pds"] = between.url
        writer.publish(draft())
        assert between.seen == [PUT, REFRESH, PUT]
    assert len(writer.person.posts()) == 1


def test_an_upload_that_met_an_old_token_is_sent_again_whole(
    writer: Writer, pds: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tokens, "_MARGIN_SECONDS", -7200)
    aged(writer, pds)
    video = tmp_path / "a.mp4"
    video.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(700_000))
    media = Media(video, "video", "video/mp4", video.stat().st_size, 90, 160, 1.0, alt="Stars")
    with gate(pds.url) as between:
        writer.connection.secret["pds"] = between.url
        writer.publish(draft("A reel", media))
        assert between.seen == [UPLOAD, REFRESH, UPLOAD]
    (post,) = writer.person.posts()
    assert post.value.embed.video.size == video.stat().st_size


def test_new_tokens_are_stored_before_they_are_used(writer: Writer, pds: Server) -> None:
    aged(writer, pds)
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft())

    def disk_full(secret: dict[str, Any]) -> None:
        writer.secrets.append(secret)
        raise OSError("disk full")

    desk.keep_secret = disk_full
    with pytest.raises(OSError, match="disk full"):
        writer.bluesky.commit(desk, draft())
    assert writer.person.posts() == []
    fresh = writer.secrets[-1]
    assert fresh["refresh"] != writer.connection.secret["refresh"]
    assert fresh["pds"] == writer.connection.secret["pds"]


def test_an_ended_access_is_for_the_person(silent_writer: Writer, pds: Server) -> None:
    desk = silent_writer.desk()
    desk.handle = silent_writer.bluesky.prepare(desk, draft())
    for name in ("access", "refresh"):
        desk.secret[name] = pds.expired(desk.secret[name])
    with pytest.raises(PlatformError) as refused:
        silent_writer.bluesky.commit(desk, draft())
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")


def test_a_withdrawn_app_password_is_for_the_person(writer: Writer, pds: Server) -> None:
    writer.person.client.com.atproto.server.revoke_app_password({"name": "autosched"})
    aged(writer, pds)
    with pytest.raises(PlatformError) as refused:
        writer.publish(draft())
    assert refused.value.action == Action.RECONNECT


def test_a_refresh_that_fails_while_committing_leaves_no_doubt(
    silent_writer: Writer, pds: Server
) -> None:
    with gate(pds.url) as between:
        desk = silent_writer.desk()
        desk.handle = silent_writer.bluesky.prepare(desk, draft())
        desk.secret |= {"pds": between.url, "access": pds.expired(desk.secret["access"])}
        for fault in (Fault(forward=False), Fault(instead=(502, b""))):
            between.once(REFRESH, fault)
            with pytest.raises(PlatformError) as refused:
                silent_writer.bluesky.commit(desk, draft())
            assert refused.value.action == Action.RETRY
        assert PUT not in between.seen


def test_several_workers_at_once_renew_the_tokens_once(writer: Writer, pds: Server) -> None:
    aged(writer, pds)
    desks = [writer.desk() for _ in range(6)]
    with gate(pds.url) as between:
        for desk in desks:
            desk.secret["pds"] = between.url
            desk.stored_secret = lambda: dict(
                writer.secrets[-1] if writer.secrets else writer.connection.secret
            )
        with ThreadPoolExecutor(len(desks)) as pool:
            list(pool.map(lambda desk: writer.publish(draft(), desk), desks))
        assert between.seen.count(REFRESH) == 1
    assert len(writer.secrets) == 1
    assert len(writer.person.posts()) == 6


def test_the_lock_lies_in_the_data_folder_and_names_nobody(
    writer: Writer, pds: Server, data: Path
) -> None:
    aged(writer, pds)
    writer.publish(draft())
    (lock,) = (data / "run" / "refresh").iterdir()
    assert writer.person.did not in lock.name


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://bsky.social", "https://bsky.social"),
        (" bsky.social/ ", "https://bsky.social"),
        ("https://pds.example.com:8443/xrpc", "https://pds.example.com:8443"),
        ("http://127.0.0.1:2583", "http://127.0.0.1:2583"),
        ("http://localhost:2583", "http://localhost:2583"),
        ("http://[::1]:2583", "http://[::1]:2583"),
    ],
)
def test_a_server_address_is_made_whole(written: str, address: str) -> None:
    assert addresses.server_address(written) == address


@pytest.mark.parametrize(
    "written",
    ["http://bsky.social", "ftp://bsky.social", "https://", "https://user:pw@x.org", "https://a:b"],
)
def test_an_address_on_which_tokens_would_travel_in_the_open_is_refused(written: str) -> None:
    with pytest.raises(InvalidError):
        addresses.server_address(written)


@pytest.mark.parametrize(
    ("service", "endpoint", "own"),
    [
        ("https://bsky.social", "https://morel.bsky.network", "https://morel.bsky.network"),
        ("https://bsky.social", "http://127.0.0.1:6379", "https://bsky.social"),
        ("https://bsky.social", "https://localhost", "https://bsky.social"),
        ("https://bsky.social", "http://intranet", "https://bsky.social"),
        ("http://127.0.0.1:1", "http://localhost:2", "http://localhost:2"),
        ("https://bsky.social", 5, "https://bsky.social"),
    ],
)
def test_later_requests_go_to_the_accounts_own_server_but_never_inwards(
    service: str, endpoint: object, own: str
) -> None:
    answer = {
        "did": "did:plc:x",
        "handle": "x.bsky.social",
        "accessJwt": "a",
        "refreshJwt": "r",
        "didDoc": {"service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}]},
    }
    assert tokens.session_facts(answer, service)["pds"] == own


def test_a_session_names_the_real_servers_own_address(writer: Writer, pds: Server) -> None:
    port = pds.url.rpartition(":")[2]
    assert writer.connection.secret["pds"] == f"http://localhost:{port}"
    answer = httpx.get(f"{pds.url}/xrpc/com.atproto.server.describeServer")
    assert json.loads(answer.text)["did"] == "did:web:localhost"
