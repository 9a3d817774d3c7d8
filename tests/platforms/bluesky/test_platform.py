"""Posts on a real Bluesky server, read back by a client that nobody here wrote."""

from __future__ import annotations

import io
import logging
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from PIL import Image

from autosched.media.probe import probe
from autosched.platforms.base import Action, Media, PlatformError
from tests.counterparts.gate import Fault, gate
from tests.counterparts.pds import Server
from tests.platforms.writing import Writer, connected, draft, picture

VERSE = "فَإِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرًا ٥ إِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرࣰا ٦"
PUT = "com.atproto.repo.putRecord"


def solid(path: Path, colour: str = "navy", size: tuple[int, int] = (64, 48)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def blob_of(writer: Writer, reference: Any) -> bytes:
    return bytes(
        writer.person.client.com.atproto.sync.get_blob(
            {"did": writer.person.did, "cid": reference.ref.link}
        )
    )


def test_a_post_is_on_the_server_byte_for_byte_and_dated_by_its_plan(writer: Writer) -> None:
    published = writer.publish(draft(VERSE))
    (post,) = writer.person.posts()
    assert post.value.text == VERSE
    assert post.value.created_at == "2026-11-20T18:30:00.000Z"
    assert post.value.langs == ["ar"]
    assert post.uri == published.remote_id
    key = post.uri.rpartition("/")[2]
    assert published.permalink == f"https://bsky.app/profile/{writer.person.handle}/post/{key}"


def test_links_hashtags_and_mentions_arrive_with_their_bytes(writer: Writer, pds: Server) -> None:
    other = pds.person("amina")
    text = f"🌙 #الحمد_لله من @{other.handle}، و @nobody.test: https://quran.com/94"
    writer.publish(draft(text))
    (post,) = writer.person.posts()
    found = {
        text.encode()[facet.index.byte_start : facet.index.byte_end].decode(): facet.features[0]
        for facet in post.value.facets
    }
    assert found["#الحمد_لله"].tag == "الحمد_لله"
    assert found[f"@{other.handle}"].did == other.did
    assert found["https://quran.com/94"].uri == "https://quran.com/94"
    assert len(found) == 3


def test_the_record_key_is_stored_before_anything_is_sent(writer: Writer) -> None:
    desk = writer.desk()
    desk.secret["pds"] = "http://127.0.0.1:9"
    with pytest.raises(PlatformError) as refused:
        writer.bluesky.prepare(desk, draft("@amina.test"))
    assert refused.value.action == Action.RETRY
    assert len(writer.handles[0]["rkey"]) == 13


def test_a_repeat_changes_nothing(writer: Writer) -> None:
    first = writer.publish(draft("once"))
    before = writer.person.commits()
    desk = writer.desk(resumed=True)
    assert writer.bluesky.commit(desk, draft("once")) == first
    assert writer.publish(draft("once"), writer.desk(resumed=True)) == first
    assert writer.person.commits() == before
    assert len(writer.person.posts()) == 1


def test_what_is_out_is_never_overwritten_by_a_later_wording(writer: Writer) -> None:
    first = writer.publish(draft("as it was approved"))
    again = writer.publish(draft("changed afterwards"), writer.desk(resumed=True))
    assert again == first
    assert [post.value.text for post in writer.person.posts()] == ["as it was approved"]


def test_settling_finds_a_post_that_is_out_and_misses_one_that_is_not(writer: Writer) -> None:
    assert writer.bluesky.settle(writer.desk(), draft()) is None
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft())
    assert writer.bluesky.settle(desk, draft()) is None
    published = writer.bluesky.commit(desk, draft())
    assert writer.bluesky.settle(desk, draft()) == published


def test_settling_needs_no_tokens(writer: Writer) -> None:
    published = writer.publish(draft())
    desk = writer.desk(resumed=True)
    desk.secret |= {"access": "x.y.z", "refresh": "x.y.z"}
    assert writer.bluesky.settle(desk, draft()) == published


def test_a_lost_answer_leaves_doubt_and_settling_ends_it(writer: Writer, pds: Server) -> None:
    with gate(pds.url) as between:
        desk = writer.desk()
        desk.secret["pds"] = between.url
        desk.handle = writer.bluesky.prepare(desk, draft())
        for lost in (Fault(forward=False), Fault(answer=False)):
            between.once(PUT, lost)
            with pytest.raises(PlatformError) as unclear:
                writer.bluesky.commit(desk, draft())
            assert unclear.value.action == Action.SETTLE
            there = writer.bluesky.settle(desk, draft())
            assert (there is not None) == lost.forward
    assert len(writer.person.posts()) == 1


