"""Mastodon: a post with its media, and the thread that follows it, each part published once.

A part is sent under a key by which a server knows a repeat for an hour; other makes of server
pass over it. So after a lost answer the account's own posts are searched first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from autosched.platforms import counting, parts, refusals
from autosched.platforms.base import (
    Begun,
    Connection,
    Desk,
    Draft,
    Field,
    PlatformError,
    Posted,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common, remember
from autosched.platforms.mastodon import (
    calls,
    checks,
    connecting,
    errors,
    figures,
    finding,
    uploads,
)


class Mastodon(Common):
    """The platform. Its account's secret: `access`, `scopes`, `server`, `id`, `username`, and the
    keys that the server gave to this installation, `client_id` and `client_secret`.

    A target's handle: `key`, from which each part's key is made; `media`, the uploads by the
    file's name (see `uploads`); `attached`, the identifiers of what the post will carry; `out`
    and `attempt` (see `parts`); `url`, the first part's page.
    """

    name = "mastodon"
    title = errors.TITLE
    sign_in = "oauth"
    fields: tuple[Field, ...] = (
        Field(
            "server",
            "Server",
            hint="What stands behind the second @ of the account, such as mastodon.social",
            default="mastodon.social",
        ),
    )
    can_delete = True
    metrics = figures.METRICS
    measure_most = figures.MOST

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """The page of consent of the server in the form."""
        return connecting.begin(form, redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The one account that agreed, with its server's limits."""
        return connecting.finish(keep, answer, redirect_uri)

    def revoke(self, desk: Desk) -> None:
        """Give the token back."""
        connecting.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A post and a GIF, as the account's server takes them."""
        return checks.shapes(account)

    def shape(self, draft: Draft) -> Shape:
        """By choice, or by what there is to show."""
        return checks.shape(draft)

    def count(self, text: str) -> int:
        """Mastodon's length, with a link as long as most servers have it."""
        return counting.mastodon(text)

    def check(self, draft: Draft) -> list[Problem]:
        """The server's limits, the thread's parts, the language."""
        return checks.problems(draft)

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Choose the key, and upload the media of the first part, unless that is out already."""
        if "key" not in desk.handle:
            remember(desk, key=secrets.token_hex(16))
        if not parts.out(desk):
            remember(desk, attached=uploads.attach(desk, draft))
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Post the parts that are not out yet, each as the reply to the one before."""
        if draft.media and not parts.out(desk) and not desk.handle.get("attached"):
            raise refusals.error(errors.UPLOAD_GONE)  # never without its media
        texts = parts.texts(draft)
        out = parts.publish(desk, len(texts), lambda number: _send(desk, draft, number))
        return Published(out[0], desk.handle.get("url"))

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Search the account's own posts for the part whose answer was lost."""
        texts = parts.texts(draft)
        if parts.all_out(desk, len(texts), lambda at: _found(desk, draft, at), self.title):
            return Published(parts.out(desk)[0], desk.handle.get("url"))
        if (parts.attempt(desk) or {}).get("media_gone"):
            uploads.forget(desk)  # in no post, so they are lost
        return None

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the post and its thread, the last part first."""
        for id in reversed(handle.get("out") or [remote_id]):
            calls.call(desk, "DELETE", f"api/v1/statuses/{id}", "deletions", fine=(404, 410))

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """The figures of each post's first part."""
        return figures.measure(desk, posts)


def _send(desk: Desk, draft: Draft, number: int) -> str:
    try:
        reply = calls.call(
            desk,
            "POST",
            "api/v1/statuses",
            committing=True,
            headers={"Idempotency-Key": f"{desk.handle['key']}-{number}"},
            json=_body(desk, draft, number),
        )
    except PlatformError as error:
        if error.code == "upload_gone":
            return _without_media(desk, draft, number, error)
        if error.code == "not_found" and number > 0:
            raise refusals.error(errors.ANSWER_GONE) from error
        raise
    if not reply.get("id"):
        raise refusals.unclear(errors.TITLE)
    return _seen(desk, reply.body, number)


def _body(desk: Desk, draft: Draft, number: int) -> dict[str, Any]:
    """The post as the server takes it; what was not chosen is left to the account's settings."""
    chosen = draft.options
    body: dict[str, Any] = {"status": parts.texts(draft)[number]}
    for name in ("visibility", "spoiler_text", "language"):
        if chosen.get(name):
            body[name] = str(chosen[name])
    if number > 0:
        return {**body, "in_reply_to_id": parts.out(desk)[-1]}
    if chosen.get("sensitive"):
        body["sensitive"] = True
    if attached := desk.handle.get("attached"):
        body["media_ids"] = attached
    return body


def _without_media(desk: Desk, draft: Draft, number: int, refusal: PlatformError) -> str:
    """The media are lost, or an earlier attempt's post has them: then that is the proof."""
    made = parts.attempt(desk)
    if made is None or made["tries"] < 2:
        uploads.forget(desk)
        raise refusal
    if (id := _found(desk, draft, number)) is not None:
        return id
    remember(desk, attempt={**made, "media_gone": True})
    raise refusals.unclear(errors.TITLE)


def _found(desk: Desk, draft: Draft, number: int) -> str | None:
    made, out = parts.attempt(desk), parts.out(desk)
    assert made is not None
    post = finding.find(
        desk,
        parts.texts(draft)[number],
        since=made["first_at"],
        media=[] if number else desk.handle.get("attached") or [],
        warning=str(draft.options.get("spoiler_text") or ""),
        answers=out[-1] if number else None,
    )
    return None if post is None else _seen(desk, post, number)


def _seen(desk: Desk, post: dict[str, Any], number: int) -> str:
    """The post's identifier; the first part's page is stored along with it."""
    if number == 0:
        desk.handle = {**desk.handle, "url": post.get("url") or post.get("uri")}
    return str(post["id"])
