"""Whether a part is well, for a container's health check: exit 0 or 1."""

from __future__ import annotations

import argparse
import sys
import urllib.request

from autosched import clock
from autosched.settings import settings

_SILENT = 60.0


def is_well(part: str) -> bool:
    """The web app answers on its port; worker and dispatcher were heard of within a minute."""
    if part == "web":
        try:
            with urllib.request.urlopen("http://127.0.0.1:8000/ping", timeout=4):
                return True
        except OSError:
            return False
    from workers.broker import heard_of

    last = heard_of(part)
    return last is not None and (clock.now() - last).total_seconds() < _SILENT


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=("web", "worker", "dispatcher"), default="web")
    chosen = parser.parse_args()
    settings()
    sys.exit(0 if is_well(chosen.part) else 1)
