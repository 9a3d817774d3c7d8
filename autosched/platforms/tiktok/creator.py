"""What TikTok lets a creator do: asked when the account is connected, and again before each post.

TikTok demands both: nobody may be offered, or given, what the creator's own settings rule out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autosched.platforms import limits
from autosched.platforms.base import Draft, Problem
from autosched.settings import settings

PRIVACY: Mapping[str, tuple[str, str]] = {
    "public": ("PUBLIC_TO_EVERYONE", "Everyone"),
    "followers": ("FOLLOWER_OF_CREATOR", "Followers"),
    "friends": ("MUTUAL_FOLLOW_FRIENDS", "Friends (followers you follow back)"),
    "private": ("SELF_ONLY", "Only me"),
}
"""Who can see a post: our name, TikTok's own, and its title."""

_INTERACTIONS = (
    ("allow_comments", "comment_disabled", "comments"),
    ("allow_duet", "duet_disabled", "duets"),
    ("allow_stitch", "stitch_disabled", "stitches"),
)


@dataclass(frozen=True)
class Creator:
    """A creator's standing. `privacy`: the levels on offer; `seconds`: the longest video."""

    username: str = ""
    nickname: str = ""
    privacy: tuple[str, ...] = tuple(level for level, _ in PRIVACY.values())
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    seconds: float = 0.0

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> Creator:
        """From TikTok's own answer. What it leaves out is not ruled out."""
        return cls(
            username=str(data.get("creator_username") or ""),
            nickname=str(data.get("creator_nickname") or ""),
            privacy=tuple(data.get("privacy_level_options") or cls.privacy),
            comment_disabled=bool(data.get("comment_disabled")),
            duet_disabled=bool(data.get("duet_disabled")),
            stitch_disabled=bool(data.get("stitch_disabled")),
            seconds=float(data.get("max_video_post_duration_sec") or 0.0),
        )

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> Creator:
        """As it was stored with the account; without restrictions if nothing was."""
        known = account.get("creator")
        if not isinstance(known, Mapping):
            return cls()
        fields = {name: known[name] for name in cls.__dataclass_fields__ if name in known}
        return cls(**{**fields, "privacy": tuple(fields.get("privacy") or cls.privacy)})

    def facts(self) -> dict[str, Any]:
        """To be stored with the account."""
        return {**asdict(self), "privacy": list(self.privacy)}


def audited() -> bool:
    """Whether TikTok has reviewed this installation's app (`AUTOSCHED_TIKTOK_AUDITED`).

    An app that was not reviewed may post to private accounts, for their owners' eyes only. No
    call tells this beforehand, so unless it is said, an app on the real TikTok counts as new.
    """
    said = os.environ.get("AUTOSCHED_TIKTOK_AUDITED", "").strip().lower()
    return said in ("1", "true", "yes") if said else bool(settings().sandbox)


def against(draft: Draft, shape: str, creator: Creator) -> Iterator[Problem]:
    """What the creator's settings rule out of a post that goes out directly."""
    chosen = str(draft.options.get("privacy"))
    if chosen in PRIVACY and PRIVACY[chosen][0] not in creator.privacy:
        offered = [title for level, title in PRIVACY.values() if level in creator.privacy]
        yield Problem(
            "privacy_not_offered",
            f"TikTok does not offer “{PRIVACY[chosen][1]}” to this account, only: "
            f"{', '.join(offered)}.",
        )
    for option, disabled, what in _INTERACTIONS:
        if shape == "photos" and option != "allow_comments":
            continue
        if draft.options.get(option) and getattr(creator, disabled):
            yield Problem(
                f"{option}_off",
                f"This account has {what} switched off in TikTok's settings: "
                "switch them off here too, or on there.",
            )
    durations = [media.duration for media in draft.media if media.kind == "video"]
    longest = max((each for each in durations if each is not None), default=0.0)
    if creator.seconds and longest > creator.seconds + 0.05:
        yield Problem(
            "video_too_long",
            f"TikTok takes videos of {limits.spoken(creator.seconds)} from this account; this one "
            f"has {limits.spoken(longest)}.",
        )
