"""A platform's refusals as a table: what each asks for, in words for a person.

Rows are tried in order, and the first that fits decides. A platform reads its own body into the
key and the sub-key by which its documents list errors (a name, a code, a reason).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autosched.platforms.base import Action, PlatformError


@dataclass(frozen=True)
class Row:
    """A kind of refusal. `statuses`, `keys`, `subkeys`: one of each must fit; empty fits all.

    `says`: a part of the message, in small letters. `{message}` in `sentence` is what the platform
    said. `wait`: seconds until the next try where the platform's own answer names none.
    """

    code: str
    action: Action
    sentence: str
    remedy: str = ""
    statuses: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    subkeys: tuple[str, ...] = ()
    says: str = ""
    wait: float | None = None

    def fits(self, status: int, key: str, subkey: str, message: str) -> bool:
        """Whether this row is the refusal's."""
        return (
            (not self.statuses or status in self.statuses)
            and (not self.keys or key in self.keys)
            and (not self.subkeys or subkey in self.subkeys)
            and (not self.says or self.says in message.lower())
        )


def look_up(
    rows: Sequence[Row], status: int, key: str = "", subkey: str = "", message: str = ""
) -> Row | None:
    """The first row that fits."""
    return next((row for row in rows if row.fits(status, key, subkey, message)), None)


def error(row: Row, message: str = "", *, retry_after: float | None = None) -> PlatformError:
    """The row as an error to raise."""
    said = message.strip().rstrip(".") or "it gave no reason"
    return PlatformError(
        row.sentence.replace("{message}", said),
        action=row.action,
        remedy=row.remedy,
        code=row.code,
        retry_after=row.wait if retry_after is None else retry_after,
    )


def unreached(title: str, *, sent: bool, committing: bool) -> PlatformError:
    """What a missing answer asks for: a lost commit is settled, all else is tried again."""
    return unclear(title) if committing and sent else out_of_reach(title)


def out_of_reach(title: str) -> PlatformError:
    """Nobody answered."""
    return PlatformError(
        f"{title} could not be reached.",
        action=Action.RETRY,
        remedy="It will be tried again by itself.",
        code="unreachable",
    )


def unclear(title: str) -> PlatformError:
    """The call that publishes was sent, and its answer was lost or says nothing."""
    return PlatformError(
        f"{title}'s answer was lost, so the post may or may not be out.",
        action=Action.SETTLE,
        remedy=f"{title} is being asked; nothing is posted again before it has answered.",
        code="unclear",
    )


def trouble(title: str, message: str = "", *, retry_after: float | None = None) -> PlatformError:
    """The platform has an outage of its own."""
    said = f" ({message.strip().rstrip('.')[:200]})" if message.strip() else ""
    return PlatformError(
        f"{title} is having trouble{said}.",
        action=Action.RETRY,
        remedy="It will be tried again by itself.",
        code="server_fault",
        retry_after=retry_after,
    )
