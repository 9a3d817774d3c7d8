"""The actors: each opens the door of one service and goes in, nothing more."""

from __future__ import annotations

import logging

import dramatiq
from sqlalchemy.exc import SQLAlchemyError

from autosched.schedule import dispatch
from workers.broker import Queue, broker

log = logging.getLogger(__name__)


@dramatiq.actor(broker=broker(Queue.PUBLISH), queue_name=Queue.PUBLISH, actor_name=Queue.PUBLISH)
def publish(target_id: str, lease: str) -> None:
    """Publish or settle a claimed target."""
    try:
        dispatch.publish(target_id, lease)
    except SQLAlchemyError as error:
        # Its lease ends, and it is taken up again where it stands.
        log.error("target %s: the database does not answer: %s", target_id, error)


@dramatiq.actor(broker=broker(Queue.RENDER), queue_name=Queue.RENDER, actor_name=Queue.RENDER)
def render(render_id: str, lease: str) -> None:
    """Make a claimed render."""
    # Imported at the first render: a worker that only publishes stays small.
    from autosched.studio import service

    try:
        service.perform(render_id, lease)
    except SQLAlchemyError as error:
        log.error("render %s: the database does not answer: %s", render_id, error)
