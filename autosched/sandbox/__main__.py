"""`python -m autosched.sandbox`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse

from autosched.sandbox.app import serve

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="autosched sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="platforms, with commas between")
    chosen = parser.parse_args()
    names = [name for name in chosen.only.split(",") if name]
    serve(chosen.host, chosen.port, seed=chosen.seed, only=names)
