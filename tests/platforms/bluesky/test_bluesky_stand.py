"""Bluesky at the stand-in: the whole way by consent, figures from the public view, rations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from autosched.platforms import oauth
from autosched.platforms.base import Action, Media, PlatformError, Posted
from autosched.platforms.bluesky import Bluesky, client, dpop, grants, identity
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench, connected

FORM = {"identifier": "night-reminders.bsky.social"}


@pytest.fixture
def stand(stand_of: Callable[..., Stand], use: Callable[[Stand], None]) -> Stand:
    found = stand_of("bluesky")
    use(found)
    return found


@pytest.fixture
def bench(stand: Stand) -> Bench:
    return connected(Bluesky(), stand, form=FORM)


class Meter:
    """What a meter was told and asked."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int, float]] = []
        self.heard: list[tuple[str, int, float]] = []

    def take(self, bucket: str, most: int, seconds: float) -> None:
        self.taken.append((bucket, most, seconds))

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        self.heard.append((bucket, remaining, reset_in))


def posted(remote_id: str) -> Posted:
    return Posted(remote_id, {}, datetime.now(UTC))


def test_handle_directory_server_and_guard_are_found_and_a_post_goes_out(
    bench: Bench, stand: Stand
) -> None:
    assert bench.connection.secret["pds"] == "https://bsky.social"
    assert bench.connection.secret["token_url"] == "https://bsky.social/oauth/token"
    before = len(stand.posts("bluesky"))
    published = bench.publish(bench.draft("Peace be upon you"))
    assert len(stand.posts("bluesky")) == before + 1
    handle = FORM["identifier"]
    key = published.remote_id.rpartition("/")[2]
    assert published.permalink == f"https://bsky.app/profile/{handle}/post/{key}"


def test_an_app_password_works_at_the_stand_in_too(stand: Stand) -> None:
    people = stand.client.get(f"{stand.url}/_sandbox/people").json()
    person = next(each for each in people if each["platform"] == "bluesky")
    form = {"identifier": person["username"], "password": person["password"]}
    bench = Bench(Bluesky(), Bluesky().connect(form))
    assert bench.connection.secret["pds"] == "https://bsky.social"
    assert bench.publish(bench.draft("with a password")).remote_id.startswith("at://did:plc:")


def test_figures_come_in_batches_under_their_own_names(bench: Bench, stand: Stand) -> None:
    first = bench.publish(bench.draft("one to be counted"))
    second = bench.publish(bench.draft("another to be counted"))
    stand.forward(40_000)
    gone = posted(first.remote_id[:-13] + "2222222222222")
    asked = [posted(first.remote_id), gone, posted(second.remote_id)]
    found = bench.platform.measure(bench.desk(), asked)
    assert set(found) == {first.remote_id, second.remote_id}
    assert set(found[first.remote_id]) == set(bench.platform.metrics)
    assert found[first.remote_id]["likeCount"] > 0
    assert bench.platform.measure(bench.desk(), []) == {}


def test_what_the_view_does_not_show_yet_is_left_out(bench: Bench, stand: Stand) -> None:
    published = bench.publish(bench.draft("too new"))
    stand.fault("lag", platform="bluesky", seconds=900, times=None)
    assert bench.platform.measure(bench.desk(), [posted(published.remote_id)]) == {}


def test_a_view_in_trouble_is_for_later(bench: Bench, stand: Stand) -> None:
    stand.fault("status", platform="bluesky", step="metrics", status=502)
    with pytest.raises(PlatformError) as refused:
        bench.platform.measure(bench.desk(), [posted("at://x/app.bsky.feed.post/y")])
    assert refused.value.action == Action.RETRY


def test_rations_are_taken_and_what_the_server_says_is_told(bench: Bench, tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "a.png")
    picture = Media(tmp_path / "a.png", "image", "image/png", 1, alt="A lamp")
    desk, draft, meter = bench.desk(), bench.draft("counted", picture), Meter()
    desk.meter = meter
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    did = bench.connection.remote_id
    assert meter.taken == [
        (f"bluesky blob-day {did}", 1_000, 86_400),
        (f"bluesky write-hour {did}", 2_500, 3_600),
        (f"bluesky write-day {did}", 17_500, 86_400),
    ]
    (bucket, remaining, reset_in) = meter.heard[-1]
    assert bucket == f"bluesky write-hour {did}"
    assert 0 < remaining < 2_500
    assert 0 < reset_in <= 3_600 + 1


