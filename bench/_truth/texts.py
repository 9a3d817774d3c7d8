"""Videos with texts over them, which come and go in known ways."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from autosched import packages
from bench._truth import footage
from bench._truth.footage import Frames, shot, write

Layer = NDArray[np.float32]

MOTIONS = (
    "none",
    "fade",
    "slide_up",
    "slide_down",
    "slide_left",
    "slide_right",
    "typewriter",
    "pop",
    "blur",
)
_FONTS = {
    "arabic": ("AmiriQuran-Regular", "Amiri-Regular", "ScheherazadeNew-Regular"),
    "latin": ("EBGaramond-Medium", "Inter-SemiBold", "CormorantGaramond-SemiBold"),
}
_ARABIC = "سلام نور قلب صبر رحمة طريق ليل فجر بحر سماء ذكر دعاء أمل يقين سكينة"
_LATIN = (
    "patience light of the heart and a quiet road toward dawn with mercy under open skies "
    "where rivers meet"
)
_WORDS = {"arabic": tuple(_ARABIC.split(" ")), "latin": tuple(_LATIN.split(" "))}
_COLOURS = ((255, 255, 255), (255, 244, 214), (250, 220, 120), (20, 20, 24), (235, 245, 255))


@dataclass(frozen=True)
class Written:
    """A text: the frames from `first` up to `end` in which it is seen, its box at rest in shares
    of the frame, its script, and how it enters and leaves.
    """

    first: int
    end: int
    box: tuple[float, float, float, float]
    script: str
    enter: str
    leave: str


@dataclass(frozen=True)
class Titled:
    """A video and its texts."""

    path: Path
    fps: int
    frames: int
    texts: tuple[Written, ...]


def make(folder: Path, seed: int) -> Titled:
    """A video of one to three shots with three to five texts one after the other."""
    rng = random.Random(f"texts-{seed}")
    footage.begin()
    fps = rng.choice((24, 25, 30, 30, 50))
    width, height = rng.choice(((640, 360), (360, 640), (640, 640), (480, 270)))
    made: Frames = []
    texts: list[Written] = []
    plans: list[tuple[Layer, Written, float, float]] = []
    at = round(0.5 * fps)
    for _ in range(rng.randint(3, 5)):
        enter, leave = rng.choice(MOTIONS), rng.choice(MOTIONS)
        coming = 0 if enter == "none" else max(4, round(fps * rng.uniform(0.25, 1.1)))
        going = 0 if leave == "none" else max(4, round(fps * rng.uniform(0.25, 0.9)))
        rest = round(fps * rng.uniform(1.2, 2.6))
        layer, box, script = _layer(rng, width, height)
        written = Written(at, at + coming + rest + going, box, script, enter, leave)
        plans.append((layer, written, float(coming), float(going)))
        texts.append(written)
        at = written.end + round(fps * rng.uniform(0.25, 0.8))
    total = at + round(0.4 * fps)
    parts = rng.randint(1, 3)
    for part in range(parts):
        end = total * (part + 1) // parts
        made += shot(rng, end - len(made), width, height, fps)
    for layer, written, coming, going in plans:
        draw = _Drawn(layer, written, rng)
        for number in range(written.first, written.end):
            entering = 1.0 if coming == 0 else min(1.0, (number - written.first + 1) / coming)
            left = written.end - number
            leaving = 1.0 if going == 0 else min(1.0, left / (going + 1))
            made[number] = draw.over(made[number], entering, leaving)
    path = write(folder / f"texts-{seed}.mp4", made, fps, rng.choice((18, 22, 26)), None)
    return Titled(path, fps, len(made), tuple(texts))


def _layer(
    rng: random.Random, width: int, height: int
) -> tuple[Layer, tuple[float, float, float, float], str]:
    """A block of lines on a transparent layer of the frame's size, premultiplied, 0 to 1."""
    script = rng.choice(("arabic", "latin"))
    size = round(
        rng.uniform(0.05, 0.105) * min(width, height) * (1.25 if script == "arabic" else 1)
    )
    file = packages.fonts_dir() / f"{rng.choice(_FONTS[script])}.ttf"
    font = ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.RAQM)
    direction = "rtl" if script == "arabic" else "ltr"
    lines: list[str] = []
    for _ in range(rng.randint(1, 3)):
        line = ""
        for _ in range(rng.randint(2, 5)):
            longer = f"{line} {rng.choice(_WORDS[script])}".strip()
            if font.getlength(longer, direction=direction) > 0.84 * width:
                break
            line = longer
        lines.append(line or rng.choice(_WORDS[script]))
    step = round(size * (1.75 if script == "arabic" else 1.3))
    tall = step * len(lines)
    top = rng.randint(round(0.06 * height), max(round(0.06 * height) + 1, height - tall - 8))
    align = rng.choice(("centre", "centre", "left", "right"))
    mask = Image.new("L", (width, height))
    pen = ImageDraw.Draw(mask)
    for number, line in enumerate(lines):
        long = font.getlength(line, direction=direction)
        x = {"left": 0.06 * width, "centre": (width - long) / 2, "right": 0.94 * width - long}[
            align
        ]
        pen.text((x, top + number * step + step * 0.78), line, 255, font, "ls", direction=direction)
    ink = np.asarray(mask, np.float32) / 255
    rows, columns = np.nonzero(ink.max(axis=1) > 0.2)[0], np.nonzero(ink.max(axis=0) > 0.2)[0]
    box = (
        float(columns[0]) / width,
        float(rows[0]) / height,
        float(columns[-1] + 1 - columns[0]) / width,
        float(rows[-1] + 1 - rows[0]) / height,
    )
    colour = np.array(rng.choice(_COLOURS), np.float32) / 255
    dark = float(colour.mean()) > 0.5
    layer = np.dstack([ink[..., None] * colour, ink]).astype(np.float32)
    style = rng.choice(("shadow", "outline", "glow", "shadow"))
    if style == "outline":
        wide = np.asarray(mask.filter(ImageFilter.MaxFilter(3)), np.float32) / 255
    else:
        soft = ImageFilter.GaussianBlur(2 if style == "shadow" else 6)
        wide = np.asarray(mask.filter(soft), np.float32) / 255 * 0.8
    under = np.zeros_like(layer)
    under[..., :3] = 0.0 if dark else wide[..., None]
    under[..., 3] = wide
    return layer + under * (1 - layer[..., 3:]), box, script


