"""What can be read on X: one's own posts, posts by identifier, and figures."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.x.answers import PROBLEMS, invalid, missing
from autosched.sandbox.platforms.x.links import shortened
from autosched.sandbox.world import Post, World

MOST_IDS = 100
FEWEST_RESULTS, MOST_RESULTS, RESULTS = 5, 100, 10
PRIVATE_SECONDS = 30 * 86_400
_PRIVATE = ("non_public_metrics", "organic_metrics")
_FIELDS_NAMED = """
article attachments author_id card_uri community_id context_annotations conversation_id
created_at display_text_range edit_controls edit_history_tweet_ids edit_history_post_ids
entities geo id in_reply_to_user_id lang media_metadata non_public_metrics note_tweet note_post
organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics
referenced_tweets referenced_posts reply_settings scopes source text withheld
"""
_FIELDS = frozenset(_FIELDS_NAMED.split())
_READ = ("tweet.fields", "post.fields", "expansions", "media.fields", "user.fields", "poll.fields",
         "place.fields")  # fmt: skip
_LISTED = ("max_results", "pagination_token", "start_time", "end_time", "since_id", "until_id",
           "exclude")  # fmt: skip
_ANALYTICS_NAMED = """
app_install_attempts app_opens bookmarks detail_expands email_tweet engagements follows
hashtag_clicks id impressions likes media_views permalink_clicks quote_tweets replies retweets
shares timestamp timestamped_metrics unfollows unlikes url_clicks user_profile_clicks
"""
_ANALYTICS = frozenset(_ANALYTICS_NAMED.split())
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z")
_SPANS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0}


class Reads:
    """Lists, look-ups and figures."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name

    async def of_person(self, request: Request, token: Token) -> Response:
        """Somebody's posts, the newest first."""
        asked = _asked(request, (*_READ, *_LISTED))
        id = request.path_params["id"]
        if self.world.person(self.name, id) is None:
            return JSONResponse({"errors": [missing("id", id, "user")]})
        size = _whole(asked, "max_results", FEWEST_RESULTS, MOST_RESULTS, RESULTS)
        posts = self.world.posts_of(self.name, id, lagging=True)
        if "start_time" in asked:
            posts = [post for post in posts if post.created_at >= moment(asked, "start_time")]
        if "end_time" in asked:
            posts = [post for post in posts if post.created_at <= moment(asked, "end_time")]
        if "since_id" in asked:
            posts = [post for post in posts if int(post.id) > int(asked["since_id"])]
        until = asked.get("pagination_token", asked.get("until_id"))
        if until is not None:
            if not until.isdecimal():
                raise invalid("pagination_token", until, "The token is not one that was given.")
            posts = [post for post in posts if int(post.id) < int(until)]
        if "replies" in asked.get("exclude", ""):
            posts = [post for post in posts if post.kind != "reply"]
        shown = posts[:size]
        meta: dict[str, Any] = {"result_count": len(shown)}
        if not shown:
            return JSONResponse({"meta": meta})
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
        if len(posts) > size:
            meta["next_token"] = shown[-1].id
        return JSONResponse({**self._shown(shown, asked, token), "meta": meta})

    async def lookup(self, request: Request, token: Token) -> Response:
        """Posts by identifier, up to a hundred."""
        asked = _asked(request, ("ids", *_READ))
        return self._by_ids(_ids(asked), asked, token)

    async def one(self, request: Request, token: Token) -> Response:
        """One post."""
        asked = _asked(request, _READ)
        found = self._by_ids([request.path_params["id"]], asked, token, single=True)
        return found

    async def analytics(self, request: Request, token: Token) -> Response:
        """Figures of one's own posts over a span of time."""
        asked = _asked(
            request, ("ids", "start_time", "end_time", "granularity", "analytics.fields")
        )
        ids = _ids(asked)
        start, end = moment(asked, "start_time"), moment(asked, "end_time")
        if end <= start:
            raise invalid("end_time", asked["end_time"], "end_time must be after start_time.")
        granularity = asked.get("granularity", "total")
        if granularity not in ("total", *_SPANS):
            raise invalid("granularity", granularity, "The granularity is not one of the enum.")
        wanted = _names(asked, "analytics.fields", _ANALYTICS) - {
            "id", "timestamp", "timestamped_metrics",
        }  # fmt: skip
        span = _SPANS.get(granularity, end - start)
        data, errors = [], []
        for id in ids:
            post = self.world.post(self.name, id)
            if post is None or post.owner != token.person:
                errors.append(missing("ids", id, "tweet"))
                continue
            buckets: list[dict[str, Any]] = []
            at = start
            while at < end and len(buckets) < 1_000:
                after = self._figures(post, min(at + span, end, self.world.now()))
                before = self._figures(post, min(at, self.world.now()))
                metrics = {name: after[name] - before[name] for name in sorted(wanted)}
                buckets.append({"timestamp": stamp(at), "metrics": metrics})
                at += span
            data.append({"id": id, "timestamped_metrics": buckets})
        return JSONResponse(
            {**({"data": data} if data else {}), **({"errors": errors} if errors else {})}
        )

    def _by_ids(
        self, ids: list[str], asked: dict[str, str], token: Token, *, single: bool = False
    ) -> Response:
        found = [(id, self.world.post(self.name, id)) for id in ids]
        posts = [post for _, post in found if post is not None]
        errors = [
            missing("id" if single else "ids", id, "tweet") for id, post in found if post is None
        ]
        said = self._shown(posts, asked, token) if posts else {}
        errors += said.pop("errors", [])
        if single and "data" in said:
            said["data"] = said["data"][0]
        return JSONResponse({**said, **({"errors": errors} if errors else {})})

    def _shown(self, posts: list[Post], asked: dict[str, str], token: Token) -> dict[str, Any]:
        new = "post.fields" in asked
        fields = _names(asked, "post.fields" if new else "tweet.fields", _FIELDS)
        errors: list[dict[str, Any]] = []
        data = []
        for post in posts:
            said = self._post(post, fields, new=new)
            for name in _PRIVATE:
                if name not in fields:
                    continue
                young = self.world.now() - post.created_at <= PRIVATE_SECONDS
                if post.owner == token.person and young:
                    said[name] = self._private(post)
                else:
                    errors.append(_unauthorized(post, name))
            data.append(said)
        answer: dict[str, Any] = {"data": data}
        expansions = asked.get("expansions", "").split(",")
        includes: dict[str, Any] = {}
        if "attachments.media_keys" in expansions:
            wanted = asked.get("media.fields", "").split(",")
            media = [self._medium(post, at, wanted) for post in posts
                     for at in range(len(post.blobs))]  # fmt: skip
            includes |= {"media": media} if media else {}
        if "author_id" in expansions:
            people = {post.owner: self.world.person(self.name, post.owner) for post in posts}
            includes["users"] = [
                {"id": each.id, "name": each.name, "username": each.username}
                for each in people.values() if each
            ]  # fmt: skip
        return (
            answer
            | ({"includes": includes} if includes else {})
            | ({"errors": errors} if errors else {})
        )

    def _post(self, post: Post, fields: set[str], *, new: bool) -> dict[str, Any]:
        text, urls = shortened(post)
        figures = self._figures(post, self.world.now())
        reply = (post.extra.get("reply") or {}).get("in_reply_to_tweet_id")
        everything: dict[str, Any] = {
            "created_at": stamp(post.created_at),
            "author_id": post.owner,
            "conversation_id": reply or post.id,
            "lang": "und",
            "possibly_sensitive": False,
            "reply_settings": post.extra.get("reply_settings", "everyone"),
            "paid_partnership": post.extra.get("paid_partnership", False),
            "public_metrics": {
                "repost_count" if new else "retweet_count": figures["retweets"],
                "reply_count": figures["replies"],
                "like_count": figures["likes"],
                "quote_count": figures["quote_tweets"],
                "bookmark_count": figures["bookmarks"],
                "impression_count": figures["impressions"],
            },
        }
        if urls:
            everything["entities"] = {"urls": urls}
        if post.blobs:
            everything["attachments"] = {"media_keys": post.extra["media_keys"]}
        if reply:
            name = "referenced_posts" if new else "referenced_tweets"
            everything[name] = [{"type": "replied_to", "id": reply}]
        return {
            "id": post.id,
            "text": text,
            f"edit_history_{'post' if new else 'tweet'}_ids": [post.id],
            **{name: value for name, value in everything.items() if name in fields},
        }

    def _medium(self, post: Post, at: int, wanted: list[str]) -> dict[str, Any]:
        blob, key = post.blobs[at], post.extra["media_keys"][at]
        kind = {"7": "video", "13": "video", "16": "animated_gif"}.get(key.split("_")[0], "photo")
        figures = self._figures(post, self.world.now())
        everything: dict[str, Any] = {
            "alt_text": blob.alt or None,
            "url": f"{self.world.origin}/_sandbox/media/{blob.path.name}",
        }
        if kind == "video":
            views = figures["media_views"]
            everything["public_metrics"] = {"view_count": views}
            everything["non_public_metrics"] = {
                f"playback_{share}_count": views * (100 - share // 2) // 100
                for share in (0, 25, 50, 75, 100)
            }
        return {"media_key": key, "type": kind} | {
            name: value for name, value in everything.items() if name in wanted and value
        }

    def _private(self, post: Post) -> dict[str, int]:
        figures = self._figures(post, self.world.now())
        return {
            "impression_count": figures["impressions"],
            "url_link_clicks": figures["url_clicks"],
            "user_profile_clicks": figures["user_profile_clicks"],
            "engagements": figures["engagements"],
        }

    def _figures(self, post: Post, at: float) -> dict[str, int]:
        """Figures that grow with the post's age, quickly at first, and are the same each time."""
        age = max(0.0, at - post.created_at)
        grown = 1 - math.exp(-age / 36_000)
        digest = hashlib.sha256(post.id.encode()).digest()
        seen = int((400 + digest[0] * 40) * grown)
        names = sorted(_ANALYTICS - {"id", "timestamp", "timestamped_metrics", "impressions"})
        shares = {name: (1 + digest[1 + n] % 40) / 1_000 for n, name in enumerate(names)}
        shares["media_views"] = 0.6 if post.blobs else 0.0
        return {"impressions": seen} | {name: int(seen * shares[name]) for name in names}


def stamp(seconds: float) -> str:
    """A time as X writes it; it has no more than whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def moment(asked: dict[str, str], name: str) -> float:
    """A time that was asked for."""
    said = asked.get(name, "")
    if not _TIME.fullmatch(said):
        raise invalid(name, said, f"{name} must be a time as YYYY-MM-DDTHH:mm:ssZ.")
    return datetime.fromisoformat(said).timestamp()


def _asked(request: Request, known: tuple[str, ...]) -> dict[str, str]:
    asked = dict(request.query_params)
    for name, value in asked.items():
        if name not in known:
            raise invalid(
                name, value, f"The query parameter [{name}] is not one of [{','.join(known)}]"
            )
    return asked


def _ids(asked: dict[str, str]) -> list[str]:
    ids = asked.get("ids", "").split(",")
    if not 1 <= len(ids) <= MOST_IDS:
        raise invalid("ids", asked.get("ids", ""), "There must be 1 to 100 ids.")
    if not all(re.fullmatch(r"[0-9]{1,19}", id) for id in ids):
        raise invalid("ids", asked.get("ids", ""), "An id is a number of at most 19 digits.")
    return ids


def _names(asked: dict[str, str], name: str, known: frozenset[str]) -> set[str]:
    wanted = set(filter(None, asked.get(name, "").split(",")))
    for each in wanted - known:
        raise invalid(name, each, f"The `{name}` query parameter value [{each}] is not one of them")
    return wanted


def _whole(asked: dict[str, str], name: str, least: int, most: int, usual: int) -> int:
    said = asked.get(name, str(usual))
    if not said.isdecimal() or not least <= int(said) <= most:
        raise invalid(name, said, f"{name} must be between {least} and {most}.")
    return int(said)


def _unauthorized(post: Post, name: str) -> dict[str, Any]:
    return {
        "resource_id": post.id,
        "parameter": f"tweet.fields.{name}",
        "resource_type": "tweet",
        "section": "data",
        "title": "Field Authorization Error",
        "value": name,
        "detail": f"Sorry, you are not authorized to access '{name}' on the Tweet: [{post.id}].",
        "type": f"{PROBLEMS}/not-authorized-for-field",
    }
