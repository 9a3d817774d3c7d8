"""How a post stands on an account, as the platform's survey says it: plain data for the page."""

from __future__ import annotations

from dataclasses import replace

from autosched.platforms import registry
from autosched.schedule.service import AccountSurvey
from autosched.ui.compose import draft, offered
from autosched.ui.compose.draft import AccountLine, ProblemLine, Variants
from autosched.ui.words import known


def stands(
    line: AccountLine,
    survey: AccountSurvey,
    variants: Variants,
    problems: list[ProblemLine],
    language: str,
) -> AccountLine:
    """The line with what is counted, said and to be chosen; `problems` in the reader's words."""
    options = draft.options_of(variants, line.id)
    count = registry.platform(line.platform).count
    shown = offered.lines(survey.shape, options, count, language)
    missing = sum(each.missing for each in shown)
    by_hand = bool(options.get(offered.BY_HAND))
    calls_for_hand = any(each.code == offered.BY_HAND for each in survey.problems)
    return replace(
        line,
        count=survey.count,
        limit=survey.limit,
        share=min(1.0, survey.count / survey.limit) if survey.limit else 0.0,
        blocked=survey.blocked,
        problems=problems,
        shape=survey.shape.name,
        shape_title=known(survey.shape.title, language),
        shapes=offered.ways_of(survey.shapes, survey.shape, language),
        options=shown,
        changes=[known(each, language) for each in survey.changes],
        fit=offered.fit_of(options),
        cost=offered.dollars(survey.cost.dollars, language) if survey.cost else "",
        cost_reason=offered.reason(survey.cost.reason, language) if survey.cost else "",
        by_hand=by_hand,
        calls_for_hand=calls_for_hand,
        missing=missing,
        # Once open it stays so: it must not close under the hand that has just chosen.
        opened=line.opened or missing > 0 or by_hand or calls_for_hand,
        language=",".join(options.get("langs", [])),
    )
