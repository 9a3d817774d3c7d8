"""The five formats, as data: their sizes, and the safe areas that platforms' own buttons leave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What shape a video has."""

    REEL = "reel"
    STORY = "story"
    PORTRAIT = "portrait"
    SQUARE = "square"
    LANDSCAPE = "landscape"


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; `x` and `y` are its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def holds(self, other: Box, *, slack: float = 0.0) -> bool:
        """Whether `other` lies inside, `slack` pixels over the edge allowed."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True)
class Frame:
    """A format's size in pixels, and the margins, in shares of its size, kept free of text.

    The margins are where Instagram, TikTok and YouTube Shorts draw their captions, names and
    buttons (the largest of the three), with both sides alike so that centred text stays centred.
    """

    title: str
    width: int
    height: int
    top: float
    bottom: float
    sides: float

    @property
    def safe(self) -> Box:
        """The part that text may use."""
        x, y = self.width * self.sides, self.height * self.top
        return Box(x, y, self.width - 2 * x, self.height * (1 - self.top - self.bottom))

    @property
    def unit(self) -> float:
        """How long one design pixel is: templates are drawn for a short side of 1080."""
        return min(self.width, self.height) / 1080


FRAMES: dict[Format, Frame] = {
    Format.REEL: Frame("Reel, Short, TikTok (9:16)", 1080, 1920, 0.14, 0.22, 0.115),
    Format.STORY: Frame("Story (9:16)", 1080, 1920, 0.14, 0.20, 0.09),
    Format.PORTRAIT: Frame("Portrait post (4:5)", 1080, 1350, 0.08, 0.08, 0.085),
    Format.SQUARE: Frame("Square post (1:1)", 1080, 1080, 0.075, 0.075, 0.085),
    Format.LANDSCAPE: Frame("Landscape (16:9)", 1920, 1080, 0.09, 0.12, 0.11),
}


def sized(frame: Frame, scale: float) -> Frame:
    """The same frame smaller, for drafts and previews; sides stay even, as the encoder needs."""

    def even(pixels: int) -> int:
        return max(2, round(pixels * scale / 2) * 2)

    return Frame(
        frame.title,
        even(frame.width),
        even(frame.height),
        frame.top,
        frame.bottom,
        frame.sides,
    )
