"""Two Mastodon-like instances of the stand-in: driven by Mastodon.py, and pressed by hand."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import mastodon
import pytest
from PIL import Image

LARGE, SMALL = "mastodon.social", "instance.sandbox"
BACK = "http://127.0.0.1:9/back"
SCOPES = ["read", "write"]


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("mastodon")


@pytest.fixture(autouse=True)
def _calm(stand: Any) -> Any:
    yield
    stand.clear()


def base(stand: Any, host: str = LARGE) -> str:
    return str(stand.at(host)).rstrip("/")


def official(stand: Any, host: str = LARGE, person: int = 0) -> mastodon.Mastodon:
    """Mastodon.py, with an app that it registered and a token from the consent page."""
    id, secret = mastodon.Mastodon.create_app(
        "Tests", SCOPES, redirect_uris=BACK, api_base_url=base(stand, host)
    )
    client = mastodon.Mastodon(id, secret, api_base_url=base(stand, host), ratelimit_method="throw")
    url = client.auth_request_url(redirect_uris=BACK, scopes=SCOPES, state="s", allow_http=True)
    code = stand.consent(url, person)["code"]
    client.log_in(code=code, redirect_uri=BACK, scopes=SCOPES, allow_http=True)
    return client


class Hand:
    """A person's raw client."""

    def __init__(
        self, stand: Any, host: str = LARGE, person: int = 0, scope: str = "read write"
    ) -> None:
        self.stand, self.host = stand, host
        app = stand.app("mastodon")
        query = urlencode(
            {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK,
             "scope": scope}
        )  # fmt: skip
        code = stand.consent(stand.at(host, f"oauth/authorize?{query}"), person)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **app}
        self.access = stand.client.post(stand.at(host, "oauth/token"), data=form).json()[
            "access_token"
        ]

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.access}"} | more.pop("headers", {})
        answer: httpx.Response = self.stand.client.request(
            method, self.stand.at(self.host, path), headers=headers, **more
        )
        return answer

    def post(self, text: str, key: str = "", **more: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        return self("POST", "api/v1/statuses", json={"status": text, **more}, headers=headers)

    def upload(self, content: bytes, **form: str) -> httpx.Response:
        return self("POST", "api/v2/media", files={"file": ("a", content)}, data=form)

    def wait(self, id: str) -> httpx.Response:
        for _ in range(100):
            answer = self("GET", f"api/v1/media/{id}")
            if answer.status_code != 206:
                return answer
            assert answer.json()["url"] is None
            time.sleep(0.05)
        raise AssertionError("never processed")


@pytest.fixture(scope="module")
def hand(stand: Any) -> Hand:
    return Hand(stand)


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(file, kind)
    return file.getvalue()


def clip() -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for n in range(5):
            image = Image.new("RGB", (64, 48), (n * 20, 60, 90))
            for packet in stream.encode(av.VideoFrame.from_image(image)):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return file.getvalue()


def plain(content: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"<br />", "\n", content.replace("</p><p>", "\n\n")))


@pytest.mark.parametrize("host", [LARGE, SMALL])
def test_mastodon_py_goes_the_whole_way_from_its_own_app_to_deletion(stand: Any, host: str) -> None:
    client = official(stand, host)
    me = client.me()
    assert me.username in ("nightreminders", "oldtownarchive")
    sent = clip()
    media = client.media_post(sent, mime_type="video/mp4", description="A field")
    while client.media(media).url is None:
        time.sleep(0.1)
    status = client.status_post(
        "One\nTwo https://example.com/a",
        media_ids=[media],
        visibility="unlisted",
        language="ar",
        idempotency_key=secrets.token_hex(8),
    )
    assert plain(status.content) == "One\nTwo https://example.com/a"
    assert client.account_statuses(me.id, limit=5, exclude_reblogs=True)[0].id == status.id
    assert client.status(status.id).favourites_count == 0
    post = stand.posts("mastodon")[-1]
    assert post["media"][0]["sha256"] == hashlib.sha256(sent).hexdigest()
    assert post["media"][0]["alt"] == "A field"
    assert post["extra"]["visibility"] == "unlisted"
    assert client.status_delete(status.id).text == "One\nTwo https://example.com/a"
    client.revoke_access_token(allow_http=True)
    assert stand.posts("mastodon")[-1]["deleted"] is True


