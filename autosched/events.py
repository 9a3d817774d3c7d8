"""What just changed, told to open pages: publish and subscribe over Redis.

Events are hints, never truth: a page that misses one is only late until its next look. So a
broker that does not answer costs nothing but freshness.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import redis
import redis.asyncio

from autosched.settings import settings


def tell(workspace_id: str, topic: str, **facts: Any) -> None:
    """Tell the workspace's open pages that something about `topic` changed."""
    with suppress(redis.RedisError, OSError):
        _client().publish(_channel(workspace_id), json.dumps({"topic": topic, **facts}))


async def listen(workspace_id: str, *, every: float = 5.0) -> AsyncGenerator[dict[str, Any], None]:
    """The workspace's events as they come; a `{"topic": "tick"}` after `every` quiet seconds.

    Without a broker only the ticks come, so that a page still refreshes.
    """
    import asyncio

    while True:
        client = redis.asyncio.from_url(settings().broker)
        try:
            async with client.pubsub() as pubsub:
                await pubsub.subscribe(_channel(workspace_id))
                while True:
                    message = await pubsub.get_message(
                        ignore_subscribe_messages=True, timeout=every
                    )
                    yield json.loads(message["data"]) if message else {"topic": "tick"}
        except (redis.RedisError, OSError):
            await asyncio.sleep(every)
            yield {"topic": "tick"}
        finally:
            with suppress(redis.RedisError, OSError):
                await client.aclose()


def _channel(workspace_id: str) -> str:
    return f"autosched:events:{workspace_id}"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.from_url(settings().broker, socket_timeout=2, socket_connect_timeout=2)
