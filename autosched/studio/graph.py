"""The one ffmpeg pass: shots, transitions, words and sound, built with ffmpeg-python.

Order matters for speed: footage is cropped first, graded and moved at the smaller of its own size
and the frame's, and only then scaled up. What ffmpeg can't draw (art, a picture's slow push-in
between pixels) comes as raw frames from moviepy clips, through pipes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import cv2
import ffmpeg
import numpy as np
from moviepy import VideoClip
from numpy.typing import NDArray
from PIL import Image, ImageOps

from autosched.media.ffmpeg import Feed
from autosched.studio import art, framing, grade
from autosched.studio.timeline import Art, Footage, Picture, Plan, Shot

# Files in the render's own folder, by relative names: nothing in a path needs escaping.
WORDS, CUBE, SOUND, PART, FONTS = "words.ass", "grade.cube", "sound.wav", "part.mp4", "fonts"
STILL = "still.jpg"

# Moving a picture between pixels costs by the pixel; above this many it is done smaller.
_MOVED_PIXELS = 1_200_000
_XFADE = {
    "dissolve": "fade",
    "fade_black": "fadeblack",
    "fade_white": "fadewhite",
    "wipe": "smoothleft",
    "slide": "slideleft",
    "zoom": "zoomin",
}
_COLOURS = "color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def build(plan: Plan, *, draft: bool = False) -> tuple[list[str], list[Feed]]:
    """ffmpeg's arguments, and what it is to be fed. `draft` trades quality for speed."""
    feeds: list[Feed] = []
    stream = _shot(plan, plan.shots[0], 0, feeds)
    for number, shot in enumerate(plan.shots[1:], start=1):
        following = _shot(plan, shot, number, feeds)
        if shot.blend:
            stream = ffmpeg.filter(
                [stream, following],
                "xfade",
                transition=_XFADE[shot.transition],
                duration=_seconds(shot.blend, plan),
                offset=_seconds(shot.first, plan),
            )
        else:
            stream = ffmpeg.concat(stream, following, v=1, a=0)
    if plan.grain:
        stream = stream.filter("noise", c0s=round(plan.grain), c0f="t+u", c0_seed=plan.seed % 10**6)
    stream = stream.filter("ass", filename=WORDS, fontsdir=FONTS)
    stream = stream.filter("setparams", range="tv", **_pairs(_COLOURS))
    output = ffmpeg.output(
        stream,
        ffmpeg.input(SOUND).audio,
        PART,
        **_encoding(plan, draft=draft),
    )
    return ["-loglevel", "info", *output.get_args()], feeds


def still(plan: Plan) -> tuple[list[str], list[Feed]]:
    """As `build`, but for the one frame at `still_at`, as a picture."""
    at = round(plan.still_at * plan.fps)
    shot = next(shot for shot in reversed(plan.shots) if shot.first <= at)
    feeds: list[Feed] = []
    stream = _shot(plan, shot, 0, feeds, only=at - shot.first)
    stream = stream.filter("setpts", f"{at}/{plan.fps}/TB")
    stream = stream.filter("ass", filename=WORDS, fontsdir=FONTS)
    options = {"frames:v": 1, "q:v": 3, "update": 1, "fps_mode": "passthrough"}
    return ["-loglevel", "info", *ffmpeg.output(stream, STILL, **options).get_args()], feeds


