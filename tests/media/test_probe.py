"""What a file is, and why it is refused, with real files and real hostile ones."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from autosched.errors import InvalidError
from autosched.media.probe import probe
from tests.media import samples


def refusal(path: Path, **how: float) -> str:
    with pytest.raises(InvalidError) as caught:
        probe(path, **how)
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "mime", "codec"),
    [
        ("a.mp4", "video/mp4", "h264"),
        ("a.mov", "video/quicktime", "h264"),
        ("a.mkv", "video/x-matroska", "h264"),
        ("a.webm", "video/webm", "vp8"),
        ("a.avi", "video/x-msvideo", "mpeg4"),
    ],
)
def test_a_video_is_measured_whatever_its_name(
    tmp_path: Path, name: str, mime: str, codec: str
) -> None:
    made = samples.video(tmp_path / name)
    renamed = made.rename(tmp_path / "holiday.txt")
    found = probe(renamed, poster=tmp_path / "poster.jpg")
    assert (found.kind, found.mime, found.codec) == ("video", mime, codec)
    assert (found.width, found.height, found.fps) == (320, 180, 25.0)
    assert found.duration == pytest.approx(2, abs=0.1)
    assert found.has_audio
    assert found.suffix == Path(name).suffix
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.size == (320, 180)


@pytest.mark.parametrize(
    ("name", "mime", "suffix"),
    [
        ("a.mp3", "audio/mpeg", ".mp3"),
        ("a.m4a", "audio/mp4", ".m4a"),
        ("a.aac", "audio/aac", ".aac"),
        ("a.wav", "audio/wav", ".wav"),
        ("a.flac", "audio/flac", ".flac"),
        ("a.ogg", "audio/ogg", ".ogg"),
        ("a.opus", "audio/ogg", ".opus"),
    ],
)
def test_a_sound_is_measured_and_drawn(tmp_path: Path, name: str, mime: str, suffix: str) -> None:
    made = samples.sound(tmp_path / name)
    found = probe(made, waveform=tmp_path / "wave.png")
    assert (found.kind, found.mime, found.suffix) == ("audio", mime, suffix)
    assert found.duration == pytest.approx(2, abs=0.1)
    assert (found.width, found.height) == (None, None)
    with Image.open(tmp_path / "wave.png") as wave:
        assert wave.mode == "RGBA"


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.jpg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
        ("a.gif", "image/gif"),
        ("a.avif", "image/avif"),
    ],
)
def test_a_picture_is_measured_and_gets_a_poster(tmp_path: Path, name: str, mime: str) -> None:
    made = samples.picture(tmp_path / name, width=1200, height=900)
    found = probe(made, poster=tmp_path / "poster.jpg")
    assert (found.kind, found.mime, found.width, found.height) == ("image", mime, 1200, 900)
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.format == "JPEG"
        assert poster.size == (720, 540)


def test_a_phones_heic_picture_is_put_together_and_turned(tmp_path: Path) -> None:
    found = probe(samples.heic(tmp_path / "a.heic"), poster=tmp_path / "poster.jpg")
    assert (found.mime, found.width, found.height) == ("image/heic", 128, 128)
    with Image.open(tmp_path / "poster.jpg") as poster:
        seen = [poster.getpixel(place) for place in ((20, 20), (100, 20), (20, 100), (100, 100))]
    blue, red, yellow, green = (30, 30, 200), (200, 30, 30), (200, 200, 30), (30, 200, 30)
    for colour, expected in zip(seen, (blue, red, yellow, green), strict=True):
        assert colour == pytest.approx(expected, abs=12)


def test_a_sound_with_a_cover_picture_is_a_sound(tmp_path: Path) -> None:
    cover = samples.picture(tmp_path / "cover.jpg")
    tone = samples.sound(tmp_path / "tone.mp3")
    samples.ffmpeg(
        *("-i", tone, "-i", cover, "-map", "0", "-map", "1", "-c", "copy"), tmp_path / "song.mp3"
    )
    assert probe(tmp_path / "song.mp3").kind == "audio"


def test_a_browsers_recording_without_a_stored_length_is_measured(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.webm")
    command = ["-i", made, "-c", "copy", "-f", "webm", "-live", "1", tmp_path / "live.webm"]
    samples.ffmpeg(*command)
    assert probe(tmp_path / "live.webm").duration == pytest.approx(2, abs=0.2)


def test_a_fragmented_mp4_is_measured(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mp4", "-movflags", "frag_keyframe+empty_moov")
    assert probe(made).duration == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_video_is_shown_upright(tmp_path: Path, turn: int) -> None:
    # Left half dark, right half light; ffmpeg's own player turns it as we must.
    source = "gradients=c0=black:c1=white:x0=0:x1=320:y0=90:y1=90:speed=0.00001"
    flat = samples.video(tmp_path / "flat.mp4", source=source, sound=False)
    turned = tmp_path / "turned.mp4"
    samples.ffmpeg("-display_rotation", str(turn), "-i", flat, "-c", "copy", turned)
    samples.ffmpeg("-i", turned, "-frames:v", "1", tmp_path / "expected.png")
    found = probe(turned, poster=tmp_path / "poster.jpg")
    with (
        Image.open(tmp_path / "expected.png") as expected,
        Image.open(tmp_path / "poster.jpg") as poster,
    ):
        assert (found.width, found.height) == expected.size == poster.size
        corners = [(5, 5), (expected.width - 6, expected.height - 6)]
        for place in corners:
            right = expected.convert("L").getpixel(place)
            assert poster.convert("L").getpixel(place) == pytest.approx(right, abs=25)


def test_pixels_that_are_not_square_are_counted_as_shown(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mp4", "-vf", "setsar=4/3")
    assert probe(made).width == 427


def test_a_jpeg_of_a_turned_camera_is_shown_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = samples.picture(tmp_path / "a.jpg", exif=exif)
    found = probe(made, poster=tmp_path / "poster.jpg")
    assert (found.width, found.height) == (200, 320)
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.size == (200, 320)
        assert not poster.getexif()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert refusal(tmp_path / "a.mp4") == "empty"


# Cut off


@pytest.mark.parametrize("share", [0.15, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("name", ["a.mp4", "fast.mp4", "a.mkv", "a.webm", "a.avi"])
def test_a_video_that_is_cut_off_is_refused(tmp_path: Path, name: str, share: float) -> None:
    options = ["-movflags", "+faststart"] if name == "fast.mp4" else []
    made = samples.video(tmp_path / name, *options)
    assert refusal(samples.cut(made, tmp_path / f"cut_{name}", share)) == "cut_off"


@pytest.mark.parametrize("share", [0.3, 0.77, 0.95])
@pytest.mark.parametrize(
    "name", ["a.mp3", "plain.mp3", "a.m4a", "a.aac", "a.wav", "a.flac", "a.ogg", "a.opus"]
)
def test_a_sound_that_is_cut_off_is_refused(tmp_path: Path, name: str, share: float) -> None:
    options = ["-write_xing", "0"] if name == "plain.mp3" else []
    made = samples.sound(tmp_path / name, *options, seconds=5)
    assert refusal(samples.cut(made, tmp_path / f"cut_{name}", share)) == "cut_off"


@pytest.mark.parametrize("share", [0.4, 0.97])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.avif", "a.heic"])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, name: str, share: float) -> None:
    made = tmp_path / name
    samples.heic(made) if name == "a.heic" else samples.picture(made)
    assert refusal(samples.cut(made, tmp_path / f"cut_{name}", share)) in ("cut_off", "damaged")


def test_a_video_whose_end_was_never_written_is_refused(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mp4", "-movflags", "+faststart", seconds=6)
    with made.open("r+b") as file:
        half = made.stat().st_size // 2
        file.seek(half)
        file.write(bytes(made.stat().st_size - half))
    assert refusal(made) in ("cut_off", "damaged")


# Hostile


def png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", data or zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    screen = struct.pack("<6sHHBBB", b"GIF89a", width, height, 0x80, 0, 0) + bytes(6)
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, width, height, 0)
    return screen + frame + b"\x02\x02\x44\x01\x00\x3b"


def webp(width: int, height: int) -> bytes:
    bits = 0x2F | (width - 1) << 8 | (height - 1) << 22
    body = b"VP8L" + struct.pack("<I", 10) + bits.to_bytes(5, "little") + bytes(5)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


BOMBS = {
    "huge.png": png(200_000, 200_000),
    "wide.png": png(2_000_000_000, 1),
    "huge.gif": gif(60_000, 60_000),
    "huge.webp": webp(16_000, 16_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_picture_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    bomb = tmp_path / name
    bomb.write_bytes(BOMBS[name])
    started = time.monotonic()
    assert refusal(bomb) in ("hostile", "damaged")
    assert time.monotonic() - started < 5


def test_a_text_bomb_in_a_png_does_no_harm(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(300_000_000), 9)
    content = b"Comment\0\0" + packed
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + content))
    whole = png(2, 2, zlib.compress(bytes(14)))
    (tmp_path / "text.png").write_bytes(whole[:33] + chunk + whole[33:])
    assert refusal(tmp_path / "text.png") == "damaged"


def test_a_video_that_claims_a_huge_frame_is_refused(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mkv", "-c:v", "rawvideo", sound=False, seconds=0.2)
    content = made.read_bytes()
    # PixelWidth and PixelHeight of the Matroska track: 320 × 180 becomes 32,064 × 65,460.
    claimed = content.replace(b"\xb0\x82\x01\x40", b"\xb0\x82\x7d\x40")
    claimed = claimed.replace(b"\xba\x81\xb4", b"\xba\x81\xff")
    assert claimed != content
    made.write_bytes(claimed)
    assert refusal(made) in ("hostile", "damaged", "cut_off")


def test_a_file_that_claims_to_last_for_years_is_refused(tmp_path: Path) -> None:
    made = samples.sound(tmp_path / "a.wav")
    samples.ffmpeg("-i", made, "-c:a", "flac", tmp_path / "a.flac")
    content = bytearray((tmp_path / "a.flac").read_bytes())
    content[21] |= 0x0F
    content[22:26] = b"\xff" * 4
    (tmp_path / "a.flac").write_bytes(bytes(content))
    assert refusal(tmp_path / "a.flac") == "too_long"


def test_a_video_of_a_thousand_frames_a_second_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "a.mp4"
    samples.ffmpeg(*("-f", "lavfi", "-i", "testsrc2=s=64x64:r=1000:d=1", "-c:v", "libx264"), made)
    assert refusal(made) == "hostile"


def test_a_file_of_a_hundred_streams_is_refused(tmp_path: Path) -> None:
    tone = samples.sound(tmp_path / "a.wav", seconds=0.2)
    samples.ffmpeg("-i", tone, *["-map", "0"] * 100, "-c:a", "pcm_s16le", tmp_path / "many.mkv")
    assert refusal(tmp_path / "many.mkv") in ("hostile", "damaged", "cut_off")


ELSEWHERE = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n",
    "list.m3u": "#EXTM3U\n{target}\n",
    "script.ffconcat": "ffconcat version 1.0\nfile '{target}'\n",
    "script.txt": "file '{target}'\n",
    "stream.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "manifest.mpd": '<?xml version="1.0"?><MPD><BaseURL>{target}</BaseURL></MPD>',
    "drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{target}"/></svg>',
    "page.html": "<html><video src='file://{target}'></video></html>",
    "paper.pdf": "%PDF-1.7\n",
    "program.exe": "MZ\x90\0",
    "archive.zip": "PK\x03\x04",
    "old.asx": "<asx><entry><ref href='{target}'/></entry></asx>",
    "reference.mov": "rtsptextRTSP://127.0.0.1/x\r",
}


@pytest.mark.parametrize("name", ELSEWHERE)
@pytest.mark.parametrize("shown_as", ["", ".mp4"])
def test_what_points_elsewhere_or_is_no_media_is_refused(
    tmp_path: Path, name: str, shown_as: str
) -> None:
    target = samples.video(tmp_path / "target.mp4", seconds=0.2) if "a" in name else tmp_path / "t"
    file = tmp_path / f"{name}{shown_as}"
    file.write_text(ELSEWHERE[name].format(target=target), encoding="latin-1")
    assert refusal(file) == "not_media"


def test_a_mov_whose_content_lies_in_another_file_is_refused(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mov")
    content = made.read_bytes()
    place = content.rindex(b"dref")
    # The entry: 4 bytes of length, its kind, version and flags (1: in this file).
    entry = place + 12
    assert content[entry + 11] == 1
    name = b"\0\0\0\x00" + b"file:///etc/hostname\0"
    moved = struct.pack(">I", 8 + len(name)) + b"url " + name
    grown = len(moved) - int.from_bytes(content[entry : entry + 4], "big")
    content = content[:entry] + moved + content[entry + 12 :]
    for parent in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        at = content.rindex(parent, 0, place + 4) - 4
        length = int.from_bytes(content[at : at + 4], "big") + grown
        content = content[:at] + struct.pack(">I", length) + content[at + 4 :]
    made.write_bytes(content)
    assert refusal(made) == "hostile"


def test_a_playlist_behind_a_sounds_tag_is_not_followed(tmp_path: Path) -> None:
    target = samples.video(tmp_path / "t.mp4", seconds=0.2)
    tag = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
    (tmp_path / "a.mp3").write_bytes(tag + f"#EXTM3U\n#EXTINF:5,\n{target}\n".encode())
    assert refusal(tmp_path / "a.mp3") in ("not_media", "damaged", "cut_off")


def test_a_moving_gif_is_refused_with_what_to_do(tmp_path: Path) -> None:
    frames = [samples.image(40, 40, seed) for seed in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert refusal(tmp_path / "a.gif") == "moving_picture"


def test_noise_of_every_kind_never_breaks_the_one_who_asks(tmp_path: Path) -> None:
    heads = [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffAVI ",
        b"OggS",
    ]
    heads += [
        b"fLaC",
        b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm",
        b"\0\0\0\x10ftypavif",
    ]
    for count, head in enumerate(heads):
        file = tmp_path / f"{count}"
        file.write_bytes(head + os.urandom(5000))
        assert refusal(file)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    made = samples.video(tmp_path / "a.mp4")
    assert refusal(made, seconds=0.05) == "too_heavy"


def test_the_child_that_decodes_has_bounds_on_memory_and_time() -> None:
    program = (
        "import resource; from autosched.media import examine; examine.limit();"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0]); bytearray(4 * 1024**3)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.stdout.strip() == b"120"
    assert b"MemoryError" in done.stderr
