"""Bluesky: posts with links, hashtags, mentions, pictures or a video, each published once.

The record key is chosen and stored before anything is sent, and the record is written only where
there is none under that key. So a repeat, from this or another worker, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from autosched.platforms.base import (
    Action,
    Begun,
    Connection,
    Desk,
    Draft,
    Field,
    PlatformError,
    Posted,
    Published,
    Shape,
)
from autosched.platforms.bluesky import (
    access,
    checks,
    consent,
    errors,
    figures,
    rations,
    record,
    richtext,
)
from autosched.platforms.bluesky.connecting import connect
from autosched.platforms.bluesky.errors import Refusal, Unreached
from autosched.platforms.bluesky.session import Session
from autosched.platforms.bluesky.uploads import embed
from autosched.platforms.common import Common, remember

_SERVICE = "https://bsky.social"


class Bluesky(Common):
    """The platform. Its account's secret: `did`, `handle`, `access`, `refresh`, `pds`, and for an
    account that was connected by consent what `grants` names.

    A target's handle: `rkey`, the record key; `blobs`, what is uploaded, by the SHA-256 of the
    file: `{"blob", "width", "height"}`; `record`, what `commit` writes.
    """

    name = "bluesky"
    title = "Bluesky"
    sign_in = "both"
    can_delete = True
    metrics = figures.METRICS
    measure_most = figures.MOST
    fields: tuple[Field, ...] = (
        Field("identifier", "Handle", hint="Such as yourname.bsky.social"),
        Field(
            "password",
            "App password",
            secret=True,
            hint="Made in Bluesky under Settings, Privacy and security, App passwords",
        ),
        Field(
            "service",
            "Server",
            hint="Leave as it is unless your account is on a server of its own",
            default=_SERVICE,
        ),
    )
    consent_fields: tuple[Field, ...] = (
        Field("identifier", "Handle", hint="Such as yourname.bsky.social"),
        Field(
            "service",
            "Server",
            hint="Leave as it is: it only tells whose handle this is",
            default=_SERVICE,
        ),
    )

    def connect(self, form: dict[str, str]) -> Connection:
        """Open the account's session; `InvalidError` for a wrong handle or password."""
        return connect(form, default_service=_SERVICE)

    def begin(self, form: dict[str, str], redirect_uri: str, state: str) -> Begun:
        """Find the account's server, and ask it for its page."""
        return consent.begin(form, redirect_uri, state, default_service=_SERVICE)

    def finish(
        self, keep: dict[str, Any], answer: dict[str, str], redirect_uri: str
    ) -> list[Connection]:
        """The account whose handle was given."""
        return consent.finish(keep, answer, redirect_uri)

    def renew(self, desk: Desk) -> None:
        """Renew the tokens now."""
        with _translated():
            access.authoriser(desk).renew()

    def renew_at(self, secret: dict[str, Any]) -> datetime | None:
        """Weeks before the refresh token ends, so that there is time to fail in."""
        return access.renew_at(secret)

    def ends_at(self, secret: dict[str, Any]) -> datetime | None:
        """When the refresh token ends, which no renewal outlives."""
        return access.ends_at(secret)

    def revoke(self, desk: Desk) -> None:
        """Log out, or end the consent."""
        with _translated():
            access.give_back(desk.secret)

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        """One kind of post."""
        return checks.SHAPES

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        """Choose the record key, upload what is not yet uploaded, and compose the record."""
        for problem in self.check(draft):
            if problem.blocking:
                raise PlatformError(
                    problem.sentence,
                    action=Action.FIX,
                    remedy="Change the post, and schedule it again.",
                    code=problem.code,
                )
        if "rkey" not in desk.handle:
            remember(desk, rkey=record.new_key())
        with _translated():
            session = _session(desk)
            attached = embed(session, desk, draft)
            facets = richtext.facets(draft.text, lambda handle: _resolved(session, handle))
        return {**desk.handle, "record": record.compose(draft, facets, attached)}

    def commit(self, desk: Desk, draft: Draft) -> Published:
        """Write the record under its key; if it stands there already, that is the proof."""
        try:
            return self._put(desk, draft)
        except Refusal as refusal:
            if refusal.name != "BlobNotFound":
                raise errors.classify(refusal, committing=True) from refusal
        # The server has thrown away what nothing referred to: nothing is public, so upload anew.
        remember(desk, blobs={})
        remember(desk, **self.prepare(desk, draft))
        with _translated(committing=True):
            return self._put(desk, draft)

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        """Ask the server for the record. It answers anyone, so dead tokens are no hindrance."""
        key = desk.handle.get("rkey")
        if key is None:
            return None
        with _translated():
            try:
                answer = Session(desk.secret["pds"]).query(
                    "com.atproto.repo.getRecord",
                    repo=desk.secret["did"],
                    collection=record.COLLECTION,
                    rkey=key,
                )
            except Refusal as refusal:
                if refusal.name == "RecordNotFound":
                    return None
                if refusal.name == "InvalidRequest":
                    # So answers a server that shows nothing of this account: no sure no.
                    raise errors.closed_account() from refusal
                raise
        return _published(desk, str(answer["uri"]))

    def delete(self, desk: Desk, remote_id: str, handle: dict[str, Any]) -> None:
        """Delete the record; one that is gone already is no error."""
        rations.take(desk, rations.WRITES)
        with _translated():
            _session(desk).procedure(
                "com.atproto.repo.deleteRecord",
                {
                    "repo": desk.secret["did"],
                    "collection": record.COLLECTION,
                    "rkey": remote_id.rpartition("/")[2],
                },
            )

    def measure(self, desk: Desk, posts: Sequence[Posted]) -> dict[str, dict[str, float]]:
        """What anybody can see: likes, reposts, replies, quotes, bookmarks."""
        with _translated():
            return figures.measured(posts)

    def _put(self, desk: Desk, draft: Draft) -> Published:
        rations.take(desk, rations.WRITES)
        try:
            answer = _session(desk).procedure(
                "com.atproto.repo.putRecord",
                {
                    "repo": desk.secret["did"],
                    "collection": record.COLLECTION,
                    "rkey": desk.handle["rkey"],
                    "record": desk.handle["record"],
                    "swapRecord": None,  # only where there is none; the same again changes nothing
                },
            )
        except Unreached as failure:
            raise errors.unreached(failure, committing=True) from failure
        except Refusal as refusal:
            if refusal.name != "InvalidSwap":
                raise
            # An earlier try has written it, perhaps with the words it had then.
            if (proof := self.settle(desk, draft)) is not None:
                return proof
            raise
        return _published(desk, str(answer["uri"]))


def _session(desk: Desk) -> Session:
    return Session(desk.secret["pds"], access.authoriser(desk))


def _published(desk: Desk, uri: str) -> Published:
    handle = desk.secret["handle"]
    who = desk.secret["did"] if handle == "handle.invalid" else handle
    key = uri.rpartition("/")[2]
    return Published(uri, f"https://bsky.app/profile/{who}/post/{key}")


def _resolved(session: Session, handle: str) -> str | None:
    """The DID behind a handle, or `None` if the server knows nobody of that name."""
    try:
        answer = session.query("com.atproto.identity.resolveHandle", handle=handle)
    except Refusal as refusal:
        if refusal.status == 429:
            raise
        return None
    return str(answer["did"])


@contextmanager
def _translated(*, committing: bool = False) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise errors.classify(refusal, committing=committing) from refusal
    except Unreached as failure:
        raise errors.unreached(failure, committing=committing) from failure
