"""Sessions by password, and who a request speaks for, by session or by OAuth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.oauth import Grants, Token, same
from autosched.sandbox.platforms.bluesky_dpop import Proofs
from autosched.sandbox.platforms.bluesky_jose import secret_token
from autosched.sandbox.platforms.bluesky_wire import (
    NAME,
    PDS,
    SERVICE_DID,
    Rations,
    asked,
    body,
    did_doc,
    invalid,
    somebody,
    stop,
)
from autosched.sandbox.wire import Platform, answer, step
from autosched.sandbox.world import Person, World

ACCESS_SECONDS = 2 * 3_600
REFRESH_SECONDS = 90 * 86_400
REFRESH_GRACE = 2 * 3_600
"""So long a refresh token that was used is still taken."""
SERVICE_SECONDS = 60
SERVICE_MOST = 30 * 60

WRITE_SCOPES = ("transition:generic",)


@dataclass
class Sessions:
    """Sessions, and the gate that every method with authorisation stands behind."""

    world: World
    platform: Platform
    grants: Grants
    rations: Rations
    proofs: Proofs
    secret: bytes
    grace: set[str] = field(default_factory=set)

    def routes(self) -> list[Route]:
        """The routes."""
        xrpc = f"/{PDS}/xrpc/com.atproto.server"
        return [
            step(
                self.world, self.platform, name, method, f"{xrpc}.{path}", self.rations.counted(do)
            )
            for name, method, path, do in (
                ("token", "POST", "createSession", self.create),
                ("refresh", "POST", "refreshSession", self.refresh),
                ("revoke", "POST", "deleteSession", self.delete),
                ("me", "GET", "getSession", self.get),
                ("service_auth", "GET", "getServiceAuth", self.service_auth),
            )
        ]

    async def create(self, request: Request) -> Response:
        """Log in with a handle, DID or address and a password."""
        said = await body(request, "identifier", "password")
        whose = said["identifier"].lower()
        self.rations.spend(request, whose, ["session-short", "session-day"])
        person = somebody(self.world, whose.removeprefix("@").removesuffix("@example.org"))
        words = (person.password, str(person.extra["app_password"])) if person else ()
        if person is None or not any(same(said["password"], word) for word in words):
            raise stop(401, "AuthenticationRequired", "Invalid identifier or password")
        return answer(200, self._pair(person, self.world.key(12)) | self._about(person))

    async def refresh(self, request: Request) -> Response:
        """Exchange the refresh token, sent as the bearer, for a new pair."""
        token = self._refresh_token(request)
        standing = self.grants.standing(token)
        if standing == "revoked":
            raise invalid("Token has been revoked", "ExpiredToken")
        if standing != "good":
            raise invalid("Token has expired", "ExpiredToken")
        person = self._person(token)
        if token.value not in self.grace:
            self.grace.add(token.value)
            token.ends = min(token.ends or 0.0, self.world.now() + REFRESH_GRACE)
        said = self._pair(person, token.grant)
        return answer(200, said | self._about(person))

    async def delete(self, request: Request) -> Response:
        """Log out; the access token lives on to its end, as it does on the real server."""
        token = self._refresh_token(request)
        for each in self.grants.tokens.values():
            if each.grant == token.grant and each.kind == "refresh":
                each.revoked = True
        return Response(status_code=200)

    async def get(self, request: Request) -> Response:
        """Whose session it is."""
        return answer(200, self._about(self.admit(request, "me", *())))

    async def service_auth(self, request: Request) -> Response:
        """A short token for another service, such as the one that takes films."""
        person = self.admit(request, "service_auth", *WRITE_SCOPES)
        said = asked(request, "aud")
        now = int(self.world.now())
        ends = int(said["exp"]) if said.get("exp", "").isdigit() else now + SERVICE_SECONDS
        if not now < ends <= now + SERVICE_MOST:
            raise invalid("expiration is not within 30 minutes", "BadExpiration")
        claims = {"iss": person.id, "aud": said["aud"], "lxm": said.get("lxm"), "exp": ends}
        made = self._mint(person, self.world.key(8), "service", ends - now, claims)
        made.extra.update(claims)
        return answer(200, {"token": made.value})

    def admit(self, request: Request, step_name: str, *scopes: str) -> Person:
        """Who the request speaks for. `scopes` are those that an OAuth token must have."""
        header = request.headers.get("authorization")
        if not header:
            raise stop(401, "AuthMissing", "Authentication Required")
        kind, _, value = header.partition(" ")
        if kind.lower() == "dpop":
            return self._by_proof(request, step_name, value, scopes)
        if kind.lower() != "bearer":
            raise invalid(f"Unsupported authorization type: {kind}", "InvalidToken")
        token, standing = self.grants.check(value, step_name)
        if token is None or token.extra.get("jkt"):
            raise invalid("Token could not be verified", "InvalidToken")
        if standing != "good":
            raise invalid("Token has expired", "ExpiredToken")
        return self._person(token)

    def _by_proof(
        self, request: Request, step_name: str, value: str, scopes: tuple[str, ...]
    ) -> Person:
        jkt = self.proofs.check(request, value)
        token, standing = self.grants.check(value, step_name)
        if token is None:
            raise self.proofs.invalid_token("Malformed token")
        if not token.extra.get("jkt"):
            raise self.proofs.invalid_token("The token is not bound to a DPoP proof")
        if token.extra["jkt"] != jkt:
            raise self.proofs.invalid_token("Invalid DPoP key binding")
        if standing != "good":
            ended = "expired" if standing == "expired" else "been revoked"
            raise self.proofs.invalid_token(f"Token has {ended}")
        for scope in scopes:
            if scope not in token.scopes:
                raise stop(403, "ScopeMissingError", f'Missing required scope "{scope}"')
        return self._person(token)

    def _refresh_token(self, request: Request) -> Token:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise stop(401, "AuthMissing", "Authentication Required")
        token = self.grants.find(value, "refresh")
        if token is None or token.extra.get("jkt"):
            raise invalid("Token could not be verified", "InvalidToken")
        return token

    def _person(self, token: Token) -> Person:
        person = self.world.person(NAME, token.person)
        if person is None:
            raise stop(403, "AccountNotFound", "Account not found")
        return person

    def _pair(self, person: Person, grant: str) -> dict[str, Any]:
        access = self._mint(
            person, grant, "access", ACCESS_SECONDS, {"scope": "com.atproto.access"}
        )
        refresh = self._mint(
            person, grant, "refresh", REFRESH_SECONDS, {"scope": "com.atproto.refresh"}
        )
        return {"accessJwt": access.value, "refreshJwt": refresh.value}

    def _mint(
        self, person: Person, grant: str, kind: str, seconds: int, more: dict[str, Any]
    ) -> Token:
        """A token in the form that clients may read the end of."""
        made = self.grants.issue(grant, "", person.id, (), seconds=seconds, kind=kind)
        claims = {
            "sub": person.id,
            "aud": SERVICE_DID,
            "iat": int(made.made),
            "exp": int(made.ends or 0),
            "jti": made.value,
        } | more
        del self.grants.tokens[made.value]
        made.value = secret_token(claims, f"{'at' if kind == 'access' else kind}+jwt", self.secret)
        self.grants.tokens[made.value] = made
        return made

    def _about(self, person: Person) -> dict[str, Any]:
        return {
            "did": person.id,
            "handle": person.username,
            "email": f"{person.username}@example.org",
            "emailConfirmed": bool(person.extra["email_confirmed"]),
            "didDoc": did_doc(self.world, person),
            "active": True,
        }
