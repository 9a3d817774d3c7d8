"""The command `autosched`: each command translates its words into one service call.

With `--json` one JSON document goes to standard output and nothing else; errors go to standard
error with a non-zero exit. Imports are made inside the commands, so that each starts quickly.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer

from autosched.cli_parts import Data, Json, print_json, say
from autosched.cli_studio import studio
from autosched.errors import AutoschedError, InvalidError
from autosched.settings import settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(studio)


@app.callback()
def _top(data: Data = None) -> None:
    """Makes cinematic Islamic short videos, plans them, and posts each exactly once."""


@app.command()
def up(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Loopback unless you say otherwise.")] = "127.0.0.1",
    data: Data = None,
    sandbox: Annotated[
        bool, typer.Option(help="Stand-ins for the platforms: try all without developer keys.")
    ] = False,
) -> None:
    """Start everything and print one URL."""
    from autosched.up import up as start

    start(host, port, say, sandbox=sandbox)


@app.command()
def setup() -> None:
    """Fetch the data packages and build the pages, where that has not been done."""
    from autosched.setup import prepare

    prepare()


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to the newest schema."""
    from autosched import migrations

    settings().data_dir.mkdir(parents=True, exist_ok=True)
    migrations.upgrade()


@app.command()
def rotate_key(data: Data = None) -> None:
    """Seal every stored secret with a new key; the old ones still open what is left elsewhere."""
    from autosched.schedule.keys import rotate

    count, secrets = rotate()
    say(f"A new key is in use (of {count}); {secrets} secrets were sealed with it.")
    say("Start autosched again, so that every part uses it.")


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """What is configured, what is missing, and how to fix it."""
    from autosched.doctor import examine

    findings = examine()
    if as_json:
        print_json({"findings": [finding.__dict__ for finding in findings]})
    else:
        for finding in findings:
            mark = {"ok": "✓", "note": "·", "problem": "✗"}[finding.state]
            say(f"{mark} {finding.title}: {finding.sentence}")
            if finding.remedy:
                say(f"    {finding.remedy}")
    if any(finding.state == "problem" for finding in findings):
        raise typer.Exit(1)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port on loopback.")] = 9400,
    seed: Annotated[int, typer.Option(help="Of what goes wrong when it is told to.")] = 0,
) -> None:
    """Stand in for the eight platforms: consent pages, APIs, and a page of what was posted."""
    from autosched.sandbox.app import serve

    say(f"The sandbox stands at http://127.0.0.1:{port}: open it to see what is posted there.")
    say(f"Start autosched with AUTOSCHED_SANDBOX=http://127.0.0.1:{port}, or `up --sandbox`.")
    serve("127.0.0.1", port, seed=seed)


@app.command()
def demo(data: Data = None) -> None:
    """Fill a workspace with rendered templates and a month of posts."""
    from autosched.demo import fill

    fill(say)


@app.command()
def worker(data: Data = None) -> None:
    """Run a worker alone (`up` starts one)."""
    _become("workers")


@app.command()
def dispatcher(data: Data = None) -> None:
    """Run a dispatcher alone (`up` starts one)."""
    _become("workers.dispatcher")


@app.command()
def web(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    host: str = "127.0.0.1",
    data: Data = None,
) -> None:
    """Serve the web app alone (`up` starts it)."""
    _become("autosched.web", "--host", host, "--port", str(port))


@app.command()
def verse(
    reference: Annotated[str, typer.Argument(help="Such as 2:255, 94:5-6, “Al-Inshirah 5”.")],
    language: Annotated[str, typer.Option(help="en, fr, id, tr, ur, bn …")] = "en",
    as_json: Json = False,
) -> None:
    """Print verses with their translation."""
    from autosched import scripture

    document = scripture.verse_document(reference, language)
    if as_json:
        print_json(document)
        return
    for row in document["verses"]:
        say(f"{row['arabic']}\n{row['translation']}\n{row['reference']}\n")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="A file of bench/: render, analyze, guard …")],
    seed: Annotated[int | None, typer.Option()] = None,
    as_json: Json = False,
) -> None:
    """Measure the speed, each time against a named floor or rival in the same run."""
    import importlib

    from autosched.frontend import root

    if not (root() / "bench" / f"{name}.py").is_file():
        known = sorted(path.stem for path in (root() / "bench").glob("[a-z]*.py"))
        raise InvalidError(f"There is no bench “{name}”.", remedy=f"There are: {', '.join(known)}.")
    sys.path.insert(0, str(root()))
    result: dict[str, Any] = importlib.import_module(f"bench.{name}").run(seed)
    if as_json:
        print_json(result)
    else:
        say(json.dumps(result, indent=2, ensure_ascii=False))


def _become(module: str, *arguments: str) -> None:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def main() -> None:
    """The entry point: what a person can mend is told in one sentence, without a trace."""
    try:
        app()
    except AutoschedError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
