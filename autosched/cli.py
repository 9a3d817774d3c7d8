"""The command `autosched`: each command translates its words into one service call.

With `--json` one JSON document goes to standard output and nothing else; errors go to standard
error with a non-zero exit. Imports are made inside the commands, so that each starts quickly.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autosched.errors import AutoschedError, InvalidError
from autosched.settings import settings

if TYPE_CHECKING:
    from autosched.studio.progress import Progress

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
templates = typer.Typer(no_args_is_help=True, help="The video templates.")
app.add_typer(templates, name="template")


def _use_data(folder: Path | None) -> Path | None:
    if folder is not None:
        os.environ["AUTOSCHED_DATA"] = str(folder.expanduser().absolute())
        settings.cache_clear()
    return folder


Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data folder (or AUTOSCHED_DATA).", callback=_use_data),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


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

    start(host, port, _say, sandbox=sandbox)


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
    _say(f"A new key is in use (of {count}); {secrets} secrets were sealed with it.")
    _say("Start autosched again, so that every part uses it.")


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """What is configured, what is missing, and how to fix it."""
    from autosched.doctor import examine

    findings = examine()
    if as_json:
        _print({"findings": [finding.__dict__ for finding in findings]})
    else:
        for finding in findings:
            mark = {"ok": "✓", "note": "·", "problem": "✗"}[finding.state]
            _say(f"{mark} {finding.title}: {finding.sentence}")
            if finding.remedy:
                _say(f"    {finding.remedy}")
    if any(finding.state == "problem" for finding in findings):
        raise typer.Exit(1)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port on loopback.")] = 9400,
    seed: Annotated[int, typer.Option(help="Of what goes wrong when it is told to.")] = 0,
) -> None:
    """Stand in for the eight platforms: consent pages, APIs, and a page of what was posted."""
    from autosched.sandbox.app import serve

    _say(f"The sandbox stands at http://127.0.0.1:{port}: open it to see what is posted there.")
    _say(f"Start autosched with AUTOSCHED_SANDBOX=http://127.0.0.1:{port}, or `up --sandbox`.")
    serve("127.0.0.1", port, seed=seed)


@app.command()
def demo(data: Data = None) -> None:
    """Fill a workspace with rendered templates and a month of posts."""
    from autosched.demo import fill

    fill(_say)


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
        _print(document)
        return
    for row in document["verses"]:
        _say(f"{row['arabic']}\n{row['translation']}\n{row['reference']}\n")


@templates.command("list")
def template_list(as_json: Json = False) -> None:
    """The templates that a spec can name."""
    from autosched.studio import template

    rows = [
        {"name": row.name, "title": row.title, "description": row.description}
        for row in template.templates()
    ]
    if as_json:
        _print({"templates": rows})
        return
    for row in rows:
        _say(f"{row['name']:<18} {row['title']}: {row['description']}")


@templates.command("from")
def template_from(
    references: Annotated[list[Path], typer.Argument(help="Videos or pictures to learn from.")],
    out: Annotated[Path, typer.Option("--out", help="The template file to write.")],
    title: Annotated[str, typer.Option(help="What it is called; the file's name otherwise.")] = "",
    base: Annotated[str, typer.Option(help="What fills in what isn't measured.")] = "your-footage",
    as_json: Json = False,
) -> None:
    """Learn a template from references, and write it as one file."""
    from autosched.studio import template
    from autosched.studio.analysis.analyze import analyze as measure
    from autosched.studio.learning import from_analysis
    from autosched.studio.saved import exchange, service

    whole = template.template(base)
    reports = [measure(each, progress=_quiet if as_json else _bar) for each in references]
    called = title or out.name.removesuffix(exchange.SUFFIX)
    made = from_analysis(reports, service.free_name(called), called[:60], whole)
    sources = tuple(exchange.Source(name=each.name[:200]) for each in references)
    exchange.store(out, made, sources=sources)
    if as_json:
        _print({"out": str(out), "template": made.model_dump(mode="json")})
    else:
        _say(f"{out}: {made.title}. Name it in a spec as its template.")


@templates.command("check")
def template_check(
    file: Annotated[Path, typer.Argument(help="A file that ends in .autosched-template.")],
    as_json: Json = False,
) -> None:
    """Whether a template file can be used here, and what stands in it."""
    from autosched.studio.legible import faint
    from autosched.studio.saved import exchange

    shared = exchange.load(file)
    weak = faint(shared.template)
    if as_json:
        _print({"template": shared.template.model_dump(mode="json"), "faint": weak})
        return
    _say(f"{shared.template.title} ({shared.template.name}) can be used.")
    for each in (*(source.name for source in shared.sources), *shared.credits):
        _say(f"    from {each}")
    if weak:
        _say(f"    hard to read over a picture: {', '.join(weak)}")


@app.command()
def render(
    spec: Annotated[Path, typer.Argument(help="A JSON file: see docs/spec.md.")],
    out: Annotated[Path | None, typer.Option("--out", help="The MP4 to write.")] = None,
    plan_only: Annotated[bool, typer.Option("--plan", help="Print the plan, render nothing.")] = (
        False
    ),
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Render a spec to a video, without the web app."""
    from autosched.studio import plan
    from autosched.studio import spec as specs
    from autosched.studio.render import Rendered
    from autosched.studio.render import render as render_video

    parsed = specs.load(spec)
    if plan_only:
        _print(plan.plan(parsed).as_dict())
        return
    out = out or spec.with_suffix(".mp4")
    done: Rendered = render_video(parsed, out, progress=_quiet if as_json else _bar)
    if as_json:
        _print(
            {
                "out": str(done.path),
                "thumbnail": str(done.thumbnail),
                "seconds": done.proof.seconds,
                "took": round(done.took, 2),
                "proof": done.proof.__dict__,
                "warnings": list(done.warnings),
            }
        )
    else:
        for warning in done.warnings:
            typer.echo(warning, err=True)
        _say(f"{done.path}  ({done.proof.seconds:.1f} s of video in {done.took:.1f} s)")


@app.command()
def analyze(
    video: Annotated[Path, typer.Argument(help="A video or a picture whose style is measured.")],
    lut: Annotated[Path | None, typer.Option("--lut", help="Write its look as a .cube.")] = None,
    as_json: Json = False,
) -> None:
    """Measure the style of a reference: shots, composition, grade, text motion, sound."""
    from autosched.studio.analysis.analyze import analyze as measure

    report = measure(video, progress=_quiet if as_json else _bar)
    if lut is not None and report.grade.lut is not None:
        lut.write_text(report.grade.lut, encoding="ascii")
    if as_json:
        _print(report.model_dump(mode="json"))
        return
    from autosched.studio.analysis.summary import summary

    for line in summary(report):
        _say(line)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="render, dispatch or startup.")],
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
        _print(result)
    else:
        _say(json.dumps(result, indent=2, ensure_ascii=False))


def _say(line: str) -> None:
    typer.echo(line)


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _quiet(_now: Progress) -> None:
    return None


def _bar(now: Progress) -> None:
    left = f"{now.seconds_left:.0f} s left" if now.seconds_left else ""
    filled = round(now.share * 24)
    bar = f"{'█' * filled}{'░' * (24 - filled)} {now.share:4.0%}  {now.stage} {left}"
    sys.stderr.write(f"\r{bar:<70}" + ("\r" + " " * 70 + "\r" if now.share >= 1 else ""))
    sys.stderr.flush()


def _become(module: str, *arguments: str) -> None:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def main() -> None:
    """The entry point: what a person can mend is told in one sentence, without a trace."""
    try:
        app()
    except AutoschedError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
