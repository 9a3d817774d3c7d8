"""The stand-in and the program know nothing of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "autosched"
SANDBOX = ROOT / "sandbox"
# The commands that start it; they hand it a port and no more.
STARTERS = {"cli.py"}


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, file
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_stand_in_imports_nothing_of_the_program() -> None:
    for file in SANDBOX.rglob("*.py"):
        ours = [name for name in _imported(file) if name.split(".")[0] == "autosched"]
        assert all(name.startswith("autosched.sandbox") for name in ours), file


def test_the_program_imports_nothing_of_the_stand_in() -> None:
    for file in ROOT.rglob("*.py"):
        if SANDBOX in file.parents or file.name in STARTERS:
            continue
        assert not any(name.startswith("autosched.sandbox") for name in _imported(file)), file
