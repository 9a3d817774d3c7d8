"""What the words of a template are called on the page: motions, transitions, scales, places."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.words import t

MOTIONS = {
    "none": "At once",
    "fade": "Fade",
    "rise": "Rise",
    "blur": "Out of focus",
    "slide": "Slide",
    "settle": "Settle",
    "typewriter": "Typewriter",
    "slide_up": "Slide up",
    "slide_down": "Slide down",
    "slide_left": "Slide left",
    "slide_right": "Slide right",
    "pop": "Pop",
    "words": "Word by word",
    "lines": "Line by line",
    "sink": "Sink",
    "zoom": "Zoom",
    "glow": "Glow",
    "reveal": "Reveal",
    "wipe": "Wipe",
    "spread": "Spread",
    "shrink": "Shrink",
    "grow": "Grow",
    "drift": "Drift",
    "wipe_in": "Wipe in",
    "zoom_out": "Zoom out",
    "focus": "Come into focus",
}
TRANSITIONS = {
    "cut": "Cut",
    "dissolve": "Dissolve",
    "fade_black": "Through black",
    "fade_white": "Through white",
    "wipe": "Wipe",
    "slide": "Slide",
    "zoom": "Zoom",
    "flash": "Flash",
}
SCALES = {
    "extreme_wide": "Extreme wide",
    "wide": "Wide",
    "medium": "Medium",
    "close": "Close",
    "extreme_close": "Extreme close",
}
CAMERAS = {
    "static": "Static",
    "pan": "Pan",
    "tilt": "Tilt",
    "zoom": "Zoom",
    "handheld": "Handheld",
}
AMBIENCES = {
    "wind": "Wind",
    "rain": "Rain",
    "waves": "Waves",
    "night": "Night",
    "stream": "Stream",
    "room": "Quiet room",
    "birds": "Birds",
    "fire": "Fire",
    "thunder": "Thunder",
}
MOODS = {
    "tense": "Tense",
    "energetic": "Energetic",
    "joyful": "Joyful",
    "solemn": "Solemn",
    "neutral": "Neutral",
    "hopeful": "Hopeful",
    "melancholic": "Melancholic",
    "still": "Still",
    "calm": "Calm",
}
PANELS = {"none": "None", "shade": "Shade", "card": "Card", "frame": "Card with a line"}
ORNAMENTS = {"none": "None", "rule": "Line", "diamond": "Diamond", "dots": "Dots"}
ALIGNS = {"centre": "In the middle", "edges": "At the edge"}
PARTS = {
    "look": "Look and grade",
    "text": "Text",
    "motion": "Motion",
    "pace": "Pace and transitions",
    "background": "Background",
    "framing": "Framing",
    "sound": "Sound",
}
# Where a change was made, by the first word of its place.
PLACES = {
    "background": "Background",
    "grade": "Look and grade",
    "grain": "Grain",
    "vignette": "Vignette",
    "layout": "Place of the words",
    "type": "Type",
    "ornament": "Ornament",
    "panel": "Behind the words",
    "glow": "Glow",
    "motion": "Motion",
    "transition": "Transitions",
    "pace": "Pace",
    "composition": "Framing",
    "push": "Slow push-in",
    "sound": "Sound",
    "effects": "Effects",
    "sample": "Sample verse",
    "description": "Description",
}


def said(word: Any, words: dict[str, str]) -> rx.Var[Any]:
    """A word of a template as people say it; one that has no other name, as it stands."""
    return rx.match(word, *((key, t(english)) for key, english in words.items()), word)
