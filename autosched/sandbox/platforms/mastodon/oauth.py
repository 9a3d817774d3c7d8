"""An instance's apps and tokens: an app registers itself, and its tokens have no end."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox import oauth
from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.mastodon.instance import Instance, covers, error
from autosched.sandbox.wire import Refusal
from autosched.sandbox.world import App

CODE_SECONDS = 600
_NAMED = """
profile read read:accounts read:blocks read:bookmarks read:favourites read:filters read:follows
read:lists read:mutes read:notifications read:search read:statuses write write:accounts
write:blocks write:bookmarks write:conversations write:favourites write:filters write:follows
write:lists write:media write:mutes write:notifications write:reports write:statuses follow push
"""
SCOPES = tuple(_NAMED.split())
_UNKNOWN_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, or"
    " unsupported authentication method."
)
_INVALID_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection"
    " URI used in the authorization request, or was issued to another client."
)


class Authority:
    """The apps of one instance, its consent page and its endpoints for tokens."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._apps: dict[str, tuple[App, tuple[str, ...], str]] = {}

    def know(self, app: App, scopes: tuple[str, ...], name: str) -> None:
        """Take an app in."""
        self._apps[app.client_id] = (app, scopes, name)

    def app_name(self, client_id: str) -> str:
        """What an app calls itself."""
        return self._apps[client_id][2] if client_id in self._apps else client_id

    async def discovery(self, request: Request) -> Response:
        """Where everything is."""
        if self.instance.plain:
            raise error(404, "Not Found: endpoint not found")
        url = self.instance.url
        return JSONResponse(
            {
                "issuer": url(""),
                "service_documentation": "https://docs.joinmastodon.org/",
                "authorization_endpoint": url("oauth/authorize"),
                "token_endpoint": url("oauth/token"),
                "revocation_endpoint": url("oauth/revoke"),
                "app_registration_endpoint": url("api/v1/apps"),
                "scopes_supported": list(SCOPES),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def register(self, request: Request, token: Token | None) -> Response:
        """A new app."""
        said = await sent(request)
        name, uris = str(said.get("client_name", "")).strip(), said.get("redirect_uris", "")
        addresses = tuple(uris if isinstance(uris, list) else str(uris).split())
        scopes = tuple(str(said.get("scopes") or "read").split())
        if not name:
            raise self.instance.wrong("Validation failed: Application name can't be blank")
        if not addresses:
            raise self.instance.wrong("Validation failed: Redirect URI can't be blank")
        if not all("://" in each or each.startswith("urn:") for each in addresses):
            raise self.instance.wrong("Validation failed: Redirect URI must be an absolute URI.")
        if not set(scopes) <= set(SCOPES):
            raise self.instance.wrong(
                "Validation failed: Scopes doesn't match configured on the server."
            )
        key = self.instance.world.key
        app = App(self.instance.name, key(32), key(32), addresses)
        self.know(app, scopes, name)
        return JSONResponse(
            {
                "id": self.instance.world.number(),
                "name": name,
                "website": said.get("website"),
                "scopes": list(scopes),
                "redirect_uri": "\n".join(addresses),
                "redirect_uris": list(addresses),
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "client_secret_expires_at": 0,
            }
        )

    async def authorize(self, request: Request) -> Response:
        """The consent page, and what the person decides on it."""
        asked = request.query_params
        known = self._apps.get(asked.get("client_id", ""))
        uri = asked.get("redirect_uri", "")
        if known is None:
            return oauth.complaint("An error has occurred", _UNKNOWN_CLIENT, 401)
        app, scopes, name = known
        if not oauth.redirect_allowed(app, uri) or uri.startswith("urn:"):
            return oauth.complaint(
                "An error has occurred", "The redirect uri included is not valid."
            )
        state = asked.get("state")
        wanted = tuple((asked.get("scope") or "read").split())
        challenge = None if self.instance.plain else asked.get("code_challenge")
        wrong = ""
        if asked.get("response_type") != "code":
            wrong = "unsupported_response_type"
        elif not all(scope in SCOPES and covers(scopes, scope) for scope in wanted):
            wrong = "invalid_scope"
        elif challenge is not None and asked.get("code_challenge_method") != "S256":
            wrong = "invalid_code_challenge_method"
        if wrong:
            return oauth.back(uri, error=wrong, state=state)
        if request.method == "GET":
            shown = App(app.platform, name, "")
            return oauth.consent_page(
                self.instance.host, shown, self.instance.people(), wanted, colour="#563acc"
            )
        form = await request.form()
        person = self.instance.person(str(form.get("person", "")))
        if form.get("decision") != "allow" or person is None:
            return oauth.back(
                uri, error="access_denied", state=state,
                error_description="The resource owner or authorization server denied the request.",
            )  # fmt: skip
        code = self.instance.grants.code(
            app, person, uri, wanted, seconds=CODE_SECONDS, challenge=challenge, method="S256"
        )
        return oauth.back(uri, code=code.value, state=state)

    async def token(self, request: Request) -> Response:
        """A code for a token."""
        said = await sent(request)
        app = self._client(request, said)
        if said.get("grant_type") != "authorization_code":
            raise error(400, "unsupported_grant_type", "The grant type is not supported.")
        code = self.instance.grants.redeem(
            str(said.get("code", "")), app.client_id, str(said.get("redirect_uri", "")),
            said.get("code_verifier"),
        )  # fmt: skip
        if code is None:
            raise error(400, "invalid_grant", _INVALID_GRANT)
        token = self.instance.grants.issue(
            code.value, app.client_id, code.person, code.scopes, seconds=None
        )
        return JSONResponse(
            {
                "access_token": token.value,
                "token_type": "Bearer",
                "scope": " ".join(token.scopes),
                "created_at": int(token.made),
            }
        )

    async def revoke(self, request: Request) -> Response:
        """End a token. One that is not known is over already."""
        said = await sent(request)
        app = self._client(request, said)
        token = self.instance.grants.find(said.get("token"))
        if token is not None and token.client_id != app.client_id:
            raise error(403, "unauthorized_client", "You are not authorized to revoke this token")
        if token is not None:
            token.revoked = True
        return JSONResponse({})

    def _client(self, request: Request, said: dict[str, Any]) -> App:
        id, secret = oauth.basic(request) or (said.get("client_id"), said.get("client_secret"))
        known = self._apps.get(str(id))
        if known is None or not oauth.same(known[0].client_secret, str(secret or "")):
            raise error(401, "invalid_client", _UNKNOWN_CLIENT)
        return known[0]


async def sent(request: Request) -> dict[str, Any]:
    """What was sent by form or as JSON; `name[]` gathers a list, `a[b]` is a name in `a`."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            said = json.loads(await request.body() or b"{}")
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Refusal(JSONResponse({"error": "Bad Request"}, status_code=400))
        return said
    form = await request.form(max_part_size=1 << 30)
    found: dict[str, Any] = {}
    for name, value in form.multi_items():
        place, parts = found, name.removesuffix("[]").replace("]", "").split("[")
        for part in parts[:-1]:
            if not isinstance(place.get(part), dict):
                place[part] = {}
            place = place[part]
        if name.endswith("[]"):
            place.setdefault(parts[-1], []).append(value)
        else:
            place[parts[-1]] = value
    return found
