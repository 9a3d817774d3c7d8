"""Spellings that people use for one another fold onto one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autosched.scripture import letters
from autosched.scripture.languages import LANGUAGES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ٱلرَّحۡمَٰنِ", "الرحمن"),
        ("إِبۡرَٰهِـۧمَ", "ابرهم"),
        ("مُوسَىٰ", "موسي"),
        ("رَحۡمَةࣰۖ", "رحمه"),
        ("الـــكتاب", "الكتاب"),
        ("کتاب", "كتاب"),
    ],
)
def test_arabic_folds_vowels_signs_and_forms_of_a_letter(one: str, other: str) -> None:
    assert letters.arabic(one) == letters.arabic(other)


@pytest.mark.parametrize(
    ("text", "language", "folded"),
    [
        ("The Qur'an!", "en", "the quran"),
        ("L'Heure, ô hommes", "fr", "l heure o hommes"),
        ("GÜÇLÜK ışık İnşirâh", "tr", "gucluk isik insirah"),
        ("Ещё й", "ru", "еще и"),
        ("lättnad", "sv", "lattnad"),
        ("كيا ہے؟", "ur", "کیا ہے"),
        ("কষ্টের।", "bn", "কষ্টের"),
    ],
)
def test_translations_fold_case_accents_and_apostrophes(
    text: str, language: str, folded: str
) -> None:
    assert letters.words(text, language) == folded


@settings(deadline=None)
@given(st.text(), st.sampled_from(sorted(LANGUAGES)))
def test_folding_twice_is_folding_once(text: str, language: str) -> None:
    folded = letters.words(text, language)
    assert letters.words(folded, language) == folded
