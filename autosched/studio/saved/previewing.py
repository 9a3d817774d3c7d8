"""What a template looks like before it is used: a still at once, a short moving one in seconds.

Drawn by the engine itself and kept by a hash of all they depend on: template, words, media and the
engine's version. So a change that is taken back is there again at once, and two people who look at
the same template wait once.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autosched import clock, db
from autosched.errors import CancelledError, NotFoundError, UnavailableError
from autosched.identity.access import require
from autosched.identity.models import Role
from autosched.library import service as library
from autosched.library.models import Kind
from autosched.settings import settings
from autosched.studio import assets
from autosched.studio import spec as specs
from autosched.studio.frame import Format
from autosched.studio.progress import Progress
from autosched.studio.saved import exchange, service
from autosched.studio.saved.models import SavedTemplate
from autosched.studio.spec import Spec
from autosched.studio.template import Template
from autosched.studio.timeline import ENGINE

SECONDS = 3.0
_MOTION_SCALE, _STILL_SCALE = 1 / 3, 1 / 2
_KEPT = 400
# One moving preview at a time: renders that people wait for have the rest of the machine.
_drawing = threading.Lock()
# A gallery that is opened for the first time asks for all its stills at once.
_stills = threading.BoundedSemaphore(2)


def sample(
    template: Template, *, asset: str | None = None, format: Format = Format.REEL
) -> dict[str, Any]:
    """The spec of a preview: the template's own verse, over its art or a file of the library."""
    scene: dict[str, Any] = {"verse": template.sample, "seconds": SECONDS}
    if asset is not None:
        scene["media"] = {"asset": asset}
    return {
        "template": template.model_dump(mode="json"),
        "format": format.value,
        "scenes": [scene],
    }


def preview_still(
    actor: str,
    workspace_id: str,
    template: Template,
    *,
    asset: str | None = None,
    format: Format = Format.REEL,
) -> bytes:
    """A JPEG of the template at rest, half as large as a video."""
    spec = _allowed(actor, workspace_id, sample(template, asset=asset, format=format))
    kept = _place(workspace_id, spec, ".jpg")
    if not kept.is_file():
        from autosched.studio.render import still  # heavy: only when it is drawn

        with _stills:
            _keep(kept, lambda part: part.write_bytes(still(spec, scale=_STILL_SCALE)))
    return kept.read_bytes()


def preview_motion(
    actor: str,
    workspace_id: str,
    template: Template,
    *,
    asset: str | None = None,
    format: Format = Format.REEL,
    progress: Callable[[Progress], None] = lambda now: None,
    cancelled: Callable[[], bool] = lambda: False,
    patience: float = 120.0,
) -> Path:
    """A small, rough video of a few seconds: where its MP4 lies.

    Waits for another that is being drawn, for `patience` seconds (`UnavailableError` after them);
    raises `CancelledError` soon after `cancelled()` is true.
    """
    spec = _allowed(actor, workspace_id, sample(template, asset=asset, format=format))
    kept = _place(workspace_id, spec, ".mp4")
    if kept.is_file():
        return kept
    until = time.monotonic() + patience
    while not _drawing.acquire(timeout=0.2):
        if cancelled():
            raise CancelledError("The preview was cancelled.")
        if time.monotonic() > until:
            raise UnavailableError(
                "Other previews are being drawn.", remedy="Try again in a moment.", code="busy"
            )
    try:
        if not kept.is_file():
            from autosched.studio.render import render  # heavy: only when it is drawn

            def draw(part: Path) -> None:
                render(
                    spec,
                    part,
                    progress=progress,
                    cancelled=cancelled,
                    scale=_MOTION_SCALE,
                    draft=True,
                )
                part.with_suffix(".jpg").unlink(missing_ok=True)

            _keep(kept, draw)
    finally:
        _drawing.release()
    return kept


def footage(actor: str, found: SavedTemplate) -> str | None:
    """The file that a template was learned from, while it is in the library: its own look shows
    best over it.
    """
    for source in service.sources(found):
        if source.asset is None:
            continue
        try:
            asset = library.asset(actor, source.asset)
        except NotFoundError:
            continue
        if asset.workspace_id == found.workspace_id and asset.kind != Kind.AUDIO:
            return asset.id
    return None


def moving(actor: str, workspace_id: str, key: str) -> Path | None:
    """The moving preview that is called `key` (its file's stem), for a member; `None` if gone."""
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
    path = _folder(workspace_id) / f"{key}.mp4"
    return path if key.isalnum() and path.is_file() else None


def _allowed(actor: str, workspace_id: str, data: dict[str, Any]) -> Spec:
    with db.read() as session:
        require(session, actor, workspace_id, Role.VIEWER)
    checked = specs.parse(data)
    exchange.check_names(checked.design)
    assets.check(actor, workspace_id, checked)
    return assets.resolved(data, actor, workspace_id)


def _folder(workspace_id: str) -> Path:
    return settings().data_dir / "cache" / "previews" / workspace_id


def _place(workspace_id: str, spec: Spec, suffix: str) -> Path:
    data = spec.model_dump(mode="json")
    # Called otherwise it looks the same.
    for naming in ("name", "title", "description", "order"):
        data["template"].pop(naming)
    made_from = json.dumps([ENGINE, _STILL_SCALE, _MOTION_SCALE, data], sort_keys=True)
    return _folder(workspace_id) / f"{hashlib.sha256(made_from.encode()).hexdigest()[:40]}{suffix}"


def _keep(kept: Path, draw: Callable[[Path], Any]) -> None:
    """Draw into a file beside it, which takes its name when it is whole; forget the oldest."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f"{clock.new_id()}{kept.suffix}")
    try:
        draw(part)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    newest = sorted(kept.parent.iterdir(), key=_made, reverse=True)
    for old in newest[_KEPT:]:
        old.unlink(missing_ok=True)


def _made(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
