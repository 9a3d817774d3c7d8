"""Connecting an account to a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PIL import Image

from autosched.errors import InvalidError
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.bluesky import Bluesky
from tests.counterparts.gate import Fault, gate
from tests.counterparts.pds import Person, Server

CREATE = "com.atproto.server.createSession"


@pytest.fixture(scope="module")
def person(pds: Server) -> Person:
    return pds.person("amina")


def form(person: Person, server: str, **changes: str) -> dict[str, str]:
    return {
        "identifier": person.handle,
        "password": person.app_password,
        "service": server,
        **changes,
    }


def test_an_account_is_connected_and_the_password_not_kept(person: Person, pds: Server) -> None:
    connection = Bluesky().connect(form(person, pds.url))
    assert connection.remote_id == person.did
    assert connection.handle == person.handle == connection.name
    assert connection.options == {"service": pds.url, "identifier": person.handle}
    assert person.app_password not in str(connection.secret)


@pytest.mark.parametrize("written", ["@{}", " {} ", "\u200e{}", "https://bsky.app/profile/{}"])
def test_a_handle_is_taken_as_people_write_it(person: Person, pds: Server, written: str) -> None:
    asked = form(person, pds.url, identifier=written.format(person.handle))
    assert Bluesky().connect(asked).remote_id == person.did


@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # of the other client
def test_name_and_picture_come_from_the_profile(pds: Server, tmp_path: Path) -> None:
    person = pds.person()
    Image.new("RGB", (40, 40), "navy").save(tmp_path / "me.png")
    picture = (tmp_path / "me.png").read_bytes()
    blob = person.client.com.atproto.repo.upload_blob(picture).blob
    person.client.com.atproto.repo.put_record(
        {
            "repo": person.did,
            "collection": "app.bsky.actor.profile",
            "rkey": "self",
            "record": {
                "$type": "app.bsky.actor.profile",
                "displayName": "أمينة",
                "avatar": blob.model_dump(by_alias=True),
            },
        }
    )
    connection = Bluesky().connect(form(person, pds.url))
    assert connection.name == "أمينة"
    assert connection.avatar is not None
    assert httpx.get(connection.avatar).content == picture


@pytest.mark.parametrize(
    "changes",
    [{"password": "aaaa-bbbb-cccc-dddd"}, {"identifier": "nobody.test"}],
)
def test_a_wrong_handle_or_password_is_said_with_where_to_get_one(
    person: Person, pds: Server, changes: dict[str, str]
) -> None:
    with pytest.raises(InvalidError, match="App passwords are made") as refused:
        Bluesky().connect(form(person, pds.url, **changes))
    assert refused.value.code == "wrong_password"


@pytest.mark.parametrize("changes", [{"password": " "}, {"identifier": "@"}])
def test_an_empty_field_is_said(person: Person, pds: Server, changes: dict[str, str]) -> None:
    with pytest.raises(InvalidError, match="are needed"):
        Bluesky().connect(form(person, pds.url, **changes))


def test_a_main_password_with_a_second_factor_leads_to_app_passwords(
    person: Person, pds: Server
) -> None:
    body = b'{"error":"AuthFactorTokenRequired","message":"A sign in code has been sent"}'
    with gate(pds.url) as between:
        between.once(CREATE, Fault(instead=(401, body)))
        with pytest.raises(InvalidError, match="app password instead") as refused:
            Bluesky().connect(form(person, between.url))
    assert refused.value.code == "app_password_needed"


@pytest.mark.parametrize(
    "answer", [(200, b"<html>A page</html>"), (404, b"Not found"), (301, b""), (200, b"{}")]
)
def test_an_address_without_a_bluesky_server_is_said(
    person: Person, pds: Server, answer: tuple[int, bytes]
) -> None:
    with gate(pds.url) as between:
        between.once(CREATE, Fault(instead=answer))
        with pytest.raises(InvalidError, match="there is no Bluesky server"):
            Bluesky().connect(form(person, between.url))


def test_a_server_that_can_not_be_reached_is_said(person: Person) -> None:
    with pytest.raises(PlatformError, match="could not be reached") as refused:
        Bluesky().connect(form(person, "http://127.0.0.1:9"))
    assert refused.value.action == Action.RETRY


def test_a_suspended_account_can_not_be_connected(pds: Server) -> None:
    person = pds.person()
    pds.take_down(person)
    with pytest.raises(PlatformError) as refused:
        Bluesky().connect(form(person, pds.url, password=person.password))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "account_closed")


def test_a_server_that_counts_says_how_long_to_wait(rationed_pds: Server) -> None:
    asked = {"identifier": "nobody.test", "password": "abcd", "service": rationed_pds.url}

    def outcome(_: int) -> InvalidError | PlatformError:
        with pytest.raises((InvalidError, PlatformError)) as refused:
            Bluesky().connect(asked)
        return refused.value

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(outcome, range(40)))
    refused = [error for error in outcomes if isinstance(error, PlatformError)]
    assert refused
    for error in refused:
        assert (error.code, error.action) == ("rate_limited", Action.RETRY)
        assert error.retry_after is not None
        assert 1 <= error.retry_after <= 300
