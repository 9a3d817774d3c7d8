"""A quotation of the Quran is told apart: right in any spelling, altered, or none at all."""

from __future__ import annotations

import pytest

from autosched import scripture
from autosched.scripture import letters, quotations, vowels
from autosched.scripture.quotations import Difference


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("فإن مع العسر يسرا", "94:5"),
        ("فَإِنَّ مَعَ الْعُسْرِ يُسْرًا", "94:5"),
        ("﴿أَلَا بِذِكْرِ اللَّهِ تَطْمَئِنُّ الْقُلُوبُ﴾", "13:28"),
        ("قل هو الله أحد الله الصمد لم يلد ولم يولد", "112:1-3"),
        ("له ما في السماوات وما في الأرض من ذا الذي يشفع عنده إلا بإذنه", "2:255"),
        ("يا أيها الذين آمنوا استعينوا بالصبر والصلاة", "2:153"),
    ],
)
def test_a_right_quotation_is_known_in_either_spelling_with_and_without_vowels(
    text: str, key: str
) -> None:
    (found,) = quotations.quotations(f"تذكرة اليوم:\n{text}\n#قرآن")
    assert (found.key, found.altered) == (key, False)


@pytest.mark.parametrize(
    "key", ["1:1", "2:282", "12:11", "18:1", "36:52", "44:7", "75:27", "114:6"]
)
def test_the_canon_itself_is_never_called_altered(key: str) -> None:
    (verse,) = scripture.verses(key)
    found = quotations.quotations(f"﴿{verse.arabic}﴾ ({key})")
    assert [(each.key, each.altered) for each in found] == [(key, False)]


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("فَإِنَّ مَعَ الْعُسْرِ يَسْرًا", ("يَسْرًا", "يُسۡرًا", "vowel")),
        ("﴿إن مع العسر فرجا﴾ [الشرح: ٦]", ("فرجا", "يُسۡرࣰا", "word")),
        ("قال تعالى: ألا بذكر الله تطمئن القروب", ("القروب", "ٱلۡقُلُوبُ", "letter")),
        ("استعينوا بالصبر إن الله مع الصابرين", ("", "وَٱلصَّلَوٰةِۚ", "missing")),
        ("﴿قل هو الله العظيم أحد﴾", ("العظيم", "", "added")),
    ],
)
def test_an_altered_quotation_is_told_with_its_difference(
    text: str, difference: tuple[str, str, str]
) -> None:
    found = quotations.altered(text)
    said, right, kind = difference
    bare = {letters.arabic(each.right) for each in found[0].differences}
    assert len(found) == 1
    assert [(each.said, each.kind) for each in found[0].differences] == [(said, kind)]
    assert bare == {letters.arabic(right)}
    assert found[0].reference in found[0].sentence


def test_the_right_words_are_offered_for_exactly_what_was_said() -> None:
    text = "Today: ﴿فإن مع اليسر يسرا﴾ (94:5). Patience."
    (found,) = quotations.altered(text)
    assert text[found.start : found.end] == "فإن مع اليسر يسرا"
    assert found.right == scripture.verses("94:5")[0].arabic
    assert found.differences == (Difference("اليسر", "ٱلۡعُسۡرِ", "letter"),)
    mended = text[: found.start] + found.right + text[found.end :]
    assert quotations.altered(mended) == []


@pytest.mark.parametrize(
    "text",
    [
        "إنما الأعمال بالنيات وإنما لكل امرئ ما نوى",
        "السلام عليكم ورحمة الله وبركاته",
        "بسم الله الذي لا يضر مع اسمه شيء في الأرض ولا في السماء وهو السميع العليم",
        "اللهم صل على محمد وعلى آل محمد كما صليت على إبراهيم",
        "إن الله جميل يحب الجمال",
        "Nothing Arabic at all, and 2:255 in numbers",
        "",
    ],
)
def test_ordinary_words_hadith_and_prayers_are_left_alone(text: str) -> None:
    assert quotations.altered(text) == []


def test_verses_that_share_their_letters_are_told_apart_by_their_vowels() -> None:
    text = "رَبِّ ٱلسَّمَٰوَٰتِ وَٱلْأَرْضِ وَمَا بَيْنَهُمَآ إِن كُنتُم مُّوقِنِينَ"
    assert [each.key for each in quotations.quotations(text)] == ["44:7"]


@pytest.mark.parametrize(
    ("said", "canon", "differs"),
    [
        ("يُسْرًا", "يُسۡرًا", False),
        ("يسرا", "يُسۡرًا", False),
        ("يُسْراً", "يُسۡرًا", False),
        ("يِسرا", "يُسۡرًا", True),
        ("عليمٌ", "عَلِيمُۢ", False),
        ("عليمٍ", "عَلِيمُۢ", True),
        ("الكِتَابُ", "ٱلۡكِتَٰبُ", False),
        ("الكِتَابَ", "ٱلۡكِتَٰبُ", True),
        ("مِنْ", "مِّن", False),
        ("رَبَّكَ", "رَبُّكَ", True),
    ],
)
def test_vowels_are_compared_by_what_they_sound_like(said: str, canon: str, differs: bool) -> None:
    assert vowels.differ(said, canon) is differs