def test_mastodon_py_posts_for_later_and_reads_several_at_once(stand: Any) -> None:
    client = official(stand)
    later = client.status_post(
        f"Later {secrets.token_hex(4)}", scheduled_at=datetime.now(UTC) + timedelta(hours=200)
    )
    assert [each.id for each in client.scheduled_statuses()] == [later.id]
    client.scheduled_status_delete(later.id)
    assert client.scheduled_statuses() == []
    ids = [client.status_post(f"Many {n}").id for n in range(2)]
    assert [each.id for each in client.statuses(ids)] == ids
    assert client.instance_v2().configuration.statuses.max_characters == 500


def test_the_two_instances_tell_different_limits_and_hold_to_them(stand: Any) -> None:
    for host, characters, address, files in ((LARGE, 500, 23, 4), (SMALL, 5_000, 25, 6)):
        said = stand.client.get(stand.at(host, "api/v2/instance")).json()["configuration"]
        assert said["statuses"] == {
            "max_characters": characters,
            "max_media_attachments": files,
            "characters_reserved_per_url": address,
        }
        hand = Hand(stand, host)
        link = "https://example.com/" + "long" * 200
        fits = "日" * (characters - address - 1) + " " + link
        assert hand.post(fits).status_code == 200
        assert hand.post("a" + fits).status_code == (422 if host == LARGE else 400)
        assert hand.post("👨‍👩‍👧‍👦" * characters).status_code == 200
        remote = "@somebody@example.social "
        assert hand.post(remote + "a" * (characters - 10)).status_code == 200
        assert hand.post("a" * characters, spoiler_text="b").status_code >= 400
        ids = [hand.upload(picture()).json()["id"] for _ in range(files + 1)]
        assert hand.post("", media_ids=ids).status_code >= 400
        assert hand.post("", media_ids=ids[1:]).status_code == 200


def test_only_the_large_instance_has_a_discovery_document(stand: Any) -> None:
    path = ".well-known/oauth-authorization-server"
    found = stand.client.get(stand.at(LARGE, path)).json()
    assert found["token_endpoint"] == stand.at(LARGE, "oauth/token")
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert stand.client.get(stand.at(SMALL, path)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"redirect_uris": BACK},
        {"client_name": "A"},
        {"client_name": "A", "redirect_uris": "nowhere"},
        {"client_name": "A", "redirect_uris": BACK, "scopes": "read fly"},
    ],
)
def test_an_app_that_is_not_whole_is_not_registered(stand: Any, body: dict[str, str]) -> None:
    answer = stand.client.post(stand.at(LARGE, "api/v1/apps"), data=body)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Validation failed")


def test_an_app_gets_no_more_than_it_registered_for_and_only_at_its_own_address(
    stand: Any,
) -> None:
    said = {"client_name": "A", "redirect_uris": [BACK], "scopes": "read write:statuses"}
    app = stand.client.post(stand.at(LARGE, "api/v1/apps"), json=said).json()

    def ask(**values: str) -> httpx.Response:
        query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}
        answer: httpx.Response = stand.client.get(
            stand.at(LARGE, "oauth/authorize"), params=query | values, follow_redirects=False
        )
        return answer

    assert ask(scope="read:accounts write:statuses").status_code == 200
    assert "error=invalid_scope" in ask(scope="write:media").headers["location"]
    assert ask(redirect_uri="http://127.0.0.1:10/back").status_code == 400
    assert ask(client_id="nobody").status_code == 401


