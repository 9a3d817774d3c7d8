"""The one ffmpeg pass: shots, transitions, words and sound, built with ffmpeg-python.

Order matters for speed: footage is cropped first, graded and moved at the smaller of its own size
and the frame's, and only then scaled up. What ffmpeg can't draw (art, a slow push-in between
pixels) comes as raw frames through pipes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import Any

import ffmpeg

from autosched.media.ffmpeg import Feed
from autosched.studio import effects, frames, framing, grade
from autosched.studio.plan import rests
from autosched.studio.timeline import Art, Footage, Picture, Plan, Shot

# Files in the render's own folder, by relative names: nothing in a path needs escaping.
WORDS, SOUND, PART, FONTS, STILL = "words.ass", "sound.wav", "part.mp4", "fonts", "still.jpg"

# Moving a picture between pixels costs by the pixel; above this many it is done smaller.
_MOVED_PIXELS = 1_200_000
_XFADE = {
    "dissolve": "fade",
    "fade_black": "fadeblack",
    "fade_white": "fadewhite",
    "wipe": "smooth{direction}",
    "slide": "slide{direction}",
    # With the leaving picture brought nearer by `_nearing`: `zoomin` shows bare pixels.
    "zoom": "fade",
    "flash": "fadewhite",
}
_COLOURS = "color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def build(
    plan: Plan, sound: Iterable[bytes], *, draft: bool = False
) -> tuple[list[str], list[Feed]]:
    """ffmpeg's arguments, and what it is to be fed. `draft` trades quality for speed.

    `sound`: 32-bit floats, 48 kHz stereo. It is asked for when ffmpeg is at work already.
    """
    feeds = [Feed("sound", sound)]
    heard = ffmpeg.input("sound", format="f32le", ar=48000, ac=2).audio
    stream = _nearing(plan, 0, _shot(plan, plan.shots[0], 0, feeds))
    for number, shot in enumerate(plan.shots[1:], start=1):
        following = _nearing(plan, number, _shot(plan, shot, number, feeds))
        if shot.blend:
            stream = ffmpeg.filter(
                [stream, following],
                "xfade",
                transition=_XFADE[shot.transition].format(direction=shot.direction),
                duration=_seconds(shot.blend, plan),
                offset=_seconds(shot.first, plan),
            )
        else:
            # Counted in microseconds by `concat`; a transition after it wants one count in both.
            stream = ffmpeg.concat(stream, following, v=1, a=0).filter("settb", f"1/{plan.fps}")
    stream = effects.drawn(plan, stream, feeds, range(plan.frames))
    stream = stream.filter("ass", filename=WORDS, fontsdir=FONTS)
    stream = stream.filter("setparams", range="tv", **_pairs(_COLOURS))
    both = stream.filter_multi_output("split")
    video = ffmpeg.output(both[0], heard, PART, **_encoding(plan, draft=draft))
    outputs = ffmpeg.merge_outputs(video, _still(both[1], plan, round(plan.still_at * plan.fps)))
    return ["-loglevel", "info", *_threads(), *outputs.get_args()], feeds


def _nearing(plan: Plan, number: int, stream: Any) -> Any:
    """A shot that comes nearer, ever faster, while the next one comes by zoom."""
    following = plan.shots[number + 1] if number + 1 < len(plan.shots) else None
    if following is None or following.transition != "zoom" or not following.blend:
        return stream
    since = plan.shots[number].frames - following.blend
    # `zoompan` goes by whole pixels, which nobody sees at this speed.
    stream = stream.filter(
        "zoompan",
        z=f"1+1.6*pow(max(0,on-{since})/{following.blend},2)",
        x="iw/2-iw/zoom/2",
        y="ih/2-ih/zoom/2",
        d=1,
        s=f"{plan.width}x{plan.height}",
        fps=plan.fps,
    )
    return stream.filter("setsar", 1).filter("settb", f"1/{plan.fps}").filter("setpts", "N")


def _threads() -> list[str]:
    """Filters get half of the cores: the encoder needs the others, and gains more by them."""
    return ["-filter_complex_threads", str(max(1, (os.cpu_count() or 2) // 2))]


def still(plan: Plan) -> tuple[list[str], list[Feed]]:
    """As `build`, but for the one frame at `still_at`, as a picture."""
    at = round(plan.still_at * plan.fps)
    shot = next(shot for shot in reversed(plan.shots) if shot.first <= at)
    feeds: list[Feed] = []
    stream = _shot(plan, shot, 0, feeds, only=at - shot.first)
    stream = effects.drawn(plan, stream, feeds, range(at, at + 1))
    stream = stream.filter("setpts", f"{at}/{plan.fps}/TB")
    stream = stream.filter("ass", filename=WORDS, fontsdir=FONTS)
    return ["-loglevel", "info", *_still(stream, plan, 0).get_args()], feeds


def encoding(*, draft: bool = False) -> dict[str, Any]:
    """The video encoder's settings. Draft: for previews and tests."""
    return {
        "c:v": "libx264",
        "profile:v": "high",
        "preset": "superfast" if draft else "veryfast",
        "crf": 28 if draft else 20,
        # As good to the eye as the preset's own choice (VMAF), and a quarter faster.
        "x264-params": "subme=1",
        # Dark scenes, which most of these are, get the bits that keep their skies from banding.
        "aq-mode": 3,
        "pix_fmt": "yuv420p",
        "maxrate": "24M",
        "bufsize": "48M",
        "g": 60,
    }


