"""Posts that were begun and not stored, as text that the browser keeps: one entry for each.

Pure: `kept` is the JSON of a local storage entry, whatever another version left in it.
"""

from __future__ import annotations

import json
from typing import Any

from autosched.ui.compose.draft import MediaItem

_MOST = 12


def find(kept: str, key: str) -> dict[str, Any] | None:
    """What is kept under `key`."""
    found = _all(kept).get(key)
    return found if isinstance(found, dict) else None


def put(kept: str, key: str, content: dict[str, Any] | None) -> str:
    """`kept` with `content` under `key`, or without it; the oldest entries go first."""
    every = _all(kept)
    every.pop(key, None)
    if content is not None:
        every[key] = content
    return json.dumps(dict(list(every.items())[-_MOST:]), ensure_ascii=False)


def pack(media: list[MediaItem]) -> list[list[Any]]:
    """Media as JSON."""
    return [[item.asset_id, item.kind, item.name, item.alt, item.duration] for item in media]


def unpack(packed: Any) -> list[MediaItem]:
    """Media out of what `pack` made; nothing where it is something else."""
    if not isinstance(packed, list):
        return []
    return [MediaItem(*each) for each in packed if isinstance(each, list) and len(each) == 5]


def _all(kept: str) -> dict[str, Any]:
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
