"""Real renders, small and short: what comes out is what was promised, or nothing comes out."""

import dataclasses
import io
import itertools
import json
import shutil
import threading

import av
import numpy as np
import pytest
from PIL import Image

from autosched.errors import CancelledError, UnavailableError
from autosched.media import ffmpeg
from autosched.studio import grade, proof
from autosched.studio import spec as specs
from autosched.studio.plan import plan
from autosched.studio.render import render, render_plan, still

SMALL = 0.2


def spec(**fields):
    scenes = [{"verse": "112:1", "seconds": 1.5}]
    return specs.parse({"template": "lantern-light", "scenes": scenes, **fields})


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    path = tmp_path_factory.mktemp("footage") / "a clip, of: [mine]'s.mp4"
    source = "testsrc2=s=480x270:r=25:d=2"
    ffmpeg.run(
        ["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-preset", "ultrafast", str(path)]
    )
    return path


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "sky.png"
    rows = np.linspace(20, 200, 300, dtype=np.uint8)
    Image.fromarray(np.repeat(rows[:, None], 400, 1)).save(path)
    return path


def test_a_video_is_what_platforms_ask_for(tmp_path):
    told = []
    done = render(spec(), tmp_path / "out.mp4", scale=SMALL, progress=told.append)
    measured = done.proof
    assert (measured.codec, measured.profile, measured.pixels) == ("h264", "High", "yuv420p")
    assert (measured.fps, measured.frames) == (30.0, 45)
    assert measured.seconds == pytest.approx(1.5, abs=0.01)
    assert (measured.audio_codec, measured.audio_rate, measured.audio_channels) == ("aac", 48000, 2)
    assert measured.loudness == pytest.approx(-14.0, abs=0.5)
    assert measured.true_peak < -1.0
    assert measured.moov_first
    with av.open(str(done.path)) as container:
        stream = container.streams.video[0]
        times = [frame.pts * stream.time_base for frame in container.decode(stream)]
        frame = stream.codec_context
        assert (int(frame.colorspace), int(frame.color_primaries), int(frame.color_trc)) == (
            1,
            1,
            1,
        )
    steps = {float(b - a) for a, b in itertools.pairwise(times)}
    assert all(step == pytest.approx(1 / 30) for step in steps)
    shares = [each.share for each in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {each.stage for each in told} >= {"Planning", "Mixing the sound", "Rendering", "Done"}
    with Image.open(done.thumbnail) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert thumbnail.size == (measured.width, measured.height)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "out.jpg",
        "out.mp4",
    ]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_footage_pictures_and_art_follow_each_other_in_one_video(tmp_path, footage, picture):
    scenes = [
        {"verse": "112:1", "seconds": 1.5, "media": str(footage)},
        {"text": "Say {it} \\N plainly", "seconds": 1.5, "media": str(picture)},
        {"verse": "112:2", "seconds": 1.5, "media": {"art": "stars", "seed": 3}},
    ]
    done = render(
        spec(template="your-footage", scenes=scenes), tmp_path / "out.mp4", scale=SMALL, draft=True
    )
    assert done.proof.frames == 135
    assert len(done.plan.shots) == 3


@pytest.mark.parametrize("name", ["geometric", "night-sea", "desert-dawn", "ink-on-paper"])
def test_every_transition_renders_to_the_exact_frame(tmp_path, name):
    scenes = [{"verse": "112:1", "seconds": 1.5}, {"verse": "112:2", "seconds": 1.6}]
    media = {"media": {"art": "stars"}}, {"media": {"art": "lanterns"}}
    both = [{**scene, **each} for scene, each in zip(scenes, media, strict=True)]
    done = render(spec(template=name, scenes=both), tmp_path / "out.mp4", scale=SMALL, draft=True)
    assert done.proof.frames == round(3.1 * 30)


