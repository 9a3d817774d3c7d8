"""The browser's half: built once from the pages' Python, then served on any host and port.

Reflex writes the server's address into the bundle. Ours is built for a stand-in address, which
is then replaced by "wherever this page came from", so that one build serves every copy.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from reflex_base.plugins.base import Plugin

from autosched import packages
from autosched.errors import UnavailableError
from autosched.settings import settings
from autosched.ui import webfonts

BUILD_ORIGIN = "http://localhost:65535"
_ADDRESS = re.compile(r"""(["'`])(?:https?|wss?)://localhost:65535(/[\w/.-]*)?\1""")


class FollowOrigin(Plugin):
    """Makes the built pages talk to the address that they were loaded from."""

    def post_build(self, *, static_dir: Path, **_context: object) -> None:
        """Replace the stand-in address in every script of the bundle."""
        replaced = 0
        for script in static_dir.rglob("*.js"):
            text, count = _ADDRESS.subn(_here, script.read_text())
            if count:
                script.write_text(text)
                replaced += count
        if not replaced:
            raise RuntimeError("the bundle holds no server address: has Reflex moved it?")


def _here(match: re.Match[str]) -> str:
    return f'(globalThis.location?.origin+"{match[2] or ""}")'


def root() -> Path:
    """The folder that holds `rxconfig.py`, `assets/` and `alembic/`."""
    here = Path(__file__).parent
    return here.parent if (here.parent / "rxconfig.py").exists() else here / "site"


def web_dir() -> Path:
    """Where the frontend is built: beside the data packages, shared by all data folders."""
    chosen = os.environ.get("REFLEX_WEB_WORKDIR")
    return Path(chosen) if chosen else settings().packages / "web"


def environment() -> dict[str, str]:
    """The environment in which Reflex builds and serves without asking the internet."""
    return {
        **packages.node_env(),
        "REFLEX_WEB_WORKDIR": str(web_dir()),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
    }


def fingerprint() -> str:
    """What the built frontend depends on, as one hash."""
    digest = hashlib.sha256(version("reflex").encode())
    sources = [root() / "rxconfig.py", Path(__file__)]
    for folder, pattern in ((Path(__file__).parent / "ui", "*.[pt]*"), (root() / "assets", "*")):
        sources += sorted(path for path in folder.rglob(pattern) if path.is_file())
    for source in sources:
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether the frontend of this very source is there."""
    stamp = web_dir() / "autosched.stamp"
    index = web_dir() / "build" / "client" / "index.html"
    return index.exists() and stamp.exists() and stamp.read_text() == fingerprint()


def build(say: Callable[[str], None] = lambda line: None) -> None:
    """Build the frontend unless it is there; `UnavailableError` with the reason if it fails."""
    webfonts.lay_out(root() / "assets" / "fonts")
    if is_built():
        return
    say("Building the pages (a minute or two, once)")
    stamp = web_dir() / "autosched.stamp"
    stamp.unlink(missing_ok=True)
    mark = fingerprint()
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=root(),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not (web_dir() / "build" / "client" / "index.html").exists():
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise UnavailableError(
            "The pages could not be built: " + " / ".join(lines[-12:]),
            remedy="Check the connection to the npm registry, then run `make setup` again.",
            code="frontend_build",
        )
    stamp.write_text(mark)
