"""TikTok: each post is an attempt that TikTok knows by its `publish_id`, and can be asked for.

- A video goes up in chunks, and the last byte publishes it. So `prepare` sends all but the last
  chunk, and `commit` sends that one (a small video as a whole).
- Pictures are fetched by TikTok from our address as soon as they are announced, so the whole
  announcement is `commit`. If its answer is lost the attempt has no name: a public post is looked
  for in the account's list, and for all else a person is asked.
- A draft is handed over: it counts as published when it lies in the person's TikTok inbox, where
  they finish it in the app.

A target's handle: `shape`; `upload` (see `uploads`), or for pictures `publish_id` and
`committing_at`; `username`; `failed`, why TikTok gave an attempt up; `handed_over` for a draft.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from autosched.platforms import counting, tokens
from autosched.platforms.base import (
    Begun,
    Connection,
    Desk,
    Draft,
    Posted,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common, moment, remember
from autosched.platforms.tiktok import (
    attempts,
    calls,
    checks,
    connecting,
    errors,
    figures,
    settling,
    uploads,
)

_RENEW_AHEAD = timedelta(hours=2)


class TikTok(Common):
    """The platform. Its account's options: `creator` (what TikTok lets them do), `scopes`,
    `username`."""

    name = "tiktok"
    title = errors.TITLE
    sign_in = "oauth"
    metrics = figures.METRICS
    measure_most = figures.MOST

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """Where the person agrees."""
        return connecting.begin(redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The account that agreed."""
        return connecting.finish(answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """Renew the tokens; the refresh token changes with it."""
        tokens.renewed(desk, calls.account(desk), calls.renewed)

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """Before the day of the access token is over."""
        ends = moment(secret.get("ends"))
        return ends - _RENEW_AHEAD if ends else None

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """A year after the consent."""
        return moment(secret.get("refresh_ends"))

    def revoke(self, desk: Desk) -> None:
        """Give the access back."""
        calls.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """The kinds of post that the account allowed."""
        return checks.shapes(account)

    def shape(self, draft: Draft) -> Shape:
        """The kind that was chosen, else what goes with the media."""
        return checks.shape(draft)

    def count(self, text: str) -> int:
        """In UTF-16 units."""
        return counting.utf16_units(text)

    def check(self, draft: Draft) -> list[Problem]:
        """What stands against the draft."""
        return checks.check(draft)

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Ask what the creator may do, and bring a video all but for its last chunk."""
        shape = self.shape(draft).name
        if desk.handle.get("shape") != shape or desk.handle.get("failed"):
            remember(desk, shape=shape, failed=None)
        if shape != "draft":
            attempts.allowed(desk, draft, shape)
        if _is_video(draft):
            uploads.bring(desk, draft, shape)
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Send what publishes, unless TikTok has it, and wait a while for the end."""
        if reason := desk.handle.get("failed"):
            remember(desk, failed=None)
            raise errors.failed(reason)
        if _is_video(draft):
            publish_id = uploads.finish(desk, draft)
        else:
            publish_id = desk.handle.get("publish_id") or self._announced(desk, draft)
        return attempts.outcome(desk, draft, publish_id)

    def _announced(self, desk: Desk, draft: Draft) -> str:
        remember(desk, committing_at=time.time())
        publish_id = attempts.begin_photos(desk, draft, self.shape(draft).name)
        remember(desk, publish_id=publish_id)
        return publish_id

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Ask for the attempt."""
        # The files may be gone by now; the handle knows which it was.
        if "upload" in desk.handle:
            return settling.video(desk, draft)
        return settling.photos(desk, draft)

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """The figures of public posts."""
        return figures.measure(desk, posts)


def _is_video(draft: Draft) -> bool:
    return any(media.kind == "video" for media in draft.media)
