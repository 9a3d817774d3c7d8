"""Folds spellings onto one another so that people find what they mean.

Only for comparing: what is shown is never folded.
"""

from __future__ import annotations

import re
import unicodedata

# Arabic forms that people type for one another, after marks are gone.
_ARABIC = str.maketrans(
    {
        "ٱ": "ا",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٲ": "ا",
        "ٳ": "ا",
        "ى": "ي",
        "ئ": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ۃ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ۀ": "ه",
        "ک": "ك",
        "ڪ": "ك",
    }
)

# Urdu is folded towards its own letters, whichever keyboard they were typed on.
_URDU = str.maketrans(
    {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۃ": "ہ", "ۂ": "ہ", "ؤ": "و"}
    | dict.fromkeys("أإآٱ", "ا")
)

# Signs that are no letter: vowels, pauses, the lengthening stroke, joiners, rosettes.
_NO_LETTER = frozenset({"Mn", "Me", "Lm", "Sk", "So", "Cf"})

# Latin letters whose decomposition alone does not lead to the letter that people type.
_LATIN = str.maketrans({"ı": "i", "ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})

APOSTROPHES = "'’‘ʼʾʿʻ`´ʹ‛′ˈ"
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def is_arabic(text: str) -> bool:
    """Whether any of it is in Arabic script."""
    return _ARABIC_SCRIPT.search(text) is not None


def bare(text: str) -> str:
    """Arabic letters and spaces only, each letter as it stands."""
    kept = (c for c in unicodedata.normalize("NFC", text) if not _is_sign(c))
    return " ".join("".join(kept).split())


def arabic(text: str) -> str:
    """Arabic without vowels and signs, forms of one letter made one; words one space apart."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if not _is_sign(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", kept.translate(_ARABIC)).split())


def loose(folded: str) -> str:
    """Folded Arabic without the letters that spellings disagree about most.

    It merges different words: only for a second try, when nothing was found.
    """
    return re.sub("[اءوي]", "", folded)


def words(text: str, language: str) -> str:
    """A translation's words in small letters without accents, one space apart.

    Bengali keeps its signs, which are vowels; an apostrophe parts words in French only.
    """
    text = _APOSTROPHE.sub(" " if language == "fr" else "", text.replace("\u00ad", ""))
    text = unicodedata.normalize("NFKC", text).casefold()
    if language == "ur":
        text = "".join(c for c in text.translate(_URDU) if not _is_sign(c))
    elif language == "bn":
        text = "".join(c if _is_bengali_sign(c) else _BETWEEN_WORDS.sub(" ", c) for c in text)
    else:
        text = plain(text)
    return " ".join(_BETWEEN_WORDS.sub(" ", text).split() if language != "bn" else text.split())


def plain(text: str) -> str:
    """Latin or Cyrillic in small letters without accents; nothing else is changed."""
    lowered = unicodedata.normalize("NFKD", text.casefold().translate(_LATIN))
    return "".join(c for c in lowered if unicodedata.category(c) != "Mn").translate(_LATIN)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) in _NO_LETTER


def _is_bengali_sign(character: str) -> bool:
    return "\u0980" <= character <= "\u09ff"
