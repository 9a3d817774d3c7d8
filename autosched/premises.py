"""The premises of a start: the folder, the port and the logs, each looked at before it is used."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import IO

from autosched.errors import UnavailableError

_FREE_NEEDED = 500 * 1024 * 1024
_LOG_KEPT = 10 * 1024 * 1024


def check_folder(folder: Path) -> None:
    """`UnavailableError` unless the data folder can be written to and has room."""
    try:
        for part in ("run", "logs"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        probe = folder / "run" / f"probe.{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        reason = "the disk is full" if error.errno == 28 else (error.strerror or "").lower()
        raise UnavailableError(
            f"The data folder {folder} can't be written to: {reason}.",
            remedy="Choose another with --data DIR, or make this one writable.",
            code="data_folder",
        ) from error
    free = shutil.disk_usage(folder).free
    if free < _FREE_NEEDED:
        raise UnavailableError(
            f"Only {free // 2**20} MB are free on the disk of {folder}.",
            remedy="Free some space (500 MB at least), or choose another disk with --data DIR.",
            code="disk_full",
        )


def check_port(host: str, port: int) -> None:
    """`UnavailableError` unless the port is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UnavailableError(
                f"Port {port} on {host} can't be used: {(error.strerror or '').lower()}.",
                remedy=f"Stop what uses it, or choose another with --port {port + 1}.",
                code="port",
            ) from error


def log_file(path: Path) -> IO[bytes]:
    """The log to append to; one that has grown large is put aside first."""
    if path.exists() and path.stat().st_size > _LOG_KEPT:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_line(path: Path) -> str:
    """What the log says last."""
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    return lines[-1] if lines else "it gave no reason"
