"""Takes a written reference apart: numbers, names, colons, dashes, and words that only join them.

It knows the digits of every script and the words for "surah" and "verse" of many languages, and
nothing of which verses exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from autosched.scripture import letters


class Kind(StrEnum):
    """What a token is; the letters spell the patterns that `references` reads by."""

    SURAH = "s"
    VERSE = "v"
    NAME = "w"
    NUMBER = "n"
    COLON = "c"
    DASH = "d"
    COMMA = ","
    SEMICOLON = ";"
    NOTHING = ""


@dataclass(frozen=True)
class Token:
    """A piece of a reference. A number's text is in plain digits."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Part:
    """What stands between two commas or semicolons; `comma` when a comma came before it."""

    tokens: tuple[Token, ...]
    comma: bool

    @property
    def kinds(self) -> str:
        return "".join(token.kind for token in self.tokens)

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens).replace(" : ", ":")


_WORDS: dict[Kind, str] = {
    Kind.SURAH: (
        "surah surahs sura suras surat surath suratu soera sourate sourates sure suresi suresinin "
        "surasi surasinin chapter ch chapitre kapitel capitulo qs q quran qur'an coran koran kuran "
        "alquran s سوره السوره سور القران сура суры সূরা সুরা"
    ),
    Kind.VERSE: (
        "ayah ayahs ayat ayats aya ayas aayah aayat ayaat ayet ayeti ayetler ayetleri verse verses "
        "verset versets vers verso versos versiculo versiculos aleya aleyas v vv vs no number "
        "ايه الايه ايات الايات ايت رقم аят аяты আয়াত"
    ),
    Kind.DASH: "to till until through thru bis hasta sampai hingga الي حتي تا до",
    Kind.COMMA: "and et und ve dan y و اور и এবং",
    Kind.NOTHING: "from dari von من of the",
}
# What may stand before "Quran" and then says nothing: "Al-Quran 2:255", "Holy Quran".
_BEFORE = [["al"], ["el"], ["holy"], ["noble"], ["glorious"]]

# Written for one another on keyboards and phones.
_SIGNS = str.maketrans(
    dict.fromkeys("：∶׃﹕", ":")
    | dict.fromkeys("،，、٬&+", ",")
    | dict.fromkeys("؛；\n", ";")
    | dict.fromkeys("−∼~～ー", "-")
    | dict.fromkeys('()[]{}<>«»“”„"﴿﴾۝|#*?!؟…', " ")
    | dict.fromkeys(letters.APOSTROPHES, "'")
)
# With accents apart from their letters, and the vowel signs of Indian scripts.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0963\u0980-\u09e3])"
_TOKEN = re.compile(
    rf"(?P<number>\d+)|(?P<word>'?{_LETTER}(?:{_LETTER}|')*)|(?P<sign>[:,;-])|(?P<other>[^\s.'])"
)


def parts(text: str) -> list[Part] | None:
    """The parts of a reference in order; None when it holds a sign that no reference has."""
    found: list[Part] = []
    collected: list[Token] = []
    comma = False
    for token in _tokens(_plain(text)):
        if token is None:
            return None
        if token.kind in (Kind.COMMA, Kind.SEMICOLON):
            if collected and any(each.kind is not Kind.SURAH for each in collected):
                found.append(Part(tuple(collected), comma))
                collected = []
                comma = token.kind is Kind.COMMA
        elif token.kind is Kind.SURAH and [each.text.lower() for each in collected] in _BEFORE:
            collected = [token]
        elif token.kind is Kind.NAME and collected and collected[-1].kind is Kind.NAME:
            collected[-1] = Token(Kind.NAME, f"{collected[-1].text} {token.text}")
        else:
            collected.append(token)
    if collected:
        found.append(Part(tuple(collected), comma))
    return found


def _tokens(text: str) -> Iterator[Token | None]:
    for match in _TOKEN.finditer(text):
        value = match.group()
        if match.lastgroup == "number":
            yield Token(Kind.NUMBER, value.lstrip("0") or "0")
        elif match.lastgroup == "sign":
            yield Token(
                {":": Kind.COLON, "-": Kind.DASH, ",": Kind.COMMA, ";": Kind.SEMICOLON}[value],
                value,
            )
        elif match.lastgroup == "other":
            yield None
        else:
            kind = _KIND_OF_WORD.get(_word(value), Kind.NAME)
            if kind is not Kind.NOTHING:
                yield Token(kind, value)


def _word(text: str) -> str:
    """A word as the table has it. A Turkish ş stays apart from s: Şura is no word for surah."""
    if letters.is_arabic(text):
        return letters.arabic(text)
    return letters.plain(text.casefold().replace("'", "").replace("ş", "sh"))


_KIND_OF_WORD = {_word(word): kind for kind, listed in _WORDS.items() for word in listed.split()}


def _plain(text: str) -> str:
    """Digits of any script made plain, dashes one dash, invisible signs and vowels away."""
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = "".join(_character(c) for c in text)
    text = re.sub(r"(?<=\d)[./](?=\d)", ":", text)
    return re.sub(rf"(?<=(?:{_LETTER}|'))-(?='?{_LETTER})", " ", text)


def _character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd":
        return "-"
    if category == "Cf" or (category in ("Mn", "Lm") and letters.is_arabic(character)):
        return ""
    return character
