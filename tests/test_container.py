"""The container takes the tested path: the steps of `make setup`, started by `autosched up`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from autosched import cli
from autosched.settings import Settings

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())


def _instructions() -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_the_image_is_built_by_the_same_step_that_make_run_and_make_test_take() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^run: setup$", makefile, re.M)
    assert re.search(r"^test: setup$", makefile, re.M)
    runs = [line for line in _instructions() if line.startswith("RUN")]
    assert "RUN make setup" in runs
    assert not any("pip install" in line or "npm" in line for line in runs)


def test_everything_that_setup_reads_is_copied_before_it_runs() -> None:
    instructions = _instructions()
    before = instructions[: instructions.index("RUN make setup")]
    copied = {
        Path(word).name for line in before if line.startswith("COPY") for word in line.split()[1:-1]
    }
    needed = {
        "requirements.lock",
        "pyproject.toml",
        "Makefile",
        "rxconfig.py",
        "autosched",
        "workers",
        "alembic",
        "assets",
        "reflex.lock",
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["readme"],
    }
    assert needed <= copied
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not needed & set(ignored)


def test_the_image_is_in_stages_not_root_and_has_a_health_check() -> None:
    instructions = _instructions()
    assert sum(line.startswith("FROM") for line in instructions) == 2
    user = next(line.split()[1] for line in instructions if line.startswith("USER"))
    assert user not in ("root", "0")
    health = next(line for line in instructions if line.startswith("HEALTHCHECK"))
    assert "autosched.health" in health
    assert instructions[-1].startswith("CMD")
    assert '"autosched", "up"' in instructions[-1]


@pytest.mark.parametrize("service", ["web", "worker", "dispatcher", "migrate"])
def test_every_service_of_the_compose_file_is_a_command_that_exists(service: str) -> None:
    program, command, *options = COMPOSE["services"][service]["command"]
    assert program == "autosched"
    known = get_command(cli.app).commands[command]
    flags = {flag for parameter in known.params for flag in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= flags


def test_the_compose_file_sets_only_settings_that_exist_and_no_password() -> None:
    for name, value in COMPOSE["x-autosched"]["environment"].items():
        assert name.removeprefix("AUTOSCHED_").lower() in Settings.model_fields
        assert "PASSWORD" not in value or "${POSTGRES_PASSWORD:?" in value


def test_one_image_serves_web_worker_and_dispatcher() -> None:
    services = COMPOSE["services"]
    images = {services[name]["image"] for name in ("web", "worker", "dispatcher", "migrate")}
    assert images == {"autosched"}
