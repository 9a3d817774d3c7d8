"""Posts on X: made from a closed body, refused when too long or said before, and deleted."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.x import text as count
from autosched.sandbox.platforms.x.answers import (
    DUPLICATE,
    body_of,
    closed,
    forbidden,
    invalid,
    not_found,
)
from autosched.sandbox.platforms.x.media import Upload, Uploads
from autosched.sandbox.world import Post, World

DUPLICATE_SECONDS = 86_400  # the window is not documented
MOST_PICTURES = 4
MOST_TAGGED = 10
MOST_CASHTAGS = 1
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")
_NAMED = (
    "text media poll reply quote_tweet_id reply_settings made_with_ai paid_partnership community_id"
    " edit_options card_uri direct_message_deep_link for_super_followers_only geo nullcast"
    " share_with_followers"
)
KNOWN = _NAMED.split()
_FLAGS = (
    "made_with_ai",
    "paid_partnership",
    "for_super_followers_only",
    "nullcast",
    "share_with_followers",
)
_ID = re.compile(r"[0-9]{1,19}")


class Posts:
    """What is posted and taken back."""

    def __init__(self, world: World, name: str, uploads: Uploads) -> None:
        self.world, self.name, self.uploads = world, name, uploads

    async def create(self, request: Request, token: Token) -> Response:
        """A new post."""
        said = await body_of(request, KNOWN)
        text = self._text(said)
        media = self._media(said, token)
        poll = _poll(said)
        if not text and not media:
            raise invalid("text", text, "Text is required unless media is attached.")
        if sum(map(bool, (media, poll, said.get("quote_tweet_id")))) > 1:
            raise invalid("media", "", "Only one of media, poll and quote_tweet_id can stand.")
        reply = self._permitted(said, token)
        with self.world.lock:
            self._refuse_duplicate(text, media, reply, token)
            id = self.world.number()
            person = self.world.person(self.name, token.person)
            assert person is not None
            post = self.world.publish(
                self.name, token.person, text,
                [upload.blob for upload in media if upload.blob],
                id=id, kind=_kind(media, poll, reply),
                permalink=self.world.url("x.com", f"{person.username}/status/{id}"),
                media_keys=[upload.key for upload in media],
                **{name: said[name] for name in KNOWN if name in said and name != "text"},
            )  # fmt: skip
        data = {"id": post.id, "text": post.text, "edit_history_tweet_ids": [post.id]}
        return JSONResponse({"data": data}, status_code=201)

    async def delete(self, request: Request, token: Token) -> Response:
        """Take a post back."""
        id = request.path_params["id"]
        if not _ID.fullmatch(id):
            raise invalid("id", id, "The id is not a number of at most 19 digits.")
        with self.world.lock:
            post = self.world.post(self.name, id)
            if post is None:
                raise not_found("id", id, "tweet")
            if post.owner != token.person:
                raise forbidden("You are not authorized to delete this Tweet.")
            post.deleted = True
        return JSONResponse({"data": {"deleted": True}})

    def _text(self, said: dict[str, Any]) -> str:
        text = said.get("text", "")
        if not isinstance(text, str):
            raise invalid("text", text, "text must be a string.")
        if count.weight(text) > count.LIMIT:
            raise invalid("text", text, "Your Tweet text is too long.")
        if len(count.cashtags(text)) > MOST_CASHTAGS:
            raise forbidden("A post can have one cashtag at most.", "client-forbidden")
        return unicodedata.normalize("NFC", text)

    def _media(self, said: dict[str, Any], token: Token) -> list[Upload]:
        media = said.get("media")
        if media is None:
            return []
        if not isinstance(media, dict):
            raise invalid("media", media, "media must be an object.")
        closed(
            media,
            ("media_ids", "tagged_user_ids", "title", "description", "embeddable",
             "preview_media_id", "call_to_actions"),
            "$.media",
        )  # fmt: skip
        ids = media.get("media_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_PICTURES:
            raise invalid("media.media_ids", ids, "There must be 1 to 4 media_ids.")
        if not all(isinstance(id, str) and _ID.fullmatch(id) for id in ids):
            raise invalid("media.media_ids", ids, "Media ids are strings of 1 to 19 digits.")
        tagged = media.get("tagged_user_ids", [])
        if not isinstance(tagged, list) or len(tagged) > MOST_TAGGED:
            raise invalid("media.tagged_user_ids", tagged, "At most 10 people can be tagged.")
        found = [self._ready(id, ids, token) for id in ids]
        if len(found) > 1 and any(upload.category != "tweet_image" for upload in found):
            raise invalid(
                "media.media_ids", ids, "1 to 4 pictures, or one GIF, or one video can be attached."
            )
        return found

    def _ready(self, id: str, ids: list[str], token: Token) -> Upload:
        upload = self.uploads.find(id, token, "create_post")
        if upload is None or upload.blob is None or upload.category == "subtitles":
            raise invalid("media.media_ids", ids, "Your media IDs are invalid.")
        if upload.processed and self.uploads.state(upload) != "succeeded":
            raise invalid("media.media_ids", ids, "The media is not processed.")
        return upload

    def _permitted(self, said: dict[str, Any], token: Token) -> str | None:
        """The post that is replied to; 403 for what an app of one's own may not do."""
        settings = said.get("reply_settings")
        if settings is not None and settings not in REPLY_SETTINGS:
            raise invalid("reply_settings", settings, f"Choose of {', '.join(REPLY_SETTINGS)}.")
        for flag in _FLAGS:
            if not isinstance(said.get(flag, False), bool):
                raise invalid(flag, said[flag], f"{flag} must be true or false.")
        if said.get("quote_tweet_id") is not None:
            raise forbidden("Quoting is not available to this app.", "client-forbidden")
        if said.get("edit_options") is not None:
            raise forbidden("This account can't edit posts.", "client-forbidden")
        if said.get("community_id") is not None:
            raise forbidden("You are not a member of this Community.")
        reply = said.get("reply")
        if reply is None:
            return None
        if not isinstance(reply, dict):
            raise invalid("reply", reply, "reply must be an object.")
        known = ("in_reply_to_tweet_id", "auto_populate_reply_metadata", "exclude_reply_user_ids")
        closed(reply, known, "$.reply")
        id = reply.get("in_reply_to_tweet_id")
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise invalid("reply.in_reply_to_tweet_id", id, "The id is not a string of digits.")
        parent = self.world.post(self.name, id)
        if parent is None:
            raise forbidden(
                "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        if parent.owner != token.person and not self._summoned(parent, token):
            raise forbidden("You can reply only where its author calls you.", "client-forbidden")
        return id

    def _summoned(self, parent: Post, token: Token) -> bool:
        person = self.world.person(self.name, token.person)
        return person is not None and f"@{person.username}".lower() in parent.text.lower()

    def _refuse_duplicate(
        self, text: str, media: list[Upload], reply: str | None, token: Token
    ) -> None:
        since = self.world.now() - DUPLICATE_SECONDS
        ids = [upload.id for upload in media]
        for post in self.world.posts_of(self.name, token.person):
            if post.created_at < since:
                return
            before = (post.extra.get("reply") or {}).get("in_reply_to_tweet_id")
            if (post.text.strip(), [blob.id for blob in post.blobs], before) == (
                text.strip(), ids, reply,
            ):  # fmt: skip
                raise forbidden(DUPLICATE)


def _poll(said: dict[str, Any]) -> dict[str, Any] | None:
    poll = said.get("poll")
    if poll is None:
        return None
    if not isinstance(poll, dict):
        raise invalid("poll", poll, "poll must be an object.")
    closed(poll, ("options", "duration_minutes", "reply_settings"), "$.poll")
    options, minutes = poll.get("options"), poll.get("duration_minutes")
    if not isinstance(options, list) or not 2 <= len(options) <= 4:
        raise invalid("poll.options", options, "A poll has 2 to 4 options.")
    if not all(isinstance(each, str) and 1 <= len(each) <= 25 for each in options):
        raise invalid("poll.options", options, "An option has 1 to 25 characters.")
    if not isinstance(minutes, int) or not 5 <= minutes <= 10_080:
        raise invalid("poll.duration_minutes", minutes, "A poll lasts 5 to 10080 minutes.")
    return poll


def _kind(media: list[Upload], poll: dict[str, Any] | None, reply: str | None) -> str:
    if poll:
        return "poll"
    if reply:
        return "reply"
    if not media:
        return "text"
    kinds = {"tweet_image": "pictures" if len(media) > 1 else "picture", "tweet_gif": "gif"}
    return kinds.get(media[0].category, "video")
