"""The text of the Quran, its translations, references and search.

Pure: no database of the application and no acting user. What a caller needs is named here.
"""

from autosched.scripture.fonts import FONTS, LANGUAGE_FONTS, unsettable, video_languages
from autosched.scripture.languages import LANGUAGES, Language
from autosched.scripture.pauses import pauses
from autosched.scripture.references import citation, parse
from autosched.scripture.search import Hit, Where, search
from autosched.scripture.sources import Source, sources
from autosched.scripture.surahs import Surah, surah, surahs
from autosched.scripture.text import Verse, verse, verse_document, verses

__all__ = [
    "FONTS",
    "LANGUAGES",
    "LANGUAGE_FONTS",
    "Hit",
    "Language",
    "Source",
    "Surah",
    "Verse",
    "Where",
    "citation",
    "parse",
    "pauses",
    "search",
    "sources",
    "surah",
    "surahs",
    "unsettable",
    "verse",
    "verse_document",
    "verses",
    "video_languages",
]
