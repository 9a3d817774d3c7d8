"""The command's way with template files: learned, checked, named in a spec."""

import json

from PIL import Image
from typer.testing import CliRunner

from autosched.cli import app
from autosched.studio import spec as specs
from autosched.studio.saved import exchange


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_a_template_is_learned_from_a_picture_checked_and_named_in_a_spec(tmp_path):
    picture = tmp_path / "dusk.png"
    Image.linear_gradient("L").convert("RGB").resize((270, 480)).save(picture)
    out = tmp_path / "dusk.autosched-template"
    learned = run("template", "from", picture, "--out", out, "--json")
    assert learned.exit_code == 0, learned.output
    document = json.loads(learned.stdout)
    assert document["template"]["name"] == "dusk"
    shared = exchange.load(out)
    assert shared.sources[0].name == "dusk.png"
    assert len(shared.still) > 1000
    checked = run("template", "check", out, "--json")
    assert json.loads(checked.stdout) == {"template": document["template"], "faint": []}
    assert "Dusk" in run("template", "check", out).stdout.title()
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps({"template": out.name, "scenes": [{"verse": "112:1"}]}))
    assert specs.load(spec).design.title == "dusk"
    planned = run("render", spec, "--plan")
    assert json.loads(planned.stdout)["template"] == "dusk"


def test_a_broken_file_and_an_unknown_base_end_with_a_sentence(tmp_path):
    broken = tmp_path / "x.autosched-template"
    broken.write_text("{}")
    refused = run("template", "check", broken)
    assert refused.exit_code != 0
    assert "not a template file" in str(refused.exception)
    unknown = run("template", "from", broken, "--out", tmp_path / "y", "--base", "night-skies")
    assert "night-sky" in str(unknown.exception)
    assert not (tmp_path / "y").exists()
