"""How well, and how fast, the style of a reference is measured: on videos whose truth is known.

The videos are made by the run itself from its seed (`bench/_truth`): real clips and drawn scenes
with transitions of all kinds, flashes, flicker, pans and moving text; texts in two scripts that
come and go in nine ways; music of known tempo and key, voices and weather; looks that are known.
PySceneDetect's detectors see the same files in the same run. Speed is held against ffmpeg's bare
decode of the same minute, and against PySceneDetect's AdaptiveDetector alone.

`python -m bench.analyze --seed 3 --only cuts,texts,music,looks,speed --keep DIR` runs a part.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autosched.media import ffmpeg
from bench._truth import footage, looks, music, scoring, texts, transitions

PARTS = ("cuts", "texts", "music", "looks", "speed")
COUNTS = {"cuts": 14, "texts": 12, "music": 40, "looks": 24}
ROUNDS = 3
EXPECTED = {
    "cuts_f1_at_least": 0.97,
    "gradual_f1_at_least": 0.90,
    "text_motion_at_least": 0.90,
    "tempo_at_least": 0.90,
    "times_bare_decode_at_most": 3.5,
    "peak_mb_under": 600,
}


def run(
    seed: int | None = None, only: Sequence[str] = PARTS, keep: Path | None = None
) -> dict[str, Any]:
    """The measures of each part, and what was expected of them."""
    seed = 7 if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="autosched-bench-") as name:
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        parts: dict[str, Callable[[Path, int], dict[str, Any]]] = {
            "cuts": _cuts,
            "texts": _texts,
            "music": _music,
            "looks": _looks,
            "speed": _speed,
        }
        found: dict[str, Any] = {"seed": seed}
        for part in only:
            print(f"{part} …", file=sys.stderr, flush=True)
            began = time.perf_counter()
            found[part] = parts[part](folder, seed)
            found[part]["seconds"] = round(time.perf_counter() - began, 1)
    found["expected"] = EXPECTED
    found["as_expected"] = _as_expected(found)
    return found


def _made(make: Callable[[Path, int], Any], folder: Path, seed: int, count: int) -> list[Any]:
    """As many videos as that, made by two processes."""
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(partial(make, folder), range(seed * 1000, seed * 1000 + count)))


def _measured(path: Path) -> Any:
    from autosched.studio.analysis.analyze import analyze

    return analyze(path)


def _cuts(folder: Path, seed: int) -> dict[str, Any]:
    """Transitions of every kind, beside three detectors of PySceneDetect."""
    made: list[transitions.Cut] = _made(transitions.make, folder, seed, COUNTS["cuts"])
    ours, graduals = scoring.Counts(), scoring.Graduals()
    rivals = {name: scoring.Counts() for name in _RIVALS}
    with ProcessPoolExecutor(2) as pool:
        reports = list(pool.map(_measured, [each.path for each in made]))
        for name, counts in rivals.items():
            found = pool.map(partial(_rival, name), [each.path for each in made])
            for each, times in zip(made, found, strict=True):
                scoring.cuts(each, times, counts)
    for each, report in zip(made, reports, strict=True):
        cut = [one.time for one in report.transitions if one.kind == "cut"]
        scoring.cuts(each, cut, ours)
        graduals.add(each, report.transitions)
    right = sum(count for (true, found), count in graduals.confusion.items() if true == found)
    return {
        "videos": len(made),
        "frames": sum(each.frames for each in made),
        "cuts": ours.told(),
        "cuts_of_pyscenedetect": {name: counts.told() for name, counts in rivals.items()},
        "gradual": graduals.any_kind.told(),
        "gradual_kind_right": round(right / max(1, sum(graduals.confusion.values())), 3),
        "gradual_confusion": _table(graduals.confusion),
        "gradual_start_off_median_s": _median(graduals.start_off),
        "gradual_length_off_median_s": _median(graduals.length_off),
        "flashes": graduals.flashes.told(),
    }


_RIVALS = ("AdaptiveDetector", "ContentDetector", "HashDetector")


def _rival(name: str, path: Path) -> list[float]:
    """The times of the cuts that a detector of PySceneDetect finds, by its defaults."""
    import scenedetect

    scenes = scenedetect.detect(str(path), getattr(scenedetect, name)())
    return [float(start.seconds) for start, _ in scenes[1:]]


def _texts(folder: Path, seed: int) -> dict[str, Any]:
    """Texts: where and when they are seen, how they move, in which script."""
    made: list[texts.Titled] = _made(texts.make, folder, seed, COUNTS["texts"])
    found = scoring.Texts()
    with ProcessPoolExecutor(2) as pool:
        for each, report in zip(
            made, pool.map(_measured, [each.path for each in made]), strict=True
        ):
            found.add(each, report.texts)
    right = sum(count for (true, told), count in found.motion.items() if true == told)
    return {
        "videos": len(made),
        "texts": found.counts.told(),
        "overlap_mean": round(statistics.fmean(found.overlap), 3) if found.overlap else None,
        "time_off_median_s": _median(found.time_off),
        "motion_right": round(right / max(1, sum(found.motion.values())), 3),
        "motion_confusion": _table(found.motion),
        "script_right": round(found.script[True] / max(1, found.script.total()), 3),
    }


def _music(folder: Path, seed: int) -> dict[str, Any]:
    """Tempo, key, and whether instruments play at all."""
    made: list[music.Heard] = _made(music.make, folder, seed, COUNTS["music"])
    found = scoring.Sounds()
    with ProcessPoolExecutor(2) as pool:
        for each, heard in zip(made, pool.map(_heard, [each.path for each in made]), strict=True):
            found.add(each, heard)
    pieces = max(1, found.tempo.total())
    return {
        "pieces_of_music": found.tempo.total(),
        "tempo_right": round(found.tempo["right"] / pieces, 3),
        "tempo_right_octaves_apart": round(
            found.tempo["right"] / max(1, pieces - found.tempo["octave"]), 3
        ),
        "tempo_octave_errors": round(found.tempo["octave"] / pieces, 3),
        "tempo_none": round(found.tempo["none"] / pieces, 3),
        "key_right": round(found.key["right"] / pieces, 3),
        "key_none": round(found.key["none"] / pieces, 3),
        "instruments_right": round(found.instruments[True] / max(1, found.instruments.total()), 3),
        "tempo_or_key_made_up": found.invented,
        "tempo_misjudged": found.misjudged,
    }


def _heard(path: Path) -> Any:
    """What is heard in a sound file laid under a still picture."""
    video = path.with_suffix(".mp4")
    picture = ("-f", "lavfi", "-i", "color=gray:s=64x64:r=5")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "160k")
    ffmpeg.run([*picture, "-i", str(path), "-shortest", *codecs, str(video)])
    return _measured(video).music


def _looks(folder: Path, seed: int) -> dict[str, Any]:
    """Other footage through the found table, against the same footage in the true look."""
    rng = random.Random(f"looks-{seed}")
    clips = footage.clips()
    before, after = [], []
    for number in range(COUNTS["looks"]):
        look = looks.random_look(rng)
        own, other = rng.sample(range(len(clips)), 2)
        frames = [_graded(frame, look) for frame in clips[own][:40]]
        path = footage.write(folder / f"look-{seed}-{number}.mp4", frames, 25, 16, None)
        cube = _measured(path).grade.lut
        pixels = np.concatenate(
            [clips[other][at][::9, ::9].reshape(-1, 3) for at in range(0, len(clips[other]), 8)]
        )
        given = pixels / 255.0
        wanted = looks.lab(look(given))
        before.append(float(looks.difference(looks.lab(given), wanted).mean()))
        found = looks.through(cube, given) if cube else given
        after.append(float(looks.difference(looks.lab(found), wanted).mean()))
    shares = [b / a for a, b in zip(before, after, strict=True)]
    return {
        "looks": len(before),
        "difference_uncorrected": round(statistics.fmean(before), 2),
        "difference_through_table": round(statistics.fmean(after), 2),
        "nearer_in": sum(share < 1 for share in shares),
        "worst_share": round(max(shares), 2),
    }


def _graded(frame: np.ndarray, look: Callable[[Any], Any]) -> np.ndarray:
    return np.asarray(np.round(look(frame / 255.0) * 255), np.uint8)


def _speed(folder: Path, seed: int) -> dict[str, Any]:
    """All five analyses of a minute of 720p, against a bare decode and against one detector."""
    minute = _minute(folder, seed)
    ways: dict[str, Callable[[], None]] = {
        "ours": lambda: _child(minute),
        "bare_decode": lambda: ffmpeg.run(["-i", str(minute), "-f", "null", "-"]) and None,
        "adaptive_detector": lambda: _rival("AdaptiveDetector", minute) and None,
    }
    walls: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, work in ways.items():
            began = time.perf_counter()
            work()
            walls[way].append(time.perf_counter() - began)
    inside = [_child(minute) for _ in range(ROUNDS)]
    long = _looped(minute, folder / "ten-minutes.mp4")
    wall = {way: statistics.median(each) for way, each in walls.items()}
    ours = statistics.median(each["seconds"] for each in inside)
    return {
        "video": "60 s, 1280x720, 30 fps, with music and texts",
        "wall_seconds": {way: round(each, 2) for way, each in wall.items()},
        "analysis_seconds": round(ours, 2),
        "times_bare_decode": round(ours / wall["bare_decode"], 2),
        "times_adaptive_detector": round(ours / wall["adaptive_detector"], 2),
        "peak_mb_one_minute": max(each["peak_mb"] for each in inside),
        "peak_mb_ten_minutes": _child(long)["peak_mb"],
    }


_CHILD = """
import json, resource, sys, time
from autosched.studio.analysis.analyze import analyze
began = time.perf_counter()
analyze(sys.argv[1])
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak}))
"""


def _child(path: Path) -> dict[str, float]:
    """The analysis in a process of its own: its seconds once it is loaded, its memory at most."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, check=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _minute(folder: Path, seed: int) -> Path:
    """A minute of 720p from a text video, with music under it."""
    titled = texts.make(folder, seed * 1000 + 900)
    sound = music.make(folder, seed * 1000 + 900, "music")
    minute = folder / "minute.mp4"
    loops = ("-stream_loop", "-1")
    size = "scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720,fps=30"
    codecs = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac")
    inputs = (*loops, "-i", str(titled.path), *loops, "-i", str(sound.path))
    ffmpeg.run([*inputs, "-t", "60", "-vf", size, *codecs, "-pix_fmt", "yuv420p", str(minute)])
    return minute


