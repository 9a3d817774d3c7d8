"""Secrets are sealed with a key of the installation's own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from autosched import crypto
from autosched.errors import UnavailableError


def test_a_secret_comes_back_and_its_seal_does_not_show_it(data: Path) -> None:
    token = crypto.seal({"password": "hunter2"})
    assert "hunter2" not in token
    assert crypto.unseal(token) == {"password": "hunter2"}


def test_the_key_can_be_read_by_its_owner_only(data: Path) -> None:
    crypto.seal({})
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600


def test_after_a_rotation_the_old_key_opens_and_the_new_one_seals(data: Path) -> None:
    old = crypto.seal({"a": 1})
    key = data / "secret.key"
    fresh = Fernet.generate_key()
    key.write_bytes(fresh + b"\n" + key.read_bytes())
    crypto._box.cache_clear()
    assert crypto.unseal(old) == {"a": 1}
    assert Fernet(fresh).decrypt(crypto.seal({"b": 2}).encode())


def test_a_lost_key_is_told_with_what_to_do(data: Path) -> None:
    token = crypto.seal({"a": 1})
    (data / "secret.key").write_bytes(Fernet.generate_key())
    crypto._box.cache_clear()
    with pytest.raises(UnavailableError, match=r"secret\.key"):
        crypto.unseal(token)
