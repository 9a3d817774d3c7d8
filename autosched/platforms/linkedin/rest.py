"""Where LinkedIn's REST interface is, and which month of it is spoken."""

from __future__ import annotations

import os
from urllib.parse import quote

REST = "https://api.linkedin.com/rest"
VERSION = os.environ.get("AUTOSCHED_LINKEDIN_API_VERSION", "202609")
"""Each month's interface lives for a year at least."""


def headers(method: str = "") -> dict[str, str]:
    """What every call carries. `method`: Rest.li's own, where HTTP's does not tell it."""
    named = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}
    return {**named, "X-RestLi-Method": method} if method else named


def escaped(urn: str) -> str:
    """A URN as it stands in a path or query."""
    return quote(urn, safe="")
