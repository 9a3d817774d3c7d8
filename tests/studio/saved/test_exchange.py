"""A template as one file: whole on the way there and back, strict with what comes from outside."""

import base64
import io
import json

import pytest
from PIL import Image

from autosched.errors import AutoschedError, InvalidError, TooLargeError
from autosched.studio import spec as specs
from autosched.studio.saved import exchange, service
from autosched.studio.saved.exchange import Source
from autosched.studio.template import template, templates


def jpeg(width=90, height=160):
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#204060").save(made, "JPEG")
    return made.getvalue()


def changed(**fields):
    return json.dumps(json.loads(exchange.written(template("night-sky"))) | fields).encode()


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_a_template_comes_back_as_it_went(each):
    content = exchange.written(
        each,
        sources=(Source(name="sea.mp4", analysis="01h", asset="01j"),),
        credits=("Footage by Amina",),
        preview=jpeg(),
    )
    shared = exchange.read(content)
    assert shared.template == each
    assert shared.credits == ("Footage by Amina",)
    # Ids mean nothing elsewhere, and say what they need not.
    assert shared.sources == (Source(name="sea.mp4"),)
    assert shared.still == jpeg()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not text"),
        (b"[1, 2]", "not a template file"),
        (b'{"kind": "something"}', "not a template file"),
        (b'{"kind": "autosched-template", "kind": "autosched-template"}', "twice"),
        (b"[" * 100_000, "nested too deep"),
        (changed(schema=2), "of version 2; this autosched reads version 1"),
        (changed(schema="1"), "of version 1"),
        (changed(more=1), "more: there is no such field"),
        (changed(preview="!!"), "preview: it is not a small JPEG"),
        (changed(preview=base64.b64encode(b"GIF89a").decode()), "preview"),
        (changed(preview=base64.b64encode(jpeg(4000, 4000)).decode()), "preview"),
        (changed(credits=["x"] * 41), "credits"),
        (changed(sources=[{"name": "x", "path": "/etc/passwd"}]), r"sources\[0\].path"),
        (changed(template=None), "template"),
        (changed(template={"name": "x"}), "template"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content, sentence):
    with pytest.raises(InvalidError, match=sentence):
        exchange.read(content)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("grade", "contrast"), 1e308, "template.grade.contrast"),
        (("motion", "arabic"), "typewriter", "template.motion.arabic"),
        (("type", "arabic", "size"), 100000, "template.type.arabic.size"),
        (("type", "faces", "latin"), "../../secret", "template.type.faces.latin"),
        (("type", "faces", "latin"), "Comic", "no font “Comic”"),
        (("background", "art"), "nebula", "background.art: there is no background “nebula”"),
        (("background", "palette"), ["#ffffff"] * 9, "template.background.palette"),
        (("sound", "ambience"), "drums", "sound.ambience"),
        (("sample",), "300:1", "sample"),
        (("name",), "../x", "template.name"),
        (("surprise",), 1, "template.surprise: there is no such field"),
    ],
)
def test_a_hostile_template_is_refused_with_the_place(path, value, sentence):
    data = json.loads(exchange.written(template("night-sky")))
    inner = data["template"]
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(InvalidError, match=sentence):
        exchange.read(json.dumps(data).encode())


def test_numbers_that_are_none_are_no_json():
    content = exchange.written(template("night-sky")).replace(
        b'"vignette": 0.2', b'"vignette": NaN'
    )
    assert b"NaN" in content
    with pytest.raises(InvalidError, match="NaN is no number"):
        exchange.read(content)


def test_a_file_over_the_limit_is_not_read(tmp_path):
    with pytest.raises(TooLargeError, match="at most 2 MB"):
        exchange.read(b" " * (exchange.LARGEST_BYTES + 1))
    large = tmp_path / f"x{exchange.SUFFIX}"
    large.write_bytes(b" " * (exchange.LARGEST_BYTES + 1))
    with pytest.raises(TooLargeError):
        exchange.load(large)
    with pytest.raises(InvalidError, match="can't be read"):
        exchange.load(tmp_path / "nothing")


def test_a_template_goes_from_one_workspace_to_another(room):
    made = service.create(room.owner, room.id, template("night-sea"), title="The sea")
    name, content = service.export(room.viewer, made.id, preview=jpeg())
    assert name == "the-sea.autosched-template"
    there = service.import_file(room.owner, room.other, content)
    again = service.import_file(room.owner, room.other, content)
    assert (there.name, again.name) == ("the-sea", "the-sea-2")
    assert service.template(room.owner, there.id) == service.template(room.owner, made.id)
    assert service.history(room.owner, there.id)[0].note == "From a file"
    with pytest.raises(AutoschedError):
        service.import_file(room.owner, room.other, b"{}")
    assert len(service.saved(room.owner, room.other)) == 2


def test_a_spec_names_a_template_file_beside_it(tmp_path):
    (tmp_path / "sea.autosched-template").write_bytes(exchange.written(template("night-sea")))
    spec = tmp_path / "spec.json"
    document = {"template": "sea.autosched-template", "scenes": [{"verse": "112:1"}]}
    spec.write_text(json.dumps(document))
    assert specs.load(spec).design == template("night-sea")
    (tmp_path / "sea.autosched-template").write_text("{}")
    with pytest.raises(InvalidError, match="not a template file"):
        specs.load(spec)
