"""Posts and threads on X: what goes out is what was asked for, part by part, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autosched.platforms.base import Action, PlatformError, Posted
from tests.counterparts.stand import Stand
from tests.platforms import making
from tests.platforms.desks import Bench, Killed


def newest(stand: Stand, count: int = 1) -> list[dict[str, Any]]:
    """The newest posts, the oldest of them first."""
    return sorted(stand.posts("x"), key=lambda post: int(post["id"]))[-count:]


def test_a_text_goes_out_and_its_page_is_named(bench: Bench, stand: Stand) -> None:
    proof = bench.publish(bench.draft("In the name of the morning & the night <3"))
    (post,) = newest(stand)
    assert post["id"] == proof.remote_id
    assert post["text"] == "In the name of the morning & the night <3"
    assert proof.permalink == stand.at("x.com", f"NightReminders/status/{proof.remote_id}")
    assert stand.client.get(proof.permalink).status_code == 200


def test_four_pictures_go_out_with_their_descriptions(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    media = [
        making.picture(tmp_path / f"{n}.{kind}", colour, alt=f"It is {colour}.")
        for n, (kind, colour) in enumerate(
            [("jpg", "teal"), ("png", "navy"), ("jpg", "gold"), ("jpg", "teal")]
        )
    ]
    bench.publish(bench.draft("four", *media))
    (post,) = newest(stand)
    assert [blob["alt"] for blob in post["media"]] == [each.alt for each in media]
    assert [blob["size"] for blob in post["media"]] == [each.size for each in media]


def test_a_gif_and_a_video_go_out_as_such(bench: Bench, stand: Stand, tmp_path: Path) -> None:
    bench.publish(bench.draft("moves", making.gif(tmp_path / "a.gif")))
    assert newest(stand)[0]["kind"] == "gif"
    film = making.video(tmp_path / "a.mp4", sound=True)
    desk, shares = bench.desk(), []
    desk.progress = shares.append
    draft = bench.draft("", film)
    desk.handle = bench.platform.prepare(desk, draft)
    bench.platform.commit(desk, draft)
    (post,) = newest(stand)
    assert (post["kind"], post["media"][0]["size"]) == ("video", film.size)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_what_was_chosen_is_said(bench: Bench, stand: Stand) -> None:
    bench.publish(
        bench.draft(
            "chosen", made_with_ai=True, paid_partnership=True, reply_settings="mentionedUsers"
        )
    )
    (post,) = newest(stand)
    assert post["extra"]["made_with_ai"] is True
    assert post["extra"]["paid_partnership"] is True
    assert post["extra"]["reply_settings"] == "mentionedUsers"
    bench.publish(bench.draft("nothing chosen", reply_settings="everyone", made_with_ai=False))
    assert not {"made_with_ai", "reply_settings"} & newest(stand)[0]["extra"].keys()


def test_a_thread_is_a_chain_of_replies_and_the_first_part_is_the_proof(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    photo = making.picture(tmp_path / "a.jpg")
    draft = bench.draft("first", photo, thread=["second", "third"], paid_partnership=True)
    proof = bench.publish(draft)
    one, two, three = newest(stand, 3)
    assert [post["text"] for post in (one, two, three)] == ["first", "second", "third"]
    assert two["extra"]["reply"] == {"in_reply_to_tweet_id": one["id"]}
    assert three["extra"]["reply"] == {"in_reply_to_tweet_id": two["id"]}
    assert len(one["media"]) == 1
    assert not two["media"]
    assert three["extra"]["paid_partnership"] is True
    assert proof.remote_id == one["id"]
    assert bench.handles[-1]["out"] == [one["id"], two["id"], three["id"]]


@pytest.mark.parametrize("steps", range(1, 7))
def test_a_thread_that_is_cut_at_any_step_goes_on_and_no_part_is_there_twice(
    bench: Bench, stand: Stand, steps: int
) -> None:
    texts = [f"{part} part, cut after {steps}" for part in ("first", "second", "third")]
    draft = bench.draft(texts[0], thread=texts[1:])
    bench.kill_after = steps
    desk = bench.desk()
    with pytest.raises(Killed):
        desk.handle = bench.platform.prepare(desk, draft)
        bench.platform.commit(desk, draft)
    bench.kill_after = None
    desk = bench.desk(_long_ago(bench.handles[-1]))
    proof = bench.platform.settle(desk, draft) or bench.platform.commit(desk, draft)
    said = [post["text"] for post in newest(stand, 3)]
    assert said == texts
    assert proof.remote_id == newest(stand, 3)[0]["id"]
    assert sum(post["text"] in texts for post in stand.posts("x")) == 3


def _long_ago(handle: dict[str, Any]) -> dict[str, Any]:
    """The same, a minute later: the account's list does not lag behind any more."""
    made = handle.get("attempt")
    return {**handle, "attempt": made and {**made, "at": made["at"] - 60}}


def test_what_is_out_is_not_prepared_again(bench: Bench, stand: Stand, tmp_path: Path) -> None:
    photo = making.picture(tmp_path / "a.jpg")
    draft = bench.draft("with a picture", photo, thread=["and more of it"])
    stand.fault("rate", platform="x", step="create_post", seconds=60)
    desk = bench.desk()
    desk.handle = bench.platform.prepare(desk, draft)
    with pytest.raises(PlatformError) as refused:
        bench.platform.commit(desk, draft)
    assert refused.value.action == Action.RETRY
    assert refused.value.retry_after == pytest.approx(60, abs=5)
    bench.platform.commit(desk, draft)
    photo.path.unlink()
    assert bench.platform.prepare(desk, draft)["out"] == desk.handle["out"]


def test_a_thread_and_what_is_gone_already_are_deleted(bench: Bench, stand: Stand) -> None:
    proof = bench.publish(bench.draft("to be deleted", thread=["and this"]))
    ids = bench.handles[-1]["out"]
    bench.platform.delete(bench.desk(), proof.remote_id, {"out": ids})
    bench.platform.delete(bench.desk(), proof.remote_id, {"out": ids})
    assert not {post["id"] for post in stand.posts("x") if not post["deleted"]} & set(ids)


def test_figures_are_given_for_many_posts_and_none_for_one_that_is_gone(
    bench: Bench, stand: Stand, tmp_path: Path
) -> None:
    film = bench.publish(bench.draft("film", making.video(tmp_path / "a.mp4")))
    text = bench.publish(bench.draft("text that is counted"))
    gone = bench.publish(bench.draft("text that is gone"))
    bench.platform.delete(bench.desk(), gone.remote_id, {})
    stand.forward(7200)
    bench.connection.secret["ends"] = 0  # the tokens have ended meanwhile
    now = datetime.now(UTC)
    found = bench.platform.measure(
        bench.desk(),
        [
            Posted(film.remote_id, {}, now),
            Posted(text.remote_id, {}, now - timedelta(days=40)),
            Posted(gone.remote_id, {}, now),
        ],
    )
    assert set(found) == {film.remote_id, text.remote_id}
    assert found[film.remote_id]["view_count"] > 0
    assert found[film.remote_id]["impression_count"] > 0
    assert "url_link_clicks" in found[film.remote_id]
    assert "url_link_clicks" not in found[text.remote_id]  # X tells them for a month
    assert "retweet_count" in found[text.remote_id]
    assert {"view_count", "impression_count", "like_count"} <= set(bench.platform.metrics)
