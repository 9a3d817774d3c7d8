"""X's counting in the stand-in, beside the counter that X itself published on npm."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from autosched import packages
from autosched.sandbox.platforms.x.text import addresses, cashtags, weight

_WANTED = "twitter-text@3.1.0"
_SCRIPT = """
const counter = require('twitter-text');
const texts = JSON.parse(require('fs').readFileSync(0));
process.stdout.write(JSON.stringify(texts.map((text) =>
  [counter.parseTweet(text).weightedLength, counter.extractUrls(text)])));
"""
_KNOWN = {
    "": 0,
    "abc": 3,
    "日本語": 6,
    "👨‍👩‍👧‍👦": 2,
    "👍🏽": 2,
    "🇩🇪": 2,
    "1️⃣": 2,
    "☀️☀": 4,
    "©": 1,
    "الحمد لله": 9,
    "https://example.com/a/very/long/way?that=goes#on": 23,
    "foo.bar": 23,
    "See foo.com.": 28,
    "test@example.com": 16,
    "3.5": 3,
}
_BITS = [
    *"./-_ ?=#@$()3:&',!~|%aZ",
    *"日éبöД。…",
    *("foo", "com", "co", "uk", "org", "https://", "http://", "example.com", "www.", "t.co/"),
    *("😀", "👨‍👩‍👧", "☀️", "☀", "1️⃣", "🇩🇪", "👍🏽", "©", "\n", "“", "—"),
]


@pytest.fixture(scope="module")
def published() -> Path:
    """The folder of X's own counter; fetched if this machine has none yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autosched"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / _WANTED
    with (cache / f"{_WANTED}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            part = cache / f"{_WANTED}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            done = packages.npm(
                "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(part),
                _WANTED, cwd=part,
            )  # fmt: skip
            if done.returncode != 0:
                pytest.fail(f"X's counter could not be fetched: {done.stderr[-1500:]}")
            part.rename(folder)
    return folder


def theirs(folder: Path, texts: list[str]) -> list[tuple[int, list[str]]]:
    done = subprocess.run(
        [str(packages.node_bin() / "node"), "-e", _SCRIPT],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=packages.node_env(),
    )
    return [(length, urls) for length, urls in json.loads(done.stdout)]


@pytest.mark.parametrize(("text", "length"), _KNOWN.items())
def test_a_text_weighs_what_is_known_of_it(text: str, length: int) -> None:
    assert weight(text) == length


def test_weights_and_addresses_are_those_of_the_published_counter(published: Path) -> None:
    chance = random.Random(7)
    texts = list(_KNOWN) + [
        "".join(chance.choice(_BITS) for _ in range(chance.randint(1, 14))) for _ in range(3_000)
    ]
    different = [
        (text, weight(text), length, [each.url for each in addresses(text)], urls)
        for text, (length, urls) in zip(texts, theirs(published, texts), strict=True)
        if (weight(text), [each.url for each in addresses(text)]) != (length, urls)
    ]
    assert not different


def test_cashtags_are_told_from_prices() -> None:
    assert cashtags("$ABC costs $5, not $DEF.A.") == ["ABC", "DEF.A"]
