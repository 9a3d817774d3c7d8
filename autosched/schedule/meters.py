"""Rate limits shared by all workers: counted in the broker's Redis, fed by the platforms' headers.

Losing the counts costs nothing but a refusal by the platform, which is waited out as it says. So
a broker that does not answer lets everything through.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache

import redis

from autosched.platforms.base import Action, PlatformError
from autosched.settings import settings

# Counts a call in a fixed window unless it would be the last but `reserve`; and takes one from
# what the platform said is left. Returns milliseconds to wait, 0 for go ahead.
_TAKE = """
local left = redis.call('GET', KEYS[2])
if left and tonumber(left) <= tonumber(ARGV[3]) then return redis.call('PTTL', KEYS[2]) end
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used >= tonumber(ARGV[1]) - tonumber(ARGV[3]) then return redis.call('PTTL', KEYS[1]) end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if left then redis.call('DECR', KEYS[2]) end
return 0
"""


class SharedMeter:
    """The limits of one account, or of the whole app where a bucket's name begins with `app:`.

    `reserve`: the share of each limit that is left to others, so that reading figures never keeps
    a post from going out.
    """

    def __init__(self, platform: str, title: str, account_id: str, reserve: float = 0.0) -> None:
        self._platform, self._title, self._account = platform, title, account_id
        self._reserve = reserve

    def take(self, bucket: str, most: int, seconds: float) -> None:
        """Count one call; `PlatformError` to try again when the window is over, if none is left."""
        try:
            wait = _script()(
                keys=[self._key(bucket), self._key(bucket, ":left")],
                args=[most, round(seconds * 1000), round(most * self._reserve)],
            )
        except (redis.RedisError, OSError):
            return
        if int(wait) > 0:
            raise PlatformError(
                f"{self._title} lets this account do no more of this for the moment.",
                action=Action.RETRY,
                remedy="It goes on by itself when the platform's pause is over.",
                code="rate_budget",
                retry_after=int(wait) / 1000,
            )

    def told(self, bucket: str, remaining: int, reset_in: float) -> None:
        """Keep what the platform itself says is left, until it begins anew."""
        if reset_in <= 0:
            return
        with suppress(redis.RedisError, OSError):
            _client().set(
                self._key(bucket, ":left"), max(0, remaining), px=max(1, round(reset_in * 1000))
            )

    def _key(self, bucket: str, suffix: str = "") -> str:
        whose = "app" if bucket.startswith("app:") else self._account
        short = hashlib.sha256(f"{self._platform} {whose} {bucket}".encode()).hexdigest()[:24]
        return f"autosched:rate:{{{short}}}{suffix}"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.from_url(settings().broker, socket_timeout=1, socket_connect_timeout=1)


@lru_cache(maxsize=1)
def _script() -> redis.commands.core.Script:
    return _client().register_script(_TAKE)
