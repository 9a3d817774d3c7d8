"""A far side of our own making: a public wall behind HTTP, and a platform that posts to it.

The wall is unforgiving: it keeps every post it is sent, so that one sent twice hangs there twice.
It can be asked whether a post is there. Per target it can be told to misbehave at a step:
answer with an error, lose its answer, or make the worker's process die on the spot.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from autosched.platforms import registry
from autosched.platforms.base import (
    Action,
    Connection,
    Desk,
    Draft,
    Field,
    Limits,
    PlatformError,
    Problem,
    Published,
    Shape,
)
from autosched.platforms.common import Common


@dataclass
class Wall:
    """What hangs on the wall, and how it is to behave: `orders[target] = [(step, order), …]`."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list, repr=False)
    steps: list[tuple[str, str]] = field(default_factory=list, repr=False)
    orders: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    gate: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def counts(self) -> Counter[str]:
        """How often each target hangs there."""
        with self.lock:
            return Counter(post["target"] for post in self.posts)

    def order(self, target: str, step: str) -> str:
        """The order for this step, used up by being read."""
        with self.lock:
            self.steps.append((target, step))
            waiting = self.orders.get(target) or self.orders.get("*") or []
            for index, (at, what) in enumerate(waiting):
                if at == step:
                    waiting.pop(index)
                    return what
        return ""


@contextmanager
def serving() -> Iterator[Wall]:
    """A wall on loopback."""
    wall = Wall()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/step/"):
                _, _, target, step = self.path.split("/")
                self._answer(200, {"order": wall.order(target, step)})
                return
            target = self.path.rsplit("/", 1)[1]
            found = [post for post in wall.posts if post["target"] == target]
            self._answer(200, {"found": found[:1]})

        def do_POST(self) -> None:
            post = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            order = wall.order(post["target"], "post")
            if order == "refuse":
                self._answer(503, {})
                return
            if order == "wait":
                wall.gate.wait(20)
            with wall.lock:
                wall.posts.append(post)
            if order == "lose":
                self.close_connection = True
                self.connection.close()
                return
            self._answer(200, {"id": str(len(wall.posts))})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    wall.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield wall
    finally:
        server.shutdown()
        server.server_close()


class WallPlatform(Common):
    """The platform of the wall. `mortal`: an order to die is obeyed by killing the process."""

    name = "wall"
    title = "Wall"
    fields = (Field("url", "Address"), Field("key", "Key", secret=True))

    def __init__(self, mortal: bool = False) -> None:
        self.mortal = mortal

    def connect(self, form: dict[str, str]) -> Connection:
        if form.get("key") != "open":
            raise PlatformError("The key does not fit.", action=Action.RECONNECT)
        who = form.get("who", "me")
        return Connection(who, f"@{who}", "A wall", {"key": "open"}, {"url": form["url"]})

    def shapes(self, account: Mapping[str, Any]) -> tuple[Shape, ...]:
        return (Shape("note", "Note", Limits(40, "characters", images_max=1)),)

    def check(self, draft: Draft) -> list[Problem]:
        if len(draft.text) > 40:
            return [Problem("text_long", "This is too long for a wall.")]
        if draft.text.isupper():
            return [Problem("shouting", "This shouts.", blocking=False)]
        return []

    def prepare(self, desk: Desk, draft: Draft) -> dict[str, Any]:
        self._step(desk, draft, "prepare")
        handle = {**desk.handle, "blob": "uploaded"}
        desk.remember(handle)
        self._step(desk, draft, "prepared")
        return {**handle, "key": desk.handle.get("key") or draft.target_id}

    def commit(self, desk: Desk, draft: Draft) -> Published:
        self._step(desk, draft, "commit")
        body = {"target": draft.target_id, "key": desk.handle["key"], "text": draft.text}
        try:
            answer = httpx.post(f"{desk.options['url']}/post", json=body, timeout=30)
        except httpx.HTTPError as error:
            raise PlatformError("The wall did not answer.", action=Action.SETTLE) from error
        if answer.status_code == 503:
            raise PlatformError("The wall is full.", action=Action.RETRY, retry_after=0.0)
        self._step(desk, draft, "committed")
        return Published(answer.json()["id"], f"{desk.options['url']}/post/{draft.target_id}")

    def settle(self, desk: Desk, draft: Draft) -> Published | None:
        self._step(desk, draft, "settle")
        answer = httpx.get(f"{desk.options['url']}/post/{draft.target_id}", timeout=10)
        found = answer.json()["found"]
        if not found:
            return None
        return Published("1", f"{desk.options['url']}/post/{draft.target_id}")

    def _step(self, desk: Desk, draft: Draft, step: str) -> None:
        answer = httpx.get(f"{desk.options['url']}/step/{draft.target_id}/{step}", timeout=10)
        order = answer.json()["order"]
        if order == "die" and self.mortal:
            os.kill(os.getpid(), signal.SIGKILL)
        elif order == "crash":
            raise RuntimeError("a bug")
        elif order.startswith("sleep"):
            time.sleep(float(order.split()[1]))
        elif order:
            raise PlatformError(
                f"The wall says {order}.", action=Action(order), retry_after=0.01, code="wall"
            )


def register(mortal: bool = False) -> None:
    """Offer the wall among the platforms of this process."""
    registry.register(WallPlatform(mortal))


if __name__ == "__main__":
    # A worker's process, as it is started in earnest, that knows the wall.
    from workers import __main__ as worker

    register(mortal=True)
    code = worker.main(sys.argv[1:])
    os._exit(code)
