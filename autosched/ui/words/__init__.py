"""What the pages say, in English and Arabic: both travel with the page, so switching is instant.

English stands in the code, where it is read; the other language in the catalogues beside this
module (`ar/*.toml`, one a room), by the English sentence. `t` is for components, `say` for
sentences made on the server, such as a toast.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from autosched.errors import AutoschedError

LANGUAGES = {"en": "English", "ar": "العربية"}
_LIBRARY = "$/public/app/language.js"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")

# Every sentence that the pages have asked for: the test holds it against the catalogues.
used: set[str] = set()


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str | dict[str, str]]:
    """All Arabic sentences by their English; a table holds the plural forms."""
    found: dict[str, str | dict[str, str]] = {}
    for file in sorted((Path(__file__).parent / "ar").glob("*.toml")):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def _call(expression: str, function: str | None = None, type_: Any = str) -> rx.Var[Any]:
    tags = [ImportVar(tag="useLanguage")] + ([ImportVar(tag=function)] if function else [])
    return rx.Var(
        _js_expr=expression,
        _var_type=type_,
        _var_data=VarData(imports={_LIBRARY: tags}, hooks={"const language = useLanguage()": None}),
    ).guess_type()


language: rx.Var[str] = _call("language")
is_arabic: rx.Var[bool] = _call('(language === "ar")', type_=bool)
direction: rx.Var[str] = _call('(language === "ar" ? "rtl" : "ltr")')
browser_zone: rx.Var[str] = _call("browserZone()", "browserZone")
zone_names: rx.Var[list[str]] = _call("zoneNames()", "zoneNames", list[str])


def t(english: str, **values: Any) -> rx.Var[str]:
    """The sentence in the reader's language; `{name}` takes the value (a var or text) `name`."""
    used.add(english)
    arabic = catalogue().get(english, english)
    if not isinstance(arabic, str):
        raise TypeError(f"“{english}” has plural forms: use `plural`")
    if not values:
        return _call(
            f"(language === 'ar' ? {json.dumps(arabic, ensure_ascii=False)}"
            f" : {json.dumps(english, ensure_ascii=False)})"
        )
    return rx.cond(is_arabic, _fill(arabic, values), _fill(english, values)).to(str)


def _fill(sentence: str, values: dict[str, Any]) -> rx.Var[str]:
    return rx.Var.create(_PLACEHOLDER.sub(lambda match: f"{values[match[1]]}", sentence))


def plural(one: str, other: str, n: Any) -> rx.Var[str]:
    """A counted thing, such as `plural("{n} file", "{n} files", State.count)`."""
    used.add(other)
    forms = catalogue().get(other, {"other": other})
    arabic = json.dumps(forms if isinstance(forms, dict) else {"other": forms}, ensure_ascii=False)
    english = json.dumps({"one": one, "other": other}, ensure_ascii=False)
    return _with(n, f"pluralText(%s, language, language === 'ar' ? {arabic} : {english})")


def moment(iso: Any, zone: Any, shape: str = "moment") -> rx.Var[str]:
    """A stored moment (ISO text) in a zone. Shapes: `moment`, `date`, `day`, `time`, `ago`."""
    where = rx.Var.create(zone)
    made = _with(iso, f'momentText(%s, {where!s}, language, "{shape}")', "momentText")
    return made._replace(merge_var_data=where._get_all_var_data())


def zone_name(zone: Any) -> rx.Var[str]:
    """A zone as people say it: “Istanbul, GMT+3”."""
    return _with(zone, "zoneText(%s, language)")


def today(zone: Any, calendar: str = "common") -> rx.Var[str]:
    """Today's date in a zone, in the common calendar or the `hijri` one (Umm al-Qura)."""
    return _with(zone, f'todayText(%s, language, "{calendar}")')


def number(value: Any) -> rx.Var[str]:
    """A number with the language's separators."""
    return _with(value, "numberText(%s, language)")


def size(value: Any) -> rx.Var[str]:
    """A number of bytes as people say it."""
    return _with(value, "sizeText(%s, language)")


def length(seconds: Any) -> rx.Var[str]:
    """A duration as a clock: “1:15”."""
    return _with(seconds, "lengthText(%s)")


def time_left(seconds: Any) -> rx.Var[str]:
    """How long something still takes: “about 2 min”."""
    return _with(seconds, "leftText(%s, language)")


def _with(value: Any, pattern: str, function: str | None = None) -> rx.Var[Any]:
    given = rx.Var.create(value)
    made = _call(pattern % str(given), function or pattern.split("(", 1)[0])
    return made._replace(merge_var_data=given._get_all_var_data())


def address_value(name: str) -> rx.Var[str]:
    """A value of the page's address, read in the browser."""
    return _call(f'addressValue("{name}")', "addressValue")


def say(english: str, language: str, **values: Any) -> str:
    """The sentence in `language` ("en" or "ar"), for what the server writes."""
    used.add(english)
    found = catalogue().get(english, english) if language == "ar" else english
    sentence = found if isinstance(found, str) else found["other"]
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), sentence)


def known(english: str, language: str) -> str:
    """A sentence that was not written for a page (a platform's title, its hint, its answer), in
    `language` where the catalogue has it, else as it stands.
    """
    found = catalogue().get(english) if language == "ar" and english else None
    return found if isinstance(found, str) else english


def sentence(error: AutoschedError, language: str) -> tuple[str, str]:
    """What happened and what to do about it; in English where the catalogue has no other."""
    if language != "ar":
        return error.sentence, error.remedy
    found = catalogue().get(f"error.{error.code}")
    if isinstance(found, dict):
        return found["sentence"], found.get("remedy", "")
    known = [catalogue().get(text, text) for text in (error.sentence, error.remedy)]
    return str(known[0]), str(known[1])