def test_nothing_is_sent_once_a_ration_is_used_up(bench: Bench, stand: Stand) -> None:
    class Empty(Meter):
        def take(self, bucket: str, most: int, seconds: float) -> None:
            raise PlatformError("Later.", action=Action.RETRY, retry_after=60)

    desk, draft = bench.desk(), bench.draft("not now")
    desk.handle = bench.platform.prepare(desk, draft)
    desk.meter = Empty()
    before = len(stand.log())
    with pytest.raises(PlatformError):
        bench.platform.commit(desk, draft)
    assert len(stand.log()) == before


def test_a_refused_burst_waits_as_long_as_the_server_says(bench: Bench, stand: Stand) -> None:
    desk, draft = bench.desk(), bench.draft("too many")
    desk.handle = bench.platform.prepare(desk, draft)
    stand.fault("rate", platform="bluesky", step="put_post", seconds=120)
    with pytest.raises(PlatformError) as refused:
        bench.platform.commit(desk, draft)
    assert refused.value.action == Action.RETRY
    assert refused.value.retry_after == pytest.approx(120, abs=3)


def test_a_film_is_not_sent_twice_for_want_of_a_nonce(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(900_000))
    video = Media(film, "video", "video/mp4", film.stat().st_size, 90, 160, 1.0, alt="Stars")
    dpop.nonces._held.clear()
    desk = bench.desk()
    before = len(stand.log())
    bench.platform.prepare(desk, bench.draft("A film", video))
    paths = [line["path"] for line in stand.log()[before:]]
    assert sum("uploadBlob" in path for path in paths) == 1


@pytest.mark.parametrize(("kind", "out"), [("reset_after", True), ("reset_before", False)])
def test_a_lost_answer_is_settled_and_one_post_is_out(
    bench: Bench, stand: Stand, kind: str, out: bool
) -> None:
    desk, draft = bench.desk(), bench.draft(f"once, {kind}")
    desk.handle = bench.platform.prepare(desk, draft)
    stand.fault(kind, platform="bluesky", step="put_post")
    with pytest.raises(PlatformError) as lost:
        bench.platform.commit(desk, draft)
    assert lost.value.action == Action.SETTLE
    proof = bench.platform.settle(desk, draft)
    assert (proof is not None) == out
    if proof is None:
        bench.platform.commit(desk, draft)
    texts = [post["text"] for post in stand.posts("bluesky")]
    assert texts.count(f"once, {kind}") == 1


def test_a_token_that_ends_early_is_renewed_and_the_request_repeated(
    bench: Bench, stand: Stand
) -> None:
    stand.fault("expire_token", platform="bluesky", step="put_post")
    bench.publish(bench.draft("renewed on the way"))
    assert len(bench.secrets) == 1


@contextmanager
def showing(metadata: dict[str, object]) -> Iterator[str]:
    """Serve a client's description on loopback, under the address that it then names itself by."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(metadata).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_client_with_a_key_of_its_own_is_let_in_by_its_signature(stand: Stand) -> None:
    metadata: dict[str, object] = {}
    with showing(metadata) as here:
        metadata |= client.client_metadata(here)
        guard = identity.guard_of("https://bsky.social")
        about = {"client": str(metadata["client_id"]), "issuer": guard.issuer, "began": 0.0}
        key, verifier, back = dpop.Key.new(), oauth.verifier(), f"{here}{client.RETURN_PATH}"
        pushed = grants.ask(
            guard.push,
            key,
            about,
            {
                "response_type": "code",
                "redirect_uri": back,
                "scope": "atproto transition:generic",
                "state": "s",
                "code_challenge": oauth.challenge(verifier),
                "code_challenge_method": "S256",
            },
        )
        url = oauth.consent(
            guard.authorize, client_id=about["client"], request_uri=pushed["request_uri"]
        )
        code = stand.consent(url)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        told = grants.ask(guard.token, key, about, {**form, "code_verifier": verifier})
    assert told["token_type"] == "DPoP"
