"""How posts are doing: a page's many at once, a member's one figure at a time."""

from __future__ import annotations

from collections.abc import Sequence

from autosched.platforms import vocabulary
from autosched.platforms.base import Desk, PlatformError, Posted
from autosched.platforms.linkedin import api
from autosched.platforms.linkedin.connecting import FIGURES_SCOPE
from autosched.platforms.linkedin.rest import escaped

MOST = 20

_PAGE = {
    "impressionCount": vocabulary.IMPRESSIONS,
    "uniqueImpressionsCount": vocabulary.REACH,
    "clickCount": vocabulary.CLICKS,
    "likeCount": vocabulary.LIKES,
    "commentCount": vocabulary.COMMENTS,
    "shareCount": vocabulary.SHARES,
}
_MEMBER = {
    "IMPRESSION": vocabulary.IMPRESSIONS,
    "MEMBERS_REACHED": vocabulary.REACH,
    "REACTION": vocabulary.LIKES,
    "COMMENT": vocabulary.COMMENTS,
    "RESHARE": vocabulary.SHARES,
    "POST_SAVE": vocabulary.SAVES,
    "LINK_CLICKS": vocabulary.CLICKS,
}
METRICS = {**_PAGE, **_MEMBER}
_KINDS = {"share": "shares", "ugcPost": "ugcPosts"}


def measured(desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
    """The figures of posts; nothing for an account that may not read them."""
    ids = [post.remote_id for post in posts]
    scopes = set(desk.options["scopes"])
    if desk.options["login"] == "page":
        readable = scopes & {"r_organization_social", "rw_organization_admin"}
        return _of_page(desk, ids) if ids and readable else {}
    if FIGURES_SCOPE not in scopes:
        return {}
    found = {id: _of_member(desk, id) for id in ids}
    return {id: figures for id, figures in found.items() if figures}


def _of_page(desk: Desk, ids: list[str]) -> dict[str, dict[str, float]]:
    parts = ["q=organizationalEntity", f"organizationalEntity={escaped(desk.options['urn'])}"]
    for kind, name in _KINDS.items():
        chosen = [escaped(id) for id in ids if id.startswith(f"urn:li:{kind}:")]
        if chosen:
            parts.append(f"{name}=List({','.join(chosen)})")
    reply = api.call(
        desk,
        "GET",
        "organizationalEntityShareStatistics",
        query="&".join(parts),
        restli="FINDER",
    )
    found: dict[str, dict[str, float]] = {}
    for element in reply.get("elements") or []:
        id = next((str(element[kind]) for kind in _KINDS if kind in element), "")
        sums = element.get("totalShareStatistics") or {}
        if id in ids:
            found[id] = {name: float(sums[name]) for name in _PAGE if name in sums}
    return found


def _of_member(desk: Desk, id: str) -> dict[str, float]:
    entity = f"({'ugc' if ':ugcPost:' in id else 'share'}:{escaped(id)})"
    found: dict[str, float] = {}
    for name in _MEMBER:
        query = f"q=entity&entity={entity}&queryType={name}&aggregation=TOTAL"
        try:
            reply = api.call(
                desk, "GET", "memberCreatorPostAnalytics", query=query, restli="FINDER"
            )
        except PlatformError as error:
            if error.code == "gone":
                return {}
            if error.code == "post_refused":
                continue  # LinkedIn gives this figure no more
            raise
        counts = [each.get("count") for each in reply.get("elements") or []]
        if counts and isinstance(counts[0], int | float):
            found[name] = float(counts[0])
    return found
