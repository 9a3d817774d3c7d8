"""The stand-in for the platforms as a real process, and hands to tell it what shall go wrong."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


@dataclass
class Stand:
    """A running stand-in."""

    url: str
    client: httpx.Client

    def at(self, host: str, path: str = "") -> str:
        """Where `https://host/path` stands."""
        return f"{self.url}/{host}/{path.lstrip('/')}"

    def fault(self, kind: str, **values: Any) -> None:
        """Tell it what shall go wrong."""
        answer = self.client.post(f"{self.url}/_sandbox/faults", json={"kind": kind, **values})
        assert answer.status_code == 200, answer.text

    def clear(self) -> None:
        self.client.delete(f"{self.url}/_sandbox/faults")

    def forward(self, seconds: float) -> None:
        """Put its clock forward."""
        self.client.post(f"{self.url}/_sandbox/clock", json={"forward": seconds})

    def posts(self, platform: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(
            f"{self.url}/_sandbox/posts", params={"platform": platform}
        ).json()
        return found

    def log(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"{self.url}/_sandbox/log").json()
        return found

    def broken_off(self, platform: str) -> int:
        """How many clients were gone before it could answer them."""
        return sum(each["platform"] == platform and each["status"] == 0 for each in self.log())

    def wait_until_broken_off(self, platform: str, before: int) -> None:
        """Until it has noticed one more such client than `before`."""
        for _ in range(200):
            if self.broken_off(platform) > before:
                return
            time.sleep(0.05)
        raise AssertionError("The stand-in never noticed that its client is gone.")

    def app(self, platform: str) -> dict[str, str]:
        found: dict[str, str] = self.client.get(f"{self.url}/_sandbox/apps").json()[platform]
        return found

    def consent(self, url: str, person: int = 0, decision: str = "allow") -> dict[str, str]:
        """Open the consent page at `url`, agree as the n-th person; what came back with the
        redirect."""
        page = self.client.get(url)
        assert page.status_code == 200, page.text
        people = re.findall(r'name="person" value="([^"]+)"', page.text)
        scopes = re.findall(r'name="scope" value="([^"]+)"', page.text)
        form = {"person": people[person], "decision": decision, "scope": scopes}
        answer = self.client.post(url, data=form, follow_redirects=False)
        assert answer.status_code in (302, 303), answer.text
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}


@contextmanager
def stands() -> Iterator[Callable[..., Stand]]:
    """Start stand-ins; all are stopped at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*only: str) -> Stand:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "autosched.sandbox", "--port", str(port)]
        running.append(subprocess.Popen([*command, "--only", ",".join(only)]))
        url = f"http://127.0.0.1:{port}"
        client = httpx.Client(timeout=60)
        for _ in range(200):
            try:
                client.get(f"{url}/_sandbox/people")
                return Stand(url, client)
            except httpx.TransportError:
                assert running[-1].poll() is None, "the stand-in has ended"
                time.sleep(0.05)
        raise AssertionError("the stand-in does not answer")

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=10)
