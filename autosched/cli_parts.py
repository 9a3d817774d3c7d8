"""What the commands share: how they print, and the options that many of them take."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from autosched.settings import settings
from autosched.studio.progress import Progress


def _use_data(folder: Path | None) -> Path | None:
    if folder is not None:
        os.environ["AUTOSCHED_DATA"] = str(folder.expanduser().absolute())
        settings.cache_clear()
    return folder


Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder (or AUTOSCHED_DATA).", callback=_use_data),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def say(line: str) -> None:
    """Print a line."""
    typer.echo(line)


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def quiet(_now: Progress) -> None:
    """Show no progress."""
    return None


def bar(now: Progress) -> None:
    """Draw the progress on standard error."""
    left = f"{now.seconds_left:.0f} s left" if now.seconds_left else ""
    filled = round(now.share * 24)
    drawn = f"{'█' * filled}{'░' * (24 - filled)} {now.share:4.0%}  {now.stage} {left}"
    sys.stderr.write(f"\r{drawn:<70}" + ("\r" + " " * 70 + "\r" if now.share >= 1 else ""))
    sys.stderr.flush()
