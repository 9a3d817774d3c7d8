"""What a platform is when it says nothing else: no tokens to renew, nothing to measure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from autosched.errors import InvalidError
from autosched.platforms import counting, limits
from autosched.platforms.base import (
    Begun,
    Connection,
    Cost,
    Desk,
    Draft,
    Field,
    Posted,
    Problem,
    Shape,
)


class Common(ABC):
    """The base of every platform; each overrides what it knows."""

    name = ""
    title = ""
    sign_in = "form"
    fields: tuple[Field, ...] = ()
    consent_fields: tuple[Field, ...] = ()
    can_delete = False
    metrics: Mapping[str, str] = {}
    measure_most = 1

    def connect(self, form: dict[str, str]) -> Connection:
        """Refuse: this platform is connected on its own consent page."""
        raise InvalidError(f"{self.title} is connected on its own page.", code="use_consent")

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """Refuse: this platform is connected by a form."""
        raise InvalidError(f"{self.title} is connected by its form.", code="use_form")

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """Refuse, as `begin` does."""
        raise InvalidError(f"{self.title} is connected by its form.", code="use_form")

    def renew(self, desk: Desk) -> None:
        """Nothing to renew."""
        return None

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """Never."""
        return None

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """It does not end."""
        return None

    def revoke(self, desk: Desk) -> None:
        """Nothing to give back."""
        return None

    @abstractmethod
    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """The kinds of post."""

    def shape(self, draft: Draft) -> Shape:
        """The kind that was chosen, or the first."""
        shapes = self.shapes(draft.account)
        chosen = draft.options.get("shape")
        return next((shape for shape in shapes if shape.name == chosen), shapes[0])

    def count(self, text: str) -> int:
        """By the rule that the first shape names."""
        return counting.UNITS[self.shapes({})[0].limits.text_unit](text)

    def check(self, draft: Draft) -> list[Problem]:
        """What the limits say."""
        return limits.problems(draft, self.shape(draft), self.title, self.count)

    def cost(self, draft: Draft) -> Cost | None:
        """Free of charge."""
        return None

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Refuse: the platform lets no program delete."""
        raise InvalidError(
            f"{self.title} lets no program delete a post.",
            remedy=f"Delete it in {self.title} itself.",
            code="cannot_delete",
        )

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """No figures."""
        return {}


def remember(desk: Desk, **facts: Any) -> None:
    """Add `facts` to the target's handle, and have it stored before the next step."""
    desk.handle = {**desk.handle, **facts}
    desk.remember(desk.handle)


def moment(unix: float | None) -> datetime | None:
    """Unix seconds as a time in UTC."""
    return None if unix is None else datetime.fromtimestamp(unix, UTC)
