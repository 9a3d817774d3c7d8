"""Facebook Pages: only the last call publishes, and what it will publish is known by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autosched.platforms import limits
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
from autosched.platforms.common import Common
from autosched.platforms.facebook import checks, connecting, figures, publishing, uploads
from autosched.platforms.facebook.errors import ROWS, TITLE
from autosched.platforms.meta import attempts
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph, version


class Facebook(Common):
    """The platform. Its account's secret: `access` (the page's token, which does not expire),
    `page`, `person` (the token of who agreed), `pages` (how many that consent gave), `scopes`.

    A target's handle: `shape`; `photos` and `upload` (see `uploads`), `attached`, the photos that
    the post takes; `first_at` and
    `committing_at` (see `meta.attempts`); `post`, and for a video `video`, once it is public;
    `comment_at` and `comment`; `broken`, why a video can't be processed; `twin`, when Facebook has
    refused a repeat as a duplicate.
    """

    name = "facebook"
    title = TITLE
    sign_in = "oauth"
    can_delete = True
    metrics = figures.METRICS
    measure_most = 10

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """The consent page of Facebook Login."""
        return connecting.begin(redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """A connection for each page."""
        return connecting.finish(answer, redirect_uri)

    def revoke(self, desk: Desk) -> None:
        """Give the rights back, unless other pages need them."""
        connecting.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A post, a video, a reel."""
        return checks.SHAPES

    def shape(self, draft: Draft) -> Shape:
        """The chosen one, or by its media."""
        return checks.shape_of(draft)

    def check(self, draft: Draft) -> list[Problem]:
        """The limits, and Facebook's own rules."""
        shape = self.shape(draft)
        return [
            *limits.problems(draft, shape, self.title, self.count),
            *checks.problems(draft, shape),
        ]

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Upload what the post shows; all of it stays unseen."""
        if "post" not in desk.handle:
            graph, shape = _graph(desk), self.shape(draft)
            desk.handle = attempts.none_yet(desk.handle)
            attached: list[str] = []
            if shape.name == "post":
                attached = uploads.photos(graph, desk, draft)
            elif shape.name == "video":
                uploads.video(graph, desk, draft.media[0])
            else:
                uploads.reel(graph, desk, draft.media[0])
            desk.handle = {**desk.handle, "shape": shape.name, "attached": attached}
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Publish, and write the first comment."""
        return publishing.commit(_graph(desk), desk, draft)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Look among the page's posts, or at the video."""
        return publishing.settle(_graph(desk), desk, draft)

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the post, or the video with its post."""
        try:
            _graph(desk).delete(remote_id)
        except Refused as refusal:
            if not refusal.gone:
                raise

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """Insights, reactions, comments, shares."""
        return figures.measure(_graph(desk), posts, desk.secret.get("scopes") or [])


def _graph(desk: Desk) -> Graph:
    return Graph(
        TITLE, ROWS, version("facebook"), str(desk.secret["access"]), meter=desk.meter
    )  # fmt: skip
