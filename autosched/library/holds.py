"""What still needs a file: it can't be removed under a post that is to go out with it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from autosched.errors import ConflictError
from autosched.library.models import Asset
from autosched.schedule.models import Post, Target, TargetState
from autosched.studio.jobs import UNDER_WAY
from autosched.studio.models import Analysis, Render

_DONE = (TargetState.PUBLISHED, TargetState.CANCELLED)
_QUOTED = 40


def check(session: Session, asset: Asset) -> None:
    """`ConflictError` if a post that hasn't gone out, or work under way, uses the asset."""
    post = _post(session, asset)
    if post is not None:
        text = " ".join(post.text.split())
        told = f" (“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”)" if text else ""
        raise ConflictError(
            f"This file belongs to a post{told} that has not gone out yet.",
            remedy="Take it out of the post or cancel the post first.",
            code="in_use",
        )
    if _render(session, asset) is not None:
        raise ConflictError(
            "A video is being made with this file.",
            remedy="Wait until it is done, or cancel it first.",
            code="in_use",
        )
    if _measured(session, asset):
        raise ConflictError(
            "The style of this file is being measured.",
            remedy="Wait until it is done, or cancel it first.",
            code="in_use",
        )


def _measured(session: Session, asset: Asset) -> bool:
    under_way = select(Analysis.id).where(
        Analysis.asset_id == asset.id, col(Analysis.state).in_(UNDER_WAY)
    )
    return session.exec(under_way).first() is not None


def _post(session: Session, asset: Asset) -> Post | None:
    targets = sa.exists().where(col(Target.post_id) == col(Post.id))
    open_targets = targets.where(col(Target.state).not_in(_DONE))
    return session.exec(
        select(Post)
        .where(
            Post.workspace_id == asset.workspace_id,
            sa.cast(col(Post.media), sa.String).contains(asset.id),
            sa.or_(open_targets, ~targets),
        )
        .limit(1)
    ).first()


def _render(session: Session, asset: Asset) -> Render | None:
    return session.exec(
        select(Render)
        .where(
            Render.workspace_id == asset.workspace_id,
            col(Render.state).in_(UNDER_WAY),
            sa.cast(col(Render.spec), sa.String).contains(asset.id),
        )
        .limit(1)
    ).first()
