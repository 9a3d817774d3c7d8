"""The demo's accounts on the stand-in: connected through its consent pages, as a person would."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx

from autosched.errors import AutoschedError
from autosched.platforms import registry
from autosched.schedule import accounts, consents
from autosched.schedule.models import Account
from autosched.settings import settings

_LOGIN = "the demo's own browser"
_FORMS: dict[str, dict[str, str]] = {
    "mastodon": {"server": "https://mastodon.social"},
    "instagram": {"login": "instagram"},
}


def connect_all(actor: str, workspace_id: str, say: Callable[[str], None]) -> list[Account]:
    """One account on every platform of the stand-in; those that are there already stay."""
    with httpx.Client(timeout=30) as client:
        for platform in registry.platforms():
            known = accounts.accounts(actor, workspace_id)
            if platform.sign_in == "form" or any(a.platform == platform.name for a in known):
                continue
            try:
                _connect(client, actor, workspace_id, platform.name)
            except (AutoschedError, httpx.HTTPError, LookupError) as error:
                say(f"{platform.title}: no demo account, since {error}")
    return [
        account
        for account in accounts.accounts(actor, workspace_id)
        if registry.platform(account.platform).sign_in != "form"
    ]


def agree(client: httpx.Client, url: str, number: int = 0) -> dict[str, str]:
    """Agree on a consent page of the stand-in as its n-th person (`LookupError`: there is none);
    what the browser is sent back with.
    """
    page = client.get(url)
    people = re.findall(r'name="person" value="([^"]+)"', page.text)
    scopes = re.findall(r'name="scope" value="([^"]+)"', page.text)
    form = {"person": people[number], "decision": "allow", "scope": scopes}
    answer = client.post(str(page.url), data=form, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def _connect(client: httpx.Client, actor: str, workspace_id: str, platform: str) -> None:
    form = dict(_FORMS.get(platform, {}))
    if platform == "bluesky":
        # Its consent is asked for one handle; the stand-in tells who lives there.
        people = client.get(f"{settings().sandbox}/_sandbox/people").json()
        form = {
            "identifier": next(each["username"] for each in people if each["platform"] == platform)
        }
    url = consents.begin(actor, workspace_id, platform, form, login=_LOGIN)
    consent = consents.finish(actor, platform, agree(client, url), login=_LOGIN)
    standing = consents.standing(actor, consent)
    if standing.problem is not None:
        raise LookupError(standing.problem)
    if standing.choices:
        consents.choose(actor, consent, [0])
