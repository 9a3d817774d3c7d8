"""Proofs of possession (DPoP): one key, one request, one use, and a nonce from the server."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field

from starlette.requests import Request

from autosched.sandbox.platforms.bluesky_jose import b64, proven, read, thumbprint
from autosched.sandbox.platforms.bluesky_wire import stop
from autosched.sandbox.wire import Refusal, answer
from autosched.sandbox.world import World

ROTATES = 60.0
"""A nonce is handed out for so long; the one before and the one after it are good too."""
PROOF_AGE = 190.0
"""So old may a proof be, by the client's own clock; it may be as far ahead."""
ALGS = "ES256"


@dataclass
class Proofs:
    """The nonces and the used proofs of one server, `resource` or authorisation server."""

    world: World
    resource: bool
    secret: bytes
    used: dict[str, float] = field(default_factory=dict)

    def nonce(self, ahead: int = 1) -> str:
        """The nonce to use next."""
        turn = int(self.world.now() / ROTATES) + ahead
        return b64(hmac.new(self.secret, turn.to_bytes(8, "big"), hashlib.sha256).digest())

    def check(self, request: Request, token: str = "") -> str:
        """The name of the key that the request proves to hold; anything amiss is refused."""
        request.state.nonce = self.nonce()
        proofs = request.headers.getlist("dpop")
        if len(proofs) != 1:
            raise self._refused("invalid_dpop_proof", "DPoP proof required")
        try:
            proof = read(proofs[0])
            jwk = dict(proof.header["jwk"])
            jkt = thumbprint(jwk)
        except (ValueError, KeyError, TypeError):
            raise self._refused("invalid_dpop_proof", "Failed to verify DPoP proof") from None
        claims = proof.claims
        if proof.header.get("typ") != "dpop+jwt" or "d" in jwk or not proven(proof, jwk):
            raise self._refused("invalid_dpop_proof", "Failed to verify DPoP proof")
        made = claims.get("iat")
        # The client's clock is the real one, which the stand-in's may have been put ahead of.
        if not isinstance(made, int | float) or abs(time.time() - made) > PROOF_AGE:
            raise self._refused("invalid_dpop_proof", 'DPoP "iat" claim out of range')
        if not isinstance(claims.get("jti"), str) or not claims["jti"]:
            raise self._refused("invalid_dpop_proof", 'DPoP "jti" missing')
        if claims.get("htm") != request.method:
            raise self._refused("invalid_dpop_proof", 'DPoP "htm" mismatch')
        here = f"{self.world.origin}{request.url.path}"
        if str(claims.get("htu", "")).partition("?")[0].partition("#")[0] != here:
            raise self._refused("invalid_dpop_proof", 'DPoP "htu" mismatch')
        if not claims.get("nonce"):
            raise self._refused(
                "use_dpop_nonce", "Authorization server requires nonce in DPoP proof"
            )
        if claims["nonce"] not in (self.nonce(0), self.nonce(1), self.nonce(-1)):
            raise self._refused("use_dpop_nonce", 'DPoP "nonce" mismatch')
        hashed = b64(hashlib.sha256(token.encode()).digest()) if token else None
        if claims.get("ath") != hashed:
            raise self._refused("invalid_dpop_proof", 'DPoP "ath" mismatch')
        self._once(claims["jti"])
        return jkt

    def invalid_token(self, message: str) -> Refusal:
        """A token that the resource server does not take."""
        return self._refused("invalid_token", message)

    def _once(self, jti: str) -> None:
        now = time.time()
        if len(self.used) > 10_000:
            self.used = {name: at for name, at in self.used.items() if now - at < 2 * PROOF_AGE}
        if jti in self.used:
            raise self._refused("invalid_dpop_proof", "DPoP proof replayed")
        self.used[jti] = now

    def _refused(self, name: str, message: str) -> Refusal:
        told = f'DPoP algs="{ALGS}", error="{name}"'
        if '"' not in message:
            told += f', error_description="{message}"'
        if self.resource:
            return stop(401, name, message, WWW_Authenticate=told)
        body = {"error": name, "error_description": message}
        if name == "use_dpop_nonce":
            return Refusal(answer(400, body))
        return Refusal(answer(401, body, WWW_Authenticate=told))
