"""The web process: pages, events, files and API on one port, in one process."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

from autosched import frontend


def serve(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    os.environ.update(frontend.environment())
    # Reflex's own names for "serve what is built": nothing is compiled here.
    os.environ["__REFLEX_SKIP_COMPILE"] = "true"
    os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"
    os.chdir(frontend.root())
    sys.path.insert(0, str(frontend.root()))
    asyncio.run(_run(host, port))


async def _run(host: str, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    from autosched.ui.app import app

    server = Server(
        app(),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(keep_alive=True),
        websockets=True,
        log_access=False,
    )
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, server.stop)
    await server.serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    serve(chosen.host, chosen.port)
