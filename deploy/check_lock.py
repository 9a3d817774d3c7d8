"""Says whether requirements.lock is what pyproject.toml asks for; `--write` makes it so.

The lock is compiled with its own pins as preferences: an up-to-date lock comes out unchanged.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def compile_lock(out: Path) -> None:
    """Compile the lock into `out`, which may hold an earlier one."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-emit-index-url",
            "--no-header",
            "--no-emit-find-links",
            "--no-annotate",
            "--system-certs",
            "--extra",
            "dev",
            "pyproject.toml",
            "--output-file",
            str(out),
        ],
        cwd=ROOT,
        check=True,
    )


def main(arguments: list[str]) -> int:
    """0 when the lock is up to date or was written, 1 when it is stale."""
    lock = ROOT / "requirements.lock"
    if "--write" in arguments:
        compile_lock(lock)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "requirements.lock"
        shutil.copyfile(lock, fresh)
        compile_lock(fresh)
        if fresh.read_text() != lock.read_text():
            print("requirements.lock is not what pyproject.toml asks for: run `make lock`.")
            return 1
    print("requirements.lock is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
