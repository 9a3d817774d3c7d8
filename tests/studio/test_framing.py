"""The crop goes to the subject; what is no media is refused."""

import numpy as np
import pytest
from PIL import Image

from autosched.errors import InvalidError
from autosched.media import ffmpeg
from autosched.studio import framing


@pytest.mark.parametrize("place", [0.12, 0.5, 0.88])
def test_the_crop_of_a_wide_picture_holds_what_stands_out(tmp_path, place):
    rng = np.random.default_rng(3)
    image = np.full((540, 960, 3), 120, np.uint8) + rng.integers(0, 6, (540, 960, 3), np.uint8)
    x = int(place * 960)
    image[180:380, max(0, x - 60) : x + 60] = rng.integers(0, 255, (200, 1, 3), np.uint8)
    Image.fromarray(image).save(tmp_path / "subject.png")
    look = framing.look(str(tmp_path / "subject.png"))
    left, top, width, height = framing.crop(look, 1080, 1920)
    assert (top, height) == (0, 540)
    assert left <= x <= left + width


def test_a_turned_photograph_is_looked_at_upright(tmp_path):
    image = Image.new("RGB", (400, 300))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    look = framing.look(str(tmp_path / "turned.jpg"))
    assert (look.width, look.height) == (300, 400)


def test_a_video_tells_its_size_and_length(tmp_path):
    clip = tmp_path / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2"]
    ffmpeg.run([*source, "-pix_fmt", "yuv420p", str(clip)])
    look = framing.look(str(clip))
    assert (look.kind, look.width, look.height) == ("video", 320, 180)
    assert look.seconds == pytest.approx(2.0, abs=0.1)
    assert sum(look.columns) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    "content",
    [
        b"not media at all",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
    ],
)
def test_a_playlist_or_rubbish_is_refused(tmp_path, content):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(InvalidError, match="neither a video nor a picture"):
        framing.look(str(path))