@pytest.mark.parametrize(
    ("status", "body", "action"),
    [
        (500, b'{"error":"InternalServerError","message":"Internal Server Error"}', "settle"),
        (502, b"<html>Bad Gateway</html>", "settle"),
        (200, b"<html>Log in to the hotel's network</html>", "settle"),
        (302, b"", "settle"),
        (404, b"<html>Not here</html>", "retry"),
        (429, b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}', "retry"),
        (401, b'{"error":"AuthenticationRequired","message":"no"}', "reconnect"),
        (400, b'{"error":"AccountTakedown","message":"Account has been taken down"}', "reconnect"),
        (400, b'{"error":"InvalidRequest","message":"Invalid record"}', "fix"),
        (400, b'{"error":"SomethingNew","message":"not in the table"}', "fix"),
        (413, b"", "fix"),
    ],
)
def test_each_refusal_while_committing_asks_for_what_it_should(
    silent_writer: Writer, pds: Server, status: int, body: bytes, action: str
) -> None:
    with gate(pds.url) as between:
        desk = silent_writer.desk()
        desk.secret["pds"] = between.url
        desk.handle = silent_writer.bluesky.prepare(desk, draft())
        between.once(PUT, Fault(instead=(status, body), headers=(("Retry-After", "77"),)))
        with pytest.raises(PlatformError) as refused:
            silent_writer.bluesky.commit(desk, draft())
    assert refused.value.action == action
    assert refused.value.sentence.endswith(".")
    assert refused.value.remedy
    assert refused.value.retry_after == (77 if status == 429 else None)


def test_a_server_that_can_not_be_reached_means_that_nothing_went_out(writer: Writer) -> None:
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft())
    desk.secret["pds"] = "http://127.0.0.1:9"
    with pytest.raises(PlatformError) as refused:
        writer.bluesky.commit(desk, draft())
    assert refused.value.action == Action.RETRY
    with pytest.raises(PlatformError):
        writer.bluesky.settle(desk, draft())


def test_pictures_arrive_with_alt_text_and_shape(writer: Writer, tmp_path: Path) -> None:
    files = [
        solid(tmp_path / f"{number}.png", colour, (60 + number, 40))
        for number, colour in enumerate(["navy", "teal", "olive", "maroon"])
    ]
    media = [picture(file, alt=f"Picture {file.stem}") for file in files]
    writer.publish(draft("Four", *media))
    (post,) = writer.person.posts()
    shown = post.value.embed.images
    assert [image.alt for image in shown] == [item.alt for item in media]
    assert [image.aspect_ratio.width for image in shown] == [60, 61, 62, 63]
    assert [blob_of(writer, image.image) for image in shown] == [
        file.read_bytes() for file in files
    ]


def test_a_turned_photo_arrives_upright_and_without_its_place(
    writer: Writer, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter
    exif.get_ifd(0x8825)[2] = (21.0, 25.0, 21.0)  # where it was taken
    Image.new("RGB", (80, 40), "navy").save(tmp_path / "a.jpg", exif=exif)
    writer.publish(draft("", picture(tmp_path / "a.jpg", mime="image/jpeg")))
    (post,) = writer.person.posts()
    (shown,) = post.value.embed.images
    assert (shown.aspect_ratio.width, shown.aspect_ratio.height) == (40, 80)
    with Image.open(io.BytesIO(blob_of(writer, shown.image))) as stored:
        assert stored.size == (40, 80)
        assert not stored.getexif()


def test_a_picture_without_words_is_a_post(writer: Writer, tmp_path: Path) -> None:
    writer.publish(draft("", picture(solid(tmp_path / "a.png"), alt="")))
    (post,) = writer.person.posts()
    assert post.value.embed.images[0].alt == ""


def test_a_video_arrives_whole_with_its_shape(writer: Writer, tmp_path: Path) -> None:
    video = clip(tmp_path / "a.mp4")
    shares: list[float] = []
    desk = writer.desk()
    desk.progress = shares.append
    media = Media(video, "video", "video/mp4", video.stat().st_size, 90, 160, 1.0, alt="Stars")
    writer.publish(draft("A reel", media), desk)
    (post,) = writer.person.posts()
    embed = post.value.embed
    assert (embed.aspect_ratio.width, embed.aspect_ratio.height) == (90, 160)
    assert embed.alt == "Stars"
    assert embed.video.mime_type == "video/mp4"
    assert blob_of(writer, embed.video) == video.read_bytes()
    assert shares[-1] == 1.0


def clip(path: Path) -> Path:
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i",
         "testsrc=size=90x160:rate=10:duration=1", "-pix_fmt", "yuv420p", str(path)],
        check=True,
    )  # fmt: skip
    return path


def padded(path: Path, seconds: float) -> Media:
    """A video that is larger than the server's five megabytes, by its own account `seconds`."""
    video = clip(path)
    with video.open("ab") as file:
        file.write(bytes(6 * 1024 * 1024))
    return Media(video, "video", "video/mp4", video.stat().st_size, 90, 160, seconds)


def test_a_video_that_the_server_finds_too_large_goes_up_as_a_smaller_copy(
    writer: Writer, tmp_path: Path
) -> None:
    media = padded(tmp_path / "a.mp4", 1.0)
    writer.publish(draft("", media))
    (post,) = writer.person.posts()
    sent = tmp_path / "sent.mp4"
    sent.write_bytes(blob_of(writer, post.value.embed.video))
    assert sent.stat().st_size <= 5 * 2**20
    found = probe(sent)
    assert (found.width, found.height) == (90, 160)
    assert found.duration == pytest.approx(1.0, abs=0.2)


