"""A finished file is looked at before anyone sees it: words, contrast, black, standing still."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autosched.errors import UnavailableError
from autosched.media import ffmpeg
from autosched.studio import finished, plan, spec
from autosched.studio.render import render_plan
from autosched.studio.timeline import Plan
from autosched.studio.veil import veiled


def made(**given: object) -> Plan:
    data = {
        "template": "lantern-light",
        "format": "square",
        "scenes": [{"verse": "94:5", "seconds": 2.5}],
        "audio": {"ambience": "none"},
        **given,
    }
    return plan.plan(spec.parse(data), scale=0.5)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    planned = made()
    out = tmp_path_factory.mktemp("film") / "film.mp4"
    done = render_plan(planned, out, draft=True)
    return out, done.plan


def codes(found: list[finished.Finding]) -> set[str]:
    return {each.code for each in found}


def test_a_good_film_has_nothing_to_be_said_against(film: tuple[Path, Plan]) -> None:
    out, planned = film
    assert finished.findings(out, planned) == []
    assert planned.warnings == ()


def test_words_that_are_not_as_written_are_found_and_scripture_among_them_is_told_apart(
    film: tuple[Path, Plan],
) -> None:
    out, planned = film
    [leaf] = planned.leaves

    def with_text(role: str, text: str) -> Plan:
        words = tuple(
            replace(each, lines=(replace(each.lines[0], text=text), *each.lines[1:]))
            if each.role == role
            else each
            for each in leaf.words
        )
        return replace(planned, leaves=(replace(leaf, words=words),))

    arabic = next(each for each in leaf.words if each.role == "arabic").lines[0].text
    turned = " ".join(reversed(arabic.split(" ")))
    for wrong in (arabic[::-1], turned, arabic[: len(arabic) // 2]):
        found = finished.findings(out, with_text("arabic", wrong), final=True)
        assert [(each.code, each.sacred) for each in found] == [("unlike", True)]
    other = with_text("translation", "Quite other words than those")
    [found] = finished.findings(out, other, final=True)
    assert found.code in ("unlike", "faint")
    assert not found.sacred


def test_a_video_whose_scripture_is_not_on_it_is_thrown_away(
    film: tuple[Path, Plan], tmp_path: Path
) -> None:
    _, planned = film
    [leaf] = planned.leaves
    moved = tuple(
        replace(
            each, lines=tuple(replace(line, ink=replace(line.ink, y=40.0)) for line in each.lines)
        )
        for each in leaf.words
    )
    with pytest.raises(UnavailableError) as thrown:
        render_plan(
            replace(planned, leaves=(replace(leaf, words=moved),)), tmp_path / "out" / "x.mp4"
        )
    assert thrown.value.code == "scripture_unlike"
    assert list((tmp_path / "out").iterdir()) == []


def test_faint_words_are_lifted_by_a_veil_and_rendered_once_more(tmp_path: Path) -> None:
    stages: list[str] = []
    planned = made()
    [leaf] = planned.leaves
    pale = tuple(replace(each, colour="#a89070", opacity=0.5) for each in leaf.words)
    faint = replace(
        planned,
        leaves=(replace(leaf, words=pale),),
        glow=replace(planned.glow, opacity=0.0),
        shade=None,
    )
    done = render_plan(
        faint, tmp_path / "faint.mp4", draft=True, progress=lambda now: stages.append(now.stage)
    )
    assert "Making the words stand out" in stages
    assert done.plan.shade is not None
    assert done.plan.glow.opacity > faint.glow.opacity


def test_a_veil_is_dark_behind_light_words_and_a_light_edge_around_dark_ones() -> None:
    light = veiled(made())
    assert light.shade is not None
    assert light.shade.colour == "#000000"
    dark = veiled(made(template="ink-on-paper"))
    assert dark.glow.colour == "#ffffff"
    assert dark.glow.opacity > 0.8


def test_black_and_frozen_pictures_are_found(film: tuple[Path, Plan], tmp_path: Path) -> None:
    out, planned = film
    size = f"{planned.width}x{planned.height}"
    encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    black, frozen = tmp_path / "black.mp4", tmp_path / "frozen.mp4"
    source = ["-f", "lavfi", "-i", f"color=black:s={size}:r=30:d={planned.seconds}"]
    ffmpeg.run([*source, *encode, str(black)])
    hold = "select=eq(n\\,40),tpad=stop=-1:stop_mode=clone,setpts=N/30/TB"
    ffmpeg.run(
        ["-i", str(out), "-an", "-vf", hold, "-t", f"{planned.seconds}", *encode, str(frozen)]
    )
    assert codes(finished.findings(black, planned)) == {"black"}
    assert "frozen" in codes(finished.findings(frozen, planned))


def test_words_that_nobody_can_read_in_time_are_told() -> None:
    planned = made(scenes=[{"verse": "2:255", "seconds": 30}])
    hasty = replace(
        planned,
        leaves=tuple(
            replace(leaf, words=tuple(replace(w, end=w.start + 1.0) for w in leaf.words))
            for leaf in planned.leaves
        ),
    )
    told = [each for leaf in hasty.leaves for each in finished._planned(hasty, leaf)]
    assert {each.code for each in told} == {"brief"}
    assert "reading them takes" in told[0].sentence
