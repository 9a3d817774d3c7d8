"""A person with a browser, without the browser: agrees on the real server's consent page."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.counterparts.pds import Person

API = "/@atproto/oauth-provider/~api"
LOOKING = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


class Browser:
    """Cookies and headers as a browser sends them; loopback counts as a safe place."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, url: str, headers: dict[str, str], body: object = None
    ) -> httpx.Response:
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, **({"cookie": held} if held else {})}
        answer = httpx.request(method, url, headers=sent, json=body, timeout=30)
        for line in answer.headers.get_list("set-cookie"):
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return answer


def agree(url: str, person: Person, *, decision: str = "consent") -> dict[str, str]:
    """Log in at the consent page at `url` and agree (or `reject`); what comes back to us."""
    browser = Browser()
    page = browser.ask("GET", url, LOOKING)
    assert page.status_code == 200, page.text[:400]
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    inside = {
        "origin": origin,
        "referer": url,
        "sec-fetch-site": "same-origin",
        "sec-fetch-mode": "same-origin",
        "x-csrf-token": browser.cookies["csrf-token"],
    }

    def post(step: str, body: dict[str, object]) -> dict[str, str]:
        answer = browser.ask("POST", f"{origin}{API}/{step}", inside, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, str] = answer.json()
        return found

    account = {"username": person.handle, "password": person.password}
    post("sign-in", {"locale": "en", "remember": True, **account})
    back = post(decision, {"did": person.did} if decision == "consent" else {})["url"]
    seen = {**LOOKING, "sec-fetch-site": "same-origin", "referer": url}
    answer = browser.ask("GET", back, seen)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}
