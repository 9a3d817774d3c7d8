"""First bytes: what they are taken for."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.media import containers
from autosched.media.containers import sniff


@given(st.binary(max_size=400))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    assert sniff(io.BytesIO(content)) in (*containers.CONTAINERS, None)


@given(st.text(max_size=400))
def test_a_text_is_never_media(text: str) -> None:
    encoded = text.encode("utf-8", "surrogatepass")
    if encoded[:3] != b"ID3" and encoded[4:8] not in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        assert sniff(io.BytesIO(encoded)) is None


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"isom\0\0\2\0isomiso2avc1mp41", containers.MP4),
        (b"qt  \0\0\2\0qt  ", containers.MOV),
        (b"mif1\0\0\0\0mif1heic", containers.HEIC),
        (b"mif1\0\0\0\0mif1avif", containers.AVIF),
        (b"avif\0\0\0\0avifmif1", containers.AVIF),
    ],
)
def test_brands_tell_video_from_picture(brands: bytes, expected: containers.Container) -> None:
    head = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands
    assert sniff(io.BytesIO(head)) == expected


def test_a_single_sync_word_is_not_an_mp3() -> None:
    assert sniff(io.BytesIO(b"\xff\xfb\x90\x00" + bytes(2000))) is None
    assert sniff(io.BytesIO((b"\xff\xfb\x90\x00" + bytes(413)) * 2)) == containers.MP3


def test_the_length_of_an_mp3_frame_follows_its_bit_rate() -> None:
    # 128 kbit/s at 44.1 kHz: 144 × 128000 / 44100 = 417 bytes, one more with padding.
    assert containers.mp3_frame(b"\xff\xfb\x90\x00") == 417
    assert containers.mp3_frame(b"\xff\xfb\x92\x00") == 418
