"""Google's log-in: consent scope by scope, refresh tokens that stay the same, revocation."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import (
    Token,
    back,
    basic,
    complaint,
    consent_page,
    redirect_allowed,
    same,
)
from autosched.sandbox.platforms.youtube_ground import NAME, SCOPES, UNAUDITED, Ground
from autosched.sandbox.wire import Refusal, answer
from autosched.sandbox.world import App

ACCESS_SECONDS = 3599
CODE_SECONDS = 600.0
UNUSED_SECONDS = 180 * 86_400.0
TESTING_SECONDS = 7 * 86_400.0
"""The unaudited app's consent screen is in “Testing”: its refresh tokens end after a week."""
REFRESH_TOKENS_MOST = 100


class Auth:
    """The consent page and the token addresses."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.world, self.grants = ground, ground.world, ground.grants

    async def authorize(self, request: Request) -> Response:
        """Show the consent page, or take what was decided there."""
        asked = request.query_params
        app = self.world.app(NAME, asked.get("client_id", ""))
        if app is None:
            return complaint("Error 401: invalid_client", "The OAuth client was not found.", 401)
        redirect_uri = asked.get("redirect_uri", "")
        if not redirect_allowed(app, redirect_uri):
            return complaint("Error 400: redirect_uri_mismatch", "This app's request is invalid.")
        scopes = tuple(dict.fromkeys(asked.get("scope", "").split()))
        prompts = asked.get("prompt", "").split()
        wrong = ""
        if asked.get("response_type") != "code":
            wrong = "response_type must be code."
        elif asked.get("access_type", "online") not in ("online", "offline"):
            wrong = "access_type must be online or offline."
        elif not set(prompts) <= {"none", "consent", "select_account"}:
            wrong = "prompt is not known."
        elif asked.get("code_challenge_method", "plain") not in ("plain", "S256"):
            wrong = "code_challenge_method must be S256 or plain."
        if wrong:
            return complaint("Error 400: invalid_request", wrong)
        if not scopes or not set(scopes) <= set(SCOPES):
            return complaint("Error 400: invalid_scope", "Some requested scopes were invalid.")
        state = asked.get("state")
        if "none" in prompts:
            return back(redirect_uri, error="interaction_required", state=state)
        people = self.world.people_of(NAME)
        hint = asked.get("login_hint")
        people.sort(key=lambda person: hint not in (person.username, person.id))
        if request.method == "GET":
            return consent_page(
                "Sign in with Google", app, people, scopes, optional_scopes=True, colour="#1a73e8"
            )
        form = await request.form()
        ticked = {str(value) for value in form.getlist("scope")}
        granted = tuple(scope for scope in scopes if scope in ticked)
        person = self.world.person(NAME, str(form.get("person")))
        if person is None:
            return complaint("Error 400: invalid_request", "There is no such account.")
        if form.get("decision") != "allow" or not granted:
            return back(redirect_uri, error="access_denied", state=state)
        before = self._standing(app.client_id, person.id)
        earlier = before[-1].scopes if before else ()
        if asked.get("include_granted_scopes") == "true":
            granted = tuple(dict.fromkeys((*granted, *earlier)))
        offline = asked.get("access_type") == "offline"
        code = self.grants.code(
            app,
            person,
            redirect_uri,
            granted,
            seconds=CODE_SECONDS,
            challenge=asked.get("code_challenge"),
            method=asked.get("code_challenge_method", "plain"),
            refresh=offline and (not before or "consent" in prompts),
        )
        # The real codes hold a slash, so that a client that does not decode them is found out.
        del self.grants.codes[code.value]
        code.value = f"4/0A{code.value}"
        self.grants.codes[code.value] = code
        return back(redirect_uri, state=state, code=code.value, scope=" ".join(granted))

    async def token(self, request: Request) -> Response:
        """Give tokens for a code or a refresh token."""
        form = await self._form(request)
        app = self._app(request, form)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._from_code(form, app)
        if kind == "refresh_token":
            return self._refreshed(form, app)
        raise _no(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")

    async def revoke(self, request: Request) -> Response:
        """End all that the person has granted to the project."""
        form = await self._form(request)
        value = form.get("token") or request.query_params.get("token")
        token = self.grants.find(value) or self.grants.find(value, "refresh")
        if token is None or self.grants.standing(token) != "good":
            raise _no(400, "invalid_token", "Token expired or revoked")
        self.grants.revoke_grant(token.grant)
        return answer(200, {})

    async def _form(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise _no(400, "invalid_request", "Send application/x-www-form-urlencoded.")
        return {name: str(value) for name, value in (await request.form()).items()}

    def _app(self, request: Request, form: dict[str, str]) -> App:
        said = basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
        app = self.world.app(NAME, said[0])
        if app is None:
            raise _no(401, "invalid_client", "The OAuth client was not found.")
        if not same(app.client_secret, said[1]):
            raise _no(401, "invalid_client", "Unauthorized")
        return app

    def _from_code(self, form: dict[str, str], app: App) -> Response:
        value, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
        known = self.grants.codes.get(value)
        if known is None:
            raise _no(400, "invalid_grant", "Malformed auth code.")
        if known.redirect_uri != redirect_uri:
            raise _no(400, "redirect_uri_mismatch", "Bad Request")
        code = self.grants.redeem(value, app.client_id, redirect_uri, form.get("code_verifier"))
        if code is None:
            raise _no(400, "invalid_grant", "Bad Request")
        said = self._access(app, code.person, code.scopes)
        if code.extra["refresh"]:
            said |= self._refresh_token(app, code.person, code.scopes)
        return answer(200, said, Cache_Control="no-store")

    def _refreshed(self, form: dict[str, str], app: App) -> Response:
        token = self.grants.find(form.get("refresh_token"), "refresh")
        if token is None or token.client_id != app.client_id:
            raise _no(400, "invalid_grant", "Bad Request")
        if self.grants.standing(token) != "good":
            raise _no(400, "invalid_grant", "Token has been expired or revoked.")
        if app.client_id != UNAUDITED:
            token.ends = self.world.now() + UNUSED_SECONDS
        said = self._access(app, token.person, token.scopes)
        return answer(200, said, Cache_Control="no-store")

    def _access(self, app: App, person: str, scopes: tuple[str, ...]) -> dict[str, object]:
        made = self.grants.issue(
            _grant(app.client_id, person),
            app.client_id,
            person,
            scopes,
            seconds=ACCESS_SECONDS,
            prefix="ya29.",
        )
        return {
            "access_token": made.value,
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def _refresh_token(self, app: App, person: str, scopes: tuple[str, ...]) -> dict[str, object]:
        """A new refresh token. The oldest falls silently when there are too many."""
        testing = app.client_id == UNAUDITED
        made = self.grants.issue(
            _grant(app.client_id, person),
            app.client_id,
            person,
            scopes,
            seconds=TESTING_SECONDS if testing else UNUSED_SECONDS,
            kind="refresh",
            prefix="1//0",
        )
        for old in self._standing(app.client_id, person)[:-REFRESH_TOKENS_MOST]:
            old.revoked = True
        said: dict[str, object] = {"refresh_token": made.value}
        if testing:
            said["refresh_token_expires_in"] = int(TESTING_SECONDS)
        return said

    def _standing(self, client_id: str, person: str) -> list[Token]:
        """The refresh tokens that are good, the oldest first."""
        return [
            token
            for token in self.grants.tokens.values()
            if token.kind == "refresh"
            and token.grant == _grant(client_id, person)
            and self.grants.standing(token) == "good"
        ]


def _grant(client_id: str, person: str) -> str:
    """All that a person gives to a project hangs together, whenever it was given."""
    return f"{client_id} {person}"


def _no(status: int, name: str, description: str) -> Refusal:
    return Refusal(answer(status, {"error": name, "error_description": description}))