def encoding(*, draft: bool = False) -> dict[str, Any]:
    """The video encoder's settings. Draft: for previews and tests."""
    return {
        "c:v": "libx264",
        "profile:v": "high",
        "preset": "superfast" if draft else "faster",
        "crf": 28 if draft else 19,
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
        return _footage(plan, shot, shot.media, number, only)
    wanted = range(shot.frames) if only is None else range(only, only + 1)
    if isinstance(shot.media, Art):
        size = (shot.media.width, shot.media.height)
        frames = _art_frames(plan, shot, shot.media, wanted)
    else:
        size = (plan.width, plan.height)
        frames = _picture_frames(plan, shot, shot.media, wanted)
    name = f"feed{number}"
    feeds.append(Feed(name, frames))
    stream = ffmpeg.input(
        name,
        format="rawvideo",
        pixel_format="rgb24",
        video_size=size,
        framerate=plan.fps,
        thread_queue_size=4,
    )
    stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv")
    stream = stream.filter("format", "yuv420p")
    return _finish(plan, shot, _vignette(plan, stream), size)


def _footage(plan: Plan, shot: Shot, media: Footage, number: int, only: int | None) -> Any:
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
    stream = stream.filter("fps", plan.fps)
    stream = stream.filter("crop", w, h, x, y)
    if media.hdr:
        stream = _standard_range(stream, size)
    elif size != (w, h) or not grade.neutral(plan.grade):
        stream = stream.filter(
            "scale", *size, flags="bicubic", in_color_matrix=media.matrix, out_color_matrix="bt709"
        )
    if not grade.neutral(plan.grade):
        stream = stream.filter("format", "gbrp").filter("lut3d", file=CUBE)
    stream = stream.filter(
        "scale", in_color_matrix=media.matrix, out_color_matrix="bt709", out_range="tv"
    )
    stream = stream.filter("format", "yuv420p")
    if shot.push:
        inset = f"({shot.push}*on/{shot.frames}/2/(1+{shot.push}*on/{shot.frames}))"
        low, high = f"*{inset}", f"*(1-{inset})"
        stream = stream.filter(
            "perspective",
            x0=f"W{low}",
            y0=f"H{low}",
            x1=f"W{high}",
            y1=f"H{low}",
            x2=f"W{low}",
            y2=f"H{high}",
            x3=f"W{high}",
            y3=f"H{high}",
            interpolation="cubic",
            eval="frame",
        )
    return _finish(plan, shot, _vignette(plan, stream), size)


def _standard_range(stream: Any, size: tuple[int, int]) -> Any:
    """HDR footage (PQ or HLG) brought to Rec. 709 by Hable's curve."""
    stream = stream.filter("scale", *size, flags="bicubic")
    stream = stream.filter("zscale", transfer="linear", npl=203)
    stream = stream.filter("format", "gbrpf32le").filter("zscale", primaries="bt709")
    stream = stream.filter("tonemap", "hable", desat=0)
    stream = stream.filter("zscale", transfer="bt709", matrix="bt709", range="tv")
    return stream.filter("format", "yuv420p")


def _vignette(plan: Plan, stream: Any) -> Any:
    if not plan.vignette:
        return stream
    return stream.filter("vignette", angle=round(plan.vignette * math.pi / 3.2, 4))


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


def _art_frames(plan: Plan, shot: Shot, media: Art, wanted: range) -> Iterator[memoryview]:
    clip = art.clip(
        media.kind,
        seed=media.seed,
        width=media.width,
        height=media.height,
        fps=plan.fps,
        seconds=shot.frames / plan.fps,
        palette=media.palette,
    )
    yield from _frames(clip, wanted, plan.fps)


def _picture_frames(plan: Plan, shot: Shot, media: Picture, wanted: range) -> Iterator[memoryview]:
    """A picture with a slow push-in, sampled between pixels, so that it glides."""
    x, y, w, h = media.crop
    scale = 1 + shot.push
    with Image.open(media.path) as opened:
        upright = ImageOps.exif_transpose(opened)
        image = _opaque(upright).crop((x, y, x + w, y + h))
    wide, high = round(plan.width * scale), round(plan.height * scale)
    image = grade.apply(plan.grade, image.resize((wide, high), Image.Resampling.LANCZOS))
    source = np.asarray(image)

    def frame(t: float) -> NDArray[np.uint8]:
        # From the whole picture to its middle, a share `push` nearer.
        zoom = (1 + shot.push * t * plan.fps / shot.frames) / scale
        matrix = np.array(
            [
                [1 / zoom, 0, (wide - plan.width / zoom) / 2],
                [0, 1 / zoom, (high - plan.height / zoom) / 2],
            ]
        )
        moved = cv2.warpAffine(
            source,
            matrix,
            (plan.width, plan.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
        return np.asarray(moved, np.uint8)

    clip = VideoClip(frame_function=frame, duration=shot.frames / plan.fps)
    yield from _frames(clip, wanted, plan.fps)


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, layered).convert("RGB")
    return image.convert("RGB")


def _frames(clip: VideoClip, wanted: range, fps: int) -> Iterator[memoryview]:
    for number in wanted:
        yield np.ascontiguousarray(clip.get_frame(number / fps)).data.cast("B")


def _seconds(frames: int, plan: Plan) -> str:
    return f"{frames / plan.fps:.6f}"


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(":"))
