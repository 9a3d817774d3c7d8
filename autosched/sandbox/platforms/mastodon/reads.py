"""What can be read on an instance: accounts, single posts, several at once, somebody's list."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autosched.sandbox import timeline
from autosched.sandbox.oauth import Token
from autosched.sandbox.platforms.mastodon import shown
from autosched.sandbox.platforms.mastodon.instance import Instance, error
from autosched.sandbox.platforms.mastodon.statuses import MOST_IDS, Statuses
from autosched.sandbox.world import Person

RESULTS, MOST_RESULTS = 20, 40


class Reads:
    """The readable side of one instance."""

    def __init__(self, instance: Instance, statuses: Statuses) -> None:
        self.instance, self.statuses, self.world = instance, statuses, instance.world

    async def me(self, request: Request, token: Token) -> Response:
        """Whose token it is."""
        person = self._person(token.person)
        source = {"privacy": "public", "sensitive": False, "language": "en", "note": ""}
        return JSONResponse(shown.account(self.instance, person) | {"source": source})

    async def account(self, request: Request, token: Token | None) -> Response:
        """Somebody by identifier."""
        return JSONResponse(shown.account(self.instance, self._person(request.path_params["id"])))

    async def of_person(self, request: Request, token: Token | None) -> Response:
        """Somebody's posts, the newest first."""
        self.statuses.publish_due()
        person, asked = self._person(request.path_params["id"]), request.query_params
        posts = [
            post
            for post in self.world.posts_of(self.instance.name, person.id, lagging=True)
            if self.statuses.visible(post, token)
        ]
        if asked.get("max_id"):
            posts = [post for post in posts if post.id < asked["max_id"]]
        for name in ("since_id", "min_id"):
            if asked.get(name):
                posts = [post for post in posts if post.id > asked[name]]
        if asked.get("exclude_replies") in ("1", "true"):
            posts = [post for post in posts if not post.extra["in_reply_to_id"]]
        if asked.get("only_media") in ("1", "true"):
            posts = [post for post in posts if post.blobs]
        said = asked.get("limit", "")
        size = min(int(said), MOST_RESULTS) if said.isdecimal() and int(said) else RESULTS
        page = posts[-size:] if asked.get("min_id") else posts[:size]
        headers = {}
        if page:
            here = self.instance.url(f"api/v1/accounts/{person.id}/statuses?limit={size}")
            headers["link"] = (
                f'<{here}&max_id={page[-1].id}>; rel="next", <{here}&min_id={page[0].id}>;'
                ' rel="prev"'
            )
        return JSONResponse([self.statuses.told(post) for post in page], headers=headers)

    async def one(self, request: Request, token: Token | None) -> Response:
        """One post."""
        self.statuses.publish_due()
        post = self.world.post(self.instance.name, request.path_params["id"])
        if post is None or not self.statuses.visible(post, token):
            raise error(404, "Record not found")
        return JSONResponse(self.statuses.told(post))

    async def several(self, request: Request, token: Token | None) -> Response:
        """Posts by identifier; those that can't be seen are left out."""
        if self.instance.plain:
            raise error(404, "Not Found: endpoint not found")
        self.statuses.publish_due()
        ids = request.query_params.getlist("id[]") or request.query_params.getlist("id")
        found = [self.world.post(self.instance.name, id) for id in ids[:MOST_IDS]]
        return JSONResponse(
            [
                self.statuses.told(post)
                for post in found
                if post is not None and self.statuses.visible(post, token)
            ]
        )

    async def page(self, request: Request) -> Response:
        """The post's own page."""
        post = self.world.post(self.instance.name, request.path_params["id"])
        return timeline.single(self.world, post if self.statuses.visible(post, None) else None)

    def _person(self, id: str) -> Person:
        person = self.instance.person(id)
        if person is None:
            raise error(404, "Record not found")
        return person
