"""One refresh at a time per account: on several platforms a replayed token ends the access.

It holds between the threads and the processes of one machine. Workers on several machines that
share a database still see each other's tokens through the desk's `stored_secret`.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from autosched.settings import settings

_locks: defaultdict[str, Lock] = defaultdict(Lock)


@contextmanager
def one_at_a_time(account: str) -> Iterator[None]:
    """Wait until nobody else on this machine refreshes `account`, and hold others off."""
    name = hashlib.sha256(account.encode()).hexdigest()[:24]
    folder = settings().data_dir / "run" / "refresh"
    folder.mkdir(parents=True, exist_ok=True)
    # A file lock alone would do between processes, but the file is opened anew here each time,
    # so it does between threads too; the thread lock only spares them the polling.
    with _locks[name], (folder / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
