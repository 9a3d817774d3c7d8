"""Words in another colour while they are recited: by given times, or by the recording itself."""

import dataclasses
import wave
from itertools import pairwise

import numpy as np
import pytest

from autosched import scripture
from autosched.errors import InvalidError
from autosched.studio import recitation, text
from autosched.studio import spec as specs
from autosched.studio.plan import plan, rest
from autosched.studio.text_motion import whole_words
from tests.studio.test_text_motions import frames

WORDS = whole_words(scripture.verses("94:5", language="en")[0].arabic)
TIMES = [{"start": 3.0 + n, "end": 3.6 + n} for n in range(len(WORDS))]


def planned(**scene):
    asked = {"verse": "94:5", "seconds": 8.0, "words": TIMES, **scene}
    return plan(specs.parse({"scenes": [asked]}), scale=0.25)


def changed(found, **fields):
    """The plan with other fields for all of its words."""
    leaves = tuple(
        dataclasses.replace(
            leaf, words=tuple(dataclasses.replace(each, **fields) for each in leaf.words)
        )
        for leaf in found.leaves
    )
    return dataclasses.replace(found, leaves=leaves)


def recording(path, words, seed=0, rate=16000):
    """A voice that says each word as long as its letters, sinks between words, pauses at times."""
    rng = np.random.default_rng(seed)
    pieces, times, at = [rng.normal(0, 3e-4, rate // 2)], [], 0.5
    for number, word in enumerate(words):
        seconds = 0.11 * recitation.weight(word) * rng.uniform(0.8, 1.25)
        t = np.arange(round(seconds * rate)) / rate
        pitch = 2 * np.pi * np.cumsum(np.full(len(t), rng.uniform(110, 170))) / rate
        voice = sum(np.sin(pitch * k) / k for k in range(1, 8))
        shape = np.clip(np.minimum(t, seconds - t) / 0.05, 0.12, 1)
        pieces.append(0.2 * voice * shape)
        times.append((at, at + seconds))
        gap = 0.5 if number % 5 == 4 else 0.0
        pieces.append(rng.normal(0, 3e-4, round(gap * rate)))
        at += seconds + gap
    pieces.append(rng.normal(0, 3e-4, rate // 2))
    samples = np.concatenate(pieces)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
    return times


def test_a_word_has_its_colour_while_it_is_said_and_the_line_is_plain_otherwise():
    found = planned()
    leaf = found.leaves[0]
    arabic = next(words for words in leaf.words if words.role == "arabic")
    assert [(each.start, each.end) for each in arabic.said] == [
        (each["start"], each["end"]) for each in TIMES
    ]
    # A dark word is easy to tell from a light line.
    found = changed(found, highlight="#200000")
    bare = changed(found, said=())
    moments = (rest(leaf), 3.4, 3.95, 5.4)
    lit, plain = frames(found, *moments), frames(bare, *moments)
    assert np.array_equal(lit[0], plain[0])
    assert np.array_equal(lit[2], plain[2])
    first, third = (np.nonzero(np.abs(lit[at].astype(int) - plain[at]) > 70)[1] for at in (1, 3))
    # Arabic: the first word stands at the right of the third.
    assert first.min() > third.max()
    assert len(third) > 20


def test_the_times_of_words_are_held_against_the_verse():
    with pytest.raises(InvalidError, match="3 times for"):
        planned(words=TIMES[:3])
    with pytest.raises(InvalidError, match="after the scene"):
        planned(seconds=3.0)
    with pytest.raises(InvalidError, match="follow each other"):
        planned(words=TIMES[::-1])
    with pytest.raises(InvalidError, match="only the words of a verse"):
        specs.parse({"scenes": [{"text": "One", "words": TIMES[:1]}]})


def test_pages_turn_between_their_words():
    count = len(whole_words(scripture.verses("2:255", language="en")[0].arabic))
    times = [{"start": 0.5 + n, "end": 1.2 + n} for n in range(count)]
    found = plan(specs.parse({"scenes": [{"verse": "2:255", "words": times}]}), scale=0.25)
    assert len(found.leaves) > 1
    said = [(leaf, each) for leaf in found.leaves for words in leaf.words for each in words.said]
    assert len(said) == count
    for leaf, each in said:
        assert leaf.start <= each.start < each.end <= leaf.end
    assert "\\t(" in text.script(found)


@pytest.mark.parametrize("verse", ["1:7", "2:255"])
def test_words_are_found_in_a_recording_by_its_pauses_and_energy(tmp_path, verse):
    words = whole_words(scripture.verses(verse, language="en")[0].arabic)
    truth = recording(tmp_path / "voice.wav", words, seed=4)
    found = recitation.aligned(str(tmp_path / "voice.wav"), words)
    assert len(found) == len(words)
    assert all(start < end for start, end in found)
    assert all(end <= after + 0.031 for (_, end), (after, _) in pairwise(found))
    errors = [abs(start - true) for (start, _), (true, _) in zip(found, truth, strict=True)]
    assert np.median(errors) < 0.06
    assert np.percentile(errors, 95) < 0.25


def test_a_video_follows_its_recitation(tmp_path):
    verses = ["112:1", "112:2"]
    words = [
        word
        for verse in verses
        for word in whole_words(scripture.verses(verse, language="en")[0].arabic)
    ]
    recording(tmp_path / "voice.wav", words)
    asked = {
        "scenes": [{"verse": verse} for verse in verses],
        "audio": {"recitation": str(tmp_path / "voice.wav"), "follow": True},
    }
    found = plan(specs.parse(asked), scale=0.25)
    said = [each for leaf in found.leaves for block in leaf.words for each in block.said]
    assert len(said) == len(words)
    assert [each.start for each in said] == sorted(each.start for each in said)
    assert found.leaves[1].start < said[4].start + 0.05
    (tmp_path / "still.wav").write_bytes((tmp_path / "voice.wav").read_bytes()[:44])
    with pytest.raises(InvalidError, match="too short or too quiet"):
        recitation.aligned(str(tmp_path / "still.wav"), words)
