"""`autosched doctor`: what is configured, what is missing, and the fix."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from autosched.errors import AutoschedError
from autosched.settings import Settings, settings

State = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where there is nothing to do."""

    title: str
    state: State
    sentence: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at everything; a part that can't even be looked at is a finding too."""
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("Python", _python),
        ("Data folder", _data_folder),
        ("Data packages", _data_packages),
        ("Pages", _pages),
        ("ffmpeg", _ffmpeg),
        ("Database", _database),
        ("Queue", _queue),
        ("Secrets", _secrets),
        ("Settings", _settings),
    ]
    findings: list[Finding] = []
    for title, check in checks:
        try:
            findings += list(check())
        except AutoschedError as error:
            findings.append(Finding(title, "problem", error.sentence, error.remedy))
        except Exception as error:  # noqa: BLE001  whatever breaks a check is what doctor is for
            findings.append(Finding(title, "problem", f"{type(error).__name__}: {error}"))
    return findings


def _python() -> Iterator[Finding]:
    yield Finding("Python", "ok", sys.version.split()[0])


def _data_folder() -> Iterator[Finding]:
    folder = settings().data_dir
    if not folder.exists():
        yield Finding(
            "Data folder", "note", f"{folder} does not exist yet.", "`autosched up` makes it."
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "Data folder",
            "problem",
            f"{folder} can't be written to.",
            "Make it writable, or choose another with --data DIR.",
        )
        return
    free = shutil.disk_usage(folder).free / 2**30
    if free < 2:
        yield Finding(
            "Data folder",
            "problem",
            f"{folder}: only {free:.1f} GB are free.",
            "Free some space: videos and uploads need room.",
        )
    else:
        yield Finding("Data folder", "ok", f"{folder}, {free:.0f} GB free")


def _data_packages() -> Iterator[Finding]:
    from autosched import packages

    missing = packages.missing()
    if missing:
        names = ", ".join(package.title for package in missing)
        yield Finding("Data packages", "problem", f"Missing: {names}.", "Run `autosched setup`.")
    else:
        count = len(packages.manifest())
        yield Finding("Data packages", "ok", f"{count} of {count}, every hash as recorded")


def _pages() -> Iterator[Finding]:
    from autosched import frontend

    if frontend.is_built():
        yield Finding("Pages", "ok", "built")
    else:
        yield Finding(
            "Pages", "note", "not built yet, or changed since", "`autosched up` builds them."
        )


def _ffmpeg() -> Iterator[Finding]:
    import subprocess

    from autosched.media import ffmpeg

    done = subprocess.run(
        [str(ffmpeg.binary()), "-hide_banner", "-filters"],
        capture_output=True,
        text=True,
        check=True,
    )
    have = {line.split()[1] for line in done.stdout.splitlines() if len(line.split()) > 2}
    missing = {"ass", "xfade", "lut3d", "loudnorm", "ebur128"} - have
    if missing:
        yield Finding(
            "ffmpeg",
            "problem",
            f"{ffmpeg.binary()} lacks {', '.join(sorted(missing))}.",
            "Unset IMAGEIO_FFMPEG_EXE to use the one that comes along.",
        )
    else:
        yield Finding("ffmpeg", "ok", "has every filter that renders need")


def _database() -> Iterator[Finding]:
    from sqlalchemy import make_url

    from autosched import migrations

    url = make_url(settings().database)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not os.path.exists(url.database or ""):
        yield Finding("Database", "note", f"{shown} does not exist yet.", "`autosched up` makes it")
        return
    if migrations.pending():
        yield Finding("Database", "problem", f"{shown} is behind.", "Run `autosched migrate`.")
    else:
        yield Finding("Database", "ok", f"{shown}, newest schema")


def _queue() -> Iterator[Finding]:
    import redis

    from autosched.up import status

    running = status()
    try:
        redis.from_url(settings().broker, socket_timeout=2, socket_connect_timeout=2).ping()
        yield Finding("Queue", "ok", "answers")
    except redis.RedisError as error:
        if running or settings().redis_url:
            yield Finding(
                "Queue",
                "problem",
                f"It does not answer: {error}.",
                "Look into logs/valkey.log in the data folder, or check AUTOSCHED_REDIS_URL.",
            )
        else:
            yield Finding("Queue", "note", "not running", "`autosched up` starts it.")
    if running:
        yield Finding("Running", "ok", f"at {running['url']}, process {running['pid']}")


def _secrets() -> Iterator[Finding]:
    key = settings().data_dir / "secret.key"
    if not key.exists():
        yield Finding("Secrets", "note", "no key yet: it is made with the first account")
    elif key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("Secrets", "problem", "secret.key can be read by others.", f"chmod 600 {key}")
    else:
        yield Finding("Secrets", "ok", "the key can be read by its owner only")


def _settings() -> Iterator[Finding]:
    changed = [name for name in Settings.model_fields if f"AUTOSCHED_{name.upper()}" in os.environ]
    yield Finding("Settings", "ok", f"set by environment: {', '.join(changed) or 'none'}")
    if settings().open_registration:
        yield Finding(
            "Registration",
            "note",
            "anyone who reaches the app can make an account",
            "Set AUTOSCHED_OPEN_REGISTRATION=false to let people in by invitation only.",
        )
