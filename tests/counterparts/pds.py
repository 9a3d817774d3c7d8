"""A real Bluesky server (PDS) for the tests, fetched from npm once and kept in the user's cache.

`pds` is one server for the session; `rationed_pds` one that counts requests as the public one
does. Records are read back with PyPI `atproto`, a client that nobody here wrote.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from atproto import Client

from autosched import packages

_SOURCE = Path(__file__).parent / "pds"
_JWT_SECRET = "the tests know this one"
_ADMIN_PASSWORD = "and this one"


@dataclass(frozen=True)
class Person:
    """An account on the server, made for one test."""

    handle: str
    did: str
    password: str
    app_password: str
    client: Client

    def posts(self) -> list[Any]:
        """Every post in the account's repository, as the independent client reads them."""
        found: list[Any] = []
        cursor = None
        while True:
            page = self.client.com.atproto.repo.list_records(
                {
                    "repo": self.did,
                    "collection": "app.bsky.feed.post",
                    "limit": 100,
                    "cursor": cursor,
                }
            )
            found += page.records
            cursor = page.cursor
            if not cursor or not page.records:
                return found

    def commits(self) -> str:
        """The repository's latest commit: it changes with every write."""
        commit = self.client.com.atproto.sync.get_latest_commit({"did": self.did})
        return str(commit.rev)


@dataclass(frozen=True)
class Server:
    """A running PDS. `built` is the folder with its node packages, `directory` where the
    identities of its accounts are kept."""

    url: str
    built: Path
    folder: Path
    directory: str = ""

    def person(self, name: str = "") -> Person:
        """A fresh account with an app password."""
        handle = f"{name or 'p'}{uuid4().hex[:8]}.test"
        password = uuid4().hex
        made = self._ask(
            "createAccount",
            {"handle": handle, "email": f"{handle}@example.com", "password": password},
        )
        did, access = made["did"], made["accessJwt"]
        app = self._ask("createAppPassword", {"name": "autosched"}, access)
        client = Client(base_url=f"{self.url}/xrpc")
        session = ":::".join([handle, did, access, made["refreshJwt"], self.url])
        client.login(session_string=session, fetch_bsky_profile=False)
        return Person(handle, did, password, app["password"], client)

    def _ask(self, method: str, body: dict[str, str], token: str | None = None) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.url}/xrpc/com.atproto.server.{method}",
            json=body,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=30,
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def take_down(self, person: Person) -> None:
        """Suspend the account, as a moderator does."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": person.did}
        answer = httpx.post(
            f"{self.url}/xrpc/com.atproto.admin.updateSubjectStatus",
            json={"subject": subject, "takedown": {"applied": True}},
            auth=("admin", _ADMIN_PASSWORD),
        )
        answer.raise_for_status()

    def expired(self, token: str) -> str:
        """The same token as `token`, but expired a minute ago: signed with the server's key."""
        head, body, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims |= {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 60}
        signed = f"{head}.{_base64(json.dumps(claims).encode())}"
        mark = hmac.new(_JWT_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_base64(mark)}"


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole session."""
    with serve(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture
def rationed_pds(tmp_path: Path) -> Iterator[Server]:
    """A server of its own that counts requests, as the public one does."""
    with serve(tmp_path / "pds", PDS_RATE_LIMITS_ENABLED="true") as server:
        yield server


@contextmanager
def serve(folder: Path, public_port: int | None = None, **environment: str) -> Iterator[Server]:
    """Run a server on free loopback ports with its data in `folder`.

    With `public_port` it believes that it is reached there: by way of a gate.
    """
    built = build()
    process, port, directory_port = _started(built, folder, public_port, environment)
    try:
        directory = f"http://127.0.0.1:{directory_port}"
        yield Server(f"http://127.0.0.1:{port}", built, folder, directory)
    finally:
        _stop(process)


def _started(
    built: Path, folder: Path, public_port: int | None, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], int, int]:
    told = ""
    for attempt in range(3):  # a port that was free may be taken the moment after
        data = folder / str(attempt)
        data.mkdir(parents=True)
        port, directory_port = free_ports(2)
        command = [
            str(packages.node_bin() / "node"),
            str(_SOURCE / "start.cjs"),
            *(str(part) for part in (built, port, directory_port, data, public_port or port)),
        ]
        with (data / "errors.log").open("wb") as errors:
            process = subprocess.Popen(
                command,
                env={
                    **packages.node_env(),
                    "PDS_JWT_SECRET": _JWT_SECRET,
                    "PDS_ADMIN_PASSWORD": _ADMIN_PASSWORD,
                    **environment,
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout is not None
        if process.stdout.readline().strip() == b"READY":
            return process, port, directory_port
        _stop(process)
        told = (data / "errors.log").read_text()[:1500]
    pytest.fail(f"The Bluesky server did not start: {told}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def build() -> Path:
    """The folder with the server's node packages; fetched if this machine has none yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autosched"
    cache.mkdir(parents=True, exist_ok=True)
    pinned = (_SOURCE / "package-lock.json").read_bytes()
    about = f"{platform.system()} {platform.machine()}".encode()
    folder = cache / f"pds-{hashlib.sha256(pinned + about).hexdigest()[:16]}"
    with (cache / f"{folder.name}.lock").open("w") as lock:
        # Several test processes may come here at once: one fetches, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            part = cache / f"{folder.name}.part"
            shutil.rmtree(part, ignore_errors=True)
            _install(part)
            part.rename(folder)
    return folder


def _install(part: Path) -> None:
    part.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_SOURCE / name, part / name)
    # No package's script is run. The database's engine, the one part that is not JavaScript, comes
    # compiled in its package from version 13 on; older ones abort on node 24.19 at random (their
    # statements are thrown away when node holds no environment), hence the override.
    done = packages.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=part)
    if done.returncode != 0:
        pytest.fail(f"The Bluesky server for the tests could not be fetched: {done.stderr[-1500:]}")


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on at the moment."""
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in held]
    for each in held:
        each.close()
    return ports


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
