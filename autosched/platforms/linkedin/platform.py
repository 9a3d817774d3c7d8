"""LinkedIn: members and the pages they administer, media in parts, each post published once.

A page's posts can be read, so a lost answer is settled by looking. A member's can't: there the
same post is sent once more within ten minutes, which LinkedIn refuses with the name of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from autosched.platforms import limits, tokens
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
from autosched.platforms.common import Common, moment, remember
from autosched.platforms.linkedin import (
    api,
    checks,
    connecting,
    figures,
    posting,
    uploads,
)
from autosched.platforms.linkedin.rest import escaped

_EARLY = timedelta(days=10)
"""Tokens of sixty days are renewed so long before they end."""


class LinkedIn(Common):
    """The platform. Its account's options: `login` ("member" or "page"), `urn`, `member` (who
    agreed), `scopes`, and `grant`, the same for all accounts of one consent.

    A target's handle: see `uploads` and `posting`.
    """

    name = "linkedin"
    title = checks.TITLE
    sign_in = "oauth"
    can_delete = True
    metrics = figures.METRICS
    measure_most = figures.MOST

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """LinkedIn's consent page."""
        return connecting.begin(redirect_uri, state)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The member, and the pages that the member administers."""
        return connecting.finish(answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """Renew the access token; only approved apps are given the means to."""
        tokens.renewed(desk, api.account_of(desk), connecting.refreshed)

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """Ten days before the access token ends, where there is a refresh token."""
        ends = moment(secret.get("ends"))
        return ends - _EARLY if ends is not None and secret.get("refresh") else None

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """When a person must agree anew: a refresh token's life is not lengthened by its use."""
        return moment(secret.get("refresh_ends" if secret.get("refresh") else "ends"))

    def revoke(self, desk: Desk) -> None:
        """End the consent, with the access of all accounts that have the same `grant`."""
        connecting.give_back(desk.secret)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """A post, a document to leaf through, a link with its card."""
        return checks.shapes(account)

    def shape(self, draft: Draft) -> Shape:
        """The chosen one, or the one that fits the media and the link."""
        return checks.shape_of(draft)

    def check(self, draft: Draft) -> list[Problem]:
        """What stands against the draft."""
        shape = self.shape(draft)
        against = limits.problems(draft, shape, self.title, self.count)
        return [*against, *checks.own_rules(draft, shape)]

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Upload what is not yet uploaded, wait until it is processed, compose the post."""
        if "urn" in desk.handle:
            return desk.handle  # the post is out, only its comment is not
        for problem in self.check(draft):
            if problem.blocking:
                raise PlatformError(
                    problem.sentence,
                    action=Action.FIX,
                    remedy="Change the post, and schedule it again.",
                    code=problem.code,
                )
        media = uploads.urns(desk, draft)
        post = posting.body(draft, self.shape(draft).name, desk.options["urn"], media)
        remember(desk, post=post)
        return desk.handle

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Publish the post, then its first comment."""
        return posting.publish(desk, draft)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Look for the post, or have LinkedIn name it."""
        return posting.settled(desk, draft)

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the post; LinkedIn answers alike if it is gone already."""
        api.call(desk, "DELETE", f"posts/{escaped(remote_id)}", restli="DELETE")

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """A page's posts in one question, a member's one by one."""
        return figures.measured(desk, posts)
