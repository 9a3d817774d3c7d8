"""Contact sheets of every template in every format: `make showcase`, to be looked at.

Three verses from short to long, each page of them at rest, drawn by the engine itself. One sheet a
template; a long verse shows its first pages.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from autosched import packages
from autosched.studio import plan as plans
from autosched.studio import render, spec
from autosched.studio.frame import Format
from autosched.studio.template import Template, templates

VERSES = ("112:1", "94:5-6", "2:255")
_PAGES = 3
_SCALE = 0.4
_TALL, _GAP, _LABEL = 420, 14, 34
_PAPER, _INK = "#f4f1ea", "#3a3630"


def sheet(template: Template, language: str = "en") -> Image.Image:
    """All formats of a template below one another, the pages of the verses in a row."""
    rows = [_row(template, format, language) for format in Format]
    width = max(row.width for row in rows) + 2 * _GAP
    height = sum(row.height + _GAP for row in rows) + _LABEL + _GAP
    made = Image.new("RGB", (width, height), _PAPER)
    font = ImageFont.truetype(str(packages.fonts_dir() / "Inter-SemiBold.ttf"), 20)
    ImageDraw.Draw(made).text((_GAP, _GAP / 2), template.title, _INK, font)
    y = _LABEL + _GAP // 2
    for row in rows:
        made.paste(row, (_GAP, y))
        y += row.height + _GAP
    return made


def _row(template: Template, format: Format, language: str) -> Image.Image:
    pages = [page for verse in VERSES for page in _pages(template, format, verse, language)]
    width = sum(page.width + _GAP for page in pages) - _GAP
    made = Image.new("RGB", (width, _TALL), _PAPER)
    x = 0
    for page in pages:
        made.paste(page, (x, 0))
        x += page.width + _GAP
    return made


def _pages(template: Template, format: Format, verse: str, language: str) -> list[Image.Image]:
    asked = spec.parse(
        {
            "template": template.name,
            "format": format.value,
            "language": language,
            "scenes": [{"verse": verse}],
        }
    )
    whole = plans.plan(asked, scale=_SCALE)
    found: list[Image.Image] = []
    for leaf in whole.leaves[:_PAGES]:
        at = replace(whole, still_at=plans.rest(leaf))
        picture = Image.open(io.BytesIO(render.still_of(at)))
        width = round(picture.width * _TALL / picture.height)
        found.append(picture.resize((width, _TALL), Image.Resampling.LANCZOS))
    return found


def main(out: Path) -> None:
    """Write a sheet for each built-in template."""
    out.mkdir(parents=True, exist_ok=True)
    for template in templates():
        path = out / f"{template.name}.jpg"
        sheet(template).save(path, quality=88)
        print(path, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "showcase"))
