"""X: a post with its media, and the thread that follows it, each part published once.

X knows no key of ours by which it would refuse a repeat. So the moment of an attempt is stored
before it, and after a lost answer the account's own posts are searched until the search counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from autosched.platforms import counting, parts, refusals, tokens, wire
from autosched.platforms.base import (
    Action,
    Begun,
    Connection,
    Cost,
    Desk,
    Draft,
    PlatformError,
    Posted,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common, moment, remember
from autosched.platforms.x import calls, checks, connecting, errors, figures, finding, uploads


class X(Common):
    """The platform. Its account's secret: tokens (see `tokens`), `made`, `id`, `username`.

    A target's handle: `media`, the uploads by the file's name (see `uploads`); `attached`, the
    `ids` and `keys` of what the post will carry; `out` and `attempt` (see `parts`), in which
    `twin` says that X refused the post as one that it has already.
    """

    name = "x"
    title = errors.TITLE
    sign_in = "oauth"
    can_delete = True
    metrics = figures.METRICS
    measure_most = figures.MOST

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """X's page of consent."""
        return connecting.begin(redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The one account that agreed."""
        return connecting.finish(keep, answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """New tokens now."""
        tokens.renewed(desk, connecting.account(desk.secret), connecting.renew)

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """A day after the last time."""
        return moment(connecting.renew_at(secret))

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """It does not end, as far as X says, while there is a refresh token."""
        return None if secret.get("refresh") else moment(secret.get("ends"))

    def revoke(self, desk: Desk) -> None:
        """Give both tokens back."""
        connecting.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A post and a GIF."""
        return checks.SHAPES

    def shape(self, draft: Draft) -> Shape:
        """By choice, or by what there is to show."""
        return checks.shape(draft)

    def count(self, text: str) -> int:
        """X's weighted length."""
        return counting.weighted(text)

    def check(self, draft: Draft) -> list[Problem]:
        """The limits, the thread's parts and the rules for apps."""
        return checks.problems(draft)

    def cost(self, draft: Draft) -> Cost | None:
        """By part, more for a link, and by description."""
        return checks.cost(draft)

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Upload the media of the first part, unless that is out already."""
        if not parts.out(desk):
            gif = checks.shape(draft).name == "gif"
            remember(desk, attached=uploads.attach(desk, draft, gif=gif))
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Post the parts that are not out yet, each as the reply to the one before."""
        if draft.media and not parts.out(desk) and not desk.handle.get("attached"):
            raise uploads.gone()  # never without its media
        texts = parts.texts(draft)
        out = parts.publish(desk, len(texts), lambda number: _send(desk, draft, number))
        return _published(desk, out[0])

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Search the account's own posts for the part whose answer was lost."""
        texts = parts.texts(draft)
        whole = parts.all_out(desk, len(texts), lambda at: _found(desk, texts[at], at), self.title)
        if whole:
            return _published(desk, parts.out(desk)[0])
        if (parts.attempt(desk) or {}).get("twin"):
            raise _unseen_twin()
        return None

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the post and its thread, the last part first."""
        for id in reversed(handle.get("out") or [remote_id]):
            calls.call(desk, "DELETE", f"tweets/{id}", "deletions", fine=(404,))

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """The figures of each post's first part."""
        return figures.measure(desk, posts)


def _send(desk: Desk, draft: Draft, number: int) -> str:
    text = parts.texts(draft)[number]
    try:
        reply = calls.call(
            desk, "POST", "tweets", "posts", committing=True, json=_body(desk, draft, number)
        )
    except PlatformError as error:
        if error.code == "upload_gone":
            uploads.forget(desk)
        if error.code == "duplicate":
            return _twin(desk, text, number, error)
        raise
    id = reply.get("data", "id")
    if not id:
        raise refusals.unclear(errors.TITLE)
    return str(id)


def _body(desk: Desk, draft: Draft, number: int) -> dict[str, Any]:
    """The post as X takes it; what is not said is left out. Disclosures stand on every part."""
    text, chosen = parts.texts(draft)[number], draft.options
    body: dict[str, Any] = {"text": text} if text else {}
    for name in ("made_with_ai", "paid_partnership"):
        if chosen.get(name):
            body[name] = True
    if number > 0:
        return {**body, "reply": {"in_reply_to_tweet_id": parts.out(desk)[-1]}}
    if ids := _attached(desk)["ids"]:
        body["media"] = {"media_ids": ids}
    who = chosen.get("reply_settings") or checks.EVERYONE
    return body if who == checks.EVERYONE else {**body, "reply_settings": who}


def _found(desk: Desk, text: str, number: int, *, loose: bool = False) -> str | None:
    made, out = parts.attempt(desk), parts.out(desk)
    assert made is not None
    return finding.find(
        desk,
        text,
        since=made["first_at"],
        keys=[] if number else _attached(desk)["keys"],
        answers=out[-1] if number else None,
        loose=loose or bool(made.get("twin")),
    )


def _twin(desk: Desk, text: str, number: int, refusal: PlatformError) -> str:
    """X has such a post. If it is an earlier attempt's it is ours, and only has to be found."""
    made = parts.attempt(desk)
    if made is None or made["tries"] < 2:
        raise refusal
    if (id := _found(desk, text, number, loose=True)) is not None:
        return id
    remember(desk, attempt={**made, "twin": True})
    raise refusals.unclear(errors.TITLE)


def _attached(desk: Desk) -> dict[str, list[str]]:
    return desk.handle.get("attached") or {"ids": [], "keys": []}


def _published(desk: Desk, id: str) -> Published:
    return Published(id, wire.address(f"https://x.com/{desk.secret['username']}/status/{id}"))


def _unseen_twin() -> PlatformError:
    return PlatformError(
        "X says that it has this post already, and does not show it among the account's posts.",
        action=Action.ASK,
        remedy="Look at the profile on X, and say whether the post is there.",
        code="twin_not_shown",
    )
