"""Facebook Login: the dialog, tokens short and long, what a token is, permissions and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autosched.sandbox import oauth
from autosched.sandbox.oauth import Token, same
from autosched.sandbox.platforms.meta import (
    LONG_SECONDS,
    check_standing,
    chosen,
    paged,
    parameters,
)
from autosched.sandbox.platforms.meta_errors import fail
from autosched.sandbox.world import App, Person

if TYPE_CHECKING:
    from autosched.sandbox.platforms.facebook import Facebook

SHORT_SECONDS = 5_400
CODE_SECONDS = 600
PERMISSIONS = (
    "public_profile", "email", "pages_show_list", "pages_read_engagement", "pages_manage_posts",
    "pages_manage_engagement", "pages_read_user_content", "pages_manage_metadata",
    "read_insights", "business_management", "publish_video", "ads_management", "ads_read",
    "instagram_basic", "instagram_content_publish", "instagram_manage_insights",
    "instagram_manage_comments", "instagram_manage_contents",
)  # fmt: skip
_PAGE_FIELDS = ("access_token", "category", "name", "id", "tasks")


class Login:
    """The endpoints that know people, before anything is posted."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.world = facebook.world
        self.grants = facebook.grants
        self.declined: dict[str, tuple[str, ...]] = {}

    def routes(self) -> list[Route]:
        """The dialog and all that hangs on tokens."""
        step, graph = self.facebook.step, "/graph.facebook.com/{version:metaver}"
        return [
            step(
                "authorize",
                ["GET", "POST"],
                "/www.facebook.com/{version:metaver}dialog/oauth",
                self.authorize,
            ),
            step("token", ["GET", "POST"], graph + "oauth/access_token", self.token),
            step("debug_token", "GET", graph + "debug_token", self.debug_token),
            step("permissions", "GET", graph + "me/permissions", self.permissions),
            step("revoke", "DELETE", graph + "me/permissions", self.revoke),
            step("revoke", "DELETE", graph + "me/permissions/{permission}", self.revoke),
            step("permissions", "GET", graph + "{user:fbuser}/permissions", self.permissions),
            step("revoke", "DELETE", graph + "{user:fbuser}/permissions", self.revoke),
            step("pages", "GET", graph + "me/accounts", self.accounts),
            step("pages", "GET", graph + "{user:fbuser}/accounts", self.accounts),
            step("me", "GET", graph + "me", self.me),
            step("me", "GET", graph + "{user:fbuser}", self.me),
        ]

    async def authorize(self, request: Request) -> Response:
        """The dialog. A person may leave some of the permissions out."""
        said = request.query_params
        app = self.world.app("facebook", said.get("client_id", ""))
        if app is None:
            return oauth.complaint("Invalid App ID", "The app id given is not known.")
        uri = said.get("redirect_uri", "")
        if not oauth.redirect_allowed(app, uri):
            return oauth.complaint("URL blocked", "The redirect address is not one of the app's.")
        if said.get("response_type", "code") != "code":
            return oauth.complaint("Not supported", "Only the response type “code” is offered.")
        asked = tuple(part for part in said.get("scope", "").replace(" ", ",").split(",") if part)
        if not asked and said.get("config_id"):
            asked = PERMISSIONS
        unknown = [scope for scope in asked if scope not in PERMISSIONS]
        if unknown:
            return oauth.complaint("Invalid Scopes", f"Invalid scopes: {', '.join(unknown)}.")
        scopes = tuple(dict.fromkeys(("public_profile", *asked)))
        people = self.world.people_of("facebook")
        if request.method == "GET":
            return oauth.consent_page(
                "Facebook", app, people, scopes, optional_scopes=True, colour="#0866ff"
            )
        form = await request.form()
        if form.get("decision") != "allow":
            return oauth.back(
                uri,
                error="access_denied",
                error_code="200",
                error_description="Permissions error",
                error_reason="user_denied",
                state=said.get("state"),
            )
        person = self.world.person("facebook", str(form.get("person")))
        if person is None:
            return oauth.complaint("Who?", "There is nobody of that name.")
        kept = {str(scope) for scope in form.getlist("scope")} | {"public_profile"}
        code = self.grants.code(
            app,
            person,
            uri,
            tuple(scope for scope in scopes if scope in kept),
            seconds=CODE_SECONDS,
            challenge=said.get("code_challenge"),
            method=said.get("code_challenge_method", "plain"),
        )
        self.declined[code.value] = tuple(scope for scope in scopes if scope not in kept)
        answer = oauth.back(uri, code=code.value, state=said.get("state"))
        answer.headers["location"] += "#_=_"
        return answer

    def app_of(self, said: dict[str, Any]) -> App:
        """The app that names itself with its secret."""
        app = self.world.app("facebook", str(said.get("client_id")))
        if app is None:
            raise fail(101, "Error validating application. Cannot get application info.")
        if not same(str(said.get("client_secret", "")), app.client_secret):
            raise fail(1, "Error validating client secret.")
        return app

    async def token(self, request: Request) -> Response:
        """A code, a short-lived token or the app's own secret become a token."""
        said = await parameters(request)
        app = self.app_of(said)
        kind = said.get("grant_type")
        if kind == "client_credentials":
            value = f"{app.client_id}|{app.client_secret}"
            return JSONResponse({"access_token": value, "token_type": "bearer"})
        if kind == "fb_exchange_token":
            return self._exchange(said, app)
        if kind not in (None, "authorization_code"):
            raise fail(100, "(#100) Invalid grant_type")
        known = self.grants.codes.get(str(said.get("code")))
        if known is None or known.client_id != app.client_id:
            raise fail(100, "Invalid verification code format.")
        if known.used:
            raise fail(100, "This authorization code has been used.", error_subcode=36009)
        if known.ends < self.world.now():
            raise fail(100, "This authorization code has expired.", error_subcode=36007)
        code = self.grants.redeem(
            known.value,
            app.client_id,
            str(said.get("redirect_uri")),
            str(said["code_verifier"]) if "code_verifier" in said else None,
        )
        if code is None:
            raise fail(
                100,
                "Error validating verification code. Please make sure your redirect_uri is "
                "identical to the one you used in the OAuth dialog request",
                error_subcode=36008,
            )
        made = self.grants.issue(
            code.value, app.client_id, code.person, code.scopes, seconds=SHORT_SECONDS, prefix="EAA"
        )
        return _given(made, SHORT_SECONDS)

    def _exchange(self, said: dict[str, Any], app: App) -> Response:
        old = self.grants.find(str(said.get("fb_exchange_token")))
        if old is None or old.client_id != app.client_id or "page" in old.extra:
            raise fail(190)
        check_standing(self.grants, old)
        made = self.grants.issue(
            old.grant,
            app.client_id,
            old.person,
            old.scopes,
            seconds=LONG_SECONDS,
            prefix="EAA",
            long=True,
        )
        return _given(made, LONG_SECONDS)

    async def debug_token(self, request: Request) -> Response:
        """What a token is; asked with the app's own token or one of the same app."""
        said = await parameters(request)
        asker = str(said.get("access_token", ""))
        client_id, _, secret = asker.partition("|")
        app = self.world.app("facebook", client_id)
        if app is None or not same(secret, app.client_secret):
            own = self.facebook.bearer(request, said, self.grants)
            client_id = own.client_id
        token = self.grants.find(str(said.get("input_token")))
        if token is None or token.client_id != client_id:
            problem = {"code": 190, "message": "Invalid OAuth access token"}
            return JSONResponse({"data": {"error": problem, "is_valid": False, "scopes": []}})
        good = self.grants.standing(token) == "good"
        data: dict[str, Any] = {
            "app_id": token.client_id,
            "type": "PAGE" if "page" in token.extra else "USER",
            "application": token.client_id,
            "data_access_expires_at": int(token.made) + 7_776_000,
            "expires_at": int(token.ends) if token.ends is not None else 0,
            "is_valid": good,
            "issued_at": int(token.made),
            "scopes": list(token.scopes),
            "user_id": token.person,
        }
        if "page" in token.extra:
            data["profile_id"] = token.extra["page"]
        if not good:
            subcode = 463 if self.grants.standing(token) == "expired" else 458
            data["error"] = {"code": 190, "subcode": subcode, "message": "The token is not valid"}
        return JSONResponse({"data": data})

    async def permissions(self, request: Request) -> Response:
        """What was granted and what was left out."""
        token = await self._user_token(request)
        data = [{"permission": scope, "status": "granted"} for scope in token.scopes]
        for scope in self.declined.get(token.grant, ()):
            data.append({"permission": scope, "status": "declined"})
        return JSONResponse({"data": data})

    async def revoke(self, request: Request) -> Response:
        """Take the app out of the person's account, or one permission from the app."""
        token = await self._user_token(request)
        gone = request.path_params.get("permission")
        for each in self.grants.tokens.values():
            if (each.person, each.client_id) != (token.person, token.client_id):
                continue
            if gone is None:
                each.revoked = True
            each.scopes = tuple(scope for scope in each.scopes if scope != gone)
        return JSONResponse({"success": True})

    async def _user_token(self, request: Request, *scopes: str) -> Token:
        said = await parameters(request)
        token = self.facebook.bearer(request, said, self.grants, *scopes)
        if "page" in token.extra:
            raise fail(100, "(#100) This method must be called with a user access token")
        if request.path_params.get("user", token.person) != token.person:
            raise fail(33)
        return token

    async def me(self, request: Request) -> Response:
        """The person, or the page, whose token it is."""
        said = await parameters(request)
        token = self.facebook.bearer(request, said, self.grants)
        page = token.extra.get("page")
        if page is not None and request.path_params.get("user") is None:
            return JSONResponse(self.page_node(said, token, self.facebook.pages[str(page)]))
        if request.path_params.get("user", token.person) != token.person:
            raise fail(33)
        person = self.world.person("facebook", token.person)
        assert person is not None
        email = f"{person.username}@example.org" if "email" in token.scopes else None
        first, _, last = person.name.partition(" ")
        node = {
            "id": person.id, "name": person.name, "email": email, "first_name": first,
            "last_name": last, "picture": self.facebook.picture_of(person.id),
        }  # fmt: skip
        return JSONResponse(chosen(said, node, ("name", "id"), "User"))

    async def accounts(self, request: Request) -> Response:
        """The pages of a person, each with a token of its own."""
        token = await self._user_token(request, "pages_show_list")
        said = await parameters(request)
        person = self.world.person("facebook", token.person)
        assert person is not None
        pages = list(person.extra["pages"])
        return paged(
            request,
            self.world,
            said,
            pages,
            lambda page: str(page["id"]),
            lambda page: self.page_node(said, token, page),
        )

    def page_node(self, said: dict[str, Any], token: Token, page: dict[str, Any]) -> dict[str, Any]:
        """A page with the fields that were asked for."""
        linked = page.get("instagram")
        if "instagram_basic" not in token.scopes or not self.world.person(
            "instagram", linked or ""
        ):
            linked = None
        node: dict[str, Any] = {
            "id": page["id"],
            "name": page["name"],
            "username": page["username"],
            "category": "Cultural Center",
            "category_list": [{"id": "1500", "name": "Cultural Center"}],
            "tasks": page["tasks"],
            "link": self.world.url("www.facebook.com", page["username"]),
            "fan_count": page["followers"],
            "followers_count": page["followers"],
            "picture": self.facebook.picture_of(page["id"]),
            "instagram_business_account": {"id": linked} if linked else None,
            "connected_instagram_account": {"id": linked} if linked else None,
            "access_token": None,
            "about": f"{page['name']} (sandbox)",
            "is_published": True,
        }
        if "access_token" in str(said.get("fields", "access_token")):
            node["access_token"] = self.page_token(token, str(page["id"])).value
        return chosen(said, node, _PAGE_FIELDS if not said.get("fields") else (), "Page")

    def page_token(self, user: Token, page: str) -> Token:
        """The page's token: of a long-lived user token it does not expire."""
        if user.extra.get("page") == page:
            return user
        long = bool(user.extra.get("long"))
        for each in self.grants.tokens.values():
            same_page = each.extra.get("page") == page and each.grant == user.grant
            if same_page and each.extra["long"] == long and self.grants.standing(each) == "good":
                return each
        left = None if long else (user.ends or 0) - self.world.now()
        return self.grants.issue(
            user.grant,
            user.client_id,
            user.person,
            user.scopes,
            seconds=left,
            prefix="EAA",
            page=page,
            long=long,
        )


def people() -> list[Person]:
    """Those who have pages here. The first page of each is tied to an Instagram account."""
    full = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]

    def page(id: str, name: str, username: str, instagram: str | None = None) -> dict[str, Any]:
        return {
            "id": id, "name": name, "username": username, "tasks": full, "followers": 1_840,
            "instagram": instagram,
        }  # fmt: skip

    looked_at = page("122100000000000013", "Archive of the Old Mosque", "oldmosquearchive")
    return [
        Person(
            "facebook", "122000000000000011", "nightreminders", "Night Reminders",
            extra={"pages": [
                page("122100000000000011", "Night Reminders", "nightreminders",
                     "17841400000000011"),
                page("122100000000000012", "Morning Circle", "morningcircle"),
                {**looked_at, "tasks": ["ANALYZE"]},
            ]},
        ),
        Person(
            "facebook", "122000000000000021", "quietverses", "Quiet Verses",
            extra={"pages": [
                page("122100000000000021", "Quiet Verses", "quietverses", "17841400000000021"),
            ]},
        ),
    ]  # fmt: skip


def _given(token: Token, seconds: int) -> Response:
    return JSONResponse(
        {"access_token": token.value, "token_type": "bearer", "expires_in": seconds}
    )
