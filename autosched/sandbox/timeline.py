"""What was posted, as a page to look at: newest first, each as a card with its pictures."""

from __future__ import annotations

import html
import time

from starlette.responses import HTMLResponse, Response

from autosched.sandbox.world import Post, World

_SHOWN = 200


def page(world: World, platform: str | None) -> Response:
    """The timeline of all platforms, or of one."""
    raise NotImplementedError  # written below