def test_a_challenge_must_be_met_where_it_is_understood(stand: Any) -> None:
    app = stand.app("mastodon")
    verifier = secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())

    def exchange(host: str, said: str | None) -> int:
        query = {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": BACK,
            "code_challenge": digest.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        code = stand.consent(stand.at(host, "oauth/authorize") + "?" + urlencode(query))["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **app}
        form |= {"code_verifier": said} if said else {}
        answer: httpx.Response = stand.client.post(stand.at(host, "oauth/token"), data=form)
        return answer.status_code

    assert exchange(LARGE, verifier) == 200
    assert exchange(LARGE, None) == 400
    assert exchange(LARGE, "w" * 43) == 400
    assert exchange(SMALL, None) == 200


def test_a_wrong_secret_is_an_invalid_client(stand: Any) -> None:
    form = {"grant_type": "authorization_code", "client_id": "sandbox-mastodon",
            "client_secret": "wrong"}  # fmt: skip
    answer = stand.client.post(stand.at(LARGE, "oauth/token"), data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_tokens_belong_to_one_instance_and_to_their_scopes(stand: Any, hand: Hand) -> None:
    path = "api/v1/accounts/verify_credentials"
    assert hand("GET", path).status_code == 200
    headers = {"authorization": f"Bearer {hand.access}"}
    assert stand.client.get(stand.at(SMALL, path), headers=headers).status_code == 401
    reader = Hand(stand, scope="read:statuses")
    answer = reader("GET", path)
    assert (answer.status_code, answer.json()["error"]) == (
        403,
        "This action is outside the authorized scopes",
    )
    assert Hand(stand, scope="profile")("GET", path).status_code == 200


def test_a_revoked_token_says_so(stand: Any) -> None:
    hand = Hand(stand)
    form = {"token": hand.access, **stand.app("mastodon")}
    assert stand.client.post(stand.at(LARGE, "oauth/revoke"), data=form).json() == {}
    answer = hand.post("Still here?")
    assert (answer.status_code, answer.json()["error"]) == (401, "The access token was revoked")


def test_a_key_gives_the_first_post_again_for_an_hour(stand: Any, hand: Hand) -> None:
    key = secrets.token_hex(8)
    first = hand.post("With a key", key).json()["id"]
    assert hand.post("With a key", key).json()["id"] == first
    assert hand.post("Another text", key).json()["id"] == first
    assert Hand(stand, person=1).post("With a key", key).json()["id"] != first
    stand.forward(3_601)
    assert hand.post("With a key", key).json()["id"] != first


def test_the_small_instance_ignores_the_key(stand: Any) -> None:
    hand = Hand(stand, SMALL)
    key = secrets.token_hex(8)
    assert hand.post("Twice", key).json()["id"] != hand.post("Twice", key).json()["id"]


def test_a_picture_is_ready_and_a_video_is_worked_on_first(hand: Hand) -> None:
    still = hand.upload(picture(), description="Grey")
    assert (still.status_code, still.json()["type"]) == (200, "image")
    assert still.json()["description"] == "Grey"
    moving = hand.upload(clip())
    assert (moving.status_code, moving.json()["url"]) == (202, None)
    id = moving.json()["id"]
    early = hand.post("Early", media_ids=[id])
    assert early.status_code == 422
    assert "not finished processing" in early.json()["error"]
    assert hand.wait(id).status_code == 200
    both = hand.post("Both", media_ids=[still.json()["id"], id])
    assert (both.status_code, "video" in both.json()["error"]) == (422, True)
    assert hand.post("Alone", media_ids=[id]).status_code == 200
    assert hand("GET", f"api/v1/media/{id}").status_code == 404


def test_a_file_is_in_one_post_only(stand: Any) -> None:
    for host, status, words in (
        (LARGE, 422, "already attached to another post"),
        (SMALL, 400, "media already attached to status"),
    ):
        hand = Hand(stand, host)
        id = hand.upload(picture()).json()["id"]
        assert hand.post("First", media_ids=[id]).status_code == 200
        again = hand.post("Second", media_ids=[id])
        assert again.status_code == status
        assert words in again.json()["error"]


def test_a_file_that_is_not_what_an_instance_takes_is_refused(hand: Hand) -> None:
    assert hand.upload(b"neither picture nor film").status_code == 422
    assert hand.upload(picture(kind="TIFF")).status_code == 422
    assert hand.upload(picture(), description="a" * 1_501).status_code == 422
    assert hand.upload(picture(), focus="2,0").status_code == 422
    assert hand.upload(picture() + bytes(16 * 1_048_576)).status_code == 422
    assert hand("POST", "api/v2/media", data={"file": "text"}).status_code == 422


def test_the_description_can_be_changed_before_posting(stand: Any, hand: Hand) -> None:
    id = hand.upload(picture()).json()["id"]
    answer = hand("PUT", f"api/v1/media/{id}", data={"description": "Better", "focus": "0.5,-1"})
    assert answer.json()["description"] == "Better"
    hand.post("Described", media_ids=[id])
    assert stand.posts("mastodon")[-1]["media"][0]["alt"] == "Better"


def test_work_on_media_can_be_told_to_be_slow_to_fail_and_to_be_lost(
    stand: Any, hand: Hand
) -> None:
    stand.fault("slow", platform="mastodon", seconds=60, times=None)
    id = hand.upload(clip()).json()["id"]
    time.sleep(0.4)
    assert hand("GET", f"api/v1/media/{id}").status_code == 206
    stand.clear()
    stand.fault("fail_processing", platform="mastodon", step="upload")
    assert hand.wait(hand.upload(clip()).json()["id"]).status_code == 422
    id = hand.upload(picture()).json()["id"]
    stand.fault("lose_container", platform="mastodon", step="create_post")
    assert hand.post("Lost", media_ids=[id]).status_code == 422


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"status": ""}, "can't be blank"),
        ({"status": " \n"}, "can't be blank"),
        ({"status": "a" * 501}, "character limit of 500"),
        ({"status": "a", "visibility": "friends"}, "Visibility"),
        ({"status": "a", "scheduled_at": "soon"}, "Scheduled at"),
        ({"status": "a", "scheduled_at": "2020-01-01T00:00:00Z"}, "future"),
        ({"status": "a", "media_ids": ["1"]}, "not found"),
        ({"status": "a", "poll": {"options": ["one"], "expires_in": 300}}, "Options"),
    ],
)
def test_a_post_that_is_not_as_it_must_be_is_refused(hand: Hand, body: Any, words: str) -> None:
    answer = hand("POST", "api/v1/statuses", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_a_form_does_as_well_as_json(stand: Any, hand: Hand) -> None:
    id = hand.upload(picture()).json()["id"]
    form = {"status": "By form", "media_ids[]": [id], "sensitive": "true", "spoiler_text": "Soft"}
    answer = hand("POST", "api/v1/statuses", data=form).json()
    assert (answer["sensitive"], answer["spoiler_text"]) == (True, "Soft")
    assert answer["media_attachments"][0]["id"] == id


def test_a_scheduled_post_comes_out_when_its_time_is_there(stand: Any) -> None:
    hand = Hand(stand, person=1)
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    early = datetime.fromtimestamp(now + 290, UTC).isoformat()
    assert hand.post("Too soon", scheduled_at=early).status_code == 422
    text = f"For later {secrets.token_hex(4)}"
    at = datetime.fromtimestamp(now + 400, UTC).isoformat()
    kept = hand.post(text, scheduled_at=at).json()
    assert kept["params"]["text"] == text
    assert text not in [post["text"] for post in stand.posts("mastodon")]
    stand.forward(401)
    assert hand("GET", "api/v1/scheduled_statuses").json() == []
    assert text in [post["text"] for post in stand.posts("mastodon")]


def test_private_posts_are_seen_by_their_author_alone(stand: Any, hand: Hand) -> None:
    made = hand.post("Between us", visibility="private").json()
    path = f"api/v1/statuses/{made['id']}"
    assert hand("GET", path).status_code == 200
    assert stand.client.get(stand.at(LARGE, path)).status_code == 404
    other = Hand(stand, person=1)
    assert other("GET", path).status_code == 404
    assert other("DELETE", path).status_code == 404
    account = made["account"]["id"]
    listed = other("GET", f"api/v1/accounts/{account}/statuses").json()
    assert made["id"] not in [post["id"] for post in listed]


def test_a_list_can_lag_behind_and_is_cut_into_pages(stand: Any) -> None:
    hand = Hand(stand, person=1)
    account = hand("GET", "api/v1/accounts/verify_credentials").json()["id"]
    path = f"api/v1/accounts/{account}/statuses"
    ids = [hand.post(f"Page {n}").json()["id"] for n in range(3)]
    first = hand("GET", f"{path}?limit=2")
    assert [post["id"] for post in first.json()] == ids[:0:-1]
    following = hand("GET", f"{path}?limit=2&max_id={ids[1]}").json()
    assert following[0]["id"] == ids[0]
    assert 'rel="next"' in first.headers["link"]
    stand.fault("lag", platform="mastodon", seconds=300, times=None)
    hidden = hand.post("Hidden").json()["id"]
    assert hidden not in [post["id"] for post in hand("GET", path).json()]
    assert hand("GET", f"api/v1/statuses/{hidden}").status_code == 200


def test_figures_grow_and_several_come_at_once(stand: Any, hand: Hand) -> None:
    ids = [hand.post(f"Counted {n}").json()["id"] for n in range(2)]
    stand.forward(36_000)
    found = hand("GET", "api/v1/statuses", params={"id[]": [*ids, "5"]}).json()
    assert [post["id"] for post in found] == ids
    assert all(post["favourites_count"] > 0 for post in found)
    assert "quotes_count" in found[0]
    small = Hand(stand, SMALL)
    id = small.post("Counted").json()["id"]
    assert small("GET", "api/v1/statuses", params={"id[]": [id]}).status_code == 404
    assert "quotes_count" not in small("GET", f"api/v1/statuses/{id}").json()


def test_an_edit_changes_the_text(stand: Any, hand: Hand) -> None:
    id = hand.post("Befor").json()["id"]
    answer = hand("PUT", f"api/v1/statuses/{id}", json={"status": "Before"})
    assert plain(answer.json()["content"]) == "Before"
    assert answer.json()["edited_at"]
    assert hand("PUT", f"api/v1/statuses/{id}", json={"status": ""}).status_code == 422


def test_content_is_escaped_and_links_hide_their_middle(hand: Hand) -> None:
    link = "https://example.com/" + "a" * 40
    answer = hand.post(f"<b> & #tag @quietverses\n\n{link}").json()
    assert "&lt;b&gt; &amp; " in answer["content"]
    assert plain(answer["content"]).endswith("\n\n" + link)
    assert 'class="ellipsis"' in answer["content"]
    assert answer["tags"][0]["name"] == "tag"
    assert 'class="u-url mention"' in answer["content"]


def test_the_thirty_first_deletion_must_wait_for_a_time_in_iso(stand: Any) -> None:
    stand.forward(1_801)
    hand = Hand(stand, person=1)
    for n in range(30):
        id = hand.post(f"Gone {n}").json()["id"]
        answer = hand("DELETE", f"api/v1/statuses/{id}")
        assert answer.headers["x-ratelimit-remaining"] == str(29 - n)
    over = hand("DELETE", f"api/v1/statuses/{id}")
    now = stand.client.get(f"{stand.url}/_sandbox/clock").json()["now"]
    reset = datetime.fromisoformat(over.headers["x-ratelimit-reset"]).timestamp()
    assert over.status_code == 429
    assert 0 < reset - now <= 1_801


def test_maintenance_says_when_to_come_back(stand: Any) -> None:
    for host, wanted in ((LARGE, r"5"), (SMALL, r"5, .* GMT")):
        hand = Hand(stand, host)
        stand.fault("status", platform="mastodon", step="create_post", status=503)
        answer = hand.post("Hello")
        assert answer.status_code == 503
        assert re.fullmatch(wanted, answer.headers["retry-after"])


def test_the_page_at_a_permalink_shows_the_post(stand: Any, hand: Hand) -> None:
    answer = hand.post("Look <here>").json()
    assert "Look &lt;here&gt;" in stand.client.get(answer["url"]).text
