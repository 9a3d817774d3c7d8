"""A container's own bookkeeping, read before any decoder sees the file.

It tells two things that a decoder would pass over: that the file ends before what it announces,
and that it refers to other files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from autosched.errors import InvalidError
from autosched.media.containers import (
    AVI,
    AVIF,
    HEIC,
    MKV,
    MOV,
    MP3,
    MP4,
    OGG,
    WAV,
    WEBM,
    Container,
    id3_length,
)
from autosched.media.refusals import cut_off, hostile

_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}
_BOXES_MAX = 200_000
_OGG_TAIL = 128 * 1024
_UNKNOWN_32 = (0, 0xFFFFFFFF)
_META_MAX = 8 * 1024 * 1024


@dataclass(frozen=True)
class Box:
    """A box of an ISO base media file: its four letters, and where its content lies."""

    kind: bytes
    start: int
    end: int


@dataclass(frozen=True)
class Index:
    """Where an MP4's index (moov) lies and how it speaks.

    `first`: before the content. `edits`: it has edit lists, which delay or trim a track.
    `fragments`: the content comes in pieces, each with an index of its own.
    """

    first: bool
    edits: bool
    fragments: bool


def check(file: BinaryIO, size: int, container: Container) -> None:
    """`InvalidError` (`cut_off`, `hostile`) if the file's own structure speaks against it."""
    if container in (MP4, MOV, HEIC, AVIF):
        _check_boxes(file, size, needed=b"moov" if container in (MP4, MOV) else b"meta")
    elif container in (MKV, WEBM):
        _check_segment(file, size)
    elif container in (AVI, WAV):
        _check_riff(file, size)
    elif container is OGG:
        _check_last_page(file, size)
    elif container is MP3:
        _check_xing(file, size)


def _points_elsewhere() -> InvalidError:
    return hostile("This file has no content of its own: it points to other files.")


def pixel_claims(file: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """The width and height of every picture that a HEIC or AVIF file announces."""
    for box in _boxes(file, 0, size):
        if box.kind != b"meta":
            continue
        file.seek(box.start)
        content = file.read(min(box.end - box.start, _META_MAX))
        place = content.find(b"ispe")
        while place >= 0:
            if len(content) >= place + 16:
                yield struct.unpack(">II", content[place + 8 : place + 16])
            place = content.find(b"ispe", place + 4)


def index(file: BinaryIO, size: int) -> Index:
    """How the index of an ISO base media file lies; `InvalidError` if the boxes make no sense."""
    order: list[bytes] = []
    edits = False
    for box in _boxes(file, 0, size):
        order.append(box.kind)
        if box.kind == b"moov":
            for track in _boxes(file, box.start, min(box.end, size)):
                if track.kind == b"trak":
                    inner = _boxes(file, track.start, min(track.end, size))
                    edits = any(part.kind == b"edts" for part in inner) or edits
    first = b"moov" in order and order.index(b"moov") < [*order, b"mdat"].index(b"mdat")
    return Index(first, edits, b"moof" in order)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    at, count = start, 0
    while at + 8 <= end:
        count += 1
        if count > _BOXES_MAX:
            raise hostile("This file consists of far too many parts.")
        file.seek(at)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        inside = at + 8
        if length == 1:
            length, inside = int.from_bytes(header[8:16], "big"), at + 16
        elif length == 0:
            length = end - at
        if length < inside - at:
            raise hostile("This file is damaged: the lengths of its parts contradict each other.")
        yield Box(kind, inside, at + length)
        at += length


def _check_boxes(file: BinaryIO, size: int, *, needed: bytes) -> None:
    known = {b"ftyp", b"moov", b"moof", b"mdat", b"meta"}
    found = False
    for box in _boxes(file, 0, size):
        if box.end > size:
            # Some cameras append bytes of their own, which are no box at all.
            if box.kind in known or not box.kind.isalnum():
                raise cut_off()
            break
        found = found or box.kind == needed
        if box.kind == b"moov":
            _check_references(file, box)
    if not found:
        raise cut_off()


def _check_references(file: BinaryIO, parent: Box, depth: int = 0) -> None:
    for box in _boxes(file, parent.start, parent.end):
        if box.end > parent.end:
            raise cut_off()
        if box.kind in (b"rmra", b"cmov"):
            raise _points_elsewhere()
        if box.kind == b"dref":
            for entry in _boxes(file, box.start + 8, box.end):
                file.seek(entry.start)
                flags = file.read(4)
                in_this_file = len(flags) == 4 and flags[3] & 1
                if not in_this_file and entry.end - entry.start > 4:
                    raise _points_elsewhere()
        elif box.kind in _INSIDE and depth < 6:
            _check_references(file, box, depth + 1)


def _check_segment(file: BinaryIO, size: int) -> None:
    """Matroska: the segment says how long it is, unless it was recorded live."""
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        if len(head) < 5:
            return
        id_length = 9 - head[0].bit_length() if head[0] else 8
        if id_length > 4:
            return
        first = head[id_length]
        length = 9 - first.bit_length() if first else 8
        value = int.from_bytes(head[id_length : id_length + length], "big")
        value &= (1 << 7 * length) - 1
        unknown = value == (1 << 7 * length) - 1
        end = at + id_length + length + value
        if head[:id_length] == b"\x18\x53\x80\x67":
            if not unknown and end > size:
                raise cut_off()
            return
        if unknown:
            return
        at = end
    raise cut_off()


def _check_riff(file: BinaryIO, size: int) -> None:
    """AVI and WAV: each RIFF chunk, and a WAV's data, must lie within the file."""
    at = 0
    while at + 12 <= size:
        file.seek(at)
        kind, length, form = struct.unpack("<4sI4s", file.read(12))
        if kind == b"RF64":
            file.seek(at + 20)
            length = int.from_bytes(file.read(8), "little")
        elif kind != b"RIFF" or length in _UNKNOWN_32:
            return
        if at + 8 + length > size:
            if form == b"WAVE" and at + 8 + length - size <= 1:
                return  # an odd chunk whose padding byte was left out
            raise cut_off()
        at += 8 + length + (length & 1)


def _check_last_page(file: BinaryIO, size: int) -> None:
    """Ogg: the last page must be whole."""
    file.seek(max(0, size - _OGG_TAIL))
    tail = file.read(_OGG_TAIL)
    place = tail.rfind(b"OggS")
    if place < 0:
        raise cut_off()
    page = tail[place:]
    if len(page) < 27 or len(page) < 27 + page[26]:
        raise cut_off()
    if 27 + page[26] + sum(page[27 : 27 + page[26]]) > len(page):
        raise cut_off()


def _check_xing(file: BinaryIO, size: int) -> None:
    """MP3: the first frame often says how many bytes there are from it to the end."""
    file.seek(0)
    tag = file.read(10)
    start = id3_length(tag) if tag[:3] == b"ID3" else 0
    file.seek(start)
    frame = file.read(64)
    for mark in (b"Xing", b"Info"):
        place = frame.find(mark)
        if place < 0:
            continue
        flags = frame[place + 7 : place + 8]
        if flags and flags[0] & 2:
            at = place + (12 if flags[0] & 1 else 8)
            told = int.from_bytes(frame[at : at + 4], "big")
            if told - (size - start) > max(4096, told // 50):
                raise cut_off()
        return
