"""oidc-provider, an OAuth server certified by the OpenID Foundation, as a real process.

It is fetched from npm once and kept in the user's cache. It stands where X's endpoints stand in
our stand-in, so that the very same requests can be sent to both.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urljoin

import httpx
import pytest

from autosched import packages

_SOURCE = Path(__file__).parent
_STEPS_MAX = 10


@dataclass(frozen=True)
class Provider:
    """A running server."""

    url: str
    browser: httpx.Client

    def forward(self, seconds: float) -> None:
        """Put its clock forward."""
        answer = self.browser.post(f"{self.url}/_clock", params={"forward": seconds})
        answer.raise_for_status()

    def decide(self, url: str, decision: str = "allow") -> httpx.Response:
        """Go through its pages from the consent's address on, as somebody who is not logged in;
        the answer that leads away from it, or that says why it does not."""
        self.browser.cookies.clear()
        answer = self.browser.get(url)
        for _ in range(_STEPS_MAX):
            here = urljoin(url, answer.headers.get("location", ""))
            if not answer.is_redirect or not here.startswith(f"{self.url}/"):
                return answer
            page = self.browser.get(here)
            asked = re.search(r'name="prompt" value="(\w+)"', page.text)
            if asked is None:
                answer = page
            elif decision == "deny":
                answer = self.browser.get(f"{here}/abort")
            else:
                form = {"prompt": asked[1], "login": "alice", "password": "any"}
                answer = self.browser.post(here, data=form)
        raise AssertionError("the pages of the server have no end")


@contextmanager
def serve(client_id: str, client_secret: str, redirect_uri: str) -> Iterator[Provider]:
    """Run a server that knows one app."""
    client = {
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    }
    built = _built()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    node, script = str(packages.node_bin() / "node"), str(_SOURCE / "start.cjs")
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [node, script, str(built), str(port), json.dumps(client)],
            env=packages.node_env(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if process.stdout.readline().strip() != b"READY":
                errors.seek(0)
                pytest.fail(f"The OAuth server did not start: {errors.read()[:1500]}")
            with httpx.Client(timeout=30) as browser:
                yield Provider(f"http://127.0.0.1:{port}", browser)
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def _built() -> Path:
    """The folder with the server's node packages; fetched if this machine has none yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autosched"
    cache.mkdir(parents=True, exist_ok=True)
    pinned = hashlib.sha256((_SOURCE / "package-lock.json").read_bytes()).hexdigest()
    folder = cache / f"oidc-{pinned[:16]}"
    with (cache / f"{folder.name}.lock").open("w") as lock:
        # Several test processes may come here at once: one fetches, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            part = cache / f"{folder.name}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(_SOURCE / name, part / name)
            done = packages.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=part)
            if done.returncode != 0:
                pytest.fail(f"The OAuth server could not be fetched: {done.stderr[-1500:]}")
            part.rename(folder)
    return folder
