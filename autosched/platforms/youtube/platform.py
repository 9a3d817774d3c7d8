"""YouTube: a video is uploaded in private, and then made public in one step.

YouTube could take the video as a public one, and show it when its last byte arrives. That was not
chosen. An upload whose answer is lost, and whose session YouTube then forgets, can only be looked
for in a list that lags; sent once more in public it would stand there twice. Uploaded in private
nothing is lost but some bytes, and what publishes is one small change of one known video: it can
be repeated without harm, and whether it took place is read off the video itself. Besides, the
video goes out on the minute, however long its upload took; with its cover; after YouTube has
looked at it; and what YouTube locks as private (projects that Google has not reviewed) is found
out in the very answer.

The price is 50 units of quota for the change and the scope `youtube.force-ssl`, which deleting
needs as well. A day has 100 uploads in a bucket of their own, and 10,000 units for all else: 100
videos take 5,000 units for being shown, and up to 5,000 more for their covers; `calls` keeps the
reading small enough beside it. YouTube's own scheduling (`publishAt`) is not used: it could not be
cancelled, moved or asked for like every other post here.

A target's handle: see `uploads`; and `cover` (which one was set), `committing_at`, `locked`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from autosched.platforms import counting, tokens
from autosched.platforms.base import (
    Action,
    Begun,
    Connection,
    Desk,
    Draft,
    PlatformError,
    Posted,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common, moment
from autosched.platforms.youtube import (
    calls,
    checks,
    connecting,
    errors,
    figures,
    uploads,
    videos,
)

_RENEW_EVERY = timedelta(days=1)


class YouTube(Common):
    """The platform. Its account's options: `long_uploads` (what YouTube says of long videos),
    `scopes`."""

    name = "youtube"
    title = errors.TITLE
    sign_in = "oauth"
    can_delete = True
    metrics = figures.METRICS
    measure_most = figures.MOST

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """Where the person agrees."""
        return connecting.begin(redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The channels of the account that agreed."""
        return connecting.finish(keep, answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """Renew the access token."""
        tokens.renewed(desk, calls.account(desk), calls.renewed)

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """Every day: so an access that was taken away is found out before a post is due."""
        last = moment(secret.get("renewed"))
        return last + _RENEW_EVERY if last else None

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """After a week while the project's consent page is in “Testing”, else never."""
        return moment(secret.get("refresh_ends"))

    def revoke(self, desk: Desk) -> None:
        """Give the access back, all that this Google account has allowed."""
        calls.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """Videos and Shorts."""
        return checks.shapes(account)

    def shape(self, draft: Draft) -> Shape:
        """The kind that was chosen, else what YouTube will make of it."""
        return checks.shape(draft)

    def count(self, text: str) -> int:
        """In bytes."""
        return counting.utf8_bytes(text)

    def check(self, draft: Draft) -> list[Problem]:
        """What stands against the draft."""
        return checks.check(draft)

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Upload in private, let YouTube look at it, and set the cover."""
        video = checks.film(draft)
        if video is None:
            raise PlatformError(
                "YouTube takes no post without a video.",
                action=Action.FIX,
                remedy="Add a video, and schedule the post again.",
                code="media_missing",
            )
        video_id = uploads.bring(desk, draft, video)
        videos.looked_at(desk, video_id)
        if (picture := checks.cover(draft)) is not None:
            videos.hang_cover(desk, video_id, picture)
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Let those see it who shall."""
        if not desk.handle.get("video_id"):
            raise uploads.lost()
        return videos.show(desk, draft, str(desk.handle["video_id"]))

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Read off the video who can see it."""
        video_id = desk.handle.get("video_id")
        return videos.shown(desk, draft, str(video_id)) if video_id else None

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Take the video off YouTube."""
        videos.delete(desk, remote_id)

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """The figures of videos."""
        return figures.measure(desk, posts)
