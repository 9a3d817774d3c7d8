"""The templates' pictures and previews in the repository are the engine's own, and fresh."""

import av
from PIL import Image

from autosched.studio import previews
from autosched.studio.template import templates


def test_no_preview_is_older_than_its_template_or_the_engine():
    assert previews.stale() == [], "run `python -m autosched.studio.previews`"


def test_pictures_and_videos_are_small_enough_for_a_page_full_of_them():
    for each in templates():
        with Image.open(previews.folder() / each.thumbnail) as picture:
            assert picture.size == (540, 960)
        video = previews.folder() / each.preview
        assert video.stat().st_size < 600_000
        with av.open(str(video)) as container:
            assert not container.streams.audio
            assert container.streams.video[0].codec_context.name == "h264"
            assert 3.0 <= float(container.duration / av.time_base) <= 5.0
