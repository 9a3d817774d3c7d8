"""What each platform says to a draft: counted and checked per account, before it is scheduled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autosched import clock
from autosched.errors import InvalidError
from autosched.platforms import registry
from autosched.platforms.base import Cost, Draft, Media, Problem, Shape
from autosched.schedule import by_hand, previewing, shapes
from autosched.schedule.models import Account, AccountState, Post, Target
from autosched.scripture import quotations


@dataclass(frozen=True)
class AccountSurvey:
    """How a draft stands on one account: its length by the platform's own rule, and what is
    against it. `unit` names the rule (“graphemes”). `shapes`: the kinds of post that its files
    can be; `changes`: what is done to them so that they are taken.
    """

    account: Account
    count: int
    limit: int
    unit: str
    problems: list[Problem]
    shape: Shape
    cost: Cost | None = None
    shapes: tuple[Shape, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether it can't be scheduled so."""
        return any(problem.blocking for problem in self.problems)


@dataclass(frozen=True)
class Variant:
    """What one account gets instead of the post's text, and what is chosen for it alone."""

    text: str | None = None
    options: dict[str, Any] | None = None


def variant(variants: Mapping[str, Mapping[str, Any]] | None, account_id: str) -> Variant:
    """The account's variant out of `{account_id: {"text", "options"}}`, where there is one."""
    given = (variants or {}).get(account_id) or {}
    text, options = given.get("text"), given.get("options")
    if text is not None and not isinstance(text, str):
        raise InvalidError("A variant's text must be text.", code="variant")
    if options is not None and not isinstance(options, dict):
        raise InvalidError("A variant's options are pairs of a name and a value.", code="variant")
    return Variant(text, None if options is None else dict(options))


def survey_one(
    account: Account, text: str, media: tuple[Media, ...], options: dict[str, Any]
) -> AccountSurvey:
    """Count and check a text with its media for one account."""
    platform = registry.platform(account.platform)
    draft = Draft("", text, media, options, clock.now(), dict(account.options))
    problems = [] if options.get(by_hand.OPTION) else list(platform.check(draft))
    problems += [
        Problem("quotation", each.sentence, blocking=False) for each in quotations.altered(text)
    ]
    if account.state == AccountState.DISCONNECTED:
        problems.append(Problem("account", f"{account.handle} is not connected any more."))
    elif account.state == AccountState.NEEDS_PERSON:
        told = f"{account.handle} must be connected again before this can go out."
        problems.append(Problem("account", told, blocking=False))
    shape = platform.shape(draft)
    limits = shape.limits
    return AccountSurvey(
        account=account,
        count=platform.count(text),
        limit=limits.text_max,
        unit=limits.text_unit,
        problems=problems,
        shape=shape,
        cost=None if options.get(by_hand.OPTION) else platform.cost(draft),
        shapes=shapes.fitting(platform, draft),
        changes=() if options.get(by_hand.OPTION) else previewing.changes(media, limits, options),
    )


def refuse_blocked(
    post: Post, targets: Sequence[Target], accounts: Mapping[str, Account], files: tuple[Media, ...]
) -> None:
    """`InvalidError` with every account's reasons, unless all these targets can go out so."""
    sentences: list[str] = []
    code = ""
    for target in targets:
        account = accounts[target.account_id]
        text = post.text if target.text is None else target.text
        if not text.strip() and not files:
            raise InvalidError(
                "There is nothing in this post yet.", remedy="Write a text or add a file."
            )
        for problem in survey_one(account, text, files, dict(target.options)).problems:
            if problem.blocking:
                sentences.append(f"{account.handle}: {problem.sentence}")
                code = code or problem.code
    if sentences:
        raise InvalidError(
            " ".join(sentences),
            remedy="Change the post, or write a variant for this account.",
            code=code,
        )
