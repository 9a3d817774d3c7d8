"""What a file is, measured in a child process that a hostile file may crash, hang or fill.

The child (`media.examine`) has a limit on time and memory, no secrets in its environment, and
the only demuxer that fits the file's first bytes. This side never decodes anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import autosched
from autosched.errors import InvalidError, UnavailableError

Kind = Literal["video", "image", "audio"]

# Each child may take `MEMORY` (see `examine`); more of them than this wait their turn.
_AT_ONCE = threading.BoundedSemaphore(2)
_SECONDS = 150.0
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "IMAGEIO_FFMPEG_EXE", "TMPDIR")


@dataclass(frozen=True)
class Probe:
    """What was measured.

    `width` and `height` in pixels as shown (rotation and pixel shape applied), `duration` in
    seconds, `rotation` in degrees clockwise (0, 90, 180, 270), `size` in bytes. `codec` is that
    of the picture, or of the sound where there is no picture. `suffix` and `mime` fit the content.
    """

    kind: Kind
    container: str
    mime: str
    suffix: str
    size: int
    codec: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    fps: float | None = None
    has_audio: bool = False
    audio_codec: str = ""
    rotation: int = 0


def probe(
    path: Path,
    *,
    poster: Path | None = None,
    waveform: Path | None = None,
    seconds: float = _SECONDS,
) -> Probe:
    """Measure the file, decoding its beginning and its end.

    On the way a still (a JPEG; of a picture or a video) is written to `poster` and a drawing of
    the sound (a PNG; of a file of sound alone) to `waveform`, where these are given.

    `InvalidError` says why the file can't be used; its code is one of `empty`, `not_media`,
    `cut_off`, `damaged`, `unsupported`, `moving_picture`, `hostile` and `too_heavy`.
    """
    command = [sys.executable, "-m", "autosched.media.examine", str(path)]
    command += [f"--poster={poster}"] if poster else []
    command += [f"--waveform={waveform}"] if waveform else []
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "PYTHONPATH": str(Path(autosched.__file__).parent.parent),
        "OPENBLAS_NUM_THREADS": "1",  # each of its threads reserves memory
        "MALLOC_ARENA_MAX": "2",
    }
    with _AT_ONCE:
        try:
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise _too_heavy() from None
        except OSError as error:
            raise UnavailableError(
                "The file could not be examined, because no further program could be started.",
                remedy="Try again in a moment.",
            ) from error
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> Probe:
    if done.returncode != 0:
        raise _too_heavy()
    answer = json.loads(done.stdout)
    if refused := answer.get("refused"):
        raise InvalidError(refused["sentence"], remedy=refused["remedy"], code=refused["code"])
    return Probe(**answer["probe"])


def _too_heavy() -> InvalidError:
    return InvalidError(
        "This file could not be examined: reading it takes far more memory or time than it should.",
        remedy="Export it anew with an ordinary program, then upload it again.",
        code="too_heavy",
    )
