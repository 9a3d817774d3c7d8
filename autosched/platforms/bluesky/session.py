"""Requests to a Bluesky server (XRPC), signed by whatever authoriser the session is given."""

from __future__ import annotations

from typing import Any, Protocol

from autosched.platforms import wire
from autosched.platforms.bluesky.errors import Refusal

Reply = wire.Reply


class Authoriser(Protocol):
    """What signs requests: tokens of an app password, or of a consent with proofs."""

    def sign(self, method: str, url: str) -> dict[str, str]:
        """The headers that prove who asks; old tokens are renewed first."""
        ...

    def heard(self, url: str, reply: Reply) -> None:
        """Learn from what stands beside an answer: what is left, which nonce comes next."""
        ...

    def again(self, refusal: Refusal) -> bool:
        """Learn from a refusal; whether the same request should be signed and sent once more."""
        ...


class Session:
    """A server and who asks it. Raises `Refusal` or `Unreached`, or what the authoriser raises."""

    def __init__(self, server: str, authoriser: Authoriser | None = None) -> None:
        self._server = server.rstrip("/")
        self._authoriser = authoriser

    def query(self, method: str, **params: str) -> dict[str, Any]:
        """Ask a question that changes nothing."""
        return self._call("GET", method, params=params)

    def procedure(self, method: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Have something done."""
        return self._call("POST", method, json=body)

    def upload(self, body: bytes | wire.FilePart, mime: str) -> dict[str, Any]:
        """Upload a file; the blob by which a record refers to it."""
        answer = self._call(
            "POST",
            "com.atproto.repo.uploadBlob",
            content=body,
            headers={"Content-Type": mime},
        )
        blob: dict[str, Any] = answer["blob"]
        return blob

    def _call(self, verb: str, method: str, **request: Any) -> dict[str, Any]:
        url = f"{self._server}/xrpc/{method}"
        while True:
            try:
                return self._send(verb, url, **request)
            except Refusal as refusal:
                if self._authoriser is None or not self._authoriser.again(refusal):
                    raise

    def _send(
        self, verb: str, url: str, headers: dict[str, str] | None = None, **request: Any
    ) -> dict[str, Any]:
        signed = {**(headers or {})}
        if self._authoriser is not None:
            signed |= self._authoriser.sign(verb, url)
        reply = wire.call(verb, url, headers=signed, **request)
        if self._authoriser is not None:
            self._authoriser.heard(url, reply)
        return read(reply)


def read(reply: Reply) -> dict[str, Any]:
    """What a good answer holds; `Refusal` for any other."""
    body = reply.body if reply.text else {}
    if reply.good and isinstance(body, dict):
        return body
    said = body if isinstance(body, dict) else {}
    raise Refusal(
        reply.status,
        str(said.get("error", "")),
        str(said.get("message") or said.get("error_description") or ""),
        wire.pause(reply, "ratelimit-reset") if reply.status in (429, 503) else None,
    )
