"""Names in the AT Protocol: DAG-CBOR, content identifiers (CID) and record keys (TID)."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import time
from typing import Any

RAW, CBOR = 0x55, 0x71
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_LINK = 42
_counter = itertools.count()
_last = 0


def cid(content: bytes, codec: int = CBOR) -> str:
    """The identifier of some bytes."""
    return cid_of_digest(hashlib.sha256(content).digest(), codec)


def cid_of_digest(digest: bytes, codec: int) -> str:
    """The identifier by the SHA-256 digest of what it names."""
    raw = bytes([1, codec, 0x12, len(digest)]) + digest
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def cid_of_record(record: dict[str, Any]) -> str:
    """The identifier of a record as it came in JSON."""
    return cid(encode(record))


def is_cid(value: Any) -> bool:
    """Whether it reads as an identifier of version 1 with a SHA-256 digest."""
    if not isinstance(value, str) or not value.startswith("b"):
        return False
    try:
        raw = _bytes_of(value)
    except ValueError:
        return False
    return len(raw) == 36 and raw[0] == 1 and raw[1] in (RAW, CBOR) and raw[2:4] == b"\x12\x20"


def encode(value: Any) -> bytes:
    """DAG-CBOR of a JSON value, in which `$link` and `$bytes` stand for links and bytes.

    Raises `ValueError` for what the data model does not know, such as fractions.
    """
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(encode(each) for each in value)
    if isinstance(value, dict):
        if set(value) == {"$link"}:
            raw = b"\x00" + _bytes_of(str(value["$link"]))
            return _head(6, _LINK) + _head(2, len(raw)) + raw
        if set(value) == {"$bytes"}:
            said = str(value["$bytes"])
            raw = base64.b64decode(said + "=" * (-len(said) % 4))
            return _head(2, len(raw)) + raw
        names = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
        return _head(5, len(names)) + b"".join(encode(n) + encode(value[n]) for n in names)
    raise ValueError(f"the data model has no {type(value).__name__}")


def tid(now: float | None = None) -> str:
    """A new record key: the microseconds of now and a small number, in 13 sortable characters."""
    global _last
    micros = int((time.time() if now is None else now) * 1_000_000)
    _last = max(_last + 1, micros)
    number = (_last << 10) | (next(_counter) % 1024)
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -5, -5))


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("the number is too large")


def _bytes_of(said: str) -> bytes:
    body = said[1:].upper()
    return base64.b32decode(body + "=" * (-len(body) % 8))
