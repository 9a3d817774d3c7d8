"""References are read as people write them; what could mean two things is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autosched import scripture
from autosched.errors import InvalidError
from autosched.scripture.surahs import point

READ = {
    "2:255": "2:255",
    "94:5-6": "94:5-94:6",
    "2:285-3:2": "2:285-3:2",
    "2:285 – 3:2": "2:285-3:2",
    "Al-Inshirah 5": "94:5",
    "al inshirah 5-6": "94:5-94:6",
    "Ash-Sharh 5": "94:5",
    "Al-Inshirah 94:5": "94:5",
    "Al-Inshirah 94:5-6": "94:5-94:6",
    "Ya-Sin 1-5": "36:1-36:5",
    "Yasin 1": "36:1",
    "surah baqarah 255": "2:255",
    "al-Baqara:255": "2:255",
    "Al-Baqarah: 255": "2:255",
    "Al-Baqarah (255)": "2:255",
    "Al-Baqarah verses 255 to 257": "2:255-2:257",
    "Al-Baqarah 285 - Ali Imran 2": "2:285-3:2",
    "verse 255 of al-Baqarah": "2:255",
    "chapter 2 verse 255": "2:255",
    "Surah 2, verse 255": "2:255",
    "(2:255)": "2:255",
    "2.255": "2:255",
    "2/255": "2:255",
    "Q 2:255": "2:255",
    "Al-Qur'an 2:255": "2:255",
    "The Holy Quran, 2:255": "2:255",
    "94:5 (Al-Inshirah)": "94:5",
    "94. Al-Inshirah 5": "94:5",
    "Ali 'Imran 103": "3:103",
    "Al-ʿAlaq 1-5": "96:1-96:5",
    "Al-Mā’idah: 3": "5:3",
    "Al-An`am 162": "6:162",
    # Arabic, Urdu and Bengali letters and digits
    "الشرح ٥": "94:5",
    "سورة الشرح ٥-٦": "94:5-94:6",
    "يس ١-٥": "36:1-36:5",
    "يس ۱–۵": "36:1-36:5",
    "[البقرة: ٢٥٥]": "2:255",
    "سورة البقرة آية ٢٥٥": "2:255",
    "سورة البقرة من الآية ١ إلى الآية ٥": "2:1-2:5",
    "سورۃ البقرہ ۲۵۵": "2:255",
    "ٱلرَّحۡمَٰن ١٣": "55:13",
    "ق ١٦": "50:16",
    "সূরা ৯৪:৫": "94:5",
    "আয়াত ২:২৫৫": "2:255",
    # Turkish, Indonesian, French
    "Bakara suresi 255. ayet": "2:255",
    "Bakara, 255": "2:255",
    "Âl-i İmrân 5": "3:5",
    "Şûrâ 23": "42:23",
    "Mü'minûn 1": "23:1",
    "Hucurat 13": "49:13",
    "QS. Al-Baqarah [2]: 255": "2:255",
    "Q.S. Al-Baqarah (2) ayat 255": "2:255",
    "Asy-Syams 1 sampai 3": "91:1-91:3",
    "sourate 2 verset 255": "2:255",
    "Ach-Charh 5": "94:5",
    # verses with a name
    "Ayat al-Kursi": "2:255",
    "ayatul kursi": "2:255",
    "Âyetel Kürsî": "2:255",
    "آية الكرسي": "2:255",
    "آیت الکرسی": "2:255",
    "Ayat an-Nur": "24:35",
    # whole surahs
    "112": "112:1-112:4",
    "Al-Ikhlas": "112:1-112:4",
    "سورة الإخلاص": "112:1-112:4",
    "112-114": "112:1-114:6",
    "Al-Falaq - An-Nas": "113:1-114:6",
    # several
    "2:255, 256": "2:255 2:256",
    "94:5,6-8": "94:5 94:6-94:8",
    "2:255; 94:5": "2:255 94:5",
    "Luqman 12, 13 and 17": "31:12 31:13 31:17",
    "Al-Falaq, 1, 2": "113:1 113:2",
    "112, 113, 114": "112:1-112:4 113:1-113:5 114:1-114:6",
    "Al-Ikhlas, An-Nas": "112:1-112:4 114:1-114:6",
    "البقرة ٢٥٥، ٢٨٥-٢٨٦؛ يونس ٥٧": "2:255 2:285-2:286 10:57",
}


def written(spans: list[tuple[tuple[int, int], tuple[int, int]]]) -> str:
    keys = [[f"{surah}:{ayah}" for surah, ayah in span] for span in spans]
    return " ".join(first if first == last else f"{first}-{last}" for first, last in keys)


@pytest.mark.parametrize(("text", "verses"), READ.items(), ids=READ)
def test_a_reference_is_read_as_people_write_it(text: str, verses: str) -> None:
    assert written(scripture.parse(text)) == verses


REFUSED = {
    "Al-Inshirah 9": "Al-Inshirah has 8 verses; there is no verse 9.",
    "94:9": "Al-Inshirah has 8 verses; there is no verse 9.",
    "94:5-9": "Al-Inshirah has 8 verses; there is no verse 9.",
    "الشرح ٩": "Al-Inshirah has 8 verses; there is no verse 9.",
    "2:0": "Al-Baqarah has 286 verses; there is no verse 0.",
    "115:1": "There are 114 surahs; there is no surah 115.",
    "0": "There are 114 surahs; there is no surah 0.",
    "Al-Ikhlas 113": "Al-Ikhlas has 4 verses; there is no verse 113.",
    "94:6-5": "94:6-94:5 runs backwards.",
    "3:2-2:285": "3:2-2:285 runs backwards.",
    "Al-Inshirah 95:5": "Al-Inshirah is surah 94, not 95.",
    "5 Al-Inshirah": "Al-Inshirah is surah 94, not 5.",
    "94 5": "Did you mean 94:5?",
    "2-255": "Did you mean 2:255?",
    "2-5": "5 could be verse 2:5 or surah 5.",
    "2, 55": "55 could be verse 2:55 or surah 55.",
    "2:255; 5": "5 could be verse 2:5 or surah 5.",
    "Sams 1": "There is no surah called “Sams”. Did you mean Ash-Shams?",
    "Al-Kaf 10": "Did you mean Qaf, Al-Kahf or Al-Ahqaf?",
    "The Cow 255": "Did you mean Al-Baqarah?",
    "hello": "There is no surah called “hello”.",
    "12/11/2024": "is not a reference to a verse.",
    "94:5-6-7": "is not a reference to a verse.",
    "2:": "is not a reference to a verse.",
    "verse 5": "is not a reference to a verse.",
    "surah": "is not a reference to a verse.",
    "2:255€": "is not a reference to a verse.",
    "": "There is no reference to read.",
    "2:255, " * 200: "is not a reference to a verse.",
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items(), ids=lambda value: value[:40])
def test_what_cannot_be_meant_is_refused_in_a_sentence_with_a_remedy(
    text: str, sentence: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        scripture.parse(text)
    assert sentence in refusal.value.sentence
    assert refusal.value.remedy.endswith(".")


points = st.integers(1, 6236).map(point)
spans = st.tuples(points, points).map(lambda pair: (min(pair), max(pair)))


@settings(deadline=None)
@given(spans)
def test_a_citation_is_read_back_as_the_verses_it_was_written_for(
    span: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    assert scripture.parse(scripture.citation(*span)) == [span]


@settings(deadline=None)
@given(spans, st.sampled_from(["; ", ", ", "\n"]), spans)
def test_two_citations_after_each_other_are_read_as_two(
    one: tuple[tuple[int, int], tuple[int, int]],
    between: str,
    other: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    text = scripture.citation(*one) + between + scripture.citation(*other)
    assert scripture.parse(text) == [one, other]


@settings(deadline=None)
@given(points, st.data())
def test_a_verse_is_found_by_any_name_of_its_surah_in_any_digits(
    place: tuple[int, int], data: st.DataObject
) -> None:
    chapter = scripture.surah(place[0])
    name = data.draw(st.sampled_from((chapter.name, chapter.arabic, *chapter.also)))
    digits = data.draw(st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "০১২৩৪৫৬৭৮৯"]))
    ayah = "".join(digits[int(digit)] for digit in str(place[1]))
    prefix = data.draw(st.sampled_from(["", "Surah ", "سورة ", "QS. "]))
    between = data.draw(st.sampled_from([" ", ":", ": ", ", ", " verse ", " - "]))
    text = f"{prefix}{name}{between}{ayah}"
    assert scripture.parse(text) == [(place, place)], text


@settings(deadline=None)
@given(st.text() | st.text("0123456789:;,-. sAlBaqrnو٥"))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    try:
        read = scripture.parse(text)
    except InvalidError:
        return
    assert all((1, 1) <= first <= last <= (114, 6) for first, last in read)
