"""Posts and threads on Mastodon servers: what goes out is what was asked for, once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import PlatformError, Posted
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench, Killed


def newest(stand: Stand, count: int = 1) -> list[dict[str, Any]]:
    """The newest posts, the oldest of them first."""
    return sorted(stand.posts("mastodon"), key=lambda post: post["created_at"])[-count:]


def test_a_text_goes_out_and_its_page_is_named(bench: Bench, stand: Stand) -> None:
    proof = bench.publish(bench.draft("In the name of the morning & the night <3"))
    (post,) = newest(stand)
    assert (post["id"], post["permalink"]) == (proof.remote_id, proof.permalink)
    assert post["text"] == "In the name of the morning & the night <3"
    assert proof.permalink is not None
    assert stand.client.get(proof.permalink).status_code == 200


def test_what_was_chosen_is_said(bench: Bench, stand: Stand) -> None:
    bench.publish(
        bench.draft(
            "chosen", visibility="unlisted", sensitive=True, spoiler_text="Beware", language="ar"
        )
    )
    extra = newest(stand)[0]["extra"]
    assert extra["visibility"] == "unlisted"
    assert extra["sensitive"] is True
    assert (extra["spoiler_text"], extra["language"]) == ("Beware", "ar")
    bench.publish(bench.draft("nothing chosen", spoiler_text="", sensitive=False))
    extra = newest(stand)[0]["extra"]
    assert (extra["visibility"], extra["sensitive"], extra["spoiler_text"]) == ("public", False, "")


def test_pictures_go_out_with_their_descriptions(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    media = [
        making.picture(tmp_path / f"{colour}.jpg", colour, alt=f"It is {colour}.")
        for colour in ("teal", "navy", "gold", "pink")
    ]
    bench.publish(bench.draft("four", *media))
    (post,) = newest(stand)
    assert [blob["alt"] for blob in post["media"]] == [each.alt for each in media]


def test_a_gif_a_film_and_a_sound_go_out_as_such(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    for made, kind in (
        (making.gif(tmp_path / "a.gif"), "gif"),
        (making.video(tmp_path / "a.mp4"), "video"),
        (making.tone(tmp_path / "a.mp3"), "audio"),
    ):
        bench.publish(bench.draft(f"a {kind}", made))
        (post,) = newest(stand)
        assert (post["kind"], post["media"][0]["size"]) == (kind, made.size)


def test_a_film_tells_how_far_it_is(large: Bench, tmp_path: Path) -> None:
    film = making.video(tmp_path / "a.mp4", bits="1500k")
    desk, shares = large.desk(), []
    desk.progress = shares.append
    large.platform.prepare(desk, large.draft("far", film))
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_thread_is_a_chain_of_replies_and_the_first_part_is_the_proof(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    draft = bench.draft(
        "first",
        making.picture(tmp_path / "a.jpg"),
        thread=["second", "third"],
        visibility="unlisted",
        spoiler_text="A story",
    )
    proof = bench.publish(draft)
    one, two, three = newest(stand, 3)
    assert [post["text"] for post in (one, two, three)] == ["first", "second", "third"]
    assert two["extra"]["in_reply_to_id"] == one["id"]
    assert three["extra"]["in_reply_to_id"] == two["id"]
    assert {post["extra"]["visibility"] for post in (one, two, three)} == {"unlisted"}
    assert {post["extra"]["spoiler_text"] for post in (one, two, three)} == {"A story"}
    assert (len(one["media"]), len(two["media"])) == (1, 0)
    assert (proof.remote_id, proof.permalink) == (one["id"], one["permalink"])


@pytest.mark.parametrize("steps", range(2, 9))
def test_a_thread_that_is_cut_at_any_step_goes_on_and_no_part_is_there_twice(
    small: Bench, stand: Stand, steps: int
) -> None:
    texts = [f"{part} part, cut after {steps}" for part in ("first", "second", "third")]
    draft = small.draft(texts[0], thread=texts[1:])
    small.kill_after = steps
    desk = small.desk()
    try:
        desk.handle = small.platform.prepare(desk, draft)
        small.platform.commit(desk, draft)
    except Killed:
        pass
    small.kill_after = None
    handle = small.handles[-1]
    if made := handle.get("attempt"):
        handle = {**handle, "attempt": {**made, "at": made["at"] - 60}}
    desk = small.desk(handle)
    proof = small.platform.settle(desk, draft) or small.platform.commit(desk, draft)
    last = newest(stand, 3)
    assert [post["text"] for post in last] == texts
    assert (proof.remote_id, proof.permalink) == (last[0]["id"], last[0]["permalink"])
    assert sum(post["text"] in texts for post in stand.posts("mastodon")) == 3


def test_what_is_out_is_not_prepared_again(bench: Bench, stand: Stand, tmp_path: Path) -> None:
    photo = making.picture(tmp_path / "a.jpg")
    draft = bench.draft("with a picture", photo, thread=["and more of it"])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, bench.draft("with a picture", photo))
    photo.path.unlink()
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    assert [post["text"] for post in newest(stand, 2)] == ["with a picture", "and more of it"]


def test_a_thread_and_what_is_gone_already_are_deleted(bench: Bench, stand: Stand) -> None:
    proof = bench.publish(bench.draft("to be deleted", thread=["and this"]))
    ids = bench.handles[-1]["out"]
    bench.platform.delete(bench.desk(), proof.remote_id, {"out": ids})
    bench.platform.delete(bench.desk(), proof.remote_id, {"out": ids})
    left = {post["id"] for post in stand.posts("mastodon") if not post["deleted"]}
    assert not left & set(ids)


def test_figures_are_given_for_many_posts_and_none_for_one_that_is_gone(
    bench: Bench, stand: Stand
) -> None:
    kept = [bench.publish(bench.draft(f"counted {n}")) for n in range(3)]
    gone = bench.publish(bench.draft("gone"))
    bench.platform.delete(bench.desk(), gone.remote_id, {})
    stand.forward(7200)
    now = datetime.now(UTC)
    posts = [Posted(proof.remote_id, {}, now) for proof in (*kept, gone)]
    found = bench.platform.measure(bench.desk(), posts)
    assert set(found) == {proof.remote_id for proof in kept}
    figures = found[kept[0].remote_id]
    assert figures["favourites_count"] > 0
    assert ("quotes_count" in figures) == ("mastodon.social" in bench.connection.handle)
    assert set(figures) <= set(bench.platform.metrics)
    alone = bench.platform.measure(bench.desk(), posts[:1])
    assert set(alone) == {kept[0].remote_id}


def test_one_question_is_enough_where_the_server_knows_it(large: Bench, stand: Stand) -> None:
    posts = [
        Posted(large.publish(large.draft(f"together {n}")).remote_id, {}, datetime.now(UTC))
        for n in range(5)
    ]
    before = len(stand.log())
    large.platform.measure(large.desk(), posts)
    assert [seen["step"] for seen in stand.log()[before:]] == ["metrics"]


def test_a_post_that_answers_what_is_gone_says_so(bench: Bench) -> None:
    draft = bench.draft("is deleted", thread=["answers it"])
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, bench.draft("is deleted"))
    bench.platform.delete(bench.desk(), desk.handle["out"][0], {})
    with pytest.raises(PlatformError) as gone:
        bench.platform.commit(desk, draft)
    assert gone.value.code == "answer_gone"
