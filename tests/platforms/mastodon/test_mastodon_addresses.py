"""A person names their server in many ways, and none leads into the network of this machine."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.errors import InvalidError
from autosched.platforms.mastodon import addresses
from autosched.settings import settings


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOSCHED_SANDBOX", raising=False)
    settings.cache_clear()
    addresses._known.clear()


def resolve(monkeypatch: pytest.MonkeyPatch, *found: str) -> list[str]:
    """Have every name lead to these addresses; the names that were asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize(
    ("written", "server"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social ", "https://mastodon.social"),
        ("https://mastodon.social/", "https://mastodon.social"),
        ("http://mastodon.social", "https://mastodon.social"),
        ("https://mastodon.social/@amina", "https://mastodon.social"),
        ("@amina@mastodon.social", "https://mastodon.social"),
        ("amina@mastodon.social", "https://mastodon.social"),
        ("social.example:8443", "https://social.example:8443"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://127.0.0.1:3000", "https://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_a_server_is_found_in_what_was_written(written: str, server: str) -> None:
    assert addresses.server(written) == server


@pytest.mark.parametrize(
    "written",
    ["", "mastodon", "@amina", "ftp://a.example", "https://u:p@a.example", "a.example:port",
     "https://", "https://[::1", "..", "a..example"],
)  # fmt: skip
def test_what_is_no_server_is_refused(written: str) -> None:
    with pytest.raises(InvalidError) as refused:
        addresses.server(written)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
     "::ffff:10.0.0.5", "::ffff:127.0.0.1", "64:ff9b::a00:5", "2002:a00:5::1",
     "2001:0:0:0:0:0:f5ff:fffa"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolve(monkeypatch, address)
    with pytest.raises(addresses.Unsafe):
        addresses.allow("https://social.example")
    resolve(monkeypatch, "93.184.216.34", address)  # one of several is enough
    with pytest.raises(addresses.Unsafe):
        addresses.allow("https://social.example")


@pytest.mark.parametrize("written", ["10.0.0.5", "169.254.169.254", "[fc00::1]", "0.0.0.0"])
def test_an_address_inside_is_refused_as_it_stands(written: str) -> None:
    with pytest.raises(addresses.Unsafe):
        addresses.allow(addresses.server(written))


def test_a_name_that_leads_outside_is_called_and_asked_for_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = resolve(monkeypatch, "93.184.216.34", "2606:2800:220:1::1")
    addresses.allow("https://social.example")
    addresses.allow("https://social.example")
    assert asked == ["social.example"]


def test_a_name_that_leads_nowhere_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(addresses.Unknown):
        addresses.allow("https://nowhere.example")


def test_this_machine_is_called_only_by_an_installation_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses.allow("http://localhost:3000")
    monkeypatch.setenv("AUTOSCHED_PUBLIC_URL", "https://posts.example")
    settings.cache_clear()
    with pytest.raises(addresses.Unsafe):
        addresses.allow("http://localhost:3000")


@given(st.text(max_size=40))
def test_whatever_is_written_gives_a_server_or_a_refusal(written: str) -> None:
    try:
        found = addresses.server(written)
    except InvalidError:
        return
    assert found.startswith(("https://", "http://"))
    assert addresses.server(found) == found