@pytest.mark.parametrize(
    ("name", "language", "verse"),
    [
        ("night-sky", "en", "2:255"),
        ("rain-on-glass", "ur", "94:5"),
        ("geometric", "bn", "94:5"),
        ("desert-dawn", "tr", "2:282"),
    ],
)
@pytest.mark.parametrize("format", ["reel", "square", "landscape"])
def test_ink_lies_inside_its_lines_boxes_and_no_line_is_without_ink(name, language, verse, format):
    """What the words change in the frame is where the plan says, whole, and nowhere else."""
    asked = spec(
        template=name,
        language=language,
        format=format,
        scenes=[{"verse": verse, "media": {"art": "stars"}}],
    )
    scale = 0.4
    found = plan(asked, scale=scale)
    with_words = _pixels(still(asked, scale=scale))
    bare = _pixels(_still_without_words(asked, scale))
    changed = np.abs(with_words - bare).max(axis=2) > 90
    allowed = np.zeros_like(changed)
    for words in found.leaves[0].words:
        for line in words.lines:
            x, y = int(line.ink.x) - 2, int(line.ink.y) - 2
            window = np.s_[y : int(line.ink.bottom) + 3, x : int(line.ink.right) + 3]
            assert changed[window].any()
            allowed[window] = True
    for mark in found.leaves[0].marks:
        box = mark.box
        allowed[
            int(box.y) - 4 : int(box.bottom) + 5, max(0, int(box.x) - 4) : int(box.right) + 5
        ] = True
    stray = changed & ~allowed
    assert stray.sum() < 12
    rows, columns = np.nonzero(changed)
    assert found.safe.y - 2 <= rows.min()
    assert rows.max() <= found.safe.bottom + 2
    assert found.safe.x - 2 <= columns.min()
    assert columns.max() <= found.safe.right + 2


def _pixels(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def _still_without_words(asked, scale):
    clear = asked.design.model_copy(deep=True).model_dump()
    for role in ("arabic", "translation", "text", "reference"):
        clear["type"][role]["opacity"] = 0.0
    clear["ornament"]["opacity"] = 0.0
    clear["glow"]["opacity"] = 0.0
    return still(
        asked.model_copy(update={"template": type(asked.design).model_validate(clear)}), scale=scale
    )


def test_a_cancel_leaves_nothing_behind(tmp_path):
    asked = threading.Event()
    began = []

    def told(progress):
        if progress.stage == "Rendering":
            began.append(progress.share)
            asked.set()

    scenes = [{"verse": "112:1", "seconds": 20}]
    with pytest.raises(CancelledError):
        render(
            spec(scenes=scenes),
            tmp_path / "out.mp4",
            scale=SMALL,
            draft=True,
            progress=told,
            cancelled=asked.is_set,
        )
    assert began
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == []


def test_a_render_that_fails_leaves_the_older_video_as_it_was(tmp_path):
    out = tmp_path / "out.mp4"
    out.write_bytes(b"the older one")
    with pytest.raises(CancelledError):
        render(spec(), out, scale=SMALL, cancelled=lambda: True)
    assert out.read_bytes() == b"the older one"


def test_a_disk_without_room_is_told_before_anything_is_made(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(UnavailableError, match="not enough room"):
        render(spec(), tmp_path / "out.mp4", scale=SMALL)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="can't be written"):
        render(spec(), tmp_path / "file" / "out.mp4", scale=SMALL)


def test_the_same_spec_gives_the_same_frames(tmp_path):
    def frames(name):
        done = render(spec(), tmp_path / name, scale=SMALL, draft=True)
        with av.open(str(done.path)) as container:
            return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]

    assert frames("a.mp4") == frames("b.mp4")


def test_a_video_that_is_not_as_promised_is_thrown_away(tmp_path):
    promised = plan(spec(), scale=SMALL)
    done = render_plan(promised, tmp_path / "out.mp4", draft=True)
    longer = dataclasses.replace(promised, frames=promised.frames + 1)
    assert "number of frames" in proof.faults(done.proof, longer)[0]
    with pytest.raises(UnavailableError, match="did not pass its check"):
        proof.check(done.path, longer)