def _looped(minute: Path, out: Path) -> Path:
    ffmpeg.run(["-stream_loop", "9", "-i", str(minute), "-c", "copy", str(out)])
    return out


def _table(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """A confusion matrix: for each true kind what was found."""
    return {
        true: {found: count for (own, found), count in counted.most_common() if own == true}
        for true in sorted({true for true, _ in counted})
    }


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None


def _as_expected(found: dict[str, Any]) -> dict[str, bool]:
    told: dict[str, bool] = {}
    if "cuts" in found:
        f1 = found["cuts"]["cuts"]["f1"]
        best = max(each["f1"] for each in found["cuts"]["cuts_of_pyscenedetect"].values())
        told["cuts"] = f1 >= EXPECTED["cuts_f1_at_least"] and f1 > best
        told["gradual"] = found["cuts"]["gradual"]["f1"] >= EXPECTED["gradual_f1_at_least"]
    if "texts" in found:
        told["text_motion"] = found["texts"]["motion_right"] >= EXPECTED["text_motion_at_least"]
    if "music" in found:
        right = found["music"]["tempo_right_octaves_apart"]
        told["tempo"] = right >= EXPECTED["tempo_at_least"]
    if "speed" in found:
        speed = found["speed"]
        told["speed"] = speed["times_bare_decode"] <= EXPECTED["times_bare_decode_at_most"]
        peak = max(speed["peak_mb_one_minute"], speed["peak_mb_ten_minutes"])
        told["memory"] = peak < EXPECTED["peak_mb_under"]
    return told


def main() -> None:
    """A part of the bench, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    found = run(given.seed, given.only.split(","), given.keep)
    print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
