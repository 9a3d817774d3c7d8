"""Accounts on Mastodon servers are connected, each with its server's own limits."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from autosched.errors import ForbiddenError, InvalidError
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.mastodon import Mastodon, addresses, connecting
from autosched.settings import settings
from tests.counterparts.stand import Stand
from tests.platforms.desks import REDIRECT, Bench, connected


def test_an_account_is_connected_with_its_servers_limits(large: Bench, small: Bench) -> None:
    made = large.connection
    assert made.handle == "nightreminders@mastodon.social"
    assert made.remote_id == "109000000000000101@mastodon.social"
    assert made.options["server"] == "https://mastodon.social"
    assert made.options["visibility"] == "public"
    limits = made.options["instance"]
    assert (limits["characters"], limits["per_link"], limits["attachments"]) == (500, 23, 4)
    assert set(made.secret["scopes"]) == set(connecting.SCOPES)
    limits = small.connection.options["instance"]
    assert (limits["characters"], limits["per_link"], limits["attachments"]) == (5000, 25, 6)
    assert small.connection.handle == "oldtownarchive@instance.sandbox"


def test_every_server_gives_keys_of_its_own(large: Bench, small: Bench) -> None:
    assert large.connection.secret["client_id"] != small.connection.secret["client_id"]
    assert "client_secret" not in large.connection.options


def test_a_profile_names_its_server(stand: Stand) -> None:
    bench = connected(Mastodon(), stand, form={"server": "@quietverses@Mastodon.social"}, person=1)
    assert bench.connection.name == "Quiet Verses"


def test_who_refuses_on_the_page_is_not_connected(stand: Stand) -> None:
    begun = Mastodon().begin({"server": "mastodon.social"}, REDIRECT, "s")
    answer = stand.consent(begun.url, decision="deny")
    with pytest.raises(ForbiddenError) as refused:
        Mastodon().finish(begun.keep, answer, REDIRECT)
    assert refused.value.code == "consent_denied"


def test_a_code_that_is_used_too_late_says_so(stand: Stand) -> None:
    begun = Mastodon().begin({"server": "mastodon.social"}, REDIRECT, "s")
    answer = stand.consent(begun.url)
    stand.forward(700)
    with pytest.raises(PlatformError) as refused:
        Mastodon().finish(begun.keep, answer, REDIRECT)
    assert refused.value.code == "consent_expired"


@pytest.mark.parametrize("server", ["", "  ", "nowhere", "nothing.here.example"])
def test_a_server_that_is_none_is_said_to_be_none(stand: Stand, server: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Mastodon().begin({"server": server}, REDIRECT, "s")
    assert refused.value.code == "no_server"


def test_a_server_in_trouble_is_tried_later(stand: Stand) -> None:
    stand.fault("status", platform="mastodon", step="register_app", status=503)
    with pytest.raises(PlatformError) as trouble:
        Mastodon().begin({"server": "mastodon.social"}, REDIRECT, "s")
    assert (trouble.value.code, trouble.value.action) == ("server_fault", Action.RETRY)


def test_access_that_was_given_back_asks_for_a_person(bench: Bench) -> None:
    bench.platform.revoke(bench.desk())
    bench.platform.revoke(bench.desk())
    with pytest.raises(PlatformError) as refused:
        bench.publish(bench.draft("nobody"))
    assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "access_ended")


def test_tokens_have_no_end(bench: Bench) -> None:
    assert bench.platform.renew_at(bench.connection.secret) is None
    assert bench.platform.ends_at(bench.connection.secret) is None


def test_a_server_that_moved_is_followed_but_not_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOSCHED_SANDBOX", raising=False)
    settings.cache_clear()

    class Moved(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(301)
            self.send_header("Location", "https://10.0.0.5/api/v1/apps")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Moved)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(addresses.Unsafe):
            Mastodon().begin({"server": f"127.0.0.1:{server.server_port}"}, REDIRECT, "s")
    finally:
        server.shutdown()
        server.server_close()
