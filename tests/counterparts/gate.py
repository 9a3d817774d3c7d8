"""A gate in front of a server: it passes requests on, and does what a bad network does.

Each request can be stopped before the server sees it, or its answer lost; and something can be
done at either moment, such as killing the worker that asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

Answer = tuple[int, bytes]


@dataclass(frozen=True)
class Fault:
    """What happens to one request. `instead` is answered without asking the server."""

    before: Callable[[], None] | None = None
    forward: bool = True
    after: Callable[[], None] | None = None
    answer: bool = True
    instead: Answer | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Gate:
    """A gate that stands open. `rule` is asked with each request's method name."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[str] = []
        self.rule: Callable[[str], Fault | None] = lambda method: None

    def once(self, method: str, fault: Fault) -> None:
        """Do `fault` to the next request of `method`, and then no more."""
        waiting = [fault]

        def rule(asked: str) -> Fault | None:
            return waiting.pop() if asked == method and waiting else None

        self.rule = rule


@contextmanager
def gate(upstream: str, port: int = 0) -> Iterator[Gate]:
    """Run a gate in front of `upstream` on loopback."""
    client = httpx.Client(timeout=60)
    standing = Gate("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def _pass(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            method = self.path.partition("?")[0].rpartition("/")[2]
            standing.seen.append(method)
            fault = standing.rule(method) or Fault()
            if fault.before:
                fault.before()
            if fault.instead is not None:
                self._answer(*fault.instead, list(fault.headers))
                return
            if not fault.forward:
                self._hang_up()
                return
            kept = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in ("host", "connection", "accept-encoding", "content-length")
            }
            response = client.request(
                self.command, upstream + self.path, content=body, headers=kept
            )
            if fault.after:
                fault.after()
            if not fault.answer:
                self._hang_up()
                return
            left_out = ("connection", "transfer-encoding", "content-length", "content-encoding")
            headers = [
                (name, value)
                for name, value in response.headers.items()
                if name.lower() not in left_out
            ]
            self._answer(response.status_code, response.content, headers)

        def _answer(self, status: int, content: bytes, headers: list[tuple[str, str]]) -> None:
            try:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # who asked is gone, perhaps killed on purpose

        def _hang_up(self) -> None:
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: who asked is gone, perhaps killed on purpose."""

    server = Server(("127.0.0.1", port), Handler)
    standing.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield standing
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()
