"""The kinds of long work: each a table of jobs, who does them, and the queue on which they wait.

A new kind is a line here. Several may share a queue; then they share its threads too.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from autosched.settings import settings
from autosched.studio.jobs import Jobs
from autosched.studio.making.models import MAKINGS
from autosched.studio.models import ANALYSES, RENDERS
from workers.broker import Queue


@dataclass(frozen=True)
class Kind:
    """Jobs that wait on `queue`, and the module whose `perform(job_id, lease)` does one."""

    queue: Queue
    jobs: Jobs[Any]
    module: str

    @property
    def actor(self) -> str:
        """What its actor is called."""
        return str(self.jobs.table.__tablename__)

    def perform(self, job_id: str, lease: str) -> None:
        """Do a claimed job. The module is imported now: what only publishes stays small."""
        importlib.import_module(self.module).perform(job_id, lease)


KINDS = (
    Kind(Queue.RENDER, RENDERS, "autosched.studio.service"),
    Kind(Queue.ANALYSE, ANALYSES, "autosched.studio.references.service"),
    Kind(Queue.MAKE, MAKINGS, "autosched.studio.making.service"),
)


def threads(queue: Queue) -> int:
    """How many jobs of the queue are done at the same time in one process."""
    if queue == Queue.PUBLISH:
        return settings().worker_threads
    return settings().render_threads if queue == Queue.RENDER else 1


def served() -> list[Queue]:
    """The queues that have work to give."""
    used = {Queue.PUBLISH, *(kind.queue for kind in KINDS)}
    return [queue for queue in Queue if queue in used]
