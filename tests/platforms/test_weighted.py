"""X's counting and its links, beside the counter that X itself published on npm."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autosched import packages
from autosched.platforms import counting
from autosched.platforms.links import links

WANTED = "twitter-text@3.1.0"
# Answers a line of JSON with a line of JSON, as long as it is asked.
SCRIPT = """
const counter = require('twitter-text');
require('readline').createInterface({input: process.stdin}).on('line', (line) =>
  process.stdout.write(JSON.stringify(JSON.parse(line).map((text) =>
    [counter.parseTweet(text).weightedLength, counter.extractUrls(text)])) + '\\n'));
"""
KNOWN = {
    "": 0,
    "abc": 3,
    "日本語": 6,
    "👨‍👩‍👧‍👦": 2,
    "👍🏽": 2,
    "🇵🇸": 2,
    "1️⃣": 2,
    "☀️☀": 4,
    "☀︎": 4,
    "©": 1,
    "©️": 2,
    "الحمد لله": 9,
    "http://localhost:8080/x": 23,
    "https://example.com/a/very/long/way?that=goes#on": 23,
    "foo.bar": 23,
    "See foo.com.": 28,
    "test@example.com": 16,
    "3.5": 3,
}
BITS = [
    *"./-_ ?=#@$()3:&',!~|%aZ\"`*+;[]{}",
    *"日éبöД。…–",
    *("foo", "com", "co", "uk", "org", "https://", "http://", "HTTPS://", "example.com", "www."),
    *("t.co/", "https://t.co/", "みんな", "рф", "xn--p1ai", "localhost", "com/(a(b)c)", "@a/"),
    *("😀", "👨‍👩‍👧", "☀️", "☀", "1️⃣", "🇩🇪", "👍🏽", "©", "\n", "“", "—", "\u200e", "\u0301"),
]


@pytest.fixture(scope="module")
def published() -> Any:
    """X's own counter, running; fetched if this machine has none yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autosched"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / WANTED
    with (cache / f"{WANTED}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            part = cache / f"{WANTED}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            done = packages.npm(
                "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(part),
                WANTED, cwd=part,
            )  # fmt: skip
            if done.returncode != 0:
                pytest.fail(f"X's counter could not be fetched: {done.stderr[-1500:]}")
            part.rename(folder)
    running = subprocess.Popen(
        [str(packages.node_bin() / "node"), "-e", SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=packages.node_env(),
    )

    def ask(texts: list[str]) -> list[tuple[int, list[str]]]:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(json.dumps(texts) + "\n")
        running.stdin.flush()
        return [(length, urls) for length, urls in json.loads(running.stdout.readline())]

    yield ask
    running.stdin.close()
    running.wait(timeout=10)


def ours(text: str) -> tuple[int, list[str]]:
    return counting.weighted(text), [link.url for link in links(text)]


@pytest.mark.parametrize(("text", "length"), KNOWN.items())
def test_a_text_weighs_what_x_says(
    published: Callable[[list[str]], Any], text: str, length: int
) -> None:
    assert counting.weighted(text) == length == published([text])[0][0]


def test_texts_made_of_odd_bits_weigh_what_x_says(published: Callable[[list[str]], Any]) -> None:
    chance = random.Random(11)
    texts = [
        "".join(chance.choice(BITS) for _ in range(chance.randint(1, 14))) for _ in range(20_000)
    ]
    theirs = published(texts)
    different = [
        (text, ours(text), its)
        for text, its in zip(texts, theirs, strict=True)
        if ours(text) != its
    ]
    assert not different


@given(st.lists(st.sampled_from(BITS) | st.characters(exclude_categories=["Cs", "Cn", "So"])))
@settings(max_examples=300)
def test_any_text_weighs_what_x_says(
    published: Callable[[list[str]], Any], bits: list[str]
) -> None:
    text = "".join(bits)
    assert ours(text) == published([text])[0]


def test_a_long_text_without_links_is_counted_at_once() -> None:
    begun = time.monotonic()
    assert counting.weighted("日本" * 5_000 + "." + "日本" * 5_000) == 40_001
    assert time.monotonic() - begun < 2


def test_mastodon_counts_links_and_people_by_its_own_numbers() -> None:
    assert counting.mastodon("abc") == 3
    assert counting.mastodon("👨‍👩‍👧‍👦 بِ") == 3
    assert counting.mastodon("https://example.com/a/very/long/way/that/goes/on") == 23
    assert counting.mastodon("https://example.com/", 25) == 25
    assert counting.mastodon("example.com") == len("example.com")
    assert counting.mastodon("Thanks, @amina@masto.example!") == len("Thanks, @amina!")
    assert counting.mastodon("mail amina@example.com") == len("mail amina@example.com")
    assert counting.mastodon("a@b@c.de") == len("a@b@c.de")
