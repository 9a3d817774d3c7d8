"""Posts of an instance: made once a key, changed, deleted, kept for later."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.mastodon import shown
from autosched.sandbox.platforms.mastodon.instance import Instance, covers, error, iso
from autosched.sandbox.platforms.mastodon.media import Attachment, Media
from autosched.sandbox.platforms.mastodon.oauth import Authority, sent
from autosched.sandbox.world import Post

KEY_SECONDS = 3_600
SOONEST_SECONDS = 300
MOST_IDS = 20  # not documented
VISIBILITIES = ("public", "unlisted", "private", "direct")
_TRUE = (True, "1", "true", "True", "on")
_UNFINISHED = "Cannot attach files that have not finished processing. Try again in a moment!"
_MIXED = "Cannot attach a video to a post that already contains images"


class Statuses:
    """The posts of one instance."""

    def __init__(self, instance: Instance, media: Media, authority: Authority) -> None:
        self.instance, self.media, self.authority = instance, media, authority
        self.world = instance.world
        self._keys: dict[tuple[str, str], tuple[dict[str, Any], float]] = {}
        self._later: dict[str, tuple[float, Token, dict[str, Any], list[Attachment]]] = {}

    async def create(self, request: Request, token: Token) -> Response:
        """A new post, or one for later. A key that was used within the hour gives the old one."""
        said = await sent(request)
        key = "" if self.instance.plain else request.headers.get("idempotency-key", "")
        with self.world.lock:
            before = self._keys.get((token.person, key)) if key else None
            if before is not None and before[1] > self.world.now():
                return JSONResponse(before[0])
            ready = self._checked(said, token)
            answer = self._made(said, token, ready)
            if key:
                self._keys[token.person, key] = answer, self.world.now() + KEY_SECONDS
        return JSONResponse(answer)

    async def edit(self, request: Request, token: Token) -> Response:
        """Another text for a post."""
        post = self._mine(request, token)
        said = await sent(request)
        text, spoiler = str(said.get("status") or ""), str(said.get("spoiler_text") or "")
        self._check_text(text, spoiler, bool(post.blobs))
        with self.world.lock:
            post.text = text
            post.extra |= {"spoiler_text": spoiler, "edited_at": iso(self.world.now())}
        return JSONResponse(self.told(post))

    async def delete(self, request: Request, token: Token) -> Response:
        """Take a post back; its text comes along, to be written anew."""
        post = self._mine(request, token)
        with self.world.lock:
            answer = self.told(post) | {"text": post.text}
            post.deleted = True
        return JSONResponse(answer)

    async def scheduled(self, request: Request, token: Token) -> Response:
        """The posts that are kept for later: all, or one to see, to move or to drop."""
        self.publish_due()
        id = request.path_params.get("id")
        mine = {each: kept for each, kept in self._later.items() if kept[1].person == token.person}
        if id is None:
            return JSONResponse([self._told_later(each) for each in mine])
        if id not in mine:
            raise error(404, "Record not found")
        if request.method == "DELETE":
            for attachment in self._later.pop(id)[3]:
                attachment.post = ""
            return JSONResponse({})
        if request.method == "PUT":
            at = self._time((await sent(request)).get("scheduled_at"))
            self._later[id] = (at, *mine[id][1:])
        return JSONResponse(self._told_later(id))

    def publish_due(self) -> None:
        """Make public what was kept until now."""
        with self.world.lock:
            for id, (at, token, said, ready) in list(self._later.items()):
                if at <= self.world.now():
                    del self._later[id]
                    self._publish(said, token, ready)

    def told(self, post: Post) -> dict[str, Any]:
        """A post as the API shows it."""
        media = [
            self.media.told(Attachment(blob, blob.extra.get("kind", "image"), 0.0))
            for blob in post.blobs
        ]
        return shown.status(self.instance, post, post.extra["application"], media)

    def visible(self, post: Post | None, token: Token | None) -> bool:
        """Whether somebody may see a post of this instance."""
        if post is None or self.instance.person(post.owner) is None:
            return False
        if post.extra["visibility"] in ("public", "unlisted"):
            return True
        reads = token is not None and covers(token.scopes, "read:statuses")
        return reads and token is not None and token.person == post.owner

    def _made(self, said: dict[str, Any], token: Token, ready: list[Attachment]) -> dict[str, Any]:
        if said.get("scheduled_at"):
            at = self._time(said["scheduled_at"])
            id = self.world.number()
            self._later[id] = at, token, said, ready
            for attachment in ready:
                attachment.post = id
            return self._told_later(id)
        return self.told(self._publish(said, token, ready))

    def _publish(self, said: dict[str, Any], token: Token, ready: list[Attachment]) -> Post:
        id = _ulid(self.world.now()) if self.instance.plain else self.world.number()
        person = self.instance.person(token.person)
        assert person is not None
        for attachment in ready:
            attachment.post = id
            attachment.blob.extra["kind"] = attachment.kind
        spoiler = str(said.get("spoiler_text") or "")
        reply = self.world.post(self.instance.name, str(said.get("in_reply_to_id") or ""))
        return self.world.publish(
            self.instance.name, token.person, str(said.get("status") or ""),
            [attachment.blob for attachment in ready],
            id=id, kind=_kind(said, ready), permalink=self.instance.url(f"@{person.username}/{id}"),
            host=self.instance.host,
            visibility=said.get("visibility") or "public",
            sensitive=said.get("sensitive") in _TRUE or bool(spoiler),
            spoiler_text=spoiler,
            language=said.get("language") or "en",
            in_reply_to_id=reply.id if reply else None,
            in_reply_to_account_id=reply.owner if reply else None,
            poll=said.get("poll"),
            application=self.authority.app_name(token.client_id),
        )  # fmt: skip

    def _checked(self, said: dict[str, Any], token: Token) -> list[Attachment]:
        """Refuse what can't be posted; the files to attach."""
        ids = said.get("media_ids") or []
        ids = [str(id) for id in ids] if isinstance(ids, list) else [str(ids)]
        text, spoiler = str(said.get("status") or ""), str(said.get("spoiler_text") or "")
        self._check_text(text, spoiler, bool(ids) or bool(said.get("poll")))
        if (said.get("visibility") or "public") not in VISIBILITIES:
            raise self.instance.wrong("Validation failed: Visibility is not included in the list")
        parent = said.get("in_reply_to_id")
        if parent and not self.visible(self.world.post(self.instance.name, str(parent)), token):
            raise error(404, "Record not found")
        if said.get("poll"):
            self._check_poll(said["poll"])
        if said.get("scheduled_at"):
            self._time(said["scheduled_at"])
        return self._attachments(ids, token)

    def _check_text(self, text: str, spoiler: str, other: bool) -> None:
        if not text.strip() and not other:
            raise self.instance.wrong("Validation failed: Text can't be blank")
        most = self.instance.limits.characters
        if self.instance.limits.length(text, spoiler) > most:
            raise self.instance.wrong(f"Validation failed: Text character limit of {most} exceeded")

    def _check_poll(self, poll: Any) -> None:
        limits = self.instance.limits
        options = poll.get("options") if isinstance(poll, dict) else None
        if not isinstance(options, list) or not 2 <= len(options) <= limits.poll_options:
            raise self.instance.wrong("Validation failed: Options must have more than one item")
        if any(not 1 <= len(str(each)) <= limits.poll_letters for each in options):
            raise self.instance.wrong("Validation failed: Options can't be longer than that")
        ends = str(poll.get("expires_in", ""))
        if not ends.isdecimal() or not limits.poll_shortest <= int(ends) <= limits.poll_longest:
            raise self.instance.wrong("Validation failed: Expires at is too soon or too far")

    def _attachments(self, ids: list[str], token: Token) -> list[Attachment]:
        most = self.instance.limits.attachments
        if len(ids) > most:
            raise self.instance.wrong(f"Cannot attach more than {most} files")
        found = [(id, self.media.find(id, token, "create_post")) for id in ids]
        gone = [id for id, each in found if each is None or each.post]
        if gone and self.instance.plain:
            raise self.instance.wrong("media already attached to status")
        if gone:
            raise self.instance.wrong(
                f"Media {', '.join(gone)} not found or already attached to another post"
            )
        ready = [each for _, each in found if each is not None]
        if any(self.media.processing(each) or each.failed for each in ready):
            raise self.instance.wrong(_UNFINISHED)
        if len(ready) > 1 and any(each.kind != "image" for each in ready):
            raise self.instance.wrong(_MIXED)
        return ready

    def _time(self, said: Any) -> float:
        try:
            moment = datetime.fromisoformat(str(said))
        except ValueError:
            raise self.instance.wrong("Validation failed: Scheduled at is invalid") from None
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        if at < self.world.now() + SOONEST_SECONDS:
            raise self.instance.wrong("Validation failed: The scheduled date must be in the future")
        return at

    def _told_later(self, id: str) -> dict[str, Any]:
        at, _, said, ready = self._later[id]
        names = ("visibility", "spoiler_text", "sensitive", "language", "poll", "in_reply_to_id")
        params = {"text": said.get("status", ""), "media_ids": [each.blob.id for each in ready]}
        return {
            "id": id,
            "scheduled_at": iso(at),
            "params": params | {name: said.get(name) for name in names},
            "media_attachments": [self.media.told(each) for each in ready],
        }

    def _mine(self, request: Request, token: Token) -> Post:
        self.publish_due()
        post = self.world.post(self.instance.name, request.path_params["id"])
        if post is None or post.owner != token.person:
            raise error(404, "Record not found")
        return post


def _kind(said: dict[str, Any], ready: list[Attachment]) -> str:
    if said.get("poll"):
        return "poll"
    if not ready:
        return "reply" if said.get("in_reply_to_id") else "text"
    pictures = "pictures" if len(ready) > 1 else "picture"
    return {"image": pictures, "gifv": "gif"}.get(ready[0].kind, ready[0].kind)


def _ulid(now: float) -> str:
    """An identifier of 26 letters and digits that grows with time."""
    number = (int(now * 1_000) << 80) | secrets.randbits(80)
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(letters[(number >> 5 * place) & 31] for place in range(25, -1, -1))
