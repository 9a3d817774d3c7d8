"""From a real film to a template and back to a video: what is measured is what is learned."""

import pytest

from autosched.media import ffmpeg
from autosched.studio import spec as specs
from autosched.studio.analysis.analyze import analyze
from autosched.studio.learning import from_analysis
from autosched.studio.plan import plan

# Four moving pictures that have nothing in common.
_SHOTS = (
    "testsrc2=size=360x640:rate=30:duration=2",
    "mandelbrot=size=360x640:rate=30,trim=duration=2",
    "gradients=size=360x640:rate=30:duration=2:c0=navy:c1=orange",
    "cellauto=size=360x640:rate=30,trim=duration=2",
)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Four shots of two seconds, cut hard."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    inputs = [part for shot in _SHOTS for part in ("-f", "lavfi", "-i", shot)]
    shots = ";".join(f"[{n}:v]format=yuv420p,setsar=1[v{n}]" for n in range(len(_SHOTS)))
    joined = "".join(f"[v{n}]" for n in range(len(_SHOTS)))
    graph = f"{shots};{joined}concat=n={len(_SHOTS)}:v=1[out]"
    ffmpeg.run([*inputs, "-filter_complex", graph, "-map", "[out]", str(path)])
    return path


def test_the_rhythm_of_a_film_becomes_the_templates(film):
    report = analyze(film)
    learned = from_analysis([report], "film", "Film")
    assert learned.pace.shots is not None
    assert learned.pace.shots.seconds == pytest.approx(2.0, abs=0.1)
    assert learned.pace.shots.spread < 0.1
    assert learned.transition.kind == "cut"
    document = {
        "template": learned,
        "scenes": [{"verse": "112:1", "media": str(film), "seconds": 3.0}],
    }
    assert plan(specs.parse(document), scale=0.25).template == "film"
