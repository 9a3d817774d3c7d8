"""The look of a reference tried on another file: its still, taken through the LUT."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autosched.errors import NotFoundError
from autosched.library import service as library
from autosched.media import ffmpeg
from autosched.studio.references import service

_LONG_SIDE = 1280


def tried(actor: str, analysis_id: str, asset_id: str) -> bytes:
    """The still of the library's file as the reference's look would have it: a JPEG.

    `NotFoundError` when either is not there for the actor, the file has no still, or the
    reference has no look that could be carried over.
    """
    row = service.reference(actor, analysis_id)
    if library.asset(actor, asset_id).workspace_id != row.workspace_id:
        raise NotFoundError("There is no such file, or it is not yours to see.")
    still = library.file(actor, asset_id, "poster")
    look = service.report(actor, analysis_id).grade.lut
    if not look:
        raise NotFoundError("This reference has no look that could be carried over.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "look.cube").write_text(look, encoding="ascii")
        scale = f"scale={_LONG_SIDE}:{_LONG_SIDE}:force_original_aspect_ratio=decrease"
        # Named without a folder, whose signs ffmpeg would take for its own.
        graph = f"{scale},format=gbrp,lut3d=file=look.cube:interp=tetrahedral,format=yuvj444p"
        source = ("-i", f"file:{still}", "-frames:v", "1", "-vf", graph, "-q:v", "3")
        ffmpeg.run([*source, "-f", "image2", "-update", "1", "out.jpg"], cwd=folder)
        return (folder / "out.jpg").read_bytes()
