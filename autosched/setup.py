"""Set-up: everything that must be there before the first start, each step only when needed.

`make setup`, `autosched up` and the container's build all take these steps.
"""

from __future__ import annotations

import sys

from autosched import frontend, packages
from autosched.errors import AutoschedError


def prepare() -> None:
    """Fetch the data packages, compile the scripture, build the pages."""
    from autosched.scripture import build

    packages.fetch(_say)
    build.build()
    frontend.build(_say)


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: list[str]) -> int:
    """`--migrate` also brings the database to the newest schema."""
    try:
        prepare()
        if "--migrate" in arguments:
            from autosched import migrations

            migrations.upgrade()
    except AutoschedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
