"""LinkedIn's media in the stand-in: parts, processing, and what goes wrong on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.sandbox.linkedin_hand import MEMBER, PAGE, Hand, jpeg, last, mp4


@pytest.fixture(scope="module")
def stand(run_sandbox: Callable[..., Any]) -> Any:
    return run_sandbox("linkedin")


@pytest.fixture(autouse=True)
def _no_faults(stand: Any) -> Iterator[None]:
    yield
    stand.clear()


@pytest.fixture(scope="module")
def hand(stand: Any) -> Hand:
    return Hand(stand)


@pytest.fixture(scope="module")
def member(stand: Any) -> Hand:
    return Hand(stand, MEMBER)


def test_an_image_post_keeps_its_alt_text(stand: Any, hand: Hand) -> None:
    image = hand.image(PAGE)
    assert hand.wait(image)["status"] == "AVAILABLE"
    content = {"media": {"id": image, "altText": "A lamp at night"}}
    assert hand.post("Lamp", PAGE, content=content).status_code == 201
    assert last(stand)["media"][0]["alt"] == "A lamp at night"
    assert last(stand)["media"][0]["mime"] == "image/jpeg"


def test_a_member_cannot_ask_for_an_images_status_and_posting_early_is_invisible(
    stand: Any, member: Hand
) -> None:
    image = member.image()
    assert member.status(image).status_code == 403
    early = member.post("Early", content={"media": {"id": image}})
    assert early.status_code == 201
    assert last(stand)["extra"]["visible"] is False
    assert stand.client.get(last(stand)["permalink"]).status_code == 404
    time.sleep(0.4)
    assert member.post("In time", content={"media": {"id": image}}).status_code == 201
    assert last(stand)["extra"]["visible"] is True


def test_an_image_that_was_not_sent_cannot_be_posted(hand: Hand) -> None:
    begun = hand.rest(
        "POST", "images?action=initializeUpload", {"initializeUploadRequest": {"owner": hand.me}}
    ).json()["value"]
    answer = hand.post("Empty", content={"media": {"id": begun["image"]}})
    assert (answer.status_code, answer.json()["code"]) == (400, "MEDIA_ASSET_WAITING_UPLOAD")
    assert hand.http.put(begun["uploadUrl"], content=jpeg()).status_code == 401


def test_the_owner_of_an_image_must_be_the_author(hand: Hand) -> None:
    answer = hand.post("Mixed", content={"media": {"id": hand.image(PAGE)}})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_VALUE_FOR_FIELD")


def test_several_images_are_two_to_twenty(stand: Any, hand: Hand) -> None:
    one, two = hand.image(), hand.image()
    time.sleep(0.4)
    pair = {"multiImage": {"images": [{"id": one, "altText": "1"}, {"id": two, "altText": "2"}]}}
    assert hand.post("Two", content=pair).status_code == 201
    assert [each["alt"] for each in last(stand)["media"]] == ["1", "2"]
    many = {"multiImage": {"images": [{"id": one}] * 21}}
    assert hand.post("Many", content=many).status_code == 400


def test_an_image_of_another_kind_fails_in_processing(hand: Hand) -> None:
    image = hand.image(PAGE, jpeg(kind="WEBP"))
    assert hand.wait(image)["status"] == "PROCESSING_FAILED"
    answer = hand.post("Broken", PAGE, content={"media": {"id": image}})
    assert answer.json()["code"] == "MEDIA_ASSET_PROCESSING_FAILED"


def test_a_film_goes_up_in_parts_and_is_put_together_in_order(stand: Any, hand: Hand) -> None:
    film = mp4(at_least=5_000_000)
    begun = hand.begin_video(len(film))
    parts = begun["uploadInstructions"]
    assert [part["firstByte"] for part in parts] == [0, 4_194_304]
    assert parts[-1]["lastByte"] == len(film) - 1
    assert hand.put_part(parts[0], film, **hand.bearer).status_code == 400
    assert hand.put_part(parts[0], film[:-4_000_000]).status_code == 400
    assert hand.http.put(parts[0]["uploadUrl"], content=b"x").status_code == 400
    etags = [hand.put_part(part, film).headers["etag"].strip('"') for part in parts]
    assert hand.put_part(parts[0], film).headers["etag"].strip('"') == etags[0]
    assert hand.finish_video(begun, etags[::-1]).status_code == 400
    assert hand.finish_video(begun, etags[:1]).status_code == 400
    assert hand.post("Soon", content={"media": {"id": begun["video"]}}).status_code == 400
    assert hand.finish_video(begun, etags).status_code == 200
    assert hand.finish_video(begun, etags).status_code == 200
    assert hand.status(begun["video"]).json()["status"] == "PROCESSING"
    assert hand.wait(begun["video"])["status"] == "AVAILABLE"
    made = hand.post("Film", content={"media": {"id": begun["video"], "title": "Night"}})
    assert made.headers["x-restli-id"].startswith("urn:li:ugcPost:")
    kept = last(stand)["media"][0]
    assert kept["size"] == len(film)


def test_a_member_can_follow_a_film_but_a_broken_part_is_not_there(
    stand: Any, member: Hand
) -> None:
    film = mp4()
    begun = member.begin_video(len(film))
    stand.fault("cut", platform="linkedin", step="upload_append")
    with pytest.raises(httpx.TransportError):
        member.put_part(begun["uploadInstructions"][0], film)
    missing = member.finish_video(begun, ["x"])
    assert missing.json()["code"] == "MEDIA_ASSET_WAITING_UPLOAD"
    etag = member.put_part(begun["uploadInstructions"][0], film).headers["etag"].strip('"')
    assert member.finish_video(begun, [etag]).status_code == 200
    assert member.wait(begun["video"])["status"] == "AVAILABLE"


def test_a_film_too_short_fails_with_a_reason(hand: Hand) -> None:
    film = mp4(seconds=1)
    begun = hand.begin_video(len(film))
    etag = hand.put_part(begun["uploadInstructions"][0], film).headers["etag"].strip('"')
    hand.finish_video(begun, [etag])
    told = hand.wait(begun["video"])
    assert told["status"] == "PROCESSING_FAILED"
    assert "duration" in told["processingFailureReason"]


def test_a_document_needs_a_title(stand: Any, hand: Hand) -> None:
    begun = hand.rest(
        "POST", "documents?action=initializeUpload", {"initializeUploadRequest": {"owner": PAGE}}
    ).json()["value"]
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 2>>endobj\n%%EOF"
    assert hand.http.put(begun["uploadUrl"], content=pdf, headers=hand.bearer).status_code == 201
    assert hand.wait(begun["document"])["status"] == "AVAILABLE"
    media = {"id": begun["document"]}
    assert hand.post("Slides", PAGE, content={"media": media}).status_code == 400
    titled = {"media": {**media, "title": "Slides"}}
    assert hand.post("Slides", PAGE, content=titled).status_code == 201
    assert last(stand)["extra"]["title"] == "Slides"


def test_an_article_brings_its_own_title_and_picture(stand: Any, hand: Hand) -> None:
    image = hand.image()
    time.sleep(0.4)
    article = {"source": "https://example.org/a", "title": "A reminder", "thumbnail": image}
    assert hand.post("Read", content={"article": article}).status_code == 201
    assert last(stand)["kind"] == "article"


# What goes wrong


def test_an_upload_address_ends(stand: Any, hand: Hand) -> None:
    begun = hand.begin_video(100_000)
    stand.forward(3601)
    answer = hand.put_part(begun["uploadInstructions"][0], bytes(100_000))
    assert (answer.status_code, answer.json()["code"]) == (400, "EXPIRED_UPLOAD_URL")


def test_processing_can_be_made_to_fail_and_an_upload_to_be_lost(stand: Any, hand: Hand) -> None:
    stand.fault("fail_processing", platform="linkedin")
    assert hand.wait(hand.image(PAGE))["status"] == "PROCESSING_FAILED"
    image = hand.image(PAGE)
    stand.fault("lose_container", platform="linkedin", step="create_post")
    answer = hand.post("Lost", PAGE, content={"media": {"id": image}})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_URN_ID")


def test_processing_can_be_made_slow(stand: Any, hand: Hand) -> None:
    stand.fault("slow", platform="linkedin", seconds=50, times=None)
    image = hand.image(PAGE)
    time.sleep(0.5)
    assert hand.status(image).json()["status"] == "PROCESSING"
    stand.forward(51)
    assert hand.status(image).json()["status"] == "AVAILABLE"


def test_a_rate_limit_comes_without_headers(stand: Any, hand: Hand) -> None:
    stand.fault("rate", platform="linkedin", step="create_post", seconds=30)
    answer = hand.post("Too many")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert "retry-after" not in answer.headers


def test_an_outage_after_the_deed_leaves_the_post_and_the_duplicate_names_it(
    stand: Any, hand: Hand
) -> None:
    stand.fault("status_after", platform="linkedin", step="create_post", status=502)
    assert hand.post("Done all the same").status_code == 502
    assert last(stand)["id"] in hand.post("Done all the same").json()["message"]
