"""A file as it will go out on an account: what a person sees before scheduling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from autosched import clock, db, storage
from autosched.errors import NotFoundError
from autosched.identity.models import Role
from autosched.library.models import Asset
from autosched.media import fitting
from autosched.platforms import registry
from autosched.platforms.base import Draft, Limits, Media
from autosched.platforms.limits import ImageRule, VideoRule
from autosched.schedule import attachments
from autosched.schedule.access import account_for

_SHOWN_SIDE = 1080


def as_it_goes_out(
    actor: str, account_id: str, asset_id: str, options: dict[str, Any]
) -> tuple[Path, str]:
    """A picture as the account's platform will get it, or of a video its poster in that shape;
    the file and its type. `NotFoundError` for what has no picture.
    """
    with db.read() as session:
        account = account_for(session, actor, account_id, Role.VIEWER)
        asset = session.get(Asset, asset_id)
    if asset is None or asset.workspace_id != account.workspace_id:
        raise NotFoundError("There is no such file.")
    (media,) = attachments.files(account.workspace_id, [{"asset_id": asset_id, "alt": ""}])
    draft = Draft("", "", (media,), options, clock.now(), dict(account.options))
    limits = registry.platform(account.platform).shape(draft).limits
    if media.kind == "video":
        media, limits = _poster(asset, media), _still(limits)
    if media.kind != "image":
        raise NotFoundError("There is no picture of this file.")
    (made,) = attachments.fitted(account.workspace_id, [media], limits, options)
    return made.path, made.mime


def _poster(asset: Asset, video: Media) -> Media:
    if not asset.poster:
        raise NotFoundError("There is no picture of this file.")
    path = storage.path(asset.poster)
    return replace(video, path=path, kind="image", mime="image/jpeg", size=path.stat().st_size)


def _still(limits: Limits) -> Limits:
    """The frame that a video gets, as a rule for its poster."""
    video = limits.video or VideoRule(mimes=("video/mp4",), bytes_max=1)
    image = ImageRule(
        mimes=("image/jpeg",),
        bytes_max=2_000_000,
        width_max=_SHOWN_SIDE,
        ratio_min=video.ratio_min,
        ratio_max=video.ratio_max,
    )
    return replace(limits, image=image)


def changes(media: tuple[Media, ...], limits: Limits, options: dict[str, Any]) -> tuple[str, ...]:
    """What will be done to the files so that the platform takes them, each said once."""
    how = attachments.how(options)
    said = [line for each in media for line in fitting.conforms(each, limits, how)]
    return tuple(dict.fromkeys(said))
