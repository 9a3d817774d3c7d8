"""Pictures made fit: each bound both ways, with real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from autosched.errors import CancelledError, InvalidError
from autosched.media import fitting
from autosched.media.probe import probe
from autosched.platforms.base import Media
from autosched.platforms.limits import ImageRule, Limits
from tests.media import samples

MIMES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif"}
MIMES |= {".heic": "image/heic", ".avif": "image/avif"}
JPEG = ("image/jpeg",)
ANY = tuple(MIMES.values())


def media(path: Path) -> Media:
    """The file as the library knows it."""
    try:
        found = probe(path)
    except InvalidError:
        return Media(path, "image", MIMES[path.suffix], path.stat().st_size)
    return Media(path, "image", found.mime, found.size, found.width, found.height)


def limits(mimes: tuple[str, ...] = ANY, bytes_max: int = 0, **rule: object) -> Limits:
    image = ImageRule(mimes, bytes_max, **rule)
    return Limits(500, "graphemes", images_max=4, image=image)


def shown(fitted: fitting.Fitted) -> Image.Image:
    """The picture that came of it, which must be what the facts say."""
    with Image.open(fitted.media.path) as image:
        image.load()
    assert image.get_format_mimetype() == fitted.media.mime
    assert image.size == (fitted.media.width, fitted.media.height)
    assert fitted.media.path.stat().st_size == fitted.media.size
    return image


def smooth(width: int, height: int) -> Image.Image:
    """A picture that can be compressed."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    levels = np.stack([across, down, 255 - across], 2)
    return Image.fromarray(levels.astype(np.uint8))


@pytest.mark.parametrize(
    "rule",
    [
        {"mimes": ("image/jpeg", "image/png")},
        {"bytes_max": 200_000},
        {"width_min": 320},
        {"width_max": 320},
        {"height_max": 200},
        {"pixels_max": 64_000},
        {"ratio_min": 1.6},
        {"ratio_max": 1.6},
        {"width_max": 200, "height_max": 320, "either_way": True},
    ],
)
def test_a_picture_at_the_bound_goes_out_as_it_is(tmp_path: Path, rule: dict[str, object]) -> None:
    given = media(samples.picture(tmp_path / "a.jpg"))
    assert fitting.fit(given, limits(**rule)) == fitting.Fitted(given, ())
    assert fitting.conforms(given, limits(**rule)) == ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"mimes": ("image/webp",)}, "Turned into WebP"),
        ({"mimes": ("image/png",)}, "Turned into PNG"),
        ({"bytes_max": 30_000}, "Compressed to"),
        ({"width_min": 640}, "Made larger: 640 × 400"),
        ({"width_max": 160}, "Made smaller: 160 × 100"),
        ({"height_max": 100}, "Made smaller: 160 × 100"),
        ({"pixels_max": 16_000}, "Made smaller: 160 × 100"),
        ({"ratio_min": 16 / 9}, "Given margins to be 16:9"),
        ({"ratio_max": 1.0}, "Given margins to be 1:1"),
        ({"width_max": 100, "height_max": 160, "either_way": True}, "Made smaller: 160 × 100"),
    ],
)
def test_a_picture_beyond_the_bound_is_brought_within_it(
    tmp_path: Path, rule: dict[str, object], said: str
) -> None:
    given = media(samples.picture(tmp_path / "a.jpg"))
    taken = limits(**rule)
    assert any(line.startswith(said) for line in fitting.conforms(given, taken))
    fitted = fitting.fit(given, taken)
    shown(fitted)
    assert any(line.startswith(said) for line in fitted.changes)
    assert fitting.fit(fitted.media, taken) == fitting.Fitted(fitted.media, ())