def test_a_video_too_long_for_the_server_is_for_the_person(writer: Writer, tmp_path: Path) -> None:
    with pytest.raises(PlatformError) as refused:
        writer.publish(draft("", padded(tmp_path / "a.mp4", 170.0)))
    assert (refused.value.action, refused.value.code) == (Action.FIX, "video_too_large")


def test_a_resumed_target_does_not_upload_again(
    writer: Writer, pds: Server, tmp_path: Path
) -> None:
    media = [picture(solid(tmp_path / f"{n}.png", c)) for n, c in enumerate(["red", "green"])]
    with gate(pds.url) as between:
        uploads = 0

        def second_upload_dies(method: str) -> Fault | None:
            nonlocal uploads
            uploads += method == "com.atproto.repo.uploadBlob"
            return Fault(forward=False) if uploads == 2 else None

        between.rule = second_upload_dies
        desk = writer.desk()
        desk.secret["pds"] = between.url
        with pytest.raises(PlatformError):
            writer.publish(draft("Two", *media), desk)
        desk = writer.desk(resumed=True)
        desk.secret["pds"] = between.url
        writer.publish(draft("Two", *media), desk)
    assert uploads == 3
    (post,) = writer.person.posts()
    assert len(post.value.embed.images) == 2


def test_an_upload_that_the_server_threw_away_is_made_again(
    writer: Writer, pds: Server, tmp_path: Path
) -> None:
    media = picture(solid(tmp_path / "a.png"))
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft("Late", media))
    # To this account's repository, a blob of another account is one that is not there.
    stranger = connected(pds.person(), pds)
    other = picture(solid(tmp_path / "b.png", "red"))
    elsewhere = stranger.desk()
    elsewhere.handle = stranger.bluesky.prepare(elsewhere, draft("Late", other))
    (mine,), (theirs,) = desk.handle["blobs"], elsewhere.handle["blobs"].values()
    desk.handle["blobs"] = {mine: theirs}
    desk.handle["record"] = elsewhere.handle["record"]
    writer.bluesky.commit(desk, draft("Late", media))
    (post,) = writer.person.posts()
    assert blob_of(writer, post.value.embed.images[0].image) == media.path.read_bytes()


@pytest.mark.parametrize(("text", "taken"), [("ب" * 300, True), ("👩‍🚀" * 271, True)])
def test_a_text_at_the_limit_is_taken(writer: Writer, text: str, taken: bool) -> None:
    assert [p for p in writer.bluesky.check(draft(text)) if p.blocking] == []
    writer.publish(draft(text))
    assert writer.person.posts()[0].value.text == text


@pytest.mark.parametrize(
    ("text", "code"), [("ب" * 301, "text_too_long"), ("👩‍🚀" * 300, "text_too_heavy")]
)
def test_a_text_over_a_limit_is_refused_here_as_it_is_there(
    writer: Writer, text: str, code: str
) -> None:
    assert [problem.code for problem in writer.bluesky.check(draft(text))] == [code]
    with pytest.raises(PlatformError) as refused:
        writer.publish(draft(text))
    assert (refused.value.action, refused.value.code) == (Action.FIX, code)
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft("short"))
    desk.handle["record"]["text"] = text
    with pytest.raises(PlatformError, match="Bluesky does not take this post"):
        writer.bluesky.commit(desk, draft(text))


def test_a_suspended_account_is_for_the_person(writer: Writer, pds: Server) -> None:
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft())
    pds.take_down(writer.person)
    for attempt in (writer.bluesky.commit, writer.bluesky.settle):
        with pytest.raises(PlatformError) as refused:
            attempt(desk, draft())
        assert (refused.value.action, refused.value.code) == (Action.RECONNECT, "account_closed")


def test_a_deactivated_account_is_for_the_person(writer: Writer) -> None:
    desk = writer.desk()
    desk.handle = writer.bluesky.prepare(desk, draft())
    writer.person.client.com.atproto.server.deactivate_account({})
    with pytest.raises(PlatformError) as refused:
        writer.bluesky.commit(desk, draft())
    assert refused.value.action == Action.RECONNECT


def test_a_picture_that_has_left_the_library_is_for_the_person(
    writer: Writer, tmp_path: Path
) -> None:
    media = picture(solid(tmp_path / "a.png"))
    media.path.unlink()
    with pytest.raises(PlatformError, match="no longer in the library") as refused:
        writer.publish(draft("", media))
    assert refused.value.action == Action.FIX


def test_no_token_and_no_password_is_ever_logged(
    writer: Writer, pds: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        again = connected(writer.person, pds)
        again.connection.secret["access"] = pds.expired(again.connection.secret["access"])
        again.publish(draft())
    assert again.secrets
    told = caplog.text + repr(again.connection) + repr(again.desk())
    for secret in (again.connection.secret, again.secrets[-1]):
        assert secret["access"] not in told
        assert secret["refresh"] not in told
    assert writer.person.app_password not in told
