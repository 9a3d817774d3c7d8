"""The languages of a text, guessed from its letters, where the letters tell."""

from __future__ import annotations

import regex

_LANGUAGES_MAX = 3
_FEWEST_LETTERS = 3
# Letters that Urdu has and Persian has not, and letters that both have and Arabic has not.
_URDU = regex.compile(r"[ٹڈڑںےۓھہۂۃ]")
_PERSIAN = regex.compile(r"[پچژگکی]")
_ARABIC = regex.compile(r"\p{Script=Arabic}")
# Scripts in which, among the languages people post in, one language stands before all others.
_SCRIPTS = {
    "bn": regex.compile(r"\p{Script=Bengali}"),
    "hi": regex.compile(r"\p{Script=Devanagari}"),
    "ja": regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]"),
    "ko": regex.compile(r"\p{Script=Hangul}"),
    "ru": regex.compile(r"\p{Script=Cyrillic}"),
    "ta": regex.compile(r"\p{Script=Tamil}"),
    "th": regex.compile(r"\p{Script=Thai}"),
}


def guess(text: str) -> list[str]:
    """Up to three language codes, the one with the most letters first.

    Latin letters tell no language (English, French, Indonesian, …), so where there are any,
    the guess is left out: a wrong language would hide the post from readers.
    """
    if len(regex.findall(r"\p{Script=Latin}", _words(text))) >= _FEWEST_LETTERS:
        return []
    counts = {code: len(letters.findall(text)) for code, letters in _SCRIPTS.items()}
    counts[_arabic_script(text)] = len(_ARABIC.findall(text))
    likely = [code for code, count in counts.items() if count >= _FEWEST_LETTERS]
    return sorted(likely, key=lambda code: -counts[code])[:_LANGUAGES_MAX]


def _words(text: str) -> str:
    """The text without links, mentions and hashtags: they are in Latin letters in any language."""
    return str(regex.sub(r"(?:https?://|[@#＃])\S+", "", text))


def _arabic_script(text: str) -> str:
    if _URDU.search(text):
        return "ur"
    return "fa" if _PERSIAN.search(text) else "ar"
