"""Business Login for Instagram: the dialog, the short token, the long one and its renewal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import oauth
from autosched.sandbox.oauth import Token, same
from autosched.sandbox.platforms.meta import LONG_SECONDS, check_standing, parameters
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.world import Person

if TYPE_CHECKING:
    from autosched.sandbox.platforms.instagram import Instagram

CODE_SECONDS = 3_600
SHORT_SECONDS = 3_600
YOUNGEST_SECONDS = 86_400
"""A long-lived token must be a day old before it can be renewed."""

TOKEN_IN_LIST = True
"""Whether the short token stands in `data: […]`, as the documentation shows it, or bare."""

TOO_YOUNG_CODE = 100
"""What a renewal within the first day is refused with; the documentation does not say."""

PERMISSIONS = (
    "instagram_business_basic", "instagram_business_content_publish",
    "instagram_business_manage_comments", "instagram_business_manage_messages",
    "instagram_business_manage_insights",
)  # fmt: skip


class Login:
    """The endpoints on `www`, `api` and `graph.instagram.com` that give tokens."""

    def __init__(self, instagram: Instagram) -> None:
        self.instagram = instagram
        self.world = instagram.world
        self.grants = instagram.grants

    def routes(self) -> list[Route]:
        """The dialog and the three exchanges."""
        step, graph = self.instagram.step, "/graph.instagram.com/{version:metaver}"
        return [
            step(
                "authorize", ["GET", "POST"], "/www.instagram.com/oauth/authorize", self.authorize
            ),
            step("token", "POST", "/api.instagram.com/oauth/access_token", self.token),
            step("exchange", "GET", graph + "access_token", self.exchange),
            step("refresh", "GET", graph + "refresh_access_token", self.refresh),
        ]

    async def authorize(self, request: Request) -> Response:
        """The dialog. A person may leave some of the permissions out."""
        said = request.query_params
        app = self.world.app("instagram", said.get("client_id", ""))
        if app is None:
            return oauth.complaint("Invalid platform app", "The app id given is not known.")
        uri = said.get("redirect_uri", "")
        if not oauth.redirect_allowed(app, uri):
            return oauth.complaint("Invalid redirect_uri", "It is not one of the app's addresses.")
        if said.get("response_type") != "code":
            return oauth.complaint("Invalid request", "The response_type must be “code”.")
        scopes = tuple(
            dict.fromkeys(p for p in said.get("scope", "").replace(" ", ",").split(",") if p)
        )
        unknown = [scope for scope in scopes if scope not in PERMISSIONS]
        if unknown or "instagram_business_basic" not in scopes:
            return oauth.complaint(
                "Invalid scope", f"Invalid scopes: {', '.join(unknown or ['?'])}"
            )
        if request.method == "GET":
            people = self.world.people_of("instagram")
            return oauth.consent_page(
                "Instagram", app, people, scopes, optional_scopes=True, colour="#c13584"
            )
        form = await request.form()
        if form.get("decision") != "allow":
            return oauth.back(
                uri,
                error="access_denied",
                error_reason="user_denied",
                error_description="The user denied your request",
                state=said.get("state"),
            )
        person = self.world.person("instagram", str(form.get("person")))
        if person is None:
            return oauth.complaint("Who?", "There is nobody of that name.")
        if person.extra["account_type"] not in ("BUSINESS", "MEDIA_CREATOR"):
            return oauth.complaint("Not possible", "Only professional accounts can do this.")
        kept = {str(scope) for scope in form.getlist("scope")} | {"instagram_business_basic"}
        granted = tuple(scope for scope in scopes if scope in kept)
        code = self.grants.code(app, person, uri, granted, seconds=CODE_SECONDS)
        answer = oauth.back(uri, code=code.value, state=said.get("state"))
        answer.headers["location"] += "#_"
        return answer

    async def token(self, request: Request) -> Response:
        """The code becomes a token for an hour."""
        kind = request.headers.get("content-type", "")
        if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
            return _refused("The request must be a form")
        form = await request.form()
        said = {name: str(value) for name, value in form.items()}
        app = self.world.app("instagram", said.get("client_id", ""))
        if app is None:
            return _refused("Invalid platform app")
        if not same(said.get("client_secret", ""), app.client_secret):
            return _refused("Error validating client secret")
        if said.get("grant_type") != "authorization_code":
            return _refused("Invalid grant_type: must be authorization_code")
        known = self.grants.codes.get(said.get("code", ""))
        if known is None or known.used or known.ends < self.world.now():
            return _refused("Matching code was not found or was already used")
        code = self.grants.redeem(known.value, app.client_id, said.get("redirect_uri", ""))
        if code is None:
            return _refused("Redirect URI does not match registered redirect URI")
        made = self.grants.issue(
            code.value,
            app.client_id,
            code.person,
            code.scopes,
            seconds=SHORT_SECONDS,
            prefix="IGAA",
        )
        person = self.world.person("instagram", code.person)
        assert person is not None
        told: dict[str, Any] = {
            "access_token": made.value,
            "user_id": person.extra["app_scoped_id"],
            "permissions": ",".join(code.scopes),
        }
        return JSONResponse({"data": [told]} if TOKEN_IN_LIST else told)

    async def exchange(self, request: Request) -> Response:
        """A short token becomes one for sixty days."""
        said = await parameters(request)
        token = self._token(request, said, "ig_exchange_token")
        app = self.world.app("instagram", token.client_id)
        if app is None or not same(str(said.get("client_secret", "")), app.client_secret):
            raise fail(1, "Error validating client secret.")
        if token.extra.get("long"):
            raise fail(100, "(#100) Only a short-lived token can be exchanged")
        return self._long(token)

    async def refresh(self, request: Request) -> Response:
        """A long token becomes one for sixty days more."""
        token = self._token(request, await parameters(request), "ig_refresh_token")
        if not token.extra.get("long"):
            raise fail(100, "(#100) Only a long-lived token can be refreshed")
        if self.world.now() - token.made < YOUNGEST_SECONDS:
            raise fail(TOO_YOUNG_CODE, "The access token must be at least 24 hours old")
        return self._long(token)

    def _token(self, request: Request, said: dict[str, Any], grant_type: str) -> Token:
        if said.get("grant_type") != grant_type:
            raise fail(100, f"(#100) The grant_type must be {grant_type}")
        token = self.grants.find(str(said.get("access_token")))
        if token is None:
            raise fail(190)
        if self.world.faults.draw("instagram", request.state.step, "expire_token"):
            token.ends = self.world.now()
        check_standing(self.grants, token)
        return token

    def _long(self, token: Token) -> Response:
        made = self.grants.issue(
            token.grant,
            token.client_id,
            token.person,
            token.scopes,
            seconds=LONG_SECONDS,
            prefix="IGAA",
            long=True,
        )
        return JSONResponse(
            {
                "access_token": made.value,
                "token_type": "bearer",
                "expires_in": LONG_SECONDS,
                "permissions": ",".join(token.scopes),
            }
        )


def people() -> list[Person]:
    """Those who have a professional account here; two of them belong to a Facebook page too."""

    def person(number: int, username: str, name: str, kind: str) -> Person:
        extra = {
            "app_scoped_id": f"26{number:015d}", "account_type": kind, "followers": 2_310,
            "quota": None,
        }  # fmt: skip
        return Person("instagram", f"17841400000000{number:03d}", username, name, extra=extra)

    return [
        person(11, "nightreminders", "Night Reminders", "BUSINESS"),
        person(21, "quietverses", "Quiet Verses", "BUSINESS"),
        person(31, "the.evening.reader", "The Evening Reader", "MEDIA_CREATOR"),
    ]


def _refused(message: str) -> Response:
    body = {"error_type": "OAuthException", "code": 400, "error_message": message}
    return JSONResponse(body, status_code=400)
