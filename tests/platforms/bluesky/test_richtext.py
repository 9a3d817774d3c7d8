"""Links, hashtags and mentions, held against the bytes and against Bluesky's own library."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched import packages
from autosched.platforms.bluesky.richtext import facets, spans
from tests.counterparts import pds

SAMPLES = [
    "Read https://quran.com/94/5-6 today",
    "Read https://en.wikipedia.org/wiki/Surah_(Quran) today. (See https://quran.com)",
    "الحمد لله #الحمد_لله و #قرآن، #السلام",
    "#Peace #94 #94a #a-b, #end.",
    "السلام على @amina.bsky.social، وعلى @ali.example.com",
    "mail me at amina@example.com",
    "🌙 #🌙 #️⃣ 👨‍👩‍👧‍👦 https://example.com/👍🏽 @x.bsky.social",
    "a#b c@d.com #",
    "https://example.com/#tag?x=@y.z",
    "example.com and www.example.org/path, too",
    "اقرأ https://ar.wikipedia.org/wiki/القرآن الآن",
    "＃ｗｉｄｅ and #日本語",
    "(@amina.bsky.social)",
    "line\n#next\n@amina.bsky.social\nhttps://example.com",
    "#ٱلۡحَمۡدُ لِلَّهِ",
]

words = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(
        [
            "https://example.com/ا",
            "#نور",
            "@amina.bsky.social",
            "example.com",
            "👩‍🚀",
            "#",
            "@",
            "(",
        ]
    ),
)
texts = st.lists(words, max_size=10).map(" ".join)


@given(texts)
def test_what_a_facet_marks_is_byte_for_byte_what_was_found(text: str) -> None:
    raw = text.encode()
    found = spans(text)
    marked = facets(text, lambda handle: f"did:plc:{handle}")
    assert len(found) == len(marked)
    for span, facet in zip(found, marked, strict=True):
        index, feature = facet["index"], facet["features"][0]
        piece = raw[index["byteStart"] : index["byteEnd"]].decode()
        assert piece == text[span.start : span.end]
        match span.kind:
            case "link":
                assert feature["uri"] in (piece, f"https://{piece}")
            case "tag":
                assert piece[1:] == feature["tag"]
            case "mention":
                assert feature["did"] == f"did:plc:{piece[1:].lower()}"


@given(texts)
def test_facets_stand_in_order_within_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for facet in facets(text, lambda handle: "did:plc:x"):
        index = facet["index"]
        assert end <= index["byteStart"] < index["byteEnd"] <= len(text.encode())
        end = index["byteEnd"]


def test_arabic_hashtags_and_links_end_before_arabic_punctuation() -> None:
    found = spans("اقرأ #الحمد_لله، ثم https://example.com/a؟ و @amina.bsky.social؛")
    assert [(span.kind, span.value) for span in found] == [
        ("tag", "الحمد_لله"),
        ("link", "https://example.com/a"),
        ("mention", "amina.bsky.social"),
    ]


def test_marks_of_direction_around_a_word_do_not_hide_it() -> None:
    found = spans("\u200f#نور\u200f \u2067https://example.com\u2069")
    assert [span.value for span in found] == ["نور", "https://example.com"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("#a#b", ["a", "b"]),
        ("#" + "ا" * 64, ["ا" * 64]),
        ("#" + "ا" * 65, []),
        ("#123 #۱۲۳", ["۱۲۳"]),
        ("https:// https://? http", []),
        ("The end.Next sentence, e.g. this", []),
        ("(https://example.com/a_(b))", ["https://example.com/a_(b)"]),
        ("«https://example.com»", ["https://example.com"]),
        ("https://example.com/(a)", ["https://example.com/(a)"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
    ],
)
def test_what_is_taken_for_a_link_or_a_tag(text: str, values: list[str]) -> None:
    assert [span.value for span in spans(text)] == values


def test_a_mention_of_nobody_stays_plain_text() -> None:
    assert facets("@nobody.bsky.social", lambda handle: None) == []


def test_the_same_is_found_as_by_blueskys_own_library() -> None:
    assert [_ours(text) for text in SAMPLES] == _theirs(SAMPLES)


def _ours(text: str) -> list[list[Any]]:
    return sorted(
        [facet["index"]["byteStart"], facet["index"]["byteEnd"], next(iter(_value(facet)))]
        for facet in facets(text, lambda handle: handle)
    )


def _value(facet: dict[str, Any]) -> list[str]:
    feature = facet["features"][0]
    return [feature[key] for key in ("uri", "tag", "did") if key in feature]


def _theirs(texts: list[str]) -> list[list[list[Any]]]:
    script = (
        "const { RichText } = require('@atproto/api');"
        "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(texts.map((text) => {"
        " const rich = new RichText({ text }); rich.detectFacetsWithoutResolution();"
        " return rich.facets ?? [] })))"
    )
    done = subprocess.run(
        [str(packages.node_bin() / "node"), "-e", script],
        cwd=pds.build(),
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        sorted(
            [facet["index"]["byteStart"], facet["index"]["byteEnd"], _value(facet)[0]]
            for facet in found
        )
        for found in json.loads(done.stdout)
    ]
