"""The process that measures one reference: `python -m …references.child FILE FOLDER`.

It tells its progress as lines of JSON, leaves the report and its pictures in FOLDER, and ends at
once when whoever started it closes its standard input or dies.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from autosched.errors import AutoschedError
from autosched.studio.analysis.analyze import analyze
from autosched.studio.analysis.report import Report
from autosched.studio.analysis.stream import Frame
from autosched.studio.progress import Progress
from autosched.studio.references.filmstrip import Filmstrip
from autosched.studio.references.scopes import Scopes
from autosched.studio.references.storing import PICTURES, REPORT, Measured

REFUSED = 3
_NICE = 5


def main(file: str, folder: str) -> int:
    """Measure; 0 when the report is there, `REFUSED` when the reason has been told."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICE)  # what is published meanwhile goes first
    strip, scopes = Filmstrip(), Scopes()

    def look(frame: Frame) -> None:
        strip.see(frame)
        scopes.see(frame)

    try:
        report = analyze(file, progress=_tell, look=look)
    except AutoschedError as error:
        _print({"code": error.code, "sentence": error.sentence, "remedy": error.remedy})
        return REFUSED
    made = _pictured(report, strip, scopes, Path(folder))
    (Path(folder) / REPORT).write_text(made.model_dump_json(), encoding="utf-8")
    return 0


def _pictured(report: Report, strip: Filmstrip, scopes: Scopes, folder: Path) -> Measured:
    pictures = scopes.pictures()
    drawn = strip.sheet(report.shots)
    if drawn is not None:
        pictures["shots"] = drawn[1]
    for name, content in pictures.items():
        (folder / f"{name}.{PICTURES[name]}").write_bytes(content)
    return Measured(
        report=report, sheet=drawn[0] if drawn else None, pictures=tuple(sorted(pictures))
    )


def _tell(now: Progress) -> None:
    _print({"share": now.share, "stage": now.stage})


def _print(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    while os.read(0, 64):  # not through `sys.stdin`, whose lock would be held at the end
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
