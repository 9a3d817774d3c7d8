"""What a spec may say, and how plainly a mistake in it is told."""

import json

import pytest

from autosched.errors import AutoschedError, InvalidError
from autosched.studio import spec as specs

GOOD = {"template": "night-sky", "format": "reel", "scenes": [{"verse": "94:5-6"}], "seed": 7}


def test_a_small_spec_is_whole():
    spec = specs.parse(GOOD)
    assert spec.language == "en"
    assert spec.audio.music_free
    assert spec.design.name == "night-sky"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tempalte": "night-sky"}, "tempalte: there is no such field"),
        ({"scenes": [{"verse": "94:5", "secs": 3}]}, "scenes[0].secs: there is no such field"),
        ({"scenes": []}, "scenes"),
        ({"scenes": [{}]}, "either a verse or a text"),
        ({"scenes": [{"verse": "94:5", "text": "x"}]}, "either a verse or a text"),
        ({"scenes": [{"hadith": 3}]}, "hadith can't be rendered yet"),
        ({"scenes": [{"text": "   "}]}, "the text is empty"),
        ({"scenes": [{"verse": "94:99"}]}, "scenes[0].verse"),
        ({"scenes": [{"verse": "94:5", "seconds": 0.2}]}, "scenes[0].seconds"),
        ({"scenes": [{"verse": "94:5", "seconds": 290}] * 3}, "10 minutes is the most"),
        ({"scenes": [{"verse": "94:5", "media": "nowhere.mp4"}]}, "no file “nowhere.mp4”"),
        ({"scenes": [{"verse": "94:5", "media": {"art": "starz"}}]}, "Did you mean “stars”?"),
        ({"template": "nihgt-sky"}, "Did you mean “night-sky”?"),
        ({"format": "cinema"}, "format"),
        ({"language": "xx"}, "no translation in the language “xx”"),
        ({"language": "zh"}, "No font here can set Chinese"),
        ({"audio": {"ambience": "jungle"}}, "no ambience “jungle”"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_mistake_is_told_by_its_place(change, told):
    with pytest.raises(AutoschedError) as caught:
        specs.parse({**GOOD, **change})
    assert told in str(caught.value)


def test_music_is_refused_while_the_video_is_to_be_free_of_it(tmp_path):
    (tmp_path / "oud.mp3").write_bytes(b"x")
    audio = {"music": "oud.mp3"}
    with pytest.raises(InvalidError, match="free of music"):
        specs.parse({**GOOD, "audio": audio}, base=tmp_path)
    specs.parse({**GOOD, "audio": {**audio, "music_free": False}}, base=tmp_path)


def test_paths_in_a_spec_file_are_taken_from_its_folder(tmp_path):
    (tmp_path / "shot.mp4").write_bytes(b"x")
    scene = {"verse": "94:5", "media": "shot.mp4"}
    (tmp_path / "spec.json").write_text(json.dumps({"scenes": [scene]}))
    spec = specs.load(tmp_path / "spec.json")
    assert spec.scenes[0].media == str(tmp_path / "shot.mp4")


def test_a_file_that_is_no_json_is_told_so(tmp_path):
    (tmp_path / "spec.json").write_text("{verse: 94:5}")
    with pytest.raises(InvalidError, match="not JSON"):
        specs.load(tmp_path / "spec.json")


def test_a_template_can_be_written_into_the_spec():
    own = specs.parse(GOOD).design.model_dump(mode="json")
    spec = specs.parse({**GOOD, "template": {**own, "name": "my-own"}})
    assert spec.design.name == "my-own"
    with pytest.raises(InvalidError, match="there is no such field"):
        specs.parse({**GOOD, "template": {**own, "glitter": 3}})
