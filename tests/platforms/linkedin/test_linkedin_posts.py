"""What arrives: text, pictures, films, documents, links, comments; and what is said before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, Media, PlatformError
from autosched.platforms.linkedin import LinkedIn
from tests.counterparts.stand import Stand
from tests.platforms.desks import Bench
from tests.platforms.linkedin.files import document, film, picture

VERSE = "﴿ فَإِنَّ مَعَ ٱلۡعُسۡرِ يُسۡرًا ﴾ (94:5) #الحمد_لله *with* every_hardship ~ease~"


def last(stand: Stand) -> dict[str, Any]:
    return max(stand.posts("linkedin"), key=lambda post: float(post["created_at"]))


def sent(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = bench.handles[-1]["post"]
    return found


def codes(bench: Bench, text: str, *media: Media, **options: Any) -> list[str]:
    return [
        problem.code
        for problem in bench.platform.check(bench.draft(text, *media, **options))
        if problem.blocking
    ]


@pytest.mark.parametrize("who", ["member", "page"])
def test_a_text_is_read_to_its_last_letter(
    who: str, stand: Stand, request: pytest.FixtureRequest
) -> None:
    bench: Bench = request.getfixturevalue(who)
    published = bench.publish(bench.draft(f"{VERSE} {who}"))
    post = last(stand)
    assert post["id"] == published.remote_id
    assert post["text"] == f"{VERSE} {who}"
    assert published.permalink == f"https://www.linkedin.com/feed/update/{published.remote_id}/"
    shown = stand.client.get(stand.at("www.linkedin.com", f"feed/update/{published.remote_id}/"))
    assert shown.status_code == 200


def test_a_pages_post_reads_back_whole(page: Bench) -> None:
    from autosched.platforms.linkedin import api, littletext
    from autosched.platforms.linkedin.rest import escaped

    published = page.publish(page.draft(VERSE))
    told = api.call(page.desk(), "GET", f"posts/{escaped(published.remote_id)}")
    assert littletext.plain(told.get("commentary")) == VERSE


@pytest.mark.parametrize("who", ["member", "page"])
@pytest.mark.parametrize("count", [1, 3])
def test_pictures_arrive_in_their_order_with_their_descriptions(
    who: str, count: int, stand: Stand, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bench: Bench = request.getfixturevalue(who)
    media = [picture(tmp_path, str(n), "teal", f"Picture {n}") for n in range(count)]
    bench.publish(bench.draft("Pictures", *media))
    content = sent(bench)["content"]
    shown = [content["media"]] if count == 1 else content["multiImage"]["images"]
    assert [each["altText"] for each in shown] == [each.alt for each in media]
    assert len(last(stand)["media"]) == count
    published = last(stand)["id"]
    seen = stand.client.get(stand.at("www.linkedin.com", f"feed/update/{published}/"))
    assert seen.status_code == 200  # not posted before its pictures were processed


@pytest.mark.parametrize("who", ["member", "page"])
def test_a_film_arrives_whole_with_its_title(
    who: str, stand: Stand, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bench: Bench = request.getfixturevalue(who)
    shares: list[float] = []
    desk = bench.desk()
    desk.progress = shares.append
    draft = bench.draft("A film", film(tmp_path), title="Stars")
    desk.handle = bench.platform.prepare(desk, draft)
    published = bench.platform.commit(desk, draft)
    assert published.remote_id.startswith("urn:li:ugcPost:")
    assert desk.handle["post"]["content"]["media"]["title"] == "Stars"
    assert shares[-1] == 1.0
    assert last(stand)["id"] == published.remote_id


@pytest.mark.parametrize("who", ["member", "page"])
def test_a_document_arrives_with_its_title(
    who: str, stand: Stand, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    bench: Bench = request.getfixturevalue(who)
    draft = bench.draft("To leaf through", document(tmp_path), title="A plan")
    assert bench.platform.shape(draft).name == "document"
    bench.publish(draft)
    assert sent(bench)["content"]["media"]["title"] == "A plan"
    assert last(stand)["text"] == "To leaf through"


def test_a_link_is_shown_with_what_was_said_of_it(
    member: Bench, stand: Stand, tmp_path: Path
) -> None:
    options = {"link": "https://quran.com/94", "title": "Ash-Sharh", "description": "The Relief"}
    member.publish(member.draft("Read", picture(tmp_path), **options))
    article = sent(member)["content"]["article"]
    assert article["source"] == "https://quran.com/94"
    assert (article["title"], article["description"]) == ("Ash-Sharh", "The Relief")
    assert article["thumbnail"].startswith("urn:li:image:")


def test_who_sees_it_and_whether_it_may_be_reposted_is_as_chosen(member: Bench) -> None:
    member.publish(member.draft("For few", visibility="CONNECTIONS", allow_reshare=False))
    assert sent(member)["visibility"] == "CONNECTIONS"
    assert sent(member)["isReshareDisabledByAuthor"] is True


@pytest.mark.parametrize("who", ["member", "page"])
def test_a_first_comment_follows_the_post(
    who: str, stand: Stand, request: pytest.FixtureRequest
) -> None:
    bench: Bench = request.getfixturevalue(who)
    bench.publish(bench.draft(f"With a comment by a {who}", first_comment="The first"))
    lines = [line["step"] for line in stand.log()]
    assert lines[-2:] == ["create_post", "comment"]
    assert bench.handles[-1]["comment"]


def test_a_post_can_be_deleted_and_is_gone_twice(member: Bench, stand: Stand) -> None:
    published = member.publish(member.draft("Soon gone"))
    for _ in range(2):
        member.platform.delete(member.desk(), published.remote_id, {})
    assert published.remote_id not in [
        post["id"] for post in stand.posts("linkedin") if not post.get("deleted")
    ]


def test_a_page_has_no_connections_to_show_a_post_to(member: Bench, page: Bench) -> None:
    assert codes(member, "x", visibility="CONNECTIONS") == []
    assert codes(page, "x", visibility="CONNECTIONS") == ["option_visibility"]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("", {}, ["empty"]),
        ("x" * 3_000, {}, []),
        ("x" * 3_001, {}, ["text_too_long"]),
        ("👍" * 1_501, {}, ["text_too_long"]),
        ("x", {"first_comment": "y" * 1_251}, ["option_first_comment"]),
        ("x", {"shape": "document", "title": "t"}, ["document_missing"]),
        ("x", {"link": "quran.com", "title": "t"}, ["link"]),
        ("x", {"link": "https://quran.com"}, ["option_title"]),
        ("x", {"link": "https://quran.com", "title": "t"}, []),
        ("x", {"visibility": "FRIENDS"}, ["option_visibility"]),
    ],
)
def test_what_linkedin_would_refuse_is_said_before(
    member: Bench, text: str, options: dict[str, Any], expected: list[str]
) -> None:
    assert codes(member, text, **options) == expected


def test_what_no_conversion_mends_is_said_before(member: Bench, tmp_path: Path) -> None:
    plan, short = document(tmp_path), film(tmp_path)
    word = Media(plan.path, "document", "application/msword", 10)
    small = Media(short.path, "video", "video/mp4", 70_000, 320, 240, 3.0, alt="x")
    brief = Media(short.path, "video", "video/mp4", 200_000, 320, 240, 2.0, alt="x")
    heavy = Media(plan.path, "document", "application/pdf", 100_000_001)
    assert codes(member, "x", plan) == ["option_title"]
    assert codes(member, "x", word, title="t") == ["document_format"]
    assert codes(member, "x", heavy, title="t") == ["document_too_large"]
    assert codes(member, "x", small) == ["video_too_small"]
    assert codes(member, "x", brief) == ["video_too_short"]
    assert codes(member, "x", short, short) == ["too_many_videos"]
    assert codes(member, "x", short, picture(tmp_path)) == ["mixed"]
    assert codes(member, "x", *[picture(tmp_path)] * 21) == ["too_many_images", "too_many_media"]
    assert "too_many_images" in codes(member, "x", plan, picture(tmp_path), title="t")


def test_nothing_that_stands_against_it_is_ever_sent(member: Bench, stand: Stand) -> None:
    before = len(stand.log())
    with pytest.raises(PlatformError) as refused:
        member.publish(member.draft("x" * 3_001))
    assert refused.value.action == Action.FIX
    assert len(stand.log()) == before


def test_the_shapes_have_the_options_that_a_person_expects() -> None:
    shapes = {shape.name: shape for shape in LinkedIn().shapes({})}
    assert set(shapes) == {"post", "document", "article"}
    for shape in shapes.values():
        names = {option.name for option in shape.options}
        assert {"visibility", "allow_reshare", "first_comment", "title"} <= names
