"""The least parts of an ASS script: events, times, colours, and text that commands nothing."""

from __future__ import annotations

import re


def escaped(text: str) -> str:
    """`text` such that libass draws it as it is: no overrides, no line breaks of its own."""
    # A backslash only means something before N, n, h and braces: a word joiner comes between.
    # Braces are escaped by a backslash of their own.
    text = re.sub(r"\\(?=[Nnh{}\\])", "\\\\\u2060", text)
    return text.replace("{", r"\{").replace("}", r"\}").replace("\n", " ")


def event(style: str, start: float, end: float, text: str) -> str:
    """One line of the script's events."""
    return f"Dialogue: 0,{_time(start)},{_time(end)},{style},,0,0,0,,{text}"


def _time(seconds: float) -> str:
    hundredths = round(max(0.0, seconds) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def colour(colour: str) -> str:
    """A colour as ASS writes it: blue, green, red."""
    return f"&H{colour[5:7]}{colour[3:5]}{colour[1:3]}&".upper()


def alpha(opacity: float) -> str:
    """An opacity as ASS writes it: how much is let through."""
    return f"&H{round(255 * (1 - max(0.0, min(1.0, opacity)))):02X}&"
