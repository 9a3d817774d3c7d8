"""A post's media: `[{"asset_id", "alt"}]` as written, turned into files for a platform."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlmodel import Session, col, select

from autosched import db, storage
from autosched.errors import InvalidError, NotFoundError
from autosched.library.models import Asset
from autosched.media import fitting
from autosched.platforms.base import Media
from autosched.platforms.limits import Limits

MEDIA_MAX = 20

log = logging.getLogger(__name__)


def written(session: Session, workspace_id: str, media: Sequence[Any]) -> list[dict[str, Any]]:
    """The media as they are stored with a post; `InvalidError` for what is not a list of them,
    `NotFoundError` for an asset that is not the workspace's.
    """
    if len(media) > MEDIA_MAX:
        raise InvalidError(f"A post carries at most {MEDIA_MAX} files.", code="media_many")
    clean: list[dict[str, Any]] = []
    for item in media:
        if not isinstance(item, dict) or not isinstance(item.get("asset_id"), str):
            raise InvalidError("Each file of a post is named by its asset_id.", code="media")
        clean.append({"asset_id": item["asset_id"], "alt": str(item.get("alt") or "")})
    if len({item["asset_id"] for item in clean}) < len(clean):
        raise InvalidError("The same file is in this post twice.", code="media_twice")
    _assets(session, workspace_id, clean)
    return clean


def files(workspace_id: str, media: Sequence[dict[str, Any]]) -> tuple[Media, ...]:
    """The files in the post's order; `NotFoundError` if one is not there any more."""
    if not media:
        return ()
    with db.read() as session:
        assets = _assets(session, workspace_id, media)
    return tuple(
        _file(asset, item["alt"] or asset.alt) for asset, item in zip(assets, media, strict=True)
    )


def fitted(
    workspace_id: str,
    media: Sequence[Media],
    limits: Limits,
    options: Mapping[str, Any],
    *,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Media, ...]:
    """The files as the platform takes them, made fit where they are not (`media.fitting`).

    `options["fit"]`: what is done about a shape that is not taken, `crop`, `pad` (the default) or
    `blur`; or `{"how": …, "focus": [x, y]}`, where the subject is in shares of width and height.
    """
    how, focus = _fit(options.get("fit"))
    ready: list[Media] = []
    for number, one in enumerate(media):

        def part(share: float, done: int = number) -> None:
            progress((done + share) / len(media))

        made = fitting.fit(one, limits, how, focus, progress=part, cancelled=cancelled)
        if made.changes:
            log.info("workspace %s: %s: %s", workspace_id, one.path.name, "; ".join(made.changes))
        ready.append(made.media)
    return tuple(ready)


def how(options: Mapping[str, Any]) -> fitting.How:
    """What is done about a shape that a platform does not take."""
    return _fit(options.get("fit"))[0]


def _fit(wish: Any) -> tuple[fitting.How, tuple[float, float] | None]:
    focus = None
    if isinstance(wish, dict):
        wish, focus = wish.get("how"), wish.get("focus")
    how = "pad" if wish in (None, "") else wish
    if how not in fitting.HOWS:
        raise InvalidError(
            "A picture of another shape is either cropped, or given margins, plain or blurred.",
            remedy=f"Choose one of: {', '.join(fitting.HOWS)}.",
            code="option_fit",
        )
    if focus is not None and not _is_place(focus):
        raise InvalidError(
            "The subject's place is two numbers from 0 to 1: from the left and from the top.",
            code="option_fit",
        )
    return cast(fitting.How, how), (float(focus[0]), float(focus[1])) if focus else None


def _is_place(focus: Any) -> bool:
    return (
        isinstance(focus, list | tuple)
        and len(focus) == 2
        and all(isinstance(x, int | float) and 0 <= x <= 1 for x in focus)
    )


def _assets(session: Session, workspace_id: str, media: Sequence[dict[str, Any]]) -> list[Asset]:
    ids = [item["asset_id"] for item in media]
    found = {
        asset.id: asset
        for asset in session.exec(
            select(Asset).where(col(Asset.id).in_(ids), Asset.workspace_id == workspace_id)
        )
    }
    if len(found) < len(ids):
        raise _gone()
    return [found[asset_id] for asset_id in ids]


def _file(asset: Asset, alt: str) -> Media:
    path = storage.path(asset.path)
    if not path.is_file():
        raise _gone()
    return Media(
        path=path,
        kind=str(asset.kind),
        mime=asset.mime,
        size=asset.size,
        width=asset.width,
        height=asset.height,
        duration=asset.duration,
        alt=alt,
    )


def _gone() -> NotFoundError:
    return NotFoundError(
        "A file of this post is no longer in the library.",
        remedy="Take it out of the post, or upload it again.",
        code="media_gone",
    )
