"""Little text: whatever is written is read, to the last letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosched.platforms.linkedin.littletext import escape, plain
from autosched.sandbox.platforms import linkedin_text

RESERVED = "|{}@[]()<>#\\*_~"
TAGS = st.from_regex(r"#[a-zA-Z\u0627-\u064a0-9_]{1,12}", fullmatch=True)
MENTIONS = st.builds(
    lambda name, kind, id: f"@[{name}](urn:li:{kind}:{id})",
    st.text("abc |_*()~#<>{}@é", min_size=1, max_size=12),
    st.sampled_from(["person", "organization"]),
    st.from_regex(r"[A-Za-z0-9_\-]{1,12}", fullmatch=True),
)
TEXTS = st.lists(
    st.one_of(
        st.text(RESERVED, max_size=6),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        TAGS,
        MENTIONS,
        st.sampled_from(["\n", " ", "#", "\\", "@[", "](urn:li:person:", "{hashtag|"]),
    ),
    max_size=12,
).map("".join)


@given(TEXTS)
def test_nothing_of_a_text_is_ever_cut(text: str) -> None:
    shown = linkedin_text.read(escape(text))
    assert not shown.cut
    assert shown.text == plain(escape(text))


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda said: "@[" not in said))
def test_a_text_reads_as_it_was_written(text: str) -> None:
    assert linkedin_text.read(escape(text)).text == text
    assert plain(escape(text)) == text


@given(MENTIONS)
def test_a_mention_stays_one(mention: str) -> None:
    shown = linkedin_text.read(escape(f"With {mention}!"))
    assert shown.mentions == (mention.rpartition("](")[2].rstrip(")"),)
    assert shown.text == f"With {mention[2:].rpartition('](')[0]}!"


@pytest.mark.parametrize(
    ("text", "commentary"),
    [
        ("#Ramadan and #صبر", "#Ramadan and #صبر"),
        ("#الحمد_لله", "#الحمد\\_لله"),
        ("C#sharp, #1, # and a#b", "C\\#sharp, \\#1, \\# and a\\#b"),
        ("(and) *so* on", "\\(and\\) \\*so\\* on"),
        ("me@example.org", "me\\@example.org"),
        ("@[Quiet | Verses](urn:li:organization:7)", "@[Quiet \\| Verses](urn:li:organization:7)"),
        ("@[x](urn:li:share:7)", "\\@\\[x\\]\\(urn:li:share:7\\)"),
        ("﴿ فَإِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرًا ﴾", "﴿ فَإِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرًا ﴾"),
    ],
)
def test_hashtags_and_mentions_are_kept_and_all_else_is_escaped(text: str, commentary: str) -> None:
    assert escape(text) == commentary


def test_what_linkedin_makes_of_a_hashtag_reads_the_same() -> None:
    assert plain("{hashtag|\\#|Ramadan} \\(1\\)") == "#Ramadan (1)"
