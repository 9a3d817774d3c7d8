"""Facebook Login: the consent, the long-lived token behind it, and the pages that it opens.

A page's own token, got by a long-lived one, does not expire: it ends with the person's password,
role or consent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autosched.errors import ForbiddenError
from autosched.platforms import apps, oauth
from autosched.platforms.base import Action, Begun
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph

_PERSON = ("id", "name", "access_token", "tasks")
POSTING = "CREATE_CONTENT"
"""The task on a page without which nobody posts as it."""


def begin(graph: Graph, scopes: tuple[str, ...], redirect_uri: str, state: str) -> Begun:
    """The consent page. With `AUTOSCHED_FACEBOOK_CONFIG_ID` (Facebook Login for Business) the
    configuration of that identifier names the rights."""
    config = os.environ.get("AUTOSCHED_FACEBOOK_CONFIG_ID") or None
    url = oauth.consent(
        f"https://www.facebook.com/{graph.version}/dialog/oauth",
        client_id=apps.keys("facebook", "Facebook").client_id,
        redirect_uri=redirect_uri,
        state=state,
        response_type="code",
        scope=None if config else ",".join(scopes),
        config_id=config,
    )
    return Begun(url)


def person(graph: Graph, answer: dict[str, str], redirect_uri: str) -> Graph:
    """The API as the person calls it who has agreed, with a long-lived token."""
    keys = apps.keys("facebook", "Facebook")
    own = {"client_id": keys.client_id, "client_secret": keys.client_secret}
    code = oauth.agreed(answer, graph.title)
    brief = exchanged(graph, "oauth/access_token", **own, redirect_uri=redirect_uri, code=code)
    lasting = exchanged(
        graph,
        "oauth/access_token",
        **own,
        grant_type="fb_exchange_token",
        fb_exchange_token=brief["access_token"],
    )
    return with_token(graph, str(lasting["access_token"]))


def exchanged(graph: Graph, path: str, **data: Any) -> dict[str, Any]:
    """A token for a code or a token; `ForbiddenError` if it is not given."""
    return token_of(graph.title, lambda: graph.post(path, **data))


def token_of(title: str, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of a call that gives a token; `ForbiddenError` in plain words for a refusal."""
    try:
        answer = ask()
    except Refused as refusal:
        if refusal.action == Action.RETRY and refusal.key != "1":
            raise
        raise ForbiddenError(
            f"{title} did not let the account be connected: {refusal.sentence}",
            remedy="Try it once more; if it comes back, check the app's settings at Meta.",
            code="consent_failed",
        ) from refusal
    if not answer.get("access_token"):
        raise ForbiddenError(
            f"{title} gave no access.", remedy="Try it once more.", code="consent_failed"
        )
    return answer


def with_token(graph: Graph, token: str) -> Graph:
    """The same API with another token."""
    return replace(graph, token=token)


def granted(graph: Graph) -> list[str]:
    """The rights that the person has given."""
    return [
        str(each.get("permission"))
        for each in graph.listed("me/permissions")
        if each.get("status") == "granted"
    ]


def pages(graph: Graph, *fields: str) -> list[dict[str, Any]]:
    """The person's pages on which they may post, each with its `access_token`."""
    wanted = ",".join((*_PERSON, *fields))
    return [
        page
        for page in graph.listed("me/accounts", fields=wanted, limit=100)
        if page.get("access_token") and POSTING in (page.get("tasks") or [])
    ]


def revoke(graph: Graph, token: str, rights: tuple[str, ...]) -> None:
    """Give `rights` back, one by one: others of the same person may be in use elsewhere."""
    person = with_token(graph, token)
    for right in rights:
        try:
            person.delete(f"me/permissions/{right}")
        except Refused as refusal:
            if refusal.action == Action.RECONNECT:
                return  # the access has ended already
            if not refusal.gone and refusal.key != "100":
                raise
