"""A wall-clock time as the server says it in a sentence (`words.moment` does it in the browser)."""

from __future__ import annotations

from datetime import datetime

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ar": (
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
}


def spoken(wall: datetime, language: str) -> str:
    """“Tue 14 Jul, 18:00” in English or Arabic."""
    known = "ar" if language == "ar" else "en"
    comma = "،" if known == "ar" else ","
    day, month = _DAYS[known][wall.weekday()], _MONTHS[known][wall.month - 1]
    return f"{day} {wall.day} {month}{comma} {wall:%H:%M}"


def clock_notice(
    kind: str, asked: datetime, wall: datetime, later: bool
) -> tuple[str, dict[str, str]]:
    """What the clocks did to a time, as a sentence of the catalogue and its values.

    `kind` as in `clock.Moment`; an empty sentence where nothing happened.
    """
    values = {"asked": f"{asked:%H:%M}", "wall": f"{wall:%H:%M}"}
    if kind == "gap":
        return "The clocks jump over {asked} that night: this goes out at {wall}.", values
    if kind == "fold" and later:
        return "The clocks show {asked} twice that night: this goes out the second time.", values
    if kind == "fold":
        return "The clocks show {asked} twice that night: this goes out the first time.", values
    return "", values
