"""A series made into a folder, from the command line: what is there already is not made again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from autosched.errors import AutoschedError, CancelledError
from autosched.studio import render
from autosched.studio import spec as specs
from autosched.studio.progress import Progress
from autosched.studio.series import timing
from autosched.studio.series.members import Member, Series, members
from autosched.studio.timeline import ENGINE

MANIFEST = "series.json"


@dataclass(frozen=True)
class Made:
    """A video of the series: its file, whether it was there already, or why there is none."""

    member: Member
    path: Path
    kept: bool = False
    error: str = ""


def make(
    series: Series,
    folder: Path,
    *,
    base: Path | None = None,
    progress: Callable[[Member, int, Progress], None] = lambda member, total, now: None,
    made: Callable[[Made], None] = lambda one: None,
    cancelled: Callable[[], bool] = lambda: False,
    scale: float = 1.0,
    draft: bool = False,
) -> list[Made]:
    """Make all videos of a series; `base` is the folder from which paths in its spec are taken.

    One that fails does not stop the others. `CancelledError` leaves what is done, and the next
    run goes on from there: a file is kept if it was made from the same spec by the same engine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _Manifest(folder / MANIFEST)
    found = members(series)
    done: list[Made] = []
    for _, group in groupby(found, key=lambda each: each.group):
        together = list(group)
        parsed = [specs.parse(each.spec, base=base) for each in together]
        if len(parsed) > 1:
            seconds = timing.together(parsed)
            parsed = [timing.timed(each, seconds) for each in parsed]
        for member, spec in zip(together, parsed, strict=True):
            if cancelled():
                raise CancelledError("The series was cancelled.")
            out = folder / f"{member.name}.mp4"
            stamp = _stamp(spec, scale, draft)
            if out.is_file() and manifest.stamps.get(member.name) == stamp:
                one = Made(member, out, kept=True)
            else:
                try:
                    render.render(
                        spec,
                        out,
                        progress=partial(progress, member, len(found)),
                        cancelled=cancelled,
                        scale=scale,
                        draft=draft,
                    )
                    manifest.note(member.name, stamp)
                    one = Made(member, out)
                except CancelledError:
                    raise
                except AutoschedError as error:
                    one = Made(member, out, error=str(error))
            done.append(one)
            made(one)
    return done


def _stamp(spec: specs.Spec, scale: float, draft: bool) -> str:
    """What the file is made from."""
    whole = [ENGINE, scale, draft, spec.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


class _Manifest:
    """Which file was made from what, written anew after each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.stamps: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["made"]
        except (OSError, ValueError, KeyError):
            self.stamps = {}

    def note(self, name: str, stamp: str) -> None:
        self.stamps[name] = stamp
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({"made": self.stamps}, indent=1), encoding="utf-8")
        os.replace(part, self._path)
