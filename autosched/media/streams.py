"""Video and sound: whether they are what they claim, and whole, by decoding where it shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from autosched.errors import InvalidError
from autosched.media import pictures
from autosched.media.containers import (
    ADTS,
    AUDIO_CODEC_PREFIXES,
    AUDIO_CODECS,
    MP3,
    OGG,
    VIDEO_CODECS,
    Container,
    adts_frame,
    mp3_frame,
    takes,
)
from autosched.media.probe import Probe
from autosched.media.refusals import check_size, cut_off, damaged, hostile, unsupported

SIDE, PIXELS = 8192, 8192 * 4608
FPS, HOURS, STREAMS = 300.0, 6, 64
_TAIL_SECONDS = 3.0
_HEAD_PACKETS, _TAIL_PACKETS = 120, 400
_EXTRA_DECODERS = (
    "libdav1d libvpx libvpx-vp9 libopus libvorbis mp3float mp2float aac_fixed amrnb amrwb"
)


@dataclass
class Tally:
    """What decoding a stretch of packets came to. `end` in seconds, of the last packet seen."""

    packets: int = 0
    frames: int = 0
    errors: int = 0
    last_failed: bool = False
    end: float = 0.0
    place: int = -1
    length: int = 0


def examine_stream(
    path: Path, size: int, container: Container, poster: Path | None, waveform: Path | None
) -> Probe:
    """Decode the beginning and the end of a video, or the whole of a sound.

    A telling frame of a video goes to `poster`, the course of a sound to `waveform`.
    """
    sounds = {name for name in av.codecs_available if name.startswith(AUDIO_CODEC_PREFIXES)}
    decoders = VIDEO_CODECS | AUDIO_CODECS | sounds | set(_EXTRA_DECODERS.split())
    options = {
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join(sorted(decoders)),
        "max_streams": str(STREAMS + 1),
    }
    try:
        opened = av.open(
            f"file:{path}", format=container.reader, options=options, metadata_errors="ignore"
        )
    except av.FFmpegError:
        raise damaged() from None
    with opened:
        if len(opened.streams) > STREAMS:
            raise hostile(f"This file holds {len(opened.streams)} streams, far too many.")
        covers = av.stream.Disposition.attached_pic
        films = [stream for stream in opened.streams.video if not stream.disposition & covers]
        tracks = list(opened.streams.audio)
        if films and container.mime:
            return _film(opened, films[0], tracks, size, container, poster)
        if tracks and container.sound_mime and not films:
            return _sound(path, opened, tracks[0], size, container, waveform)
    raise unsupported("neither picture nor sound") if not films else unsupported("a video in Ogg")


def _codec(stream: Any) -> str:
    context = stream.codec_context
    codec = context.codec.canonical_name if context is not None else ""
    if not takes(codec, sound=stream.type == "audio"):
        raise unsupported(f"{stream.type} of a kind ({codec or 'unknown'})")
    return str(codec)


def _film(
    opened: Any, film: Any, tracks: list[Any], size: int, container: Container, poster: Path | None
) -> Probe:
    codec = _codec(film)
    sound = _codec(tracks[0]) if tracks else ""
    check_size(film.codec_context.width, film.codec_context.height, SIDE, PIXELS)
    film.codec_context.options = {"max_pixels": str(PIXELS)}
    rate = float(film.average_rate or film.guessed_rate or 0)
    if rate > FPS:
        raise hostile(f"This video claims {rate:.0f} frames a second, far too many.")
    first = _first_frame(opened, film)
    duration = _declared(opened, film)
    if duration is None:
        tally = Tally()
        opened.seek(0)
        for _ in _frames(opened, [film, *tracks], tally, most=0):
            pass
        duration = tally.end
    _check_duration(duration)
    _check_end(opened, film, tracks, duration)
    rotation = -round(first.rotation / 90) * 90 % 360
    aspect = film.sample_aspect_ratio
    ratio = float(aspect) if aspect and 0.1 <= aspect <= 10 else 1.0
    shape = pictures.Shape(rotation, ratio)
    width, height = shape.shown(first.width, first.height)
    if poster is not None and not pictures.video_poster(opened, film, duration, shape, poster):
        raise damaged()
    return Probe(
        kind="video",
        container=container.name,
        mime=container.mime,
        suffix=container.suffix,
        size=size,
        codec=codec,
        width=width,
        height=height,
        duration=round(duration, 3),
        fps=round(rate, 3) if rate else None,
        has_audio=bool(tracks),
        audio_codec=sound,
        rotation=rotation,
    )


def _sound(
    path: Path, opened: Any, track: Any, size: int, container: Container, waveform: Path | None
) -> Probe:
    codec = _codec(track)
    declared = _declared(opened, track)
    if declared is not None:
        _check_duration(declared)
    tally = Tally()
    heard = pictures.waveform(_frames(opened, [track], tally), waveform)
    _judge(tally)
    if container in (MP3, ADTS):
        # Where no length is stored, the declared one is guessed from the first bit rate.
        _check_last_frame(path, tally, container)
        declared = heard
    elif declared is not None and heard < declared - max(0.5, declared * 0.02):
        raise cut_off()
    _check_duration(heard)
    return Probe(
        kind="audio",
        container=container.name,
        mime=container.sound_mime,
        suffix=".opus" if codec == "opus" and container is OGG else container.sound_suffix,
        size=size,
        codec=codec,
        duration=round(declared or heard, 3),
        has_audio=True,
        audio_codec=codec,
    )


def _declared(opened: Any, stream: Any) -> float | None:
    if opened.duration is not None:
        return float(opened.duration / av.time_base)
    return float(stream.duration * stream.time_base) if stream.duration is not None else None


def _check_duration(duration: float) -> None:
    if not math.isfinite(duration) or duration <= 0:
        raise damaged()
    if duration > HOURS * 3600:
        raise InvalidError(
            f"This file claims to last {duration / 3600:.0f} hours; the most is {HOURS}.",
            remedy="Cut out the part that you need, then upload that.",
            code="too_long",
        )


def _frames(
    opened: Any, streams: list[Any], tally: Tally, most: int | None = None
) -> Iterator[Any]:
    """The frames of the first stream as far as they decode, at most of `most` of its packets.

    All packets to the end of the file are seen, and counted in `tally`.
    """
    for packet in opened.demux(streams):
        if packet.pts is not None and packet.size:
            end = (packet.pts + (packet.duration or 0)) * packet.time_base
            tally.end = max(tally.end, float(end))
        if packet.stream_index != streams[0].index:
            continue
        if packet.size:
            tally.packets += 1
            tally.place, tally.length = packet.pos or -1, packet.size
        if most is not None and tally.packets > most:
            continue
        try:
            frames = packet.decode()
        except av.FFmpegError:
            tally.errors += 1
            tally.last_failed = True
            continue
        if packet.size:
            tally.last_failed = False
        tally.frames += len(frames)
        yield from frames


def _judge(tally: Tally) -> None:
    if tally.frames == 0 or tally.last_failed:
        raise cut_off()
    if tally.errors > max(2, tally.packets // 10):
        raise damaged()


def _first_frame(opened: Any, film: Any) -> Any:
    for frame in _frames(opened, [film], Tally(), most=_HEAD_PACKETS):
        check_size(frame.width, frame.height, SIDE, PIXELS)
        return frame
    raise damaged()


def _check_end(opened: Any, film: Any, tracks: list[Any], duration: float) -> None:
    """Decode the last seconds; what the file announces must be there."""
    start = float((opened.start_time or 0) / av.time_base)
    with suppress(av.FFmpegError):
        opened.seek(int(max(0.0, start + duration - _TAIL_SECONDS) * av.time_base))
    tally = Tally()
    for _ in _frames(opened, [film, *tracks], tally, most=_TAIL_PACKETS):
        pass
    _judge(tally)
    if tally.end - max(start, 0.0) < duration - max(1.0, duration * 0.03):
        raise cut_off()


def _check_last_frame(path: Path, tally: Tally, container: Container) -> None:
    """MP3 and AAC: a last frame that is shorter than its header says is a cut."""
    if tally.place < 0:
        return
    with path.open("rb") as file:
        file.seek(tally.place)
        header = file.read(8)
    length = mp3_frame(header) if container is MP3 else adts_frame(header)
    if length > tally.length:
        raise cut_off()