@pytest.mark.parametrize("how", ["crop", "pad", "blur"])
def test_a_tall_picture_becomes_what_instagram_takes(tmp_path: Path, how: fitting.How) -> None:
    smooth(1080, 1920).save(tmp_path / "a.png")
    taken = limits(JPEG, 8_000_000, width_min=320, width_max=1440, ratio_min=0.8, ratio_max=1.91)
    fitted = fitting.fit(media(tmp_path / "a.png"), taken, how)
    image = shown(fitted)
    assert image.width / image.height == 0.8
    left = image.getpixel((2, image.height // 2))
    if how == "blur":
        assert left != (255, 255, 255)
    assert fitted.changes[0] == "Turned into JPEG"


def test_margins_take_the_colour_of_the_edges_they_touch_and_are_white_else(tmp_path: Path) -> None:
    plain = Image.new("RGB", (300, 900), (20, 60, 40))
    plain.paste(samples.image(100, 100), (100, 400))
    plain.save(tmp_path / "a.png")
    samples.picture(tmp_path / "b.png", width=300, height=900)
    taken = limits(ratio_min=0.8)
    seamless = shown(fitting.fit(media(tmp_path / "a.png"), taken))
    assert seamless.convert("RGB").getpixel((5, 450)) == (20, 60, 40)
    white = shown(fitting.fit(media(tmp_path / "b.png"), taken))
    assert white.convert("RGB").getpixel((5, 450)) == (255, 255, 255)


def test_a_crop_keeps_the_subject_or_what_was_pointed_at(tmp_path: Path) -> None:
    wide = Image.new("RGB", (1200, 300), (30, 30, 30))
    wide.paste(samples.image(200, 200), (950, 50))
    wide.paste((255, 0, 0), (0, 0, 100, 300))
    wide.save(tmp_path / "a.png")
    taken = limits(ratio_max=1.0)
    found = shown(fitting.fit(media(tmp_path / "a.png"), taken, "crop")).convert("RGB")
    assert np.asarray(found, float).std() > 40
    pointed = fitting.fit(media(tmp_path / "a.png"), taken, "crop", (0.0, 0.5))
    assert shown(pointed).convert("RGB").getpixel((10, 150)) == (255, 0, 0)


def test_a_picture_that_lies_on_its_side_is_set_upright(tmp_path: Path) -> None:
    stored = Image.new("RGB", (400, 300), "red")
    stored.paste("blue", (0, 0, 200, 300))  # on the left, which is at the top when shown
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N"}  # a place
    stored.save(tmp_path / "a.jpg", exif=exif)
    given = media(tmp_path / "a.jpg")
    assert (given.width, given.height) == (300, 400)
    fitted = fitting.fit(given, limits(JPEG))
    image = shown(fitted)
    assert fitted.changes == ("Turned upright",)
    assert image.size == (300, 400)
    top, bottom = image.getpixel((150, 30)), image.getpixel((150, 370))
    assert top[2] > 200 > 60 > top[0]
    assert bottom[0] > 200 > 60 > bottom[2]
    assert not image.getexif()


def test_what_is_transparent_becomes_white_in_a_jpeg_and_stays_in_a_png(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (50, 0, 150, 100))
    picture.save(tmp_path / "a.png")
    flat = shown(fitting.fit(media(tmp_path / "a.png"), limits(JPEG)))
    assert min(flat.getpixel((5, 50))) > 250
    small = shown(fitting.fit(media(tmp_path / "a.png"), limits(width_max=100)))
    assert small.mode == "RGBA"
    assert small.getpixel((2, 25))[3] == 0
    assert small.getpixel((50, 25)) == (255, 0, 0, 255)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "I;16", "CMYK"])
