"""Videos held against a rule: what they are by their heads, and what would have to change.

Nothing is decoded but a frame here and there; `fitting_encoding` does the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from PIL import Image

from autosched.media import fitting_layout, structure
from autosched.media.containers import MOV, MP4, Container, sniff
from autosched.media.fitting_layout import How
from autosched.media.fitting_pictures import megabytes
from autosched.media.pictures import Shape
from autosched.media.refusals import check_size, damaged, not_media
from autosched.media.streams import PIXELS, SIDE
from autosched.platforms.limits import VideoRule

_HDR_TRANSFERS = (16, 18)  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)
_EIGHT_BITS = ("yuv420p", "yuvj420p", "nv12", "nv21")
_TEN_BITS = ("yuv420p10le", "p010le")
# What an MP4 can hold as it is.
_PICTURES_IN_MP4 = ("h264", "hevc", "av1", "vp9")
_SOUNDS_IN_MP4 = ("aac", "mp3", "opus", "ac3", "eac3")
_RATE_SLACK = 0.005  # 23.976 passes for 24
_APART = 0.05  # seconds by which picture and sound may begin apart
_LOOKS = (0.2, 0.5, 0.8)


@dataclass(frozen=True)
class Film:
    """What a video is: bytes, pixels as shown, seconds, frames a second.

    What is empty, 0 or `None` is not known, or not there. `late`: by how many seconds the sound
    begins after the picture. `square`: its pixels are. `picture` and `sound`: numbers of streams.
    """

    mime: str
    size: int
    width: int
    height: int
    seconds: float
    codec: str = ""
    pixels: str = ""
    rate: float = 0.0
    hdr: bool = False
    square: bool = True
    sound_codec: str = ""
    channels: int = 0
    hertz: int = 0
    late: float = 0.0
    index: structure.Index | None = None
    container: Container | None = None
    picture: int = 0
    sound: int | None = None


@dataclass(frozen=True)
class Needs:
    """What a rule has against a video: nothing, if not `anything`.

    `picture`, `sound`: which must be encoded anew; where neither, the file is only written anew.
    `rate` is the new one (0: the old), `bits` all that a second may take (0: any).
    """

    anything: bool = False
    picture: bool = False
    sound: bool = False
    rate: float = 0.0
    bits: float = 0.0
    said: tuple[str, ...] = ()


def head(path: Path, width: int | None = None, height: int | None = None) -> Film:
    """Read the head; `InvalidError` if it is no video. Give the size as shown where it is known."""
    size = path.stat().st_size
    with path.open("rb") as file:
        container = sniff(file)
        if container is None or not container.mime or container.family != "stream":
            raise not_media()
        index = structure.index(file, size) if container in (MP4, MOV) else None
    with closing(_opened(path, container)) as opened:
        covers = av.stream.Disposition.attached_pic
        film = next((s for s in opened.streams.video if not s.disposition & covers), None)
        if film is None or film.codec_context is None:
            raise not_media()
        if not width or not height:
            width, height = _shown(opened, film)
        seconds = float((opened.duration or 0) / av.time_base)
        aspect = film.sample_aspect_ratio
        context = film.codec_context
        facts: dict[str, Any] = {
            "codec": context.codec.canonical_name,
            "pixels": context.pix_fmt or "",
            "rate": float(film.average_rate or film.guessed_rate or 0),
            "hdr": int(context.color_trc) in _HDR_TRANSFERS,
            "square": not aspect or aspect == 1,
            "picture": film.index,
        }
        if opened.streams.audio:
            sound = opened.streams.audio[0]
            facts |= {
                "sound_codec": sound.codec_context.codec.canonical_name,
                "channels": sound.codec_context.channels,
                "hertz": sound.codec_context.sample_rate,
                "late": _start(sound) - _start(film),
                "sound": sound.index,
            }
    return Film(
        container.mime, size, width, height, seconds, index=index, container=container, **facts
    )


def needs(rule: VideoRule, film: Film, how: How) -> Needs:
    """What would have to be done for the rule, and the sentences that say so."""
    said: list[str] = []
    within = fitting_layout.bounds(rule, film.width, film.height)
    if film.codec and film.codec not in rule.video_codecs:
        said.append("Turned into H.264")
    elif film.pixels and film.pixels not in _taken_pixels(film.codec):
        said.append("Given ordinary colours, which every player shows")
    rate = _rate(rule, film.rate)
    if rate:
        said.append(f"Re-encoded at {round(rate, 2):g} frames a second")
    if not within.take(film.width, film.height):
        made = fitting_layout.layout(film.width, film.height, within, how)
        said += fitting_layout.spoken(made, film.width, film.height) or ("Made to fit",)
    bits, heavy = _bits(rule, film)
    said += heavy
    picture, sound = bool(said), list(_of_sound(rule, film))
    foreign = film.mime not in rule.mimes
    index = film.index
    unfit = index is not None and (index.edits or index.fragments or not index.first)
    rewritten = not rule.edit_lists and unfit
    if not (picture or sound or foreign or rewritten):
        return Needs()
    if foreign:
        said.append("Turned into MP4")
    if film.codec and not picture and film.codec not in _PICTURES_IN_MP4:
        said.append("Turned into H.264")
        picture = True
    if film.sound_codec and not sound and film.sound_codec not in _SOUNDS_IN_MP4:
        sound.append("Sound turned into AAC")
    said += sound
    # Without edit lists both tracks begin at once: what is missing of one has to be made.
    apart = 0.0 if rule.edit_lists or film.sound is None else film.late
    return Needs(
        picture=picture or apart < -_APART,
        sound=bool(sound or heavy) or apart > _APART,
        anything=True,
        rate=rate,
        bits=bits,
        said=tuple(said) or ("Repacked for quick playback, picture and sound unchanged",),
    )


def looks(path: Path, film: Film) -> Iterator[Image.Image]:
    """A few frames of the video, small and upright."""
    assert film.container is not None
    with closing(_opened(path, film.container)) as opened:
        stream = opened.streams[film.picture]
        for place in _LOOKS:
            frame = None
            with suppress(av.FFmpegError):
                opened.seek(int(film.seconds * place * av.time_base))
                frame = next(opened.decode(stream), None)
            if frame is not None:
                scale = min(1.0, 320 / max(frame.width, frame.height))
                wide, tall = (max(2, round(side * scale)) for side in (frame.width, frame.height))
                small: Image.Image = frame.to_image(width=wide, height=tall)
                yield small.rotate(frame.rotation, expand=True)


def _opened(path: Path, container: Container) -> Any:
    try:
        return av.open(
            f"file:{path}",
            format=container.reader,
            options={"protocol_whitelist": "file"},
            metadata_errors="ignore",
        )
    except av.FFmpegError:
        raise damaged() from None


def _shown(opened: Any, film: Any) -> tuple[int, int]:
    try:
        frame = next(opened.decode(film), None)
    except av.FFmpegError:
        frame = None
    if frame is None:
        raise damaged()
    check_size(frame.width, frame.height, SIDE, PIXELS)
    aspect = film.sample_aspect_ratio
    ratio = float(aspect) if aspect and 0.1 <= aspect <= 10 else 1.0
    turned = -round(frame.rotation / 90) * 90 % 360
    return Shape(turned, ratio).shown(frame.width, frame.height)


def _start(stream: Any) -> float:
    return float((stream.start_time or 0) * stream.time_base)


def _taken_pixels(codec: str) -> tuple[str, ...]:
    """H.264 in more than eight bits is played almost nowhere; of the younger codecs it is usual."""
    return _EIGHT_BITS if codec == "h264" else _EIGHT_BITS + _TEN_BITS


def _rate(rule: VideoRule, rate: float) -> float:
    """The new rate; 0 if the old one will do. A whole part or multiple moves most evenly."""
    low, high = rule.fps_min, rule.fps_max
    if rate <= 0:
        return 0.0
    if high and rate > high * (1 + _RATE_SLACK):
        parts = (rate / n for n in range(2, 20))
        even = next((part for part in parts if part <= high * (1 + _RATE_SLACK)), high)
        return even if even >= max(low, high * 0.8) else high
    if rate < low * (1 - _RATE_SLACK):
        times = (rate * n for n in range(2, 60))
        even = next((part for part in times if part >= low), low)
        return even if not high or even <= high else low
    return 0.0


def _bits(rule: VideoRule, film: Film) -> tuple[float, list[str]]:
    """How many bits a second may take, and whether that is less than it takes now."""
    seconds = max(film.seconds, 0.5)
    by_size = rule.bytes_max * 8 / seconds if rule.bytes_max else 0.0
    heavy = []
    if 0 < rule.bytes_max < film.size:
        heavy.append(f"Compressed to at most {megabytes(rule.bytes_max)}")
    elif film.seconds and 0 < rule.bits_max < film.size * 8 / seconds:
        heavy.append(f"Compressed to at most {rule.bits_max / 1e6:g} megabits a second")
    limits = [bits for bits in (by_size, float(rule.bits_max)) if bits]
    return min(limits, default=0.0), heavy


def _of_sound(rule: VideoRule, film: Film) -> Iterator[str]:
    if film.sound_codec and film.sound_codec not in rule.audio_codecs:
        yield "Sound turned into AAC"
    if 0 < rule.channels_max < film.channels:
        yield f"Sound mixed down to {'mono' if rule.channels_max == 1 else 'stereo'}"
    if 0 < rule.hertz_max < film.hertz:
        yield f"Sound resampled to {rule.hertz_max / 1000:g} kHz"
