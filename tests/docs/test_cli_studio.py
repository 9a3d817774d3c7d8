"""The studio's commands print one JSON document and end as they should."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from autosched import cli


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, list(arguments))
    return done.exit_code, done.stdout


def test_quotations_are_told_with_what_is_right() -> None:
    code, out = said("quotations", "قال تعالى: إن مع العسر فرجا", "--json")
    [found] = json.loads(out)["quotations"]
    assert code == 0
    assert (found["key"], found["altered"]) == ("94:6", True)
    assert found["differences"][0]["said"] == "فرجا"


def test_a_series_tells_what_became_of_each_video(tmp_path: Path) -> None:
    spec = {"template": "ink-on-paper", "audio": {"ambience": "none"}}
    file = tmp_path / "series.json"
    file.write_text(json.dumps({"over": {"verses": ["112:1"]}, "spec": spec}), encoding="utf-8")
    code, out = said("series", str(file), "--out", str(tmp_path / "out"), "--json")
    [video] = json.loads(out)["videos"]
    assert code == 0
    assert (video["verse"], video["kept"], video["error"]) == ("112:1", False, None)
    assert Path(video["out"]).is_file()
