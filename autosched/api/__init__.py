"""HTTP routes for programs and for files."""

from __future__ import annotations

from starlette.routing import BaseRoute

from autosched.api import connecting, files, references, session, templates


def routes() -> list[BaseRoute]:
    """Every route that is mounted beside the pages."""
    return [
        *session.routes(),
        *files.routes(),
        *connecting.routes(),
        *references.routes(),
        *templates.routes(),
    ]
