"""The studio's commands: templates, renders, series, the analysis of a reference, quotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from autosched.cli_parts import Data, Json, bar, print_json, quiet, say
from autosched.errors import InvalidError

studio = typer.Typer()
templates = typer.Typer(no_args_is_help=True, help="Looks that a video can have.")
studio.add_typer(templates, name="template")


@templates.command("list")
def template_list(as_json: Json = False) -> None:
    """The templates that a spec can name."""
    from autosched.studio import template

    rows = [
        {"name": row.name, "title": row.title, "description": row.description}
        for row in template.templates()
    ]
    if as_json:
        print_json({"templates": rows})
        return
    for row in rows:
        say(f"{row['name']:<18} {row['title']}: {row['description']}")


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
    reports = [measure(each, progress=quiet if as_json else bar) for each in references]
    called = title or out.name.removesuffix(exchange.SUFFIX)
    made = from_analysis(reports, service.free_name(called), called[:60], whole)
    sources = tuple(exchange.Source(name=each.name[:200]) for each in references)
    exchange.store(out, made, sources=sources)
    if as_json:
        print_json({"out": str(out), "template": made.model_dump(mode="json")})
    else:
        say(f"{out}: {made.title}. Name it in a spec as its template.")


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
        print_json({"template": shared.template.model_dump(mode="json"), "faint": weak})
        return
    say(f"{shared.template.title} ({shared.template.name}) can be used.")
    for each in (*(source.name for source in shared.sources), *shared.credits):
        say(f"    from {each}")
    if weak:
        say(f"    hard to read over a picture: {', '.join(weak)}")


@studio.command()
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
        print_json(plan.plan(parsed).as_dict())
        return
    out = out or spec.with_suffix(".mp4")
    done: Rendered = render_video(parsed, out, progress=quiet if as_json else bar)
    if as_json:
        print_json(
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
        say(f"{done.path}  ({done.proof.seconds:.1f} s of video in {done.took:.1f} s)")


@studio.command()
def analyze(
    video: Annotated[Path, typer.Argument(help="A video or a picture whose style is measured.")],
    lut: Annotated[Path | None, typer.Option("--lut", help="Write its look as a .cube.")] = None,
    as_json: Json = False,
) -> None:
    """Measure the style of a reference: shots, composition, grade, text motion, sound."""
    from autosched.studio.analysis.analyze import analyze as measure

    report = measure(video, progress=quiet if as_json else bar)
    if lut is not None and report.grade.lut is not None:
        lut.write_text(report.grade.lut, encoding="ascii")
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    from autosched.studio.analysis.summary import summary

    for line in summary(report):
        say(line)


@studio.command()
def series(
    file: Annotated[Path, typer.Argument(help="A JSON file: see docs/spec.md.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for its videos.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make all videos of a series; what is in the folder already is not made again."""
    from autosched.studio.progress import Progress
    from autosched.studio.series import batch, members

    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidError(f"The file {file.name} is not JSON that can be read: {error}.") from None
    asked = members.parse(given)

    def told(member: members.Member, total: int, now: Progress) -> None:
        if not as_json:
            place = f"{member.number + 1}/{total} {member.name}"
            bar(Progress(now.share, now.seconds_left, place))

    done = batch.make(asked, out, base=file.parent, progress=told)
    if as_json:
        rows: list[dict[str, Any]] = [
            {
                "out": str(one.path),
                "verse": one.member.reference,
                "language": one.member.language,
                "format": one.member.format.value,
                "kept": one.kept,
                "error": one.error or None,
            }
            for one in done
        ]
        print_json({"title": asked.name, "videos": rows})
    else:
        for one in done:
            say(f"{one.path}  {one.error or ('was there' if one.kept else 'made')}")
    if any(one.error for one in done):
        raise typer.Exit(1)


@studio.command()
def quotations(
    text: Annotated[str, typer.Argument(help="A text that may quote the Quran.")],
    as_json: Json = False,
) -> None:
    """Hold the quotations of the Quran in a text against the canon."""
    from dataclasses import asdict

    from autosched.scripture import quotations as guard

    found = guard.quotations(text)
    if as_json:
        rows = [asdict(each) | {"altered": each.altered} for each in found]
        print_json({"quotations": rows})
        return
    for each in found:
        say(each.sentence if each.altered else f"{each.reference}: word for word.")
        if each.altered:
            say(f"    {each.right}")
