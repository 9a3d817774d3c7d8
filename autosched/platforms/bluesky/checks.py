"""What Bluesky takes."""

from __future__ import annotations

from autosched.platforms.bluesky.pictures import BYTES_MAX
from autosched.platforms.limits import ImageRule, Limits, Shape, VideoRule

_ALT_MAX = 1000

SHAPES = (
    Shape(
        "post",
        "Post",
        Limits(
            text_max=300,
            text_unit="graphemes",
            text_bytes_max=3000,
            images_max=4,
            image=ImageRule(
                mimes=("image/jpeg", "image/png", "image/webp", "image/gif"),
                bytes_max=BYTES_MAX,
                alt_max=_ALT_MAX * 2,
            ),
            videos_max=1,
            video=VideoRule(
                mimes=("video/mp4",),
                bytes_max=50_000_000,
                seconds_max=180.0,
                alt_max=_ALT_MAX,
            ),
        ),
    ),
)
