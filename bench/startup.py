"""How long until the first page is served, and how much memory the idle program holds.

Three starts of the whole program (`autosched up`), each timed from the command to the first
answer of `/` with status 200:
- first: an empty data folder, and the pages built from nothing (the data packages are there);
- cold: an empty data folder, the pages built;
- warm: the data folder of an earlier run.
Memory is taken after 10 quiet seconds, summed over the supervisor and every descendant: RSS
counts shared pages once a process, PSS shares them out. The floor beside it is a bare Python
that imports Reflex and nothing else.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil

_QUIET = 10.0


def run(seed: int | None = None) -> dict[str, Any]:
    """The three starts and the memory; `seed` changes nothing here."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, _ = _start(folder / "first", web=folder / "web")
        cold, _ = _start(folder / "cold")
        warms, memory = [], {}
        for attempt in range(3):
            seconds, memory = _start(folder / "cold", measure=attempt == 2)
            warms.append(seconds)
    warm = statistics.median(warms)
    floor = _bare_reflex()
    return {
        "bench": "startup",
        "first_start_s": round(first, 2),
        "cold_start_s": round(cold, 2),
        "warm_start_s": round(warm, 2),
        "warm_starts_s": [round(seconds, 2) for seconds in warms],
        "floor_import_reflex_s": round(floor, 2),
        "warm_to_floor": round(warm / floor, 2),
        "memory_mb": memory,
        "expected": {"warm_start_s": 10, "rss_mb": 700},
        "met": {"warm_start": warm < 10, "memory": memory["rss_mb"] < 700},
    }


def _start(
    data: Path, *, web: Path | None = None, measure: bool = False
) -> tuple[float, dict[str, Any]]:
    port = _free_port()
    env = {**os.environ, **({"REFLEX_WEB_WORKDIR": str(web)} if web else {})}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "autosched", "up", "--data", str(data), "--port", str(port)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _serves(port):
            if process.poll() is not None:
                raise RuntimeError(f"autosched up ended with {process.returncode}")
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        memory: dict[str, Any] = {}
        if measure:
            time.sleep(_QUIET)
            memory = _memory(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    return seconds, memory


def _serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _memory(pid: int) -> dict[str, Any]:
    top = psutil.Process(pid)
    rows, rss, pss = [], 0.0, 0.0
    for process in [top, *top.children(recursive=True)]:
        full = process.memory_full_info()
        rows.append(
            {"command": " ".join(process.cmdline()[1:4])[:60], "rss_mb": round(full.rss / 2**20)}
        )
        rss += full.rss / 2**20
        pss += getattr(full, "pss", full.rss) / 2**20
    return {"rss_mb": round(rss), "pss_mb": round(pss), "processes": rows}


def _bare_reflex() -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import reflex; reflex.App"], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
