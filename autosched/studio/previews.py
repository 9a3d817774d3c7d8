"""The built-in templates' pictures and short videos, made by the engine itself.

`python -m autosched.studio.previews [NAME …]` writes `assets/templates/NAME.jpg` and `NAME.mp4`,
and into `stamp.json` what they were made from, by which a test tells when they are stale.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path

from autosched.media import ffmpeg
from autosched.studio import art
from autosched.studio import spec as specs
from autosched.studio.plan import plan
from autosched.studio.render import render, still
from autosched.studio.spec import Spec
from autosched.studio.template import Template, templates

_SECONDS = 4.5
_VIDEO_SCALE, _PICTURE_SCALE = 1 / 3, 1 / 2


def folder() -> Path:
    """Where the files lie that the web app shows."""
    return Path(__file__).parents[2] / "assets" / "templates"


def sample(template: Template) -> Spec:
    """The spec of a template's preview."""
    scene = {"verse": template.sample, "seconds": _SECONDS}
    return specs.parse({"template": template.name, "format": "reel", "scenes": [scene]})


def stamp(template: Template) -> str:
    """What the preview depends on: the whole plan, with the engine's version, and its art."""
    made_from = hashlib.sha256(plan(sample(template)).as_json().encode())
    for name in ("__init__", "colour", "grain", "stage", template.background.art):
        made_from.update((Path(art.__file__).parent / f"{name}.py").read_bytes())
    return made_from.hexdigest()


def stale() -> list[str]:
    """The templates whose files are missing or made from something else."""
    known = _stamps()
    return [
        each.name
        for each in templates()
        if known.get(each.name) != stamp(each)
        or not (folder() / each.thumbnail).is_file()
        or not (folder() / each.preview).is_file()
    ]


def write(template: Template) -> None:
    """Draw a template's picture and video, and note what they were made from."""
    folder().mkdir(parents=True, exist_ok=True)
    spec = sample(template)
    (folder() / template.thumbnail).write_bytes(still(spec, scale=_PICTURE_SCALE))
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole.mp4"
        render(spec, whole, scale=_VIDEO_SCALE)
        small = ["-c:v", "libx264", "-preset", "slow", "-crf", "26", "-movflags", "+faststart"]
        ffmpeg.run(["-i", str(whole), "-an", *small, str(folder() / template.preview)])
    stamps = {**_stamps(), template.name: stamp(template)}
    ordered = {each.name: stamps[each.name] for each in templates() if each.name in stamps}
    (folder() / "stamp.json").write_text(json.dumps(ordered, indent=1) + "\n")


def _stamps() -> dict[str, str]:
    path = folder() / "stamp.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def main(names: list[str]) -> None:
    """Write the previews of `names`, or of all that are stale."""
    wanted = names or stale()
    for each in templates():
        if each.name in wanted:
            print(f"Drawing {each.title}", flush=True)
            write(each)


if __name__ == "__main__":
    main(sys.argv[1:])
