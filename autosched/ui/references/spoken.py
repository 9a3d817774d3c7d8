"""The words for what a report names by a code: kinds, motions, scales, figures."""

from __future__ import annotations

from typing import Any

import reflex as rx

from autosched.ui.words import t

WORDS = {
    # transitions
    "cut": "Cut",
    "dissolve": "Dissolve",
    "fade_black": "Fade through black",
    "fade_white": "Fade through white",
    "wipe": "Wipe",
    "slide": "Slide",
    "zoom": "Zoom",
    "flash": "Flash",
    # directions
    "left": "to the left",
    "right": "to the right",
    "up": "upwards",
    "down": "downwards",
    "in": "inwards",
    "out": "outwards",
    # scales and cameras
    "extreme_wide": "Extreme wide",
    "wide": "Wide",
    "medium": "Medium",
    "close": "Close-up",
    "extreme_close": "Extreme close-up",
    "static": "Static",
    "pan": "Pan",
    "tilt": "Tilt",
    "handheld": "Handheld",
    # text motion
    "none": "Stands at once",
    "fade": "Fade",
    "slide_up": "Slides up",
    "slide_down": "Slides down",
    "slide_left": "Slides left",
    "slide_right": "Slides right",
    "typewriter": "Typewriter",
    "pop": "Pop",
    "blur": "Out of a blur",
    # sound
    "silence": "Silence",
    "speech": "Speech",
    "recitation": "Recitation",
    "music": "Music",
    "ambience": "Ambience",
    # figures
    "temperature": "Temperature",
    "tint": "Tint",
    "contrast": "Contrast",
    "saturation": "Saturation",
    "black": "Black point",
    "white": "White point",
    "shadows": "Cast of the shadows",
    "highlights": "Cast of the highlights",
    "saturation_dark": "Saturation, dark parts",
    "saturation_middle": "Saturation, middle",
    "saturation_bright": "Saturation, bright parts",
    "shots": "Shots",
    "shot_length": "Usual length of a shot",
    "shortest": "Shortest shot",
    "longest": "Longest shot",
    "cuts_on_beats": "Cuts on a beat",
    "texts": "Texts",
    "script": "Script",
    "arabic": "Arabic",
    "latin": "Latin",
    "size": "Height of a line",
    "align": "Alignment",
    "align_left": "Left",
    "align_right": "Right",
    "align_centre": "Centred",
    "colour": "Colour",
    "on_screen": "Usual time on screen",
    "tempo": "Tempo",
    "key": "Key",
    "loudness": "Loudness",
    "instruments": "Instruments",
    "energy": "Energy",
    "yes": "Yes",
    "no": "No",
    "scale": "Scale",
    "camera": "Camera",
    "camera_direction": "Goes",
    "camera_speed": "Speed",
    "thirds": "On the thirds",
    "symmetry": "Symmetry",
    "centre": "In the centre",
    "negative_space": "Negative space",
    "horizon": "Horizon from the top",
    # moods
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

# How far a measurement has come, by the name that the worker gives to its stage.
STAGES = {
    "Waiting": "Waiting",
    "Waiting to begin again": "Waiting to begin again",
    "Measuring": "Measuring the style",
    "Putting it together": "Putting it together",
    "Cancelling": "Cancelling",
}


def word(code: Any) -> rx.Var[str]:
    """The word for a code; a code without one stands as it is."""
    given = rx.Var.create(code).to(str)
    return rx.match(given, *((each, t(english)) for each, english in WORDS.items()), given)


def stage(name: Any) -> rx.Var[str]:
    """The words for a stage of measuring."""
    given = rx.Var.create(name).to(str)
    pairs = ((each, t(english)) for each, english in STAGES.items())
    return rx.match(given, *pairs, t("Measuring the style"))
