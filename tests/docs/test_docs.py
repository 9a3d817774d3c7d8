"""The documentation can't go stale: what it lists is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from typer.main import get_command

from autosched import cli
from autosched.settings import Settings

ROOT = Path(__file__).parent.parent.parent


def test_every_setting_is_documented_in_its_own_words_and_no_other_is() -> None:
    rows = dict(
        re.findall(
            r"^\| `AUTOSCHED_(\w+)` \|.*\| (.+) \|$", (ROOT / "docs/settings.md").read_text(), re.M
        )
    )
    assert rows == {
        name.upper(): field.description for name, field in Settings.model_fields.items()
    }


def test_every_command_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"^(?:\$ )?autosched ([\w-]+)", (ROOT / "README.md").read_text(), re.M))
    assert shown <= set(get_command(cli.app).commands)


def test_every_make_target_that_the_documents_show_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        assert set(re.findall(r"`?make (\w+)`", page.read_text())) <= targets, page


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    for name in re.findall(r"`((?:autosched/|workers/)[\w/]*(?:\.py)?)`", text):
        assert (ROOT / name).exists(), name
