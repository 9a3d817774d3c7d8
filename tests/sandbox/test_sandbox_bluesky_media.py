"""Bluesky's files and films in the stand-in: kept, lost, worked on, refused."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import av
import httpx
import numpy as np
import pytest

from tests.sandbox.bluesky_hand import Session, png, post, tid


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


def last(stand: Any) -> dict[str, Any]:
    found: dict[str, Any] = stand.posts("bluesky")[-1]
    return found


def images(*blobs: dict[str, Any]) -> dict[str, Any]:
    shown = [{"image": blob, "alt": f"picture {n}"} for n, blob in enumerate(blobs)]
    return {"$type": "app.bsky.embed.images", "images": shown}


def film() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as video:
        track = video.add_stream("mpeg4", rate=5)
        track.width = track.height = 64
        for number in range(10):
            picture = np.full((64, 64, 3), number, dtype=np.uint8)
            video.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        video.mux(track.encode(None))
    return file.getvalue()


# Files


def test_the_kind_of_a_file_is_read_from_the_file(own: Session) -> None:
    content = png()
    blob = own.blob(content, "text/plain")
    assert blob["mimeType"] == "image/png"
    assert blob["size"] == len(content)
    assert own.create(post(embed=images(blob))).status_code == 200
    lie = {**blob, "size": 1}
    assert own.create(post(embed=images(lie))).json()["error"] == "InvalidSize"


def test_a_file_that_no_record_names_is_thrown_away(stand: Any, own: Session) -> None:
    kept, lost = own.blob(), own.blob()
    assert own.create(post("Kept", embed=images(kept))).status_code == 200
    own.forward(6 * 3600 + 1)
    answer = own.create(post("Lost", embed=images(lost)))
    assert (answer.status_code, answer.json()["error"]) == (400, "BlobNotFound")
    assert own.create(post("Again", embed=images(kept))).status_code == 200


def test_a_file_can_be_lost_and_a_large_one_is_refused(stand: Any, own: Session) -> None:
    blob = own.blob()
    stand.fault("lose_container", platform="bluesky", step="put_post")
    answer = own.put(post(embed=images(blob)), tid())
    assert answer.json()["error"] == "BlobNotFound"
    large = own.blob(png() + bytes(2_000_000))
    assert own.create(post(embed=images(large))).status_code == 400
    answer = own.upload(bytes(50 * 1024 * 1024 + 1), "application/octet-stream")
    assert (answer.status_code, answer.json()["error"]) == (413, "PayloadTooLarge")


def test_an_upload_that_breaks_off_leaves_nothing(stand: Any, own: Session) -> None:
    stand.fault("cut", platform="bluesky", step="upload_append")
    with pytest.raises(httpx.TransportError):
        own.upload(bytes(300_000))
    assert own.upload(png()).status_code == 200


# Films


def ask_video(
    stand: Any, own: Session, method: str, name: str, token: str, **how: Any
) -> httpx.Response:
    answer: httpx.Response = stand.client.request(
        method,
        stand.at("video.bsky.app", f"xrpc/app.bsky.video.{name}"),
        headers={"Authorization": f"Bearer {token or None}", "Content-Type": "video/mp4"},
        **how,
    )
    return answer


def service_token(own: Session, lxm: str, aud: str = "did:web:bsky.social") -> str:
    said = own.ask("GET", "com.atproto.server.getServiceAuth", aud=aud, lxm=lxm)
    return str(said.json()["token"])


def test_a_film_is_worked_on_and_posted_with_its_blob(stand: Any, own: Session) -> None:
    token, content = service_token(own, "com.atproto.repo.uploadBlob"), film()
    sent = {"params": {"did": own.did, "name": "night.mp4"}, "content": content}
    wrong = service_token(own, "com.atproto.repo.createRecord")
    assert ask_video(stand, own, "POST", "uploadVideo", wrong, **sent).status_code == 401
    job = ask_video(stand, own, "POST", "uploadVideo", token, **sent).json()["jobStatus"]
    assert job["state"] == "JOB_STATE_CREATED"
    for _ in range(60):
        said = ask_video(stand, own, "GET", "getJobStatus", "", params={"jobId": job["jobId"]})
        status = said.json()["jobStatus"]
        if status["state"] == "JOB_STATE_COMPLETED":
            break
        assert "blob" not in status
        time.sleep(0.05)
    embed = {"$type": "app.bsky.embed.video", "video": status["blob"], "alt": "Stars"}
    assert own.create(post("A film", embed=embed)).status_code == 200
    assert (last(stand)["kind"], last(stand)["media"][0]["alt"]) == ("video", "Stars")
    again = ask_video(stand, own, "POST", "uploadVideo", token, **sent)
    assert (again.status_code, again.json()["error"]) == (409, "already_exists")
    assert again.json()["blob"] == status["blob"]


def test_a_film_can_fail_and_an_unconfirmed_account_sends_none(stand: Any, own: Session) -> None:
    stand.fault("fail_processing", platform="bluesky")
    token = service_token(own, "com.atproto.repo.uploadBlob")
    sent = {"params": {"did": own.did, "name": "a.mp4"}, "content": film() + bytes(8)}
    job = ask_video(stand, own, "POST", "uploadVideo", token, **sent).json()["jobStatus"]
    stand.forward(1)
    told = ask_video(stand, own, "GET", "getJobStatus", "", params={"jobId": job["jobId"]}).json()
    assert told["jobStatus"]["state"] == "JOB_STATE_FAILED"
    other = Session(stand, 2)
    asked = service_token(other, "app.bsky.video.getUploadLimits", "did:web:video.bsky.app")
    limits = ask_video(stand, other, "GET", "getUploadLimits", asked).json()
    assert limits["canUpload"] is False
