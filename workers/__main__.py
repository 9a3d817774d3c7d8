"""The worker: `python -m workers [QUEUE …]`, one process with threads for each queue.

Without a queue it serves all. `SIGTERM` lets what is going out finish for a few seconds; what
does not finish is taken up again by another when its lease ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from threading import Event, Thread

# Read by Dramatiq when it is imported: milliseconds until a lost broker is looked for again.
os.environ.setdefault("dramatiq_restart_delay", "1000")

from dramatiq import Worker

from workers.broker import Queue, beat, broker
from workers.kinds import served, threads
from workers.logs import to_standard_error

_IDLE_MS = 100
"""How long an idle thread sleeps at most: a post that is due is fetched within this."""
_PUBLISH_PATIENCE_MS, _PATIENCE_MS = 7000, 500
_BEAT_EVERY = 5.0
log = logging.getLogger("autosched.worker")


def main(arguments: Sequence[str]) -> int:
    """Serve the queues named, or all, until SIGTERM or Ctrl-C."""
    known = served()
    unknown = set(arguments) - set(known)
    if unknown:
        told = f"There is no queue called {min(unknown)}: choose of {', '.join(known)}."
        print(told, file=sys.stderr, flush=True)
        return 2
    to_standard_error()
    from workers import actors

    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    chosen = [queue for queue in known if queue in arguments or not arguments]
    workers = {
        queue: Worker(broker(queue), worker_threads=threads(queue), worker_timeout=_IDLE_MS)
        for queue in chosen
    }
    for worker in workers.values():
        worker.start()
    log.info("the worker begins: %s (%s)", ", ".join(chosen), actors.__name__)
    beat("worker")
    while not stop.wait(_BEAT_EVERY):
        beat("worker")
    ending = [
        Thread(target=worker.stop, args=(_patience(queue),), daemon=True)
        for queue, worker in workers.items()
    ]
    for thread in ending:
        thread.start()
    for thread in ending:
        thread.join(_PUBLISH_PATIENCE_MS / 1000 + 1)
    log.info("the worker ends")
    return 0


def _patience(queue: Queue) -> int:
    return _PUBLISH_PATIENCE_MS if queue == Queue.PUBLISH else _PATIENCE_MS


if __name__ == "__main__":
    code = main(sys.argv[1:])
    logging.shutdown()
    # Threads that still work are left where they stand: their leases end, and others go on.
    os._exit(code)