def _encoding(plan: Plan, *, draft: bool) -> dict[str, Any]:
    return {
        **encoding(draft=draft),
        "frames:v": plan.frames,
        # Pages at rest are key frames, so that the check of the finished file finds them at once.
        "force_key_frames": ",".join(_seconds(round(at * plan.fps), plan) for at in rests(plan)),
        "fps_mode": "cfr",
        "r": plan.fps,
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "color_range": "tv",
        "c:a": "aac",
        "b:a": "192k",
        "ar": 48000,
        "ac": 2,
        "t": _seconds(plan.frames, plan),
        "map_metadata": -1,
        "movflags": "+faststart",
    }


def _shot(
    plan: Plan, shot: Shot, number: int, feeds: list[Feed], *, only: int | None = None
) -> Any:
    """A shot's stream of exactly its frames, or of the one frame `only`."""
    if isinstance(shot.media, Footage):
        return _footage(plan, shot, shot.media, number, feeds, only)
    wanted = range(shot.frames) if only is None else range(only, only + 1)
    if isinstance(shot.media, Art):
        size = (shot.media.width, shot.media.height)
        drawn = frames.of_art(plan, shot, shot.media, wanted)
    else:
        size = (plan.width, plan.height)
        drawn = frames.of_picture(plan, shot, shot.media, wanted)
    stream = _fed(f"feed{number}", drawn, size, feeds, plan)
    stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv")
    stream = stream.filter("format", "yuv420p")
    if isinstance(shot.media, Picture):
        stream = _grain(plan, stream)
    return _finish(plan, shot, stream, size)


def _fed(
    name: str,
    drawn: Iterable[memoryview],
    size: tuple[int, int],
    feeds: list[Feed],
    plan: Plan,
    *,
    pixels: str = "rgb24",
) -> Any:
    feeds.append(Feed(name, drawn))
    return ffmpeg.input(
        name,
        format="rawvideo",
        pixel_format=pixels,
        video_size=size,
        framerate=plan.fps,
        thread_queue_size=4,
    )


def _footage(
    plan: Plan, shot: Shot, media: Footage, number: int, feeds: list[Feed], only: int | None
) -> Any:
    x, y, w, h = media.crop
    # The smaller of the crop's own size and the frame's is where the work is done.
    share = min(1.0, plan.width / w, math.sqrt(_MOVED_PIXELS / (w * h)) if shot.push else 1.0)
    size = (round(w * share / 2) * 2, round(h * share / 2) * 2)
    stream = ffmpeg.input(
        f"file:{media.path}",
        protocol_whitelist="file",
        format_whitelist=framing.CONTAINERS,
        # Its own to every shot: of equal nodes ffmpeg-python makes one.
        thread_queue_size=8 + number,
        **({"stream_loop": -1} if media.loop else {}),
        **({"ss": f"{only / plan.fps:.3f}"} if only and not media.loop else {}),
    ).video
    stream = stream.filter("fps", plan.fps).filter("crop", w, h, x, y)
    matrix = media.matrix
    if media.hdr:
        stream, matrix = _standard_range(stream, size), "bt709"
    if shot.push:
        stream = _pushed(plan, shot, stream, size, number, feeds, only)
    stream = _coloured(plan, stream, size, matrix, number, feeds)
    return _finish(plan, shot, _grain(plan, stream), size)


