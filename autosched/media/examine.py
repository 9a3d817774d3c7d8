"""The child of `probe`: measures one file under limits and prints what it found as JSON.

`python -m autosched.media.examine FILE [--poster OUT] [--waveform OUT]`. Whatever the file
does to the decoders, it does it here.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import warnings
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from autosched.errors import InvalidError
from autosched.media import refusals, structure
from autosched.media.containers import sniff
from autosched.media.probe import Probe
from autosched.media.stills import examine_picture
from autosched.media.streams import examine_stream

MEMORY = 3 * 1024**3
# Threads reserve a stack of this size each, and a phone's picture takes hundreds of them.
STACK = 2 * 1024**2
CPU_SECONDS = 120
WRITTEN = 64 * 1024**2


def limit() -> None:
    """Bound what this process, and what it starts, may take."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_STACK, STACK),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit on address space
            resource.setrlimit(what, (most, most))


def examine(path: Path, poster: Path | None = None, waveform: Path | None = None) -> Probe:
    """Measure the file in this process; `InvalidError` says what speaks against it."""
    size = path.stat().st_size
    if size == 0:
        raise refusals.empty()
    with path.open("rb") as file:
        container = sniff(file)
        if container is None:
            raise refusals.not_media()
        structure.check(file, size, container)
        if container.family == "picture":
            return examine_picture(path, file, size, container, poster)
    return examine_stream(path, size, container, poster, waveform)


def main(arguments: list[str]) -> int:
    """Examine the file that is named; 0 if an answer, be it a refusal, was printed."""
    parser = argparse.ArgumentParser(prog="autosched.media.examine")
    parser.add_argument("file", type=Path)
    parser.add_argument("--poster", type=Path)
    parser.add_argument("--waveform", type=Path)
    chosen = parser.parse_args(arguments)
    limit()
    warnings.simplefilter("ignore")
    av.logging.set_level(None)
    answer: dict[str, Any]
    try:
        found = examine(chosen.file.absolute(), chosen.poster, chosen.waveform)
        answer = {"probe": asdict(found)}
    except InvalidError as error:
        answer = _refusal(error)
    except (OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError):
        answer = _refusal(refusals.damaged())
    print(json.dumps(answer))
    return 0


def _refusal(error: InvalidError) -> dict[str, Any]:
    told = {"code": error.code, "sentence": error.sentence, "remedy": error.remedy}
    return {"refused": told}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
