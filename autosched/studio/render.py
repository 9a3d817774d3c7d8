"""Rendering: a spec becomes a finished, checked file with its thumbnail, or nothing at all.

What is being made lies in a folder of its own beside the result, which is moved into place at the
end in one step; a failed or cancelled render leaves nothing behind.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autosched.errors import CancelledError, UnavailableError
from autosched.media import ffmpeg
from autosched.studio import finished, graph, proof, sound, text, typeset
from autosched.studio.finished import Finding
from autosched.studio.plan import plan as make_plan
from autosched.studio.progress import Progress
from autosched.studio.proof import Proof
from autosched.studio.sound import mixing
from autosched.studio.spec import Spec
from autosched.studio.timeline import Plan
from autosched.studio.veil import veiled

# Most a second of video takes on disk, sound and working copy included, in bytes.
_BYTES_A_SECOND = 4_000_000


@dataclass(frozen=True)
class Rendered:
    """A finished video. `took`: wall-clock seconds."""

    path: Path
    thumbnail: Path
    plan: Plan
    proof: Proof
    took: float

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.plan.warnings


def render(
    spec: Spec,
    out: Path,
    *,
    progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    scale: float = 1.0,
    draft: bool = False,
) -> Rendered:
    """Render `spec` to `out` (an MP4) with a thumbnail beside it (`out` with `.jpg`).

    `scale` below 1 makes a smaller video and `draft` a rougher one, for previews and tests.
    Raises `CancelledError` soon after `cancelled()` is true, and any error of plan and media.
    """
    began = time.monotonic()
    progress(Progress(0.0, None, "Planning"))
    plan = make_plan(spec, scale=scale)
    return render_plan(plan, out, progress=progress, cancelled=cancelled, draft=draft, began=began)


def render_plan(
    plan: Plan,
    out: Path,
    *,
    progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    draft: bool = False,
    began: float | None = None,
) -> Rendered:
    """Render a plan; see `render`."""
    began = time.monotonic() if began is None else began
    thumbnail = out.with_suffix(".jpg")
    with _workplace(out, plan) as folder:
        _stop(cancelled)
        progress(Progress(0.01, None, "Mixing the sound"))
        environment = _prepare(plan, folder)
        doubts: list[str] = []
        told = partial(_filmed, progress, "Rendering", time.monotonic())
        sound = _mixed(plan, folder / graph.SOUND, cancelled, doubts.append)
        _film(plan, folder, environment, sound, told, cancelled, draft=draft)
        progress(Progress(0.96, 1.0, "Checking"))
        measured, found = _checked(plan, folder)
        if any(each.code == "faint" for each in found):
            # Once more, with a veil behind the words: the sound is there already.
            plan = veiled(plan)
            (folder / graph.WORDS).write_text(text.script(plan), encoding="utf-8")
            told = partial(_filmed, progress, "Making the words stand out", time.monotonic())
            sound = _pieces(plan, folder / graph.SOUND)
            _film(plan, folder, environment, sound, told, cancelled, draft=draft)
            measured, found = _checked(plan, folder, final=True)
        _stop(cancelled)
        (folder / graph.STILL).replace(thumbnail)
        (folder / graph.PART).replace(out)
    doubts += [each.sentence for each in found]
    plan = replace(plan, warnings=tuple(dict.fromkeys((*plan.warnings, *doubts))))
    progress(Progress(1.0, 0.0, "Done"))
    return Rendered(out, thumbnail, plan, measured, time.monotonic() - began)


def _film(
    plan: Plan,
    folder: Path,
    environment: dict[str, str],
    sound: Iterator[bytes],
    told: Callable[[float], None],
    cancelled: Callable[[], bool],
    *,
    draft: bool,
) -> None:
    """The one pass of ffmpeg."""
    arguments, feeds = graph.build(plan, sound, draft=draft)
    log = ffmpeg.run(
        arguments,
        seconds=plan.seconds,
        progress=told,
        cancelled=cancelled,
        inputs=feeds,
        env=environment,
        cwd=folder,
    )
    text.check_log(log, plan)


def _filmed(progress: Callable[[Progress], None], stage: str, began: float, share: float) -> None:
    spent = time.monotonic() - began
    left = spent / share * (1 - share) + 1.0 if share > 0.02 else None
    progress(Progress(0.05 + 0.9 * share, left, stage))


def _checked(plan: Plan, folder: Path, *, final: bool = False) -> tuple[Proof, list[Finding]]:
    """What the file is, and what is to be seen in it: both looked at at the same time.

    `UnavailableError` when it is not what was promised, or when scripture is not on it as it is
    written: then nobody gets to see it.
    """
    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(finished.findings, folder / graph.PART, plan, final=final)
        measured = proof.check(folder / graph.PART, plan)
        found = looking.result()
    wrong = next((each for each in found if each.sacred), None)
    if wrong is not None:
        raise UnavailableError(
            f"The video was thrown away: {wrong.sentence}",
            remedy="Render it again; if this comes back, choose another template, and report it.",
            code="scripture_unlike",
        )
    return measured, found


def still(spec: Spec, *, scale: float = 1.0) -> bytes:
    """A JPEG of the moment at which the first page stands whole, drawn by the same engine."""
    return still_of(make_plan(spec, scale=scale))


def still_of(plan: Plan) -> bytes:
    """A JPEG of a plan at its `still_at`."""
    with tempfile.TemporaryDirectory(prefix="autosched-still-") as name:
        folder = Path(name)
        environment = _prepare(plan, folder)
        arguments, feeds = graph.still(plan)
        log = ffmpeg.run(arguments, inputs=feeds, env=environment, cwd=folder)
        text.check_log(log, plan)
        return (folder / graph.STILL).read_bytes()


def _stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise CancelledError("The render was cancelled.")


@contextmanager
def _workplace(out: Path, plan: Plan) -> Iterator[Path]:
    """A folder beside `out`, gone at the end whatever happens."""
    out = out.absolute()
    folder: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(out.parent).free < plan.seconds * _BYTES_A_SECOND:
            raise _disk_full()
        folder = Path(tempfile.mkdtemp(prefix=f".{out.stem[:40]}-", dir=out.parent))
        yield folder
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full() from None
        raise UnavailableError(
            f"The video can't be written to {out.parent.name or out.parent}: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
            code="cannot_write",
        ) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _disk_full() -> UnavailableError:
    return UnavailableError(
        "There is not enough room on the disk for this video.",
        remedy="Free some space and render it again.",
        code="disk_full",
    )


def _prepare(plan: Plan, folder: Path) -> dict[str, str]:
    """Put what ffmpeg reads into the folder: words and fonts; the environment it needs."""
    (folder / graph.WORDS).write_text(text.script(plan), encoding="utf-8")
    # With no font but these in reach, nothing can be set in another face unseen.
    files = {words.face for leaf in plan.leaves for words in leaf.words}
    return typeset.gather(folder, files)


def _mixed(
    plan: Plan, file: Path, cancelled: Callable[[], bool], warn: Callable[[str], None]
) -> Iterator[bytes]:
    """The sound, mixed while the first frames are drawn."""
    mixing.mix(_sound_plan(plan), file, cancelled=cancelled, warn=warn)
    yield from _pieces(plan, file)


def _pieces(plan: Plan, file: Path) -> Iterator[bytes]:
    """The mixed sound, as ffmpeg is fed with it."""
    with file.open("rb") as mixed:
        mixed.seek(-round(plan.seconds * mixing.RATE) * mixing.FRAME_BYTES, os.SEEK_END)
        while piece := mixed.read(1 << 16):
            yield piece


def _sound_plan(plan: Plan) -> sound.SoundPlan:
    starts = dict.fromkeys(leaf.scene for leaf in plan.leaves)
    first = {leaf.scene: leaf.start for leaf in reversed(plan.leaves)}
    return sound.SoundPlan(
        ambience=plan.sound.ambience,
        ambience_gain_db=plan.sound.gain_db,
        recitation=plan.sound.recitation,
        music=plan.sound.music,
        music_free=plan.sound.music_free,
        music_gain_db=plan.sound.music_gain_db,
        duck_db=plan.sound.duck_db,
        seconds=plan.seconds,
        seed=plan.seed,
        scene_starts=tuple(first[scene] for scene in starts),
    )
