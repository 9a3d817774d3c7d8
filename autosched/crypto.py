"""Secrets at rest: sealed with a rotatable key that lies beside the data, readable by its owner.

`DATA/secret.key` holds one Fernet key a line, the newest first. The first seals, all open; so a
key is rotated by writing a new first line.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from autosched.errors import UnavailableError
from autosched.settings import settings


def seal(value: dict[str, Any]) -> str:
    """Encrypt a JSON-serialisable mapping to a token that can stand in the database."""
    return _box(_key_file()).encrypt(json.dumps(value).encode()).decode()


def unseal(token: str) -> dict[str, Any]:
    """Decrypt what `seal` made; `UnavailableError` if no key of this installation opens it."""
    try:
        opened: dict[str, Any] = json.loads(_decrypted(token))
    except InvalidToken as error:
        raise UnavailableError(
            "A stored secret was sealed with another key.",
            remedy=f"Put back the secret.key that belongs to {settings().data_dir}, "
            "or reconnect the account.",
            code="wrong_key",
        ) from error
    return opened


def _decrypted(token: str) -> bytes:
    """Opened by the keys as they were read, or as they stand now: one may have been added."""
    try:
        return _box(_key_file()).decrypt(token.encode())
    except InvalidToken:
        _box.cache_clear()
        return _box(_key_file()).decrypt(token.encode())


def add_key() -> int:
    """Put a new key first, with which all is sealed from now on; how many there are then.

    Processes that run open what it seals, and go on sealing with the key they know until they
    are started again.
    """
    path = _key_file()
    _box(path)
    keys = [line for line in path.read_bytes().splitlines() if line.strip()]
    draft = path.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(b"\n".join([Fernet.generate_key(), *keys]) + b"\n")
    draft.replace(path)
    _box.cache_clear()
    return len(keys) + 1


def _key_file() -> Path:
    return settings().data_dir / "secret.key"


@lru_cache(maxsize=4)
def _box(path: Path) -> MultiFernet:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # O_EXCL: of two processes that start together, one makes the key and both use it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
    keys = [line for line in path.read_bytes().splitlines() if line.strip()]
    return MultiFernet([Fernet(key) for key in keys])