def test_the_plan_is_one_json_document():
    document = json.loads(plan(spec()).as_json())
    assert document["width"] == 1080
    assert document["leaves"][0]["reference"]


def test_a_recitation_is_heard_whole_and_sets_the_pace(tmp_path):
    recited = tmp_path / "recited.wav"
    ffmpeg.run(["-f", "lavfi", "-i", "sine=330:d=6", "-ar", "44100", str(recited)])
    asked = spec(scenes=[{"verse": "112:1-2"}], audio={"recitation": str(recited)})
    done = render(asked, tmp_path / "out.mp4", scale=SMALL, draft=True)
    assert done.proof.seconds == pytest.approx(7.5, abs=0.1)
    assert done.proof.loudness == pytest.approx(-14.0, abs=0.5)


@pytest.mark.parametrize("kind", ["picture", "footage"])
def test_the_push_in_glides_between_pixels(tmp_path, kind):
    """A dot near the corner moves outwards by nearly the same way in every frame."""
    image = np.zeros((960, 540, 3), np.uint8)
    image[190:210, 90:110] = 255
    still_picture = tmp_path / "dot.png"
    Image.fromarray(image).save(still_picture)
    media = still_picture
    if kind == "footage":
        media = tmp_path / "dot.mp4"
        loop = ["-loop", "1", "-framerate", "30", "-i", str(still_picture), "-t", "5.5"]
        ffmpeg.run([*loop, "-pix_fmt", "yuv420p", "-qp", "0", str(media)])
    plain = spec(template="your-footage").design.model_dump()
    plain |= {"grain": 0.0, "vignette": 0.0, "push": 0.1}
    plain["panel"]["kind"] = "none"
    asked = spec(template=plain, scenes=[{"text": ".", "seconds": 4, "media": str(media)}])
    done = render(asked, tmp_path / "out.mp4", scale=0.5)
    with av.open(str(done.path)) as container:
        frames = [f.to_ndarray(format="gray")[:400, :300] for f in container.decode(video=0)]
    weights = [np.clip(frame.astype(float) - 60, 0, None) for frame in frames]
    ways = [(each.sum(0) @ np.arange(300)) / each.sum() for each in weights]
    steps = np.diff(ways[::6])
    assert (steps < 0).all()
    assert steps.std() < 0.25 * abs(steps.mean())


def test_footage_and_pictures_come_out_in_the_colours_of_the_grade(tmp_path):
    colour = (210, 120, 60)
    Image.new("RGB", (320, 568), colour).save(tmp_path / "flat.png")
    source = ["-loop", "1", "-framerate", "30", "-i", str(tmp_path / "flat.png"), "-t", "5.5"]
    rec709 = "scale=out_color_matrix=bt709:out_range=tv,setparams=colorspace=bt709:range=tv"
    flat = ["-vf", rec709, "-pix_fmt", "yuv420p", "-qp", "0", str(tmp_path / "flat.mp4")]
    ffmpeg.run([*source, *flat])
    design = spec(template="your-footage").design.model_dump()
    design |= {"vignette": 0.0, "grain": 0.0}
    design["panel"]["kind"] = "none"
    template = type(spec().design).model_validate(design)
    wanted = grade.apply(template.grade, Image.new("RGB", (1, 1), colour)).getpixel((0, 0))
    for name in ("flat.png", "flat.mp4"):
        scenes = [{"text": ".", "seconds": 1.5, "media": str(tmp_path / name)}]
        asked = spec(template=design, scenes=scenes)
        done = render(asked, tmp_path / "out.mp4", scale=SMALL)
        with av.open(str(done.path)) as container:
            frame = next(container.decode(video=0))
            corner = frame.to_ndarray(format="rgb24", src_colorspace="ITU709")[:40, :40]
        with Image.open(done.thumbnail) as thumbnail:
            small = np.asarray(thumbnail.convert("RGB"))[:40, :40]
        for seen in (corner, small):
            assert np.abs(seen.mean(axis=(0, 1)) - wanted).max() < 7
