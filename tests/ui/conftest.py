"""A running web process with a database of its own, and a browser, for the tests of the pages."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from autosched import db, frontend
from tests.browser import browser
from tests.conftest import forget
from tests.counterparts.stand import Stand, stands

PASSWORD = "a patient sentence"
PHONE, TABLET, DESK = 390, 820, 1440
expect.set_options(timeout=10_000)


@dataclass(frozen=True)
class Site:
    """The running app: its address, its data folder, and the environment it runs in."""

    url: str
    data: Path
    env: dict[str, str]


@dataclass
class Visitor:
    """Somebody with a browser window; `email` is empty while not logged in."""

    context: BrowserContext
    page: Page
    email: str = ""

    def open(self, path: str) -> Page:
        """Go to a page of the app and wait until it has been filled in."""
        self.page.goto(path)
        self.page.wait_for_function(
            "document.querySelector('.shell, .entry, .bare-page')"
            " && !document.querySelector('main .bone, [aria-busy=true]')"
        )
        return self.page

    def has_sideways_scroll(self) -> bool:
        """Whether something is wider than the window."""
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )


def start(data: Path, redis_url: str, sandbox: str = "") -> tuple[Site, subprocess.Popen[bytes]]:
    """A web process on a free port with an empty, migrated database in `data`.

    `sandbox`: where stand-ins for the platforms are.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "AUTOSCHED_DATA": str(data), "AUTOSCHED_REDIS_URL": redis_url}
    env |= {"AUTOSCHED_PUBLIC_URL": f"http://127.0.0.1:{port}", "AUTOSCHED_SANDBOX": sandbox}
    env.pop("AUTOSCHED_DATABASE_URL", None)
    data.mkdir(parents=True, exist_ok=True)
    upgrade = "from autosched import migrations; migrations.upgrade()"
    subprocess.run([sys.executable, "-c", upgrade], env=env, check=True, cwd=frontend.root())
    with (data / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "autosched.web", "--port", str(port)],
            env=env,
            cwd=frontend.root(),
            stdout=log,
            stderr=log,
        )
    site = Site(f"http://127.0.0.1:{port}", data, env)
    _wait(site, process)
    return site, process


def _wait(site: Site, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{site.url}/ping").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the web process did not start:\n{(site.data / 'web.log').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def built() -> None:
    """The pages, built once; other test processes wait."""
    frontend.web_dir().mkdir(parents=True, exist_ok=True)
    with frontend.web_dir().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        frontend.build()


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    """Stand-ins for the platforms, as the running app reaches them."""
    with stands() as run:
        yield run()


@pytest.fixture(scope="session")
def site(
    built: None, valkey_url: str, stand: Stand, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The app, running; shared by all tests of the pages, each with people of its own."""
    made, process = start(tmp_path_factory.mktemp("site") / "data", valkey_url, stand.url)
    yield made
    process.terminate()
    process.wait(90)


@pytest.fixture
def inside(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Service calls of the test act on the running app's database and tell its pages."""
    monkeypatch.setenv("AUTOSCHED_DATA", str(site.data))
    for name in ("AUTOSCHED_REDIS_URL", "AUTOSCHED_PUBLIC_URL", "AUTOSCHED_SANDBOX"):
        monkeypatch.setenv(name, site.env[name])
    forget()
    yield site
    db.engine().dispose()
    forget()


# A module's, not the session's: while it is open its thread has a running event loop, in which
# other modules' `asyncio.run` would fail.
@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """A browser."""
    with browser() as running:
        yield running


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Site, chrome: Browser) -> Iterator[Visit]:
    """Opens a window: `visit()` for a fresh person with an account, `visit(known=False)` for a
    stranger; `width`, `language` and `theme` as asked."""
    opened: list[BrowserContext] = []

    def make(
        *,
        known: bool = True,
        width: int = DESK,
        language: str = "en",
        theme: str = "light",
        zone: str = "Europe/Istanbul",
        name: str = "Amina Yusuf",
        base: str = "",
        email: str = "",
    ) -> Visitor:
        context = chrome.new_context(
            base_url=base or site.url,
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            has_touch=width == PHONE,
            locale="ar" if language == "ar" else "en-GB",
            timezone_id=zone,
            color_scheme="dark" if theme == "dark" else "light",
        )
        opened.append(context)
        visitor = Visitor(context, context.new_page())
        if known:
            visitor.email = email or f"amina-{uuid4().hex[:8]}@example.org"
            form = {"name": name, "email": visitor.email, "password": PASSWORD, "zone": zone}
            form["language"] = language
            context.request.post("/auth/register", form=form, max_redirects=0)
            if "autosched_login" not in {cookie["name"] for cookie in context.cookies()}:
                pytest.fail("the account could not be made")
        return visitor

    yield make
    for context in opened:
        context.close()
