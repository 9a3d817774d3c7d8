"""3D look-up tables: read and written as `.cube`, packed into a template, applied to colours.

A table is a float array (blue, green, red, 3) of sRGB from 0 to 1, its red running fastest, as in
a `.cube` file (Adobe, Cube LUT Specification 1.0).
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autosched.errors import InvalidError

Table = NDArray[np.float32]

SIDE = 17
LARGEST = 65
_MOST_PACKED = 200_000
_FINE = 1000


def identity(side: int = SIDE) -> Table:
    """The table that changes nothing."""
    axis = np.linspace(0.0, 1.0, side, dtype=np.float32)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    return np.stack([red, green, blue], axis=-1)


def applied(table: Table, rgb: NDArray[Any]) -> NDArray[np.float32]:
    """The colours (…, 3) from 0 to 1 taken through the table, trilinearly."""
    side = table.shape[0]
    place = np.clip(np.asarray(rgb, np.float32), 0, 1) * (side - 1)
    low = np.minimum(place.astype(np.int32), side - 2)
    part = place - low
    red, green, blue = (low[..., axis] for axis in range(3))
    x, y, z = (part[..., axis, None] for axis in range(3))
    found = np.zeros_like(place)
    for db in (0, 1):
        for dg in (0, 1):
            for dr in (0, 1):
                weight = (z if db else 1 - z) * (y if dg else 1 - y) * (x if dr else 1 - x)
                found += weight * table[blue + db, green + dg, red + dr]
    return np.asarray(found, np.float32)


def roughness(table: Table) -> float:
    """The largest bend of the table along any axis, as a share of the whole range.

    A smooth table leaves skies without bands: from one step to the next its slope hardly changes.
    """
    largest = max(float(np.abs(np.diff(table, n=2, axis=axis)).max()) for axis in range(3))
    return float(largest * (table.shape[0] - 1) / 16)


def written(table: Table, title: str = "autosched") -> str:
    """The text of a `.cube` file."""
    lines = [f'TITLE "{title}"', f"LUT_3D_SIZE {table.shape[0]}"]
    lines += ["DOMAIN_MIN 0.0 0.0 0.0", "DOMAIN_MAX 1.0 1.0 1.0"]
    lines += [f"{r:.5f} {g:.5f} {b:.5f}" for r, g, b in table.reshape(-1, 3)]
    return "\n".join(lines) + "\n"


def read(text: str) -> Table:
    """The table in the text of a `.cube` file. `InvalidError` says what is wrong with it."""
    size, low, high = 0, np.zeros(3), np.ones(3)
    rows: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#", 1)[0].split()
        if not words or words[0] == "TITLE":
            continue
        try:
            if words[0] == "LUT_3D_SIZE":
                size = int(words[1])
                if not 2 <= size <= LARGEST:
                    raise _bad(f"its size is {size}; from 2 to {LARGEST} can be read")
            elif words[0] == "LUT_1D_SIZE":
                raise _bad("it is one of one dimension")
            elif words[0] in ("DOMAIN_MIN", "DOMAIN_MAX"):
                given = np.array([float(each) for each in words[1:4]])
                low, high = (given, high) if words[0] == "DOMAIN_MIN" else (low, given)
            else:
                rows.append([float(each) for each in words])
        except (ValueError, IndexError):
            raise _bad(f"line {number} is none of a table’s") from None
        if len(rows) > LARGEST**3:
            raise _bad("it has too many lines")
    if size == 0 or len(rows) != size**3 or any(len(row) != 3 for row in rows):
        raise _bad(f"it has {len(rows)} colours, not {size}³")
    if not (np.allclose(low, 0) and np.allclose(high, 1)):
        raise _bad("its domain is not that from 0 to 1")
    table = np.array(rows, np.float32).reshape(size, size, size, 3)
    if not np.isfinite(table).all():
        raise _bad("it has values that are no numbers")
    return np.clip(table, 0.0, 1.0)


def packed(table: Table) -> str:
    """A table of side 17 as a short text, for a template: what it changes, compressed."""
    change = np.round((resized(table) - identity()) * _FINE).astype("<i2")
    # From one step of red to the next little changes: so it is packed into a quarter.
    change[:, :, 1:] -= change[:, :, :-1].copy()
    return base64.b85encode(zlib.compress(change.tobytes(), 9)).decode()


def unpacked(text: str) -> Table:
    """The table in a template's text. `InvalidError` if it is none."""
    try:
        raw = zlib.decompressobj()
        data = raw.decompress(base64.b85decode(text[:_MOST_PACKED]), SIDE**3 * 6 + 1)
        steps = np.frombuffer(data, "<i2").reshape(SIDE, SIDE, SIDE, 3)
    except (ValueError, zlib.error):
        raise _bad("it can’t be unpacked") from None
    change = np.cumsum(steps.astype(np.float32), axis=2)
    return np.clip(identity() + change / _FINE, 0.0, 1.0)


def resized(table: Table, side: int = SIDE) -> Table:
    """The table with another number of steps."""
    return table if table.shape[0] == side else applied(table, identity(side))


def _bad(why: str) -> InvalidError:
    return InvalidError(
        f"This is not a look-up table that can be used: {why}.",
        remedy="Export it as a 3D .cube file of 17, 33 or 65 steps.",
        code="bad_lut",
    )