def test_a_picture_of_any_colour_model_can_be_made_fit(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    if mode == "I;16":
        ramp = np.linspace(0, 65535, 320 * 200).astype(np.uint16).reshape(200, 320)
        Image.fromarray(ramp).save(path)
    else:
        smooth(320, 200).convert("L" if mode == "LA" else "RGB").convert(mode).save(path)
    image = shown(fitting.fit(media(path), limits(JPEG, width_max=160)))
    assert image.mode == "RGB"
    assert 60 < np.asarray(image, float).mean() < 200


def test_the_colours_of_print_are_given_those_of_screens(tmp_path: Path) -> None:
    smooth(100, 100).convert("CMYK").save(tmp_path / "a.jpg")
    fitted = fitting.fit(media(tmp_path / "a.jpg"), limits(JPEG))
    assert fitted.changes == ("Given the colours of screens",)
    assert shown(fitted).mode == "RGB"


def test_colours_are_brought_to_srgb_and_a_broken_profile_does_no_harm(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    for name, profile in (("a", srgb.tobytes()), ("b", b"nonsense"), ("c", lab.tobytes())):
        Image.new("RGB", (200, 100), (200, 30, 30)).save(
            tmp_path / f"{name}.png", icc_profile=profile
        )
        image = shown(fitting.fit(media(tmp_path / f"{name}.png"), limits(JPEG)))
        assert "icc_profile" not in image.info
        assert np.abs(np.subtract(image.getpixel((50, 50)), (200, 30, 30))).max() < 6


def test_a_heavy_png_becomes_a_jpeg_where_that_is_taken_and_smaller_where_not(
    tmp_path: Path,
) -> None:
    given = media(samples.picture(tmp_path / "a.png", width=600, height=400))
    both = fitting.fit(given, limits(("image/jpeg", "image/png"), 300_000))
    assert shown(both).size == (600, 400)
    assert both.changes[0] == "Turned into JPEG"
    only = fitting.fit(given, limits(("image/png",), 300_000))
    assert shown(only).width < 600
    assert only.media.size <= 300_000
    assert only.changes[0].startswith("Made smaller")


@pytest.mark.parametrize("most", [3_000, 20_000, 60_000, 150_000])
def test_bytes_are_met_by_quality_first_and_by_size_then(tmp_path: Path, most: int) -> None:
    given = media(samples.picture(tmp_path / "a.jpg", width=500, height=400, quality=95))
    fitted = fitting.fit(given, limits(JPEG, most))
    shown(fitted)
    assert most * 0.3 < fitted.media.size <= most
    assert fitted.changes


def test_a_picture_that_can_be_no_smaller_is_refused_in_a_sentence(tmp_path: Path) -> None:
    given = media(samples.picture(tmp_path / "a.jpg", width=400, height=400))
    with pytest.raises(InvalidError, match="fit in 4 kB") as caught:
        fitting.fit(given, limits(JPEG, 4_000, width_min=320))
    assert caught.value.code == "picture_too_large"


def test_a_huge_picture_is_made_small(tmp_path: Path) -> None:
    smooth(6000, 4000).save(tmp_path / "a.jpg")
    smooth(3600, 2400).save(tmp_path / "b.png", compress_level=1)
    for name in ("a.jpg", "b.png"):
        fitted = fitting.fit(media(tmp_path / name), limits(JPEG, 1_000_000, width_max=1440))
        assert shown(fitted).size == (1440, 960)


def test_a_picture_that_claims_to_be_far_too_large_is_refused(tmp_path: Path) -> None:
    Image.new("1", (19_000, 19_000)).save(tmp_path / "a.png")
    with pytest.raises(InvalidError) as caught:
        fitting.fit(media(tmp_path / "a.png"), limits(JPEG))
    assert caught.value.code == "hostile"


def test_heic_and_avif_and_webp_are_turned_into_jpeg(tmp_path: Path) -> None:
    samples.heic(tmp_path / "a.heic")
    smooth(128, 128).save(tmp_path / "b.avif")
    smooth(128, 128).save(tmp_path / "c.webp")
    for name in ("a.heic", "b.avif", "c.webp"):
        fitted = fitting.fit(media(tmp_path / name), limits(JPEG))
        assert shown(fitted).size == (128, 128)
        assert fitted.changes == ("Turned into JPEG",)


def test_a_moving_gif_passes_where_gifs_are_taken_and_is_a_still_elsewhere(tmp_path: Path) -> None:
    frames = [samples.image(64, 64, seed) for seed in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    given = media(tmp_path / "a.gif")
    assert fitting.fit(given, limits(("image/jpeg", "image/gif"))).media is given
    still = fitting.fit(given, limits(JPEG))
    assert still.changes == ("Shown as a still: its first moment", "Turned into JPEG")
    assert shown(still).size == (64, 64)


def test_a_file_that_is_no_picture_or_a_damaged_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("hello")
    whole = samples.picture(tmp_path / "whole.png", width=600)
    samples.cut(whole, tmp_path / "b.png", 0.5)
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    for name, code in (("a.jpg", "not_media"), ("b.png", "cut_off"), ("c.jpg", "damaged")):
        path = tmp_path / name
        given = Media(path, "image", "image/png", path.stat().st_size)
        with pytest.raises(InvalidError) as caught:
            fitting.fit(given, limits(JPEG))
        assert caught.value.code == code
        assert caught.value.sentence.endswith((".", "here."))


def test_the_alt_text_stays_and_the_name_takes_the_new_ending(tmp_path: Path) -> None:
    samples.picture(tmp_path / "a.png")
    given = Media(tmp_path / "a.png", "image", "image/png", 9, 320, 200, alt="Noise", name="My.png")
    fitted = fitting.fit(given, limits(JPEG))
    assert fitted.media.alt == "Noise"
    assert fitted.media.name == "My.jpg"


def test_a_cancelled_conversion_ends(tmp_path: Path) -> None:
    given = media(samples.picture(tmp_path / "a.png"))
    with pytest.raises(CancelledError):
        fitting.fit(given, limits(JPEG), cancelled=lambda: True)


def test_documents_and_sounds_and_what_has_no_rule_pass(tmp_path: Path) -> None:
    for kind in ("document", "audio", "image", "video"):
        given = Media(tmp_path / "not-there", kind, "application/pdf", 5)
        assert fitting.fit(given, Limits(10, "graphemes")).media is given
        assert fitting.conforms(given, Limits(10, "graphemes")) == ()


def test_what_would_change_is_told_without_the_file() -> None:
    given = Media(Path("/nowhere.heic"), "image", "image/heic", 5_000_000, 3024, 4032)
    taken = limits(JPEG, 8_000_000, width_min=320, width_max=1440, ratio_min=0.8, ratio_max=1.91)
    told = fitting.conforms(given, taken)
    assert told[:2] == ("Turned into JPEG", "Given margins to be 4:5")
    assert "Cropped to 4:5" in fitting.conforms(given, taken, "crop")
