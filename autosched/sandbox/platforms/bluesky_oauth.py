"""OAuth by the AT Protocol's profile: pushed requests, PKCE, DPoP, refresh tokens for one use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autosched.sandbox.oauth import Grants, Token, back, complaint, consent_page
from autosched.sandbox.platforms.bluesky_clients import Client, Clients, wrong
from autosched.sandbox.platforms.bluesky_dpop import Proofs
from autosched.sandbox.platforms.bluesky_wire import NAME, PDS, Rations, service, somebody
from autosched.sandbox.wire import Platform, answer, fields, step
from autosched.sandbox.world import App, World

PAR_SECONDS = 299
CODE_SECONDS = 5 * 60
ACCESS_SECONDS = 3_599
DAY = 86_400
PUBLIC_DAYS, SIGNING_DAYS = 14, 90
"""For so long a refresh token is good; a client that signs gets the longer one."""
PUBLIC_SESSION_DAYS = 14
"""After so long a client that does not sign must send the person here again, refreshed or not."""
SCOPES = ("atproto", "transition:email", "transition:generic", "transition:chat.bsky")


@dataclass
class Pushed:
    """A request for authorisation as it was pushed."""

    client: Client
    asked: dict[str, str]
    scopes: tuple[str, ...]
    jkt: str
    ends: float


@dataclass
class OAuth:
    """The authorisation server."""

    world: World
    platform: Platform
    grants: Grants
    rations: Rations
    proofs: Proofs
    pushed: dict[str, Pushed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.issuer = service(self.world, PDS)
        self.clients = Clients(self.issuer)

    def routes(self) -> list[Route]:
        """The routes."""
        known = f"/{PDS}/.well-known"
        return [
            step(self.world, self.platform, name, methods, path, self.rations.counted(do))
            for name, methods, path, do in (
                ("discover", "GET", f"{known}/oauth-protected-resource", self.resource),
                ("discover", "GET", f"{known}/oauth-authorization-server", self.metadata),
                ("discover", "GET", f"/{PDS}/oauth/jwks", self.keys),
                ("push", "POST", f"/{PDS}/oauth/par", self.push),
                ("authorize", ("GET", "POST"), f"/{PDS}/oauth/authorize", self.agree),
                ("token", "POST", f"/{PDS}/oauth/token", self.token),
                ("revoke", "POST", f"/{PDS}/oauth/revoke", self.revoke),
            )
        ]

    async def resource(self, _request: Request) -> Response:
        """Which authorisation server guards the accounts here."""
        return answer(
            200,
            {
                "resource": self.issuer,
                "authorization_servers": [self.issuer],
                "scopes_supported": [],
                "bearer_methods_supported": ["header"],
                "resource_documentation": "https://atproto.com",
            },
        )

    async def metadata(self, _request: Request) -> Response:
        """Where everything is, and what is demanded."""
        issuer = self.issuer
        algs = ["ES256"]
        return answer(
            200,
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/oauth/authorize",
                "token_endpoint": f"{issuer}/oauth/token",
                "pushed_authorization_request_endpoint": f"{issuer}/oauth/par",
                "revocation_endpoint": f"{issuer}/oauth/revoke",
                "jwks_uri": f"{issuer}/oauth/jwks",
                "require_pushed_authorization_requests": True,
                "scopes_supported": list(SCOPES),
                "subject_types_supported": ["public"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": algs,
                "dpop_signing_alg_values_supported": algs,
                "authorization_response_iss_parameter_supported": True,
                "client_id_metadata_document_supported": True,
                "protected_resources": [issuer],
            },
        )

    async def keys(self, _request: Request) -> Response:
        """No client needs to read the tokens."""
        return answer(200, {"keys": []})

    async def push(self, request: Request) -> Response:
        """Take a request for authorisation ahead of the browser."""
        request.state.nonce = self.proofs.nonce()
        form = await self._form(request)
        if "response_type" not in form or "request_uri" in form:
            raise wrong("invalid_request", "Invalid authorization request")
        client = await self.clients.find(form.get("client_id", ""))
        jkt = self.proofs.check(request)
        self.clients.prove(client, form)
        if form["response_type"] != "code":
            raise wrong("unsupported_response_type", 'Only the "code" response_type is supported')
        if not form.get("code_challenge"):
            raise wrong("invalid_request", "Use of PKCE is required")
        if form.get("code_challenge_method") != "S256":
            raise wrong("invalid_request", 'atproto requires use of "S256" code_challenge_method')
        if form.get("response_mode", "query") != "query":
            raise wrong("invalid_request", "Unsupported response_mode")
        redirect = form.get("redirect_uri", "")
        if not client.may_return_to(redirect):
            raise wrong("invalid_request", f"Invalid redirect_uri {redirect}")
        scopes = tuple(form.get("scope", "").split())
        if "atproto" not in scopes:
            raise wrong("invalid_scope", 'The "atproto" scope is required')
        for scope in scopes:
            if scope not in client.scopes:
                raise wrong("invalid_scope", f'Scope "{scope}" is not declared by the client')
            if scope not in SCOPES:
                raise wrong("invalid_scope", f'Scope "{scope}" is not supported')
        if form.get("dpop_jkt", jkt) != jkt:
            raise wrong("invalid_dpop_proof", "dpop_jkt is another key than the proof's", 401)
        if (hint := form.get("login_hint")) and somebody(self.world, hint.lstrip("@")) is None:
            raise wrong("invalid_request", f'Invalid login_hint "{hint}"')
        name = f"urn:ietf:params:oauth:request_uri:req-{self.world.key(16)}"
        ends = self.world.now() + PAR_SECONDS
        self.pushed[name] = Pushed(client, form, scopes, jkt, ends)
        return answer(201, {"request_uri": name, "expires_in": PAR_SECONDS})

    async def agree(self, request: Request) -> Response:
        """Show the consent page, and send the person back with a code, the state and the issuer."""
        name = request.query_params.get("request_uri", "")
        pushed = self.pushed.get(name)
        if pushed is None or pushed.ends <= self.world.now():
            return complaint("Error", "This request was not pushed, was used, or has expired.")
        if request.query_params.get("client_id") != pushed.client.id:
            return complaint("Error", "This request was initiated for another client.")
        app = App(NAME, pushed.client.id, "")
        people = self.world.people_of(NAME)
        if hinted := somebody(self.world, pushed.asked.get("login_hint", "").lstrip("@")):
            people = [hinted]
        if request.method == "GET":
            return consent_page("Bluesky", app, people, pushed.scopes, colour="#1185fe")
        form = await request.form()
        person = self.world.person(NAME, str(form.get("person", "")))
        del self.pushed[name]
        redirect, state = pushed.asked["redirect_uri"], pushed.asked.get("state")
        if person is None or form.get("decision") != "allow":
            return back(
                redirect,
                iss=self.issuer,
                state=state,
                error="access_denied",
                error_description="The user rejected the request",
            )
        code = self.grants.code(
            app,
            person,
            redirect,
            pushed.scopes,
            seconds=CODE_SECONDS,
            challenge=pushed.asked["code_challenge"],
            method="S256",
            jkt=pushed.jkt,
        )
        return back(redirect, iss=self.issuer, state=state, code=code.value)

    async def token(self, request: Request) -> Response:
        """Exchange a code, or a refresh token for its one use."""
        jkt = self.proofs.check(request)
        form = await self._form(request)
        client = await self.clients.find(form.get("client_id", ""))
        self.clients.prove(client, form)
        if form.get("grant_type") == "authorization_code":
            said = self.grants.codes.get(form.get("code", ""))
            if said is not None and said.extra["jkt"] != jkt:
                raise wrong("invalid_grant", "DPoP proof does not match the expected JKT")
            code = self.grants.redeem(
                form.get("code", ""),
                client.id,
                form.get("redirect_uri", ""),
                form.get("code_verifier"),
            )
            if code is None:
                raise wrong("invalid_grant", "Invalid code")
            began = self.world.now()
            return self._issue(code.value, client, code.person, code.scopes, jkt, began)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form, client, jkt)
        raise wrong(
            "invalid_grant",
            f'Grant type "{form.get("grant_type")}" is not supported by the server',
        )

    async def revoke(self, request: Request) -> Response:
        """End a session by one of its tokens; one that is unknown is no error."""
        form = await self._form(request)
        client = await self.clients.find(form.get("client_id", ""))
        self.clients.prove(client, form)
        token = self.grants.tokens.get(form.get("token", ""))
        if token is not None and token.extra.get("jkt") and token.client_id == client.id:
            self.grants.revoke_grant(token.grant)
        return Response(status_code=200)

    def _refreshed(self, form: dict[str, str], client: Client, jkt: str) -> Response:
        with self.world.lock:
            token = self.grants.find(form.get("refresh_token"), "refresh")
            if token is None or not token.extra.get("jkt"):
                raise wrong("invalid_grant", "Invalid refresh token")
            if token.client_id != client.id:
                raise wrong("invalid_grant", "Token was not issued to this client")
            if token.extra["jkt"] != jkt:
                raise wrong("invalid_grant", "DPoP proof does not match the expected JKT")
            standing = self.grants.standing(token)
            if standing == "spent":
                self.grants.revoke_grant(token.grant)
                raise wrong("invalid_grant", "Refresh token replayed")
            if standing == "revoked":
                raise wrong("invalid_grant", "Invalid refresh token")
            if standing == "expired":
                raise wrong("invalid_grant", "Refresh token expired")
            began = float(token.extra["began"])
            lived = self.world.now() - began
            if client.method == "none" and lived >= PUBLIC_SESSION_DAYS * DAY:
                raise wrong("invalid_grant", "Session expired")
            token.spent = True
            return self._issue(token.grant, client, token.person, token.scopes, jkt, began)

    def _issue(
        self,
        grant: str,
        client: Client,
        person: str,
        scopes: tuple[str, ...],
        jkt: str,
        began: float,
    ) -> Response:
        def made(kind: str, seconds: float, prefix: str) -> Token:
            return self.grants.issue(
                grant,
                client.id,
                person,
                scopes,
                seconds=seconds,
                kind=kind,
                prefix=prefix,
                jkt=jkt,
                began=began,
            )

        days = PUBLIC_DAYS if client.method == "none" else SIGNING_DAYS
        said: dict[str, Any] = {
            "access_token": made("access", ACCESS_SECONDS, "tok-").value,
            "token_type": "DPoP",
            "expires_in": ACCESS_SECONDS,
            "scope": " ".join(scopes),
            "sub": person,
        }
        if "refresh_token" in client.grants:
            said["refresh_token"] = made("refresh", days * DAY, "ref-").value
        return answer(200, said, Cache_Control="no-store")

    async def _form(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "")
        if not kind.startswith(("application/x-www-form-urlencoded", "application/json")):
            raise wrong("invalid_request", "The body must be a form or JSON", 415)
        try:
            return {name: str(value) for name, value in (await fields(request)).items()}
        except ValueError:
            raise wrong("invalid_request", "The body could not be parsed") from None
