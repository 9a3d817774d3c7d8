"""The maker `art`: a still or a clip of procedural art."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from autosched.errors import CancelledError
from autosched.studio import art
from autosched.studio.making.wish import Cancelled, Made, Told, Wish

_FPS = 30


class Art:
    """Procedural art needs no prompt; the seed and the kind's options settle it."""

    @property
    def version(self) -> str:
        """Of the drawing itself: another program draws another picture."""
        return _drawing()

    def make(
        self, wish: Wish, source: Path | None, out: Path, told: Told, cancelled: Cancelled
    ) -> Made:
        from PIL import Image

        # Video needs even sides.
        width, height = wish.width, wish.height
        if wish.seconds:
            width, height = width - width % 2, height - height % 2
        seconds = wish.seconds or 4.0
        clip = art.clip(
            wish.kind,
            seed=wish.seed,
            width=width,
            height=height,
            fps=_FPS,
            seconds=seconds,
            options=wish.options,
        )
        kind = art.KINDS[wish.kind]
        name = f"{kind.title} {wish.seed}"
        if not wish.seconds:
            told(0.1, "Drawing")
            path = out / "art.png"
            Image.fromarray(np.asarray(clip.get_frame(2.0))).save(path)
            return Made(path=path, name=f"{name}.png", alt=kind.description)
        path = out / "art.mp4"
        _film(clip, path, seconds, told, cancelled)
        return Made(path=path, name=f"{name}.mp4", alt=kind.description)


def _film(clip: Any, path: Path, seconds: float, told: Told, cancelled: Cancelled) -> None:
    import av

    count = max(1, round(seconds * _FPS))
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=_FPS)
        for number in range(count):
            if cancelled():
                raise CancelledError("The clip was cancelled.")
            picture = clip.get_frame(number / _FPS)
            if not number:
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt, stream.options = "yuv420p", {"crf": "17", "preset": "veryfast"}
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            told(number / count, "Drawing")
        container.mux(stream.encode())


@lru_cache(maxsize=1)
def _drawing() -> str:
    seen = hashlib.sha256()
    for file in sorted(Path(art.__file__).parent.glob("*.py")):
        seen.update(file.read_bytes())
    return f"art {seen.hexdigest()}"
