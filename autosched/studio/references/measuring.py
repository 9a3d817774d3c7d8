"""Measuring a reference in a process of its own, watched from a worker's thread.

So a worker's other threads keep the processor, what the measuring has used is given back when it
ends, and a fault in a decoder takes nothing else along.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from autosched.errors import AutoschedError, CancelledError, UnavailableError
from autosched.studio.progress import Progress
from autosched.studio.references.child import REFUSED
from autosched.studio.tending import EndedError

_LOOK_SECONDS = 0.1
_SURE_SECONDS = 1.5  # before this an estimate of what is left would only jump
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def measure(
    file: Path,
    folder: Path,
    *,
    progress: Callable[[Progress], None] = lambda now: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Measure `file`; the report and its pictures are in `folder` when this returns.

    Raises `CancelledError` soon after `cancelled()` is true, `EndedError` when the process was
    killed, and what the analysis itself refuses (`InvalidError` for no video or picture).
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "autosched.studio.references.child", str(file), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **_ONE_THREAD},
        )
        told: dict[str, Any] = {}
        reader = threading.Thread(target=_read, args=(process, progress, told), daemon=True)
        reader.start()
        try:
            while process.poll() is None:
                if cancelled():
                    raise CancelledError("The analysis was cancelled.")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_SECONDS)
        finally:
            process.kill()
            process.wait()
            reader.join()
            if process.stdin is not None:
                process.stdin.close()
        if process.returncode == 0:
            return
        if process.returncode < 0:
            raise EndedError("The analysis was ended from outside.")
        if process.returncode == REFUSED and told:
            raise _refusal(told)
        log.seek(0)
        raise RuntimeError(log.read().decode(errors="replace")[-4000:])


def _read(
    process: subprocess.Popen[bytes], progress: Callable[[Progress], None], told: dict[str, Any]
) -> None:
    began = time.monotonic()
    if process.stdout is None:
        return
    with process.stdout as lines:
        for line in lines:
            try:
                now = json.loads(line)
            except ValueError:
                continue  # a library has printed something
            if "share" in now:
                share, spent = float(now["share"]), time.monotonic() - began
                known = share > 0.02 and spent > _SURE_SECONDS
                left = spent * (1 - share) / share if known else None
                progress(Progress(share, left, str(now["stage"])))
            elif "code" in now:
                told.update(now)


def _refusal(told: dict[str, Any]) -> AutoschedError:
    code = str(told["code"])
    kind = UnavailableError if code in ("no_ffmpeg", "disk_full", "unavailable") else AutoschedError
    return kind(str(told["sentence"]), remedy=str(told["remedy"]), code=code)
