"""The doorbell: Dramatiq over Redis or Valkey, one small broker a queue.

Nothing that matters lives here. A message says “the target ID may be published under lease L”;
if it is lost the lease ends and the dispatcher rings again, and if it comes twice the second
finds the lease gone. So there are no retries, no delays and no results in the broker.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import cast

import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from autosched.settings import settings

NAMESPACE = "autosched"
_DEAD_MS = 3_600_000
"""A message that no actor of this version knows is thrown away after an hour."""


class Queue(StrEnum):
    """The queues, each with threads of its own: what is slow in one holds up no other."""

    PUBLISH = "publish"
    RENDER = "render"
    ANALYSE = "analyse"
    MAKE = "make"


class Doorbell(RedisBroker):
    """A Redis broker without delay queues, which would be polled for nothing."""

    def __init__(self, client: redis.Redis) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # Dramatiq leaves it untyped
            client=client, middleware=[], namespace=NAMESPACE, dead_message_ttl=_DEAD_MS
        )

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue, and only that."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)


@lru_cache(maxsize=8)
def broker(queue: Queue) -> Doorbell:
    """The broker of one queue, made without a connection: that is opened when it is needed."""
    made = Doorbell(_client())
    made.declare_queue(queue)
    return made


def send(queue: Queue, pairs: Sequence[tuple[str, str]], actor: str = "") -> None:
    """Ring once for each subject and its lease; `redis.RedisError` if there is no answer.

    `actor`: who answers, if it is not called as its queue is. Many go in one exchange; if it
    breaks off, those that arrived are no harm when sent again.
    """
    if not pairs:
        return
    # The first goes by itself: with it the scripts are loaded and the server has been asked.
    broker(queue).enqueue(_message(queue, actor, *pairs[0]))
    with _client().pipeline(transaction=False) as pipeline:
        many = Doorbell(cast(redis.Redis, pipeline))
        for subject, lease in pairs[1:]:
            many.enqueue(_message(queue, actor, subject, lease))
        pipeline.execute()


def _message(queue: Queue, actor: str, subject: str, lease: str) -> Message[None]:
    return Message(
        queue_name=str(queue),
        actor_name=actor or str(queue),
        args=(subject, lease),
        kwargs={},
        options={},
    )


def waiting(queue: Queue) -> int:
    """How many messages no worker has fetched yet; `redis.RedisError` if there is no answer."""
    return cast(int, _client().llen(f"{NAMESPACE}:{queue}"))


def beat(part: str) -> None:
    """Note that the part (“worker”, “dispatcher”) is alive; a full disk does not stop it."""
    file = _heart(part)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file)
    except OSError:
        return


def heard_of(part: str) -> datetime | None:
    """When the part was last alive on this data folder, or `None`."""
    try:
        return datetime.fromtimestamp(_heart(part).stat().st_mtime, UTC)
    except OSError:
        return None


def _heart(part: str) -> Path:
    return settings().data_dir / "run" / f"{part}.heard"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    # A broker that hangs must not hang us: short timeouts, and one more try on a fresh connection.
    return redis.from_url(
        settings().broker,
        socket_timeout=5,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 1),
    )
