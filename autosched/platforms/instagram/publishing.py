"""Publishing a container, asking whether that took place, and the first comment.

A container is published once or never, and tells which: that is the proof.
"""

from __future__ import annotations

from autosched.platforms import refusals
from autosched.platforms.base import Action, Desk, Draft, PlatformError, Published
from autosched.platforms.common import remember
from autosched.platforms.instagram import checks, containers
from autosched.platforms.instagram.errors import ROWS, TITLE
from autosched.platforms.meta import attempts, comments
from autosched.platforms.meta.errors import Refused
from autosched.platforms.meta.graph import Graph
from autosched.platforms.meta.reading import moment, words

PATIENCE_SECONDS = 20.0
"""A call that publishes may still be under way for so long after its answer was lost."""
LISTED_SECONDS = 300.0
"""How long the list of posts is looked through for one that is out by its container's word."""
CAP_WAIT = 3600.0

_PRODUCT = {"picture": "FEED", "carousel": "FEED", "reel": "REELS", "story": "STORY"}
_DOUBTED = ("container_gone", "container_expired", "not_ready", "post_refused", "gone")
"""Refusals that a container which is out already meets too."""


def make_sure_of_room(graph: Graph, desk: Desk) -> None:
    """Raise if the account has published as much today as it may."""
    answer = graph.get(
        f"{desk.secret['user']}/content_publishing_limit", fields="quota_usage,config"
    )
    said = (answer.get("data") or [{}])[0]
    total = (said.get("config") or {}).get("quota_total")
    if isinstance(total, int) and int(said.get("quota_usage") or 0) >= total:
        row = refusals.look_up(ROWS, 400, subkey="2207042")
        assert row is not None
        raise refusals.error(row)


def commit(graph: Graph, desk: Desk, draft: Draft) -> Published:
    """Publish; what is out already (the post without its comment) is not sent again."""
    if "media" not in desk.handle:
        container = desk.handle.get("container")
        if not container:
            raise _container_lost()
        attempts.begin(desk)
        _publish(graph, desk, str(container))
    comments.write(graph, desk, desk.handle["media"], checks.comment_of(draft))
    return proof(graph, desk)


def settle(graph: Graph, desk: Desk, draft: Draft) -> Published | None:
    """The proof that it is out, with its comment; or a sure no to the part that is missing."""
    if "media" not in desk.handle:
        since = attempts.since(desk)
        if since is None or not desk.handle.get("container"):
            return None
        if not _is_out(graph, desk, draft, since):
            return None
        if not desk.handle.get("media"):
            return Published(str(desk.handle["container"]), None)
    post, text = desk.handle["media"], checks.comment_of(draft)
    if comments.missing(graph, desk, post, text, said_in="text", patience=PATIENCE_SECONDS):
        return None
    return proof(graph, desk)


def proof(graph: Graph, desk: Desk) -> Published:
    """Where the post stands."""
    media, seen_at = str(desk.handle["media"]), desk.handle.get("permalink")
    if not seen_at:
        try:
            seen_at = graph.get(media, fields="permalink").get("permalink")
        except PlatformError:
            seen_at = None  # the post is out all the same
    return Published(media, seen_at)


def _publish(graph: Graph, desk: Desk, container: str) -> None:
    try:
        answer = graph.post(
            f"{desk.secret['user']}/media_publish", committing=True, creation_id=container
        )
    except Refused as refusal:
        if refusal.code == "builder_missing":
            containers.builder_missing(desk)
            raise
        if refusal.code not in _DOUBTED:
            raise
        try:
            state, said = containers.status(graph, container)
        except PlatformError:
            state = "PUBLISHED"  # it may be
        if state == "PUBLISHED":
            raise refusals.unclear(TITLE) from refusal
        if state in ("GONE", "EXPIRED", "ERROR"):
            containers.forget(desk)
            raise (containers.failed(said) if state == "ERROR" else _container_lost()) from refusal
        raise
    if not answer.get("id"):
        raise refusals.unclear(TITLE)
    remember(desk, media=str(answer["id"]))


def _is_out(graph: Graph, desk: Desk, draft: Draft, since: float) -> bool:
    """Whether the container was published; the post is then looked for and remembered."""
    state, _ = containers.status(graph, str(desk.handle["container"]))
    if state in ("PUBLISHED", "GONE") and _find(graph, desk, draft, since):
        return True
    if state == "PUBLISHED":
        attempts.be_patient(desk, TITLE, LISTED_SECONDS)
        return True  # it is out by the container's word, wherever it is shown
    attempts.be_patient(desk, TITLE, PATIENCE_SECONDS)
    if state not in ("FINISHED", "IN_PROGRESS"):
        containers.forget(desk)
    return False


def _find(graph: Graph, desk: Desk, draft: Draft, since: float) -> bool:
    """The post of this container: of the same kind and words, and nearest in time."""
    shape = str(desk.handle.get("shape"))
    edge = "stories" if shape == "story" else "media"
    wanted = "" if shape == "story" else words(draft.text)
    sent, found = float(desk.handle["committing_at"]), {}
    for node in graph.listed(
        f"{desk.secret['user']}/{edge}",
        fields="id,caption,timestamp,media_product_type,permalink",
        limit=25,
    ):
        made = moment(node.get("timestamp"))
        if made is not None and made < since:
            break
        alike = words(node.get("caption")) == wanted or shape == "story"
        if alike and node.get("media_product_type") in (None, _PRODUCT.get(shape)):
            found[abs((made or sent) - sent)] = node
    if not found:
        return False
    nearest = found[min(found)]
    remember(desk, media=str(nearest["id"]), permalink=nearest.get("permalink"))
    return True


def _container_lost() -> PlatformError:
    return PlatformError(
        "Instagram no longer has what was prepared for this post.",
        action=Action.RETRY,
        remedy="It will be prepared again by itself.",
        code="container_gone",
    )
