"""What a page for writing needs from the services when it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autosched.errors import NotFoundError
from autosched.library import service as library
from autosched.schedule import service
from autosched.schedule.models import Account, Post, Target, TargetState
from autosched.ui.compose.draft import MediaItem, Variants, media_item


@dataclass(frozen=True)
class Opened:
    """The workspace's accounts, the post to start from, and what is chosen at first."""

    accounts: list[Account]
    post: Post | None
    targets: list[Target]
    media: list[MediaItem]
    picked: list[str]

    @property
    def variants(self) -> Variants:
        """What single accounts get of their own."""
        found: Variants = {}
        for target in self.targets:
            own: dict[str, Any] = {}
            if target.text is not None:
                own["text"] = target.text
            if target.options:
                own["options"] = dict(target.options)
            if own:
                found[target.account_id] = own
        return found


def gather(actor: str, workspace_id: str, source: str, assets: list[str]) -> Opened:
    """Read all of it. `source`: the post that is edited, or taken as a pattern.

    For a new post the accounts of the newest one are chosen: people post to the same places.
    """
    accounts = service.accounts(actor, workspace_id)
    post: Post | None = None
    targets: list[Target] = []
    if source:
        post = service.post(actor, source)
        targets = service.targets(actor, source)
        picked = [target.account_id for target in targets if target.state != TargetState.CANCELLED]
        picked = picked or [target.account_id for target in targets]
    else:
        newest = service.posts(actor, workspace_id, limit=1)
        picked = [account["id"] for entry in newest for account in entry["accounts"]]
        picked = picked or [account.id for account in accounts][:1]
    written = post.media if post is not None else [{"asset_id": each, "alt": ""} for each in assets]
    return Opened(accounts, post, targets, media(actor, written), picked)


def media(actor: str, written: list[dict[str, Any]]) -> list[MediaItem]:
    """A post's media as they are shown; what was deleted from the library is left out."""
    found = []
    for item in written:
        try:
            asset = library.asset(actor, item["asset_id"])
        except NotFoundError:
            continue
        found.append(media_item(asset, item.get("alt", "")))
    return found