class _Drawn:
    """A text as it comes and goes over frames."""

    def __init__(self, layer: Layer, written: Written, rng: random.Random) -> None:
        self._layer, self._written = layer, written
        self._reach = rng.uniform(0.1, 0.3)
        self._fades = rng.random() < 0.6
        self._over = rng.random() < 0.5
        self._ease = rng.choice((1, 2, 3))

    def over(
        self, picture: NDArray[np.uint8], entering: float, leaving: float
    ) -> NDArray[np.uint8]:
        """The frame with the text; both shares are 1 where it rests."""
        layer = self._layer
        if entering < 1:
            layer = self._moved(self._written.enter, entering, coming=True)
        elif leaving < 1:
            layer = self._moved(self._written.leave, leaving, coming=False)
        shown = picture / np.float32(255) * (1 - layer[..., 3:]) + layer[..., :3]
        return np.clip(shown * 255, 0, 255).astype(np.uint8)

    def _moved(self, kind: str, share: float, *, coming: bool) -> Layer:
        height, width = self._layer.shape[:2]
        rest = (1 - share) ** self._ease
        way = -1 if coming else 1
        opacity = share if self._fades else min(1.0, share * 4)
        if kind == "fade":
            return self._layer * np.float32(share)
        if kind.startswith("slide_"):
            x, y = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}[kind[6:]]
            reach = self._reach * (height if y else width)
            return self._warped(1.0, way * x * rest * reach, way * y * rest * reach) * opacity
        if kind == "pop":
            scale = 1 - 0.75 * rest
            if self._over and share > 0.5:
                scale += 0.1 * np.sin((share - 0.5) * 2 * np.pi)
            return self._warped(float(scale), 0, 0) * min(1.0, share * 2.5)
        if kind == "blur":
            blurred = cv2.GaussianBlur(self._layer, (0, 0), 0.3 + 0.03 * height * rest)
            return np.asarray(blurred, np.float32) * np.float32(share)
        return self._typed(share)

    def _warped(self, scale: float, dx: float, dy: float) -> Layer:
        height, width = self._layer.shape[:2]
        x, y, w, h = self._written.box
        middle = ((x + w / 2) * width, (y + h / 2) * height)
        matrix = np.array(
            [
                [scale, 0, middle[0] * (1 - scale) + dx],
                [0, scale, middle[1] * (1 - scale) + dy],
            ],
            np.float32,
        )
        moved = cv2.warpAffine(self._layer, matrix, (width, height), flags=cv2.INTER_LINEAR)
        return np.asarray(moved, np.float32)

    def _typed(self, share: float) -> Layer:
        """Written out from the side that is read from, line by line."""
        height, width = self._layer.shape[:2]
        x, _y, w, _h = self._written.box
        rows = self._rows()
        mask = np.zeros((height, width, 1), np.float32)
        done = share * len(rows)
        for number, (top, bottom) in enumerate(rows):
            part = float(np.clip(done - number, 0, 1))
            left, right = x * width - 6, (x + w) * width + 6
            edge = part * (right - left)
            if self._written.script == "arabic":
                mask[top:bottom, max(0, round(right - edge)) : round(right)] = 1
            else:
                mask[top:bottom, max(0, round(left)) : round(left + edge)] = 1
        return self._layer * mask

    def _rows(self) -> list[tuple[int, int]]:
        """The rows of each line, from one gap between lines to the next."""
        ink = self._layer[..., 3].max(axis=1) > 0.5
        edges = np.diff(np.concatenate([[0], ink.astype(np.int8), [0]]))
        runs = list(zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True))
        joined: list[tuple[int, int]] = []
        for top, bottom in runs:
            tall = bottom - top
            if joined and (tall < 6 or top - joined[-1][1] < 3):
                joined[-1] = (joined[-1][0], int(bottom))
            else:
                joined.append((int(top), int(bottom)))
        return [(max(0, top - 8), bottom + 8) for top, bottom in joined]
