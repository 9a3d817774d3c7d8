"""`python -m autosched` is the command `autosched`."""

from autosched.cli import main

main()
