"""OAuth 2 as the platforms share it: the consent page, codes, PKCE, tokens and their end.

What differs (names of parameters, shapes of answers) stays with each platform.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from autosched.sandbox.world import App, Person, World


@dataclass
class Code:
    """An authorisation code: good once, until `ends`."""

    value: str
    client_id: str
    redirect_uri: str
    person: str
    scopes: tuple[str, ...]
    ends: float
    challenge: str | None = None
    method: str = "plain"
    extra: dict[str, Any] = field(default_factory=dict)
    used: bool = False


@dataclass
class Token:
    """An access or refresh token. `grant` ties together what one consent gave."""

    value: str
    grant: str
    client_id: str
    person: str
    scopes: tuple[str, ...]
    made: float
    ends: float | None
    kind: str = "access"
    spent: bool = False
    revoked: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


class Grants:
    """The codes and tokens of one platform."""

    def __init__(self, world: World, platform: str) -> None:
        self.world, self.platform = world, platform
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}

    def code(
        self,
        app: App,
        person: Person,
        redirect_uri: str,
        scopes: tuple[str, ...],
        *,
        seconds: float,
        challenge: str | None = None,
        method: str = "plain",
        **extra: Any,
    ) -> Code:
        """A new code."""
        made = Code(
            self.world.key(),
            app.client_id,
            redirect_uri,
            person.id,
            scopes,
            self.world.now() + seconds,
            challenge,
            method,
            extra,
        )
        self.codes[made.value] = made
        return made

    def redeem(
        self, value: str, client_id: str, redirect_uri: str, verifier: str | None = None
    ) -> Code | None:
        """The code, if all that belongs to it is right; a second use ends what the first gave."""
        with self.world.lock:
            code = self.codes.get(value)
            if code is None or code.client_id != client_id or code.redirect_uri != redirect_uri:
                return None
            if code.ends < self.world.now() or not pkce_holds(code, verifier):
                return None
            if code.used:
                self.revoke_grant(code.value)
                return None
            code.used = True
            return code

    def issue(
        self,
        grant: str,
        client_id: str,
        person: str,
        scopes: tuple[str, ...],
        *,
        seconds: float | None,
        kind: str = "access",
        prefix: str = "",
        **extra: Any,
    ) -> Token:
        """A new token that ends in `seconds`, or never (`None`)."""
        now = self.world.now()
        ends = None if seconds is None else now + seconds
        value = prefix + self.world.key(32)
        made = Token(value, grant, client_id, person, scopes, now, ends, kind, extra=extra)
        self.tokens[made.value] = made
        return made

    def find(self, value: str | None, kind: str = "access") -> Token | None:
        """The token of that value, good or not; `standing` tells which."""
        token = self.tokens.get(value or "")
        return token if token is not None and token.kind == kind else None

    def standing(self, token: Token) -> str:
        """`good`, `expired`, `revoked` or `spent` (a refresh token that was used already)."""
        if token.revoked:
            return "revoked"
        if token.spent:
            return "spent"
        if token.ends is not None and token.ends <= self.world.now():
            return "expired"
        return "good"

    def check(self, value: str | None, step: str = "*") -> tuple[Token | None, str]:
        """An access token and how it stands (`unknown` too); the fault `expire_token` meets it."""
        token = self.find(value)
        if token is None:
            return None, "unknown"
        if self.world.faults.draw(self.platform, step, "expire_token"):
            token.ends = self.world.now()
        return token, self.standing(token)

    def revoke_grant(self, grant: str) -> None:
        """End every token that one consent gave."""
        for token in self.tokens.values():
            if token.grant == grant:
                token.revoked = True


def pkce_holds(code: Code, verifier: str | None) -> bool:
    """Whether the verifier is the one that the code was asked for with (RFC 7636)."""
    if code.challenge is None:
        return True
    if not verifier or not 43 <= len(verifier) <= 128:
        return False
    if code.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier, code.challenge)


def redirect_allowed(app: App, uri: str) -> bool:
    """Registered addresses must match to the letter; without any, a loopback address will do."""
    if app.redirect_uris:
        return uri in app.redirect_uris
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")


def basic(request: Request) -> tuple[str, str] | None:
    """Client identifier and secret from HTTP Basic."""
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(said, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, secret


def same(one: str, other: str) -> bool:
    """Compare two secrets without telling by the time it takes."""
    return hmac.compare_digest(one.encode(), other.encode())


def back(redirect_uri: str, **values: str | None) -> Response:
    """Send the browser back with `values` added to the address."""
    said = urlencode({name: value for name, value in values.items() if value is not None})
    joint = "&" if urlsplit(redirect_uri).query else "?"
    return RedirectResponse(f"{redirect_uri}{joint}{said}", status_code=302)


def consent_page(
    title: str,
    app: App,
    people: list[Person],
    scopes: tuple[str, ...],
    *,
    optional_scopes: bool = False,
    colour: str = "#0f172a",
) -> Response:
    """The page on which a person logs in and agrees.

    It posts to its own address: `person`, `scope` (each granted; only with `optional_scopes` can
    some be left out) and `decision`, `allow` or `deny`.
    """
    esc = html.escape
    who = "".join(
        f'<label class="row"><input type="radio" name="person" value="{esc(each.id)}"'
        f"{' checked' if number == 0 else ''}> <b>{esc(each.name)}</b>"
        f" <span>@{esc(each.username)}</span></label>"
        for number, each in enumerate(people)
    )
    fixed = "" if optional_scopes else ' onclick="return false"'
    what = "".join(
        f'<label class="row"><input type="checkbox" name="scope" value="{esc(scope)}" checked'
        f"{fixed}> <code>{esc(scope)}</code></label>"
        for scope in scopes
    )
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{esc(title)} (sandbox)</title>
<style>
 body{{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f1f5f9;color:#0f172a}}
 header{{background:{colour};color:#fff;padding:14px 20px;font-weight:600}}
 main{{max-width:440px;margin:6vh auto;background:#fff;border-radius:14px;padding:26px;
  box-shadow:0 8px 30px #0f172a1f}}
 .row{{display:flex;gap:10px;align-items:center;padding:8px 0}} span{{color:#64748b}}
 fieldset{{border:0;border-top:1px solid #e2e8f0;margin:14px 0 0;padding:12px 0 0}}
 legend{{color:#64748b;font-size:14px}} code{{font-size:14px;overflow-wrap:anywhere}}
 button{{font:inherit;padding:10px 18px;border-radius:9px;border:1px solid #cbd5e1;
  background:#fff;cursor:pointer}} .yes{{background:{colour};color:#fff;border-color:{colour}}}
 p.note{{color:#64748b;font-size:14px}}
</style>
<header>{esc(title)} · sandbox</header>
<main><h1 style="font-size:22px;margin:0 0 6px">Let {esc(app.client_id)} use your account?</h1>
<p class="note">A stand-in on this machine. Nothing here reaches the real platform.</p>
<form method="post"><fieldset><legend>Who are you?</legend>{who}</fieldset>
<fieldset><legend>It asks for</legend>{what}</fieldset>
<p style="display:flex;gap:10px;justify-content:flex-end;margin:20px 0 0">
<button name="decision" value="deny">Cancel</button>
<button class="yes" name="decision" value="allow">Allow</button></p></form></main></html>"""
    )


def complaint(title: str, sentence: str, status: int = 400) -> Response:
    """What a person sees when an app has sent them with something wrong; nobody is sent back."""
    esc = html.escape
    return HTMLResponse(
        f"<!doctype html><meta charset=utf-8><title>{esc(title)}</title>"
        f"<body style='font:16px system-ui;max-width:30em;margin:10vh auto'>"
        f"<h1>{esc(title)}</h1><p>{esc(sentence)}</p>",
        status_code=status,
    )
