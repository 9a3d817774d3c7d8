"""The upload host: a video in one stream, gone on with from where the platform says it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from autosched.platforms import wire
from autosched.platforms.base import Action, PlatformError
from autosched.platforms.meta.graph import Graph

_STUCK_MOST = 3
"""Tries in a row that may bring no byte further before the upload is left for later."""
_GO_ON = ("upload_moved", "unreachable", "server_fault")
"""After which it is asked anew how much has arrived."""


def send(
    graph: Graph,
    url: str,
    path: Path,
    arrived: Callable[[], int],
    progress: Callable[[float], None],
) -> None:
    """Bring the file there, from where it stands. `arrived` asks the platform how much it has.

    A connection that breaks is taken up again at once as long as that brings it further.
    """
    size = path.stat().st_size
    offset, stuck = arrived(), 0
    while offset < size:
        try:
            _stretch(graph, url, path, offset, size, progress)
            return
        except PlatformError as error:
            if error.code not in _GO_ON:
                raise
            now = arrived()
            stuck = 0 if now > offset else stuck + 1
            if stuck >= _STUCK_MOST:
                raise
            offset = now


def _stretch(
    graph: Graph, url: str, path: Path, offset: int, size: int, progress: Callable[[float], None]
) -> None:
    part = wire.FilePart(path, offset, progress=lambda sent: progress(sent / size))
    headers = {
        "Authorization": f"OAuth {graph.token}",
        "offset": str(offset),
        "file_size": str(size),
    }
    reply = graph.send(partial(wire.call, "POST", url, content=part, headers=headers))
    if reply.get("success") is not True:
        raise PlatformError(
            f"{graph.title} did not say that the video has arrived.",
            action=Action.RETRY,
            remedy="It will be gone on with by itself.",
            code="server_fault",
        )
