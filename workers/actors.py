"""The actors: each opens the door of one service and goes in, nothing more."""

from __future__ import annotations

import logging

import dramatiq
from sqlalchemy.exc import SQLAlchemyError

from autosched.schedule import dispatch
from workers.broker import Queue, broker
from workers.kinds import KINDS, Kind

log = logging.getLogger(__name__)


@dramatiq.actor(broker=broker(Queue.PUBLISH), queue_name=Queue.PUBLISH, actor_name=Queue.PUBLISH)
def publish(target_id: str, lease: str) -> None:
    """Publish or settle a claimed target."""
    try:
        dispatch.publish(target_id, lease)
    except SQLAlchemyError as error:
        # Its lease ends, and it is taken up again where it stands.
        log.error("target %s: the database does not answer: %s", target_id, error)


def _actor(kind: Kind) -> None:
    @dramatiq.actor(broker=broker(kind.queue), queue_name=kind.queue, actor_name=kind.actor)
    def perform(job_id: str, lease: str) -> None:
        try:
            kind.perform(job_id, lease)
        except SQLAlchemyError as error:
            log.error("%s %s: the database does not answer: %s", kind.actor, job_id, error)


for _kind in KINDS:
    _actor(_kind)
