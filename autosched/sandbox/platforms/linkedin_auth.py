"""LinkedIn's log-in: consent, the plain code flow, tokens of 60 days and, for partners, refresh."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.oauth import (
    Grants,
    Token,
    back,
    complaint,
    consent_page,
    redirect_allowed,
    same,
)
from autosched.sandbox.platforms.linkedin_wire import NAME, Desk, denied, stop
from autosched.sandbox.wire import Platform, Refusal, answer, step
from autosched.sandbox.world import App, World

DAY = 86_400
CODE_SECONDS = 30 * 60
ACCESS_SECONDS = 60 * DAY
REFRESH_SECONDS = 365 * DAY

OPEN_SCOPES = ("openid", "profile", "email", "w_member_social")
PARTNER_SCOPES = (
    *OPEN_SCOPES,
    "w_organization_social",
    "r_organization_social",
    "rw_organization_admin",
    "r_member_postAnalytics",
)

OPEN_APP = App(NAME, "sandbox-linkedin-open", "WPL_AP1.kq3ZfD0TnV8sYh2L")
"""A second app without the approval for pages: the open scopes only, and no refresh tokens."""

_MISMATCH = (
    "Unable to retrieve access token: appid/redirect uri/code verifier does not match"
    " authorization code. Or authorization code expired. Or external member binding exists"
)


@dataclass
class Auth:
    """The pages and endpoints under /oauth/v2, and who the token speaks for."""

    world: World
    platform: Platform
    grants: Grants
    desk: Desk

    def routes(self) -> list[Route]:
        """The routes."""
        world, platform, www = self.world, self.platform, "/www.linkedin.com/oauth/v2"
        return [
            step(world, platform, "authorize", ("GET", "POST"), f"{www}/authorization", self.agree),
            step(world, platform, "token", "POST", f"{www}/accessToken", self.token),
            step(world, platform, "revoke", "POST", f"{www}/revoke", self.revoke),
            step(world, platform, "introspect", "POST", f"{www}/introspectToken", self.introspect),
            step(world, platform, "me", "GET", "/api.linkedin.com/v2/userinfo", self.userinfo),
        ]

    async def agree(self, request: Request) -> Response:
        """Show the consent page, and send the person back with a code or with their refusal."""
        asked = request.query_params
        app = self._app(asked.get("client_id", ""))
        if app is None:
            return complaint("Bummer, something went wrong", "The passed in client_id is invalid.")
        redirect = asked.get("redirect_uri", "")
        if not redirect_allowed(app, redirect):
            return complaint(
                "Bummer, something went wrong",
                "The redirect_uri does not match the registered value.",
            )
        state = asked.get("state")
        if asked.get("response_type") != "code":
            return back(redirect, error="unsupported_response_type", state=state)
        scopes = tuple(asked.get("scope", "").split())
        allowed = OPEN_SCOPES if app is OPEN_APP else PARTNER_SCOPES
        for scope in scopes:
            if scope not in allowed:
                return back(
                    redirect,
                    error="unauthorized_scope_error",
                    error_description=f'Scope "{scope}" is not authorized for your application',
                    state=state,
                )
        if not scopes:
            return back(
                redirect,
                error="invalid_scope_error",
                error_description="The scope is missing",
                state=state,
            )
        people = self.world.people_of(NAME)
        if request.method == "GET":
            return consent_page("LinkedIn", app, people, scopes, colour="#0a66c2")
        form = await request.form()
        person = self.world.person(NAME, str(form.get("person", "")))
        if person is None or form.get("decision") != "allow":
            return back(
                redirect,
                error="user_cancelled_authorize",
                error_description="The user cancelled the authorization",
                state=state,
            )
        code = self.grants.code(app, person, redirect, scopes, seconds=CODE_SECONDS)
        return back(redirect, code=code.value, state=state)

    async def token(self, request: Request) -> Response:
        """Exchange a code, or (partners only) a refresh token, for an access token."""
        form = await self._form(request)
        app = self._client(form)
        if form.get("grant_type") == "authorization_code":
            code = self.grants.redeem(
                form.get("code", ""), app.client_id, form.get("redirect_uri", "")
            )
            if code is None:
                raise _wrong(400, "invalid_request", _MISMATCH)
            refresh = None
            if app is not OPEN_APP:
                refresh = self.grants.issue(
                    code.value,
                    app.client_id,
                    code.person,
                    code.scopes,
                    seconds=REFRESH_SECONDS,
                    kind="refresh",
                    prefix="AQX",
                )
            return self._issue(code.value, app, code.person, code.scopes, refresh)
        if form.get("grant_type") == "refresh_token":
            refresh = self.grants.find(form.get("refresh_token"), "refresh")
            if (
                refresh is None
                or refresh.client_id != app.client_id
                or self.grants.standing(refresh) != "good"
            ):
                raise _wrong(
                    400, "invalid_request", "The provided authorization grant or refresh token is"
                    " invalid, expired or revoked"
                )  # fmt: skip
            return self._issue(refresh.grant, app, refresh.person, refresh.scopes, refresh)
        raise _wrong(400, "unsupported_grant_type", "The grant_type is missing or not supported")

    async def revoke(self, request: Request) -> Response:
        """End all that one consent gave."""
        form = await self._form(request)
        app = self._client(form)
        token = self.grants.tokens.get(form.get("token", ""))
        if token is None or token.client_id != app.client_id:
            raise _wrong(400, "invalid_request", "Invalid access token")
        self.grants.revoke_grant(token.grant)
        return Response(status_code=200)

    async def introspect(self, request: Request) -> Response:
        """Tell how a token of the app stands."""
        form = await self._form(request)
        app = self._client(form)
        token = self.grants.tokens.get(form.get("token", ""))
        if token is None or token.client_id != app.client_id:
            return answer(200, {"active": False})
        standing = self.grants.standing(token)
        return answer(
            200,
            {
                "active": standing == "good",
                "status": "active" if standing == "good" else standing,
                "scope": ",".join(token.scopes),
                "client_id": token.client_id,
                "created_at": int(token.made),
                "authorized_at": int(token.made),
                "expires_at": int(token.ends or 0),
                "auth_type": "3L",
            },
        )

    async def userinfo(self, request: Request) -> Response:
        """Who the token speaks for; `sub` is the member's id in URNs."""
        token = self.desk.admit(request, "me", versioned=False)
        if "openid" not in token.scopes:
            raise denied(request)
        person = self.desk.member(token)
        said = {"sub": person.id}
        if "profile" in token.scopes:
            given, _, family = person.name.partition(" ")
            said |= {
                "name": person.name,
                "given_name": given,
                "family_name": family,
                "locale": "en_US",
            }
        if "email" in token.scopes:
            said |= {"email": f"{person.username}@example.org"}
        return answer(200, said)

    def _app(self, client_id: str) -> App | None:
        return OPEN_APP if client_id == OPEN_APP.client_id else self.world.app(NAME, client_id)

    async def _form(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "")
        if not kind.startswith("application/x-www-form-urlencoded"):
            raise stop(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be form-urlencoded")
        return {name: str(value) for name, value in (await request.form()).items()}

    def _client(self, form: dict[str, str]) -> App:
        """The app, whose secret must stand in the body."""
        app = self._app(form.get("client_id", ""))
        if app is None:
            raise _wrong(401, "invalid_client", "The passed in client_id is invalid")
        if not same(form.get("client_secret", ""), app.client_secret):
            raise _wrong(401, "invalid_client", "Client authentication failed")
        return app

    def _issue(
        self, grant: str, app: App, person: str, scopes: tuple[str, ...], refresh: Token | None
    ) -> Response:
        made = self.grants.issue(
            grant, app.client_id, person, scopes, seconds=ACCESS_SECONDS, prefix="AQV"
        )
        said = {
            "access_token": made.value,
            "expires_in": ACCESS_SECONDS,
            "scope": ",".join(scopes),
            "token_type": "Bearer",
        }
        if refresh is not None:  # it keeps its end: using it does not lengthen its life
            said["refresh_token"] = refresh.value
            said["refresh_token_expires_in"] = round((refresh.ends or 0) - self.world.now())
        return answer(200, said)


def _wrong(status: int, error: str, description: str) -> Refusal:
    return Refusal(answer(status, {"error": error, "error_description": description}))
