"""Instagram: all is put into a container first, and the container is published once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from autosched.platforms import limits, tokens
from autosched.platforms.base import (
    Begun,
    Connection,
    Desk,
    Draft,
    Field,
    Posted,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common, moment
from autosched.platforms.instagram import (
    accounts,
    checks,
    connecting,
    containers,
    figures,
    publishing,
)
from autosched.platforms.instagram.errors import TITLE
from autosched.platforms.meta import attempts
from autosched.platforms.meta.errors import Refused


class Instagram(Common):
    """The platform. Its account's secret: `login` (`instagram` or `facebook`), `user`, `access`,
    `scopes`; by its own log-in `made` and `ends`; by Facebook's `page`, `person` (the token of who
    agreed) and `accounts` (how many that consent gave).

    A target's handle: `shape`; `containers` and `container` (see `containers`); `first_at` and
    `committing_at` (see `meta.attempts`); `media`, once it is public; `comment_at` and `comment`;
    `unfetched`, how often a file could not be fetched; `missing_since`.
    """

    name = "instagram"
    title = TITLE
    sign_in = "oauth"
    fields: tuple[Field, ...] = connecting.FIELDS
    consent_fields: tuple[Field, ...] = connecting.FIELDS
    can_delete = True
    metrics = figures.METRICS
    measure_most = 10

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """The consent page of the log-in that was chosen (`login`)."""
        return connecting.begin(form, redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The professional accounts that the consent gave."""
        return connecting.finish(keep, answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """Renew a token of Instagram's own log-in, if it is a day old."""
        made = desk.secret.get("made")
        if made is not None and time.time() - made > accounts.YOUNGEST_SECONDS:
            tokens.renewed(desk, accounts.account_name(desk), accounts.renewed)

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """After two weeks of its sixty days; a page's token never."""
        return moment(accounts.renew_at(secret))

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """When the token ends, unless it is renewed before; a page's token does not."""
        return moment(secret.get("ends"))

    def revoke(self, desk: Desk) -> None:
        """Give the rights back, as far as there is a call for it."""
        connecting.revoke(desk)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A picture, a carousel, a reel, a story."""
        return checks.SHAPES

    def shape(self, draft: Draft) -> Shape:
        """The chosen one, or by its media."""
        return checks.shape_of(draft)

    def check(self, draft: Draft) -> list[Problem]:
        """The limits, and Instagram's own rules."""
        shape = self.shape(draft)
        return [
            *limits.problems(draft, shape, self.title, self.count),
            *checks.problems(draft, shape),
        ]

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Make the containers, and wait until Instagram has processed them."""
        if "media" not in desk.handle:
            graph, shape = accounts.graph_of(desk), self.shape(draft)
            desk.handle = attempts.none_yet(desk.handle)
            publishing.make_sure_of_room(graph, desk)
            container = containers.build(graph, desk, draft, shape)
            desk.handle = {**desk.handle, "shape": shape.name, "container": container}
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Publish the container, and write the first comment."""
        return publishing.commit(accounts.graph_of(desk), desk, draft)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Ask the container whether it was published."""
        return publishing.settle(accounts.graph_of(desk), desk, draft)

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the post, where Facebook's log-in has given the right; else a refusal."""
        right = accounts.DELETE.get(str(desk.secret["login"]))
        if right is None or right not in (desk.secret.get("scopes") or []):
            super().delete(desk, remote_id, handle)
        try:
            accounts.graph_of(desk).delete(remote_id)
        except Refused as refusal:
            if not refusal.gone:
                raise

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """Insights by the kind of post, or likes and comments where these were not allowed."""
        return figures.measure(accounts.graph_of(desk), desk, posts)