def _pushed(
    plan: Plan,
    shot: Shot,
    stream: Any,
    size: tuple[int, int],
    number: int,
    feeds: list[Feed],
    only: int | None,
) -> Any:
    """The stream decoded on its own, slowly pushed into, and fed back in."""
    wanted = range(shot.frames) if only is None else range(only, only + 1)
    stream = stream.filter("scale", *size, flags="bicubic", out_range="tv")
    decoded = ffmpeg.output(
        stream,
        "picture",
        **{"frames:v": len(wanted), "format": "rawvideo", "pix_fmt": "yuv420p"},
        fps_mode="passthrough",
    )
    moved = frames.of_footage(decoded.get_args(), shot, size, wanted)
    return _fed(f"moved{number}", moved, size, feeds, plan, pixels="yuv420p")


def _coloured(
    plan: Plan, stream: Any, size: tuple[int, int], matrix: str, number: int, feeds: list[Feed]
) -> Any:
    """Graded, shaded and darkened towards the edges, in Rec. 709.

    The grade is a nearest look-up in a fine table, a third of the price of interpolating in a
    coarse one; no value is off by more than one and a half of 255.
    """
    ground = frames.ground(plan, *size, edges=True)
    stream = stream.filter("scale", *size, flags="bicubic", in_color_matrix=matrix)
    if not grade.neutral(plan.grade):
        # Packed, since haldclut takes planar channels in the wrong order.
        hald = grade.hald(plan.grade)
        fed = _fed(f"grade{number}", [hald.data.cast("B")], hald.shape[:2], feeds, plan)
        inputs = [stream.filter("format", "rgb24"), fed]
        stream = ffmpeg.filter(inputs, "haldclut", clut="first", interp="nearest")
    if ground is not None:
        fed = _fed(f"ground{number}", [ground.data.cast("B")], size, feeds, plan)
        inputs = [each.filter("format", "gbrp") for each in (stream, fed)]
        stream = ffmpeg.filter(inputs, "blend", all_mode="multiply")
    stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv")
    return stream.filter("format", "yuv420p")


def _standard_range(stream: Any, size: tuple[int, int]) -> Any:
    """HDR footage (PQ or HLG) brought to Rec. 709 by Hable's curve."""
    stream = stream.filter("scale", *size, flags="bicubic")
    stream = stream.filter("zscale", transfer="linear", npl=203)
    stream = stream.filter("format", "gbrpf32le").filter("zscale", primaries="bt709")
    stream = stream.filter("tonemap", "hable", desat=0)
    stream = stream.filter("zscale", transfer="bt709", matrix="bt709", range="tv")
    return stream.filter("format", "yuv420p")


def _grain(plan: Plan, stream: Any) -> Any:
    """Grain on footage and pictures; art has its own."""
    if not plan.grain:
        return stream
    return stream.filter("noise", c0s=round(plan.grain), c0f="t+u", c0_seed=plan.seed % 10**6)


def _still(stream: Any, plan: Plan, at: int) -> Any:
    """The output of frame `at` as a JPEG, in the colours that JPEGs are read by."""
    stream = stream.filter("select", f"eq(n,{at})")
    stream = stream.filter(
        "scale",
        in_color_matrix="bt709",
        in_range="tv",
        out_color_matrix="bt601",
        out_range="pc",
    )
    stream = stream.filter("format", "yuvj420p")
    options = {"frames:v": 1, "q:v": 2, "update": 1, "fps_mode": "passthrough"}
    return ffmpeg.output(stream, STILL, **options)


def _finish(plan: Plan, shot: Shot, stream: Any, size: tuple[int, int]) -> Any:
    """To the frame's size, and to exactly the shot's number of frames."""
    if size != (plan.width, plan.height):
        stream = stream.filter("scale", plan.width, plan.height, flags="bicubic")
    stream = stream.filter("setsar", 1)
    if isinstance(shot.media, Footage):
        stream = stream.filter("tpad", stop=-1, stop_mode="clone")
        stream = stream.filter("trim", end_frame=shot.frames)
    stream = stream.filter("settb", f"1/{plan.fps}").filter("setpts", "N")
    return stream


def _seconds(frames: int, plan: Plan) -> str:
    return f"{frames / plan.fps:.6f}"


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(":"))
