"""TikTok's log-in: `client_key` instead of a client id, commas between scopes, flat answers and
errors that come with HTTP 200."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from starlette.requests import Request
from starlette.responses import Response

from autosched.sandbox.oauth import (
    Code,
    Token,
    back,
    complaint,
    consent_page,
    redirect_allowed,
    same,
)
from autosched.sandbox.platforms.tiktok_ground import NAME, SCOPES, Ground
from autosched.sandbox.wire import Refusal, answer
from autosched.sandbox.world import App

ACCESS_SECONDS = 86_400
REFRESH_SECONDS = 31_536_000
CODE_SECONDS = 600.0
ALWAYS_GRANTED = "user.info.basic"
CHALLENGE_IS_HEX = True
"""Desktop apps send hex(SHA-256) of the verifier, so it is said; not confirmed."""
REPLAY_ENDS_GRANT = True
"""Not documented: a refresh token that is used a second time ends what the consent gave."""
REFRESH_COUNTS_DOWN = True
"""Not documented: a refresh token that replaces another ends when that one would have."""
ERROR_STATUS = 200
"""The errors of the token addresses have been seen with HTTP 200."""
REVOKED_BODY = b""
"""Not documented: a revocation is answered with nothing."""


class Auth:
    """The consent page and the token addresses."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.world, self.grants = ground, ground.world, ground.grants

    async def authorize(self, request: Request) -> Response:
        """Show the consent page, or take what was decided there."""
        asked = request.query_params
        app = self.world.app(NAME, asked.get("client_key", ""))
        if app is None:
            return complaint("Something went wrong", "client_key: there is no such app.")
        redirect_uri = asked.get("redirect_uri", "")
        if not redirect_allowed(app, redirect_uri):
            return complaint("Something went wrong", "redirect_uri is not registered.")
        state = asked.get("state")
        scopes = tuple(dict.fromkeys(asked.get("scope", "").split(",")))
        wrong = ""
        if asked.get("response_type") != "code":
            wrong = "response_type must be code."
        elif not state:
            wrong = "state is required."
        elif not set(scopes) <= set(SCOPES):
            wrong = "scope: name the scopes of this app, with commas between."
        elif asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            wrong = "code_challenge_method must be S256."
        if wrong:
            return complaint("Something went wrong", wrong)
        people = self.world.people_of(NAME)
        if request.method == "GET":
            return consent_page(
                "TikTok", app, people, scopes, optional_scopes=True, colour="#111111"
            )
        form = await request.form()
        if form.get("decision") != "allow":
            return back(
                redirect_uri,
                error="access_denied",
                error_description="The user has denied the access request",
                state=state,
            )
        person = self.world.person(NAME, str(form.get("person")))
        if person is None:
            return complaint("Something went wrong", "There is no such account.")
        ticked = {str(value) for value in form.getlist("scope")} | {ALWAYS_GRANTED}
        granted = tuple(scope for scope in scopes if scope in ticked)
        code = self.grants.code(app, person, redirect_uri, granted, seconds=CODE_SECONDS)
        code.extra["challenge"] = asked.get("code_challenge")
        # The real codes end like this, so that a client that does not decode them is found out.
        del self.grants.codes[code.value]
        code.value += "*1!6219.e1"
        self.grants.codes[code.value] = code
        return back(redirect_uri, code=code.value, scopes=",".join(granted), state=state)

    async def token(self, request: Request) -> Response:
        """Give tokens for a code or a refresh token."""
        form, app = await self._form(request)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._from_code(form, app)
        if kind == "refresh_token":
            return self._refreshed(form, app)
        raise self._no("unsupported_grant_type", "grant_type is not supported.")

    async def revoke(self, request: Request) -> Response:
        """End what a consent gave."""
        form, app = await self._form(request)
        token = self.grants.find(form.get("token"))
        if token is None or token.client_id != app.client_id:
            raise self._no("invalid_request", "token is not known.")
        self.grants.revoke_grant(token.grant)
        return Response(REVOKED_BODY)

    async def _form(self, request: Request) -> tuple[dict[str, str], App]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise self._no("invalid_request", "Send application/x-www-form-urlencoded.")
        form = {name: str(value) for name, value in (await request.form()).items()}
        if "client_key" not in form:
            raise self._no("invalid_request", "client_key is required.")
        app = self.world.app(NAME, form["client_key"])
        if app is None or not same(app.client_secret, form.get("client_secret", "")):
            raise self._no("invalid_client", "Client key or secret is incorrect.")
        return form, app

    def _from_code(self, form: dict[str, str], app: App) -> Response:
        value, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
        known = self.grants.codes.get(value)
        if known is not None and not _verified(known, form.get("code_verifier")):
            raise self._no("invalid_grant", "Code verifier or code challenge is invalid.")
        code = self.grants.redeem(value, app.client_id, redirect_uri)
        if code is None:
            raise self._no("invalid_grant", "Authorization code is expired or invalid.")
        return self._issued(code.value, app, code.person, code.scopes)

    def _refreshed(self, form: dict[str, str], app: App) -> Response:
        with self.world.lock:
            token = self.grants.find(form.get("refresh_token"), "refresh")
            if token is None or token.client_id != app.client_id:
                raise self._no("invalid_grant", "Refresh token is invalid or expired.")
            standing = self.grants.standing(token)
            if standing == "spent" and REPLAY_ENDS_GRANT:
                self.grants.revoke_grant(token.grant)
            if standing != "good":
                raise self._no("invalid_grant", "Refresh token is invalid or expired.")
            token.spent = True
            return self._issued(token.grant, app, token.person, token.scopes, before=token)

    def _issued(
        self,
        grant: str,
        app: App,
        person: str,
        scopes: tuple[str, ...],
        before: Token | None = None,
    ) -> Response:
        access = self.grants.issue(
            grant, app.client_id, person, scopes, seconds=ACCESS_SECONDS, prefix="act."
        )
        left = REFRESH_SECONDS
        if REFRESH_COUNTS_DOWN and before is not None and before.ends is not None:
            left = int(before.ends - self.world.now())
        refresh = self.grants.issue(
            grant, app.client_id, person, scopes, seconds=left, kind="refresh", prefix="rft."
        )
        return answer(
            200,
            {
                "access_token": access.value,
                "expires_in": ACCESS_SECONDS,
                "open_id": person,
                "refresh_expires_in": left,
                "refresh_token": refresh.value,
                "scope": ",".join(scopes),
                "token_type": "Bearer",
            },
            Cache_Control="no-store",
        )

    def _no(self, error: str, description: str) -> Refusal:
        return Refusal(
            answer(
                ERROR_STATUS,
                {
                    "error": error,
                    "error_description": description,
                    "log_id": self.ground.log_id(),
                },
            )
        )


def _verified(code: Code, verifier: str | None) -> bool:
    challenge = code.extra.get("challenge")
    if challenge is None:
        return True
    if not verifier or not 43 <= len(verifier) <= 128:
        return False
    digest = hashlib.sha256(verifier.encode())
    if CHALLENGE_IS_HEX:
        return same(digest.hexdigest(), challenge)
    return same(urlsafe_b64encode(digest.digest()).rstrip(b"=").decode(), challenge)
