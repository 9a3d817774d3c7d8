"""What `autosched analyze` says to a person."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from autosched.cli import app
from autosched.studio.analysis.report import Grade, Report, Shot, Video
from autosched.studio.analysis.summary import summary
from tests.media import samples
from tests.studio.references.reports import rich


def test_everything_found_is_said_in_a_dozen_lines() -> None:
    told = "\n".join(summary(rich()))
    assert "1080 × 1920, 30 fps, 0:30" in told
    assert "92 BPM, F# minor, -15.2 LUFS, recitation" in told
    assert "On the beat" in told
    assert "62% of the cuts" in told
    assert "dissolve 1" in told
    assert len(told.splitlines()) <= 16


def test_what_was_not_measured_is_not_said() -> None:
    silent = Report(
        video=Video(width=640, height=360, fps=25.0, duration=4.0, has_audio=False),
        shots=(Shot(start=0, end=4),),
        transitions=(),
        grade=Grade(palette=()),
        texts=(),
        music=None,
    )
    lines = summary(silent)
    assert [line.split()[0] for line in lines] == [
        "Video",
        "Shots",
        "Transitions",
        "Texts",
        "Sound",
    ]
    assert "0.00" not in "\n".join(lines)


def test_the_command_prints_it_without_json(tmp_path: Path) -> None:
    clip = samples.video(tmp_path / "clip.mp4", seconds=1)
    done = CliRunner().invoke(app, ["analyze", str(clip)])
    assert done.exit_code == 0
    assert "320 × 180" in done.stdout
    assert "{" not in done.stdout
