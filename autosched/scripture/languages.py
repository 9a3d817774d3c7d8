"""The languages of the translations, with who translated and where the text comes from."""

from __future__ import annotations

from dataclasses import dataclass

from autosched.errors import InvalidError


@dataclass(frozen=True)
class Language:
    """A language in which the meaning can be read; `direction` is `ltr` or `rtl`."""

    code: str
    name: str
    native: str
    direction: str
    translator: str
    source: str


_TANZIL = "https://tanzil.net/trans/"
_ENCYCLOPEDIA = "https://quranenc.com/en/browse/"

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language(
            "en",
            "English",
            "English",
            "ltr",
            "Umm Muhammad (Saheeh International)",
            _TANZIL + "en.sahih",
        ),
        Language(
            "fr", "French", "Français", "ltr", "Muhammad Hamidullah", _TANZIL + "fr.hamidullah"
        ),
        Language(
            "id",
            "Indonesian",
            "Bahasa Indonesia",
            "ltr",
            "Indonesian Ministry of Islamic Affairs",
            _ENCYCLOPEDIA + "indonesian_affairs",
        ),
        Language(
            "tr",
            "Turkish",
            "Türkçe",
            "ltr",
            "Turkish Directorate of Religious Affairs (Diyanet)",
            _TANZIL + "tr.diyanet",
        ),
        Language("ur", "Urdu", "اردو", "rtl", "Abul A'la Maududi", _TANZIL + "ur.maududi"),
        Language("bn", "Bengali", "বাংলা", "ltr", "Muhiuddin Khan", _TANZIL + "bn.bengali"),
        Language("es", "Spanish", "Español", "ltr", "Muhammad Isa García", _TANZIL + "es.garcia"),
        Language("ru", "Russian", "Русский", "ltr", "Elmir Kuliev", _TANZIL + "ru.kuliev"),
        Language("sv", "Swedish", "Svenska", "ltr", "Knut Bernström", _TANZIL + "sv.bernstrom"),
        Language("zh", "Chinese", "中文", "ltr", "Muhammad Makin", _ENCYCLOPEDIA + "chinese_makin"),
    )
}


def language(code: str) -> Language:
    """The language of that code; `InvalidError` when there is no translation in it."""
    if code not in LANGUAGES:
        known = ", ".join(f"{each.code} ({each.name})" for each in LANGUAGES.values())
        raise InvalidError(
            f"There is no translation in “{code}”.",
            remedy=f"Choose one of {known}.",
            code="no_such_language",
        )
    return LANGUAGES[code]
