"""Every sentence of the pages stands in both languages."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autosched import ui
from autosched.errors import InvalidError, UnavailableError
from autosched.ui import words

_PLACEHOLDER = re.compile(r"\{\w+\}")
# What a call's sentence is: the place of its argument.
_SPEAKING = {"t": 0, "say": 0, "good": 0, "plural": 1}
_ARABIC_FORMS = {"one", "two", "few", "many", "other"}


def _sentences(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        place = _SPEAKING.get(name)
        if place is None or len(node.args) <= place:
            continue
        argument = node.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _written() -> set[str]:
    folder = Path(ui.__file__).parent
    return {each for file in folder.rglob("*.py") for each in _sentences(file.read_text())}


_SHOWN = """
import json
from autosched.ui import app, page, words
for each in page.registered.values():
    each.component()
print(json.dumps(sorted(set(words.used) | {each.title for each in page.registered.values()})))
"""


def _shown() -> set[str]:
    # In a process of its own: other tests register platforms, whose words are not ours.
    told = subprocess.run(
        [sys.executable, "-c", _SHOWN], check=True, capture_output=True, text=True
    ).stdout
    return set(json.loads(told))


def test_every_sentence_has_its_arabic() -> None:
    catalogue = words.catalogue()
    assert sorted(each for each in _written() | _shown() if each not in catalogue) == []


def test_the_arabic_keeps_what_is_filled_in() -> None:
    for english, arabic in words.catalogue().items():
        if isinstance(arabic, str) and not english.startswith("error."):
            assert set(_PLACEHOLDER.findall(english)) == set(_PLACEHOLDER.findall(arabic)), english


def test_counted_things_have_every_form_that_arabic_needs() -> None:
    for english, forms in words.catalogue().items():
        if isinstance(forms, dict) and not english.startswith("error."):
            assert set(forms) >= _ARABIC_FORMS, english


def test_the_arabic_is_arabic() -> None:
    for english, arabic in words.catalogue().items():
        if not re.search(r"[a-z]", _PLACEHOLDER.sub("", english).replace("autosched", "")):
            continue  # only names and signs
        for text in arabic.values() if isinstance(arabic, dict) else [arabic]:
            assert not text or re.search(r"[\u0600-\u06ff]", text), english


def test_a_known_problem_is_told_in_the_readers_language() -> None:
    error = UnavailableError("The disk is full.", remedy="Delete something.", code="disk_full")
    assert words.sentence(error, "en") == ("The disk is full.", "Delete something.")
    assert words.sentence(error, "ar")[0] == "امتلأت مساحة التخزين."


def test_an_unknown_problem_is_told_in_english_rather_than_not_at_all() -> None:
    error = InvalidError("Something very particular.", code="particular")
    assert words.sentence(error, "ar") == ("Something very particular.", "")


@pytest.mark.parametrize(("language", "text"), [("en", "Open Rain"), ("ar", "فتح Rain")])
def test_a_sentence_made_on_the_server_is_filled_in(language: str, text: str) -> None:
    assert words.say("Open {name}", language, name="Rain") == text
