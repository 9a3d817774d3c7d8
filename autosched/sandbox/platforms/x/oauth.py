"""X's OAuth 2: the code with PKCE, tokens of two hours, refresh tokens that change each time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox import oauth, wire
from autosched.sandbox.oauth import Grants
from autosched.sandbox.world import App, World

CODE_SECONDS = 30
ACCESS_SECONDS = 7_200
REFRESH_SECONDS = 182 * 86_400  # said by many, confirmed by nobody
REPLAY_ENDS_GRANT = True  # whether an old refresh token stays good is not documented
STATE_LONGEST = 500
_SCOPES = """
tweet.read tweet.write tweet.moderate.write users.email users.read follows.read follows.write
offline.access space.read mute.read mute.write like.read like.write list.read list.write
block.read block.write bookmark.read bookmark.write dm.read dm.write media.write
"""
SCOPES = frozenset(_SCOPES.split())
_TITLE = "Something went wrong"


class Authority:
    """The consent page and the two endpoints for tokens."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.grants = Grants(world, name)

    async def authorize(self, request: Request) -> Response:
        """The consent page, and what the person decides on it."""
        asked = request.query_params
        app = self.world.app(self.name, asked.get("client_id", ""))
        uri = asked.get("redirect_uri", "")
        if app is None or not oauth.redirect_allowed(app, uri):
            return oauth.complaint(_TITLE, "You weren’t able to give access to the App.")
        wanted = tuple(asked.get("scope", "").split())
        method = asked.get("code_challenge_method", "plain")
        state = asked.get("state", "")
        wrong = (
            asked.get("response_type") != "code"
            or not wanted
            or not SCOPES.issuperset(wanted)
            or not state
            or len(state) > STATE_LONGEST
            or method not in ("S256", "plain")
            or not 43 <= len(asked.get("code_challenge", "")) <= 128
        )
        if wrong:
            return oauth.complaint(_TITLE, "The request for access is not as it must be.")
        if request.method == "GET":
            return oauth.consent_page("X", app, self.world.people_of(self.name), wanted)
        form = await request.form()
        person = self.world.person(self.name, str(form.get("person", "")))
        if form.get("decision") != "allow" or person is None:
            return oauth.back(uri, error="access_denied", state=state)
        code = self.grants.code(
            app, person, uri, wanted, seconds=CODE_SECONDS,
            challenge=asked["code_challenge"], method=method,
        )  # fmt: skip
        return oauth.back(uri, state=state, code=code.value)

    async def token(self, request: Request) -> Response:
        """A code or a refresh token for tokens."""
        form = await self._form(request)
        app = self._app(request, form)
        if form.get("grant_type") == "authorization_code":
            return self._first(app, form)
        if form.get("grant_type") == "refresh_token":
            return self._next(app, form)
        if not form.get("grant_type"):
            raise _error(400, "invalid_request", "Missing required parameter [grant_type].")
        raise _error(400, "unsupported_grant_type", "The grant_type is not supported.")

    async def revoke(self, request: Request) -> Response:
        """End a token; a refresh token takes along all that its consent gave."""
        form = await self._form(request)
        app = self._app(request, form)
        token = self.grants.tokens.get(form.get("token", ""))
        if token is None or token.client_id != app.client_id:
            raise _error(400, "invalid_request", "Value passed for the token was invalid.")
        token.revoked = True
        if token.kind == "refresh":
            self.grants.revoke_grant(token.grant)
        return JSONResponse({"revoked": True})

    def _first(self, app: App, form: dict[str, str]) -> Response:
        code = self.grants.redeem(
            form.get("code", ""), app.client_id, form.get("redirect_uri", ""),
            form.get("code_verifier"),
        )  # fmt: skip
        if code is None:
            raise _error(
                400, "invalid_request", "Value passed for the authorization code was invalid."
            )
        return self._pair(app, code.value, code.person, code.scopes)

    def _next(self, app: App, form: dict[str, str]) -> Response:
        with self.world.lock:
            token = self.grants.find(form.get("refresh_token"), "refresh")
            fits = token is not None and token.client_id == app.client_id
            how = self.grants.standing(token) if token is not None and fits else "unknown"
            if token is None or how != "good":
                if token is not None and how == "spent" and REPLAY_ENDS_GRANT:
                    self.grants.revoke_grant(token.grant)
                raise _error(400, "invalid_request", "Value passed for the token was invalid.")
            token.spent = True
            return self._pair(app, token.grant, token.person, token.scopes)

    def _pair(self, app: App, grant: str, person: str, scopes: tuple[str, ...]) -> Response:
        about = (grant, app.client_id, person, scopes)
        access = self.grants.issue(*about, seconds=ACCESS_SECONDS)
        said = {
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "access_token": access.value,
            "scope": " ".join(scopes),
        }
        if "offline.access" in scopes:
            refresh = self.grants.issue(*about, seconds=REFRESH_SECONDS, kind="refresh")
            said["refresh_token"] = refresh.value
        return JSONResponse(said, headers={"cache-control": "no-store"})

    async def _form(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind != "application/x-www-form-urlencoded":
            raise _error(400, "invalid_request", "The body must be a form.")
        return {name: str(value) for name, value in (await request.form()).items()}

    def _app(self, request: Request, form: dict[str, str]) -> App:
        """An app with a secret must show it by HTTP Basic; one without names itself in the form."""
        said = oauth.basic(request)
        if said is not None:
            app = self.world.app(self.name, said[0])
            if app is None or not app.client_secret or not oauth.same(app.client_secret, said[1]):
                raise _error(401, "unauthorized_client", "Missing valid authorization header")
            return app
        app = self.world.app(self.name, form.get("client_id", ""))
        if app is None or app.client_secret:
            raise _error(401, "unauthorized_client", "Missing valid authorization header")
        return app


def _error(status: int, error: str, description: str) -> wire.Refusal:
    body = {"error": error, "error_description": description}
    return wire.Refusal(JSONResponse(body, status_code=status))
