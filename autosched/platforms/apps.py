"""The developer's app on each platform: its identifier and secret, from the environment.

`AUTOSCHED_X_CLIENT_ID` and `AUTOSCHED_X_CLIENT_SECRET`, and so on for every platform. With the
setting `sandbox`, what is not set is asked of the stand-in, which makes nobody apply for keys.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache

from autosched.errors import UnavailableError
from autosched.platforms import wire
from autosched.settings import settings


@dataclass(frozen=True)
class AppKeys:
    """What a platform knows this installation by."""

    client_id: str
    client_secret: str = field(repr=False)


def keys(platform: str, title: str) -> AppKeys:
    """The keys of this installation's app; `UnavailableError` says what to set if it has none."""
    name = platform.upper()
    client_id = os.environ.get(f"AUTOSCHED_{name}_CLIENT_ID", "")
    secret = os.environ.get(f"AUTOSCHED_{name}_CLIENT_SECRET", "")
    if client_id:
        return AppKeys(client_id, secret)
    if settings().sandbox:
        found = _of_sandbox(settings().sandbox).get(platform)
        if found is not None:
            return found
    raise UnavailableError(
        f"This installation has no app on {title} yet, so no account can be connected.",
        remedy=f"Make an app in {title}'s developer portal, and set AUTOSCHED_{name}_CLIENT_ID and "
        f"AUTOSCHED_{name}_CLIENT_SECRET. To try everything without one, start with --sandbox.",
        code="no_app",
    )


def known(platform: str) -> bool:
    """Whether there are keys for the platform."""
    try:
        keys(platform, platform)
    except UnavailableError:
        return False
    return True


@lru_cache(maxsize=4)
def _of_sandbox(url: str) -> dict[str, AppKeys]:
    try:
        reply = wire.call("GET", f"{url.rstrip('/')}/_sandbox/apps")
    except wire.Unreached as failure:
        raise UnavailableError(
            "The sandbox does not answer.",
            remedy=f"Start it (`autosched sandbox`), or unset AUTOSCHED_SANDBOX ({url}).",
            code="no_sandbox",
        ) from failure
    return {
        name: AppKeys(each["client_id"], each["client_secret"])
        for name, each in (reply.body or {}).items()
    }
