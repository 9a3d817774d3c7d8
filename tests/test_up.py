"""`autosched up`: one command starts everything, Ctrl-C ends everything."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
from pathlib import Path

import httpx
import psutil
import pytest

from autosched import premises
from autosched.errors import UnavailableError
from tests.program import Running, answers, can_log_in, free_port, register, started, until


def test_it_prints_one_url_serves_and_leaves_nothing_running(tmp_path: Path) -> None:
    with started(tmp_path / "d") as running:
        assert running.printed().count("http://") == 1
        assert httpx.get(f"{running.url}/").status_code == 200
        parts = running.parts()
        assert set(parts) == {"valkey", "web", "dispatcher", "worker"}
        everything = psutil.Process(running.process.pid).children(recursive=True)
        assert running.stop() == 0
        _, alive = psutil.wait_procs(everything, timeout=5)
        assert alive == []
        assert not (tmp_path / "d" / "run" / "up.json").exists()


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with started(tmp_path / "d") as running:
        listening = {
            connection.laddr.ip
            for process in running.parts().values()
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


def test_stand_ins_for_the_platforms_run_beside_it_and_end_with_it(tmp_path: Path) -> None:
    with started(tmp_path / "d", None, "--sandbox") as running:
        found = re.search(r"shows at (http://127\.0\.0\.1:\d+)", running.printed())
        assert found is not None, running.printed()
        people = httpx.get(f"{found[1]}/_sandbox/people").json()
        assert len({person["platform"] for person in people}) == 8
        told = json.loads((tmp_path / "d" / "run" / "up.json").read_text())
        assert told["sandbox"] == found[1]
        assert running.stop() == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(found[1])


@pytest.mark.parametrize("name", ["valkey", "worker", "dispatcher", "web"])
def test_a_child_that_dies_is_started_again_and_said_so(tmp_path: Path, name: str) -> None:
    with started(tmp_path / "d") as running:
        before = running.parts()[name].pid
        os.kill(before, signal.SIGKILL)
        until(
            lambda: name in running.parts() and running.parts()[name].pid != before, f"a new {name}"
        )
        assert f"The {name} stopped (killed by SIGKILL); starting it again" in running.printed()
        until(lambda: answers(running.url), "the page")


def test_a_second_copy_runs_beside_the_first_and_shares_nothing(tmp_path: Path) -> None:
    with started(tmp_path / "a") as first, started(tmp_path / "b") as second:
        register(first.url)
        assert can_log_in(first.url)
        assert not can_log_in(second.url)


def test_the_copied_data_folder_is_the_whole_installation(tmp_path: Path) -> None:
    with started(tmp_path / "a") as first:
        register(first.url)
    shutil.copytree(tmp_path / "a", tmp_path / "moved")
    shutil.rmtree(tmp_path / "a")
    with started(tmp_path / "moved") as second:
        assert can_log_in(second.url)


def test_a_taken_port_gives_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = Running(tmp_path / "d", port)
        assert running.process.wait(30) == 1
    assert running.printed().count("\n") == 1
    assert f"Port {port}" in running.printed()
    assert "--port" in running.printed()


def test_a_folder_that_can_not_be_one_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    running = Running(tmp_path / "file" / "d", free_port())
    assert running.process.wait(30) == 1
    assert running.printed().count("\n") == 1
    assert "--data" in running.printed()


def test_a_second_start_on_the_same_folder_names_the_first(tmp_path: Path) -> None:
    with started(tmp_path / "d") as first:
        second = Running(tmp_path / "d", free_port())
        assert second.process.wait(30) == 1
        assert first.url in second.printed()
        assert answers(first.url)


def test_a_disk_that_is_nearly_full_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(premises, "_FREE_NEEDED", 1 << 62)
    with pytest.raises(UnavailableError, match="are free on the disk"):
        premises.check_folder(tmp_path)
