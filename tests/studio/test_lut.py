"""Look-up tables survive being written, packed and applied; a look is carried over smoothly."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from autosched.errors import InvalidError
from autosched.studio import grade, lut, oklab
from autosched.studio.analysis import look
from autosched.studio.template import Grade


def warm(rgb: np.ndarray) -> np.ndarray:
    """A look with a name: faded blacks, warm highlights, blue shadows, less colour."""
    luma = (rgb @ np.array([0.2126, 0.7152, 0.0722]))[..., None]
    made = luma + (rgb - luma) * 0.6
    made = made + (1 - luma) ** 2 * np.array([-0.02, 0.01, 0.06])
    made = made + luma**2 * np.array([0.05, 0.02, -0.06])
    return np.clip(0.05 + made * 0.92, 0, 1)


def footage(seed: int) -> np.ndarray:
    """Pixels like those of ordinary footage: much grey, some colour, all lightnesses."""
    rng = np.random.default_rng(seed)
    light = np.interp(rng.random(6000), look.SHARES, look.ORDINARY_LIGHT)
    hue, chroma = rng.random(6000) * 2 * np.pi, rng.gamma(1.2, 0.03, 6000)
    lab = np.stack([light, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
    return np.asarray(oklab.to_srgb(lab))


def test_a_cube_file_is_read_as_it_was_written() -> None:
    table = warm(lut.identity(9)).astype(np.float32)
    text = lut.written(table)
    assert text.splitlines()[1] == "LUT_3D_SIZE 9"
    # Red runs fastest.
    assert text.splitlines()[5].split()[0] > text.splitlines()[4].split()[0]
    np.testing.assert_allclose(lut.read(text), table, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has 0 colours"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "has 1 colours, not 2³"),
        ("LUT_3D_SIZE 900\n", "size is 900"),
        ("LUT_1D_SIZE 4\n", "one dimension"),
        ("LUT_3D_SIZE 2\nhello\n", "line 2"),
        ("LUT_3D_SIZE 2\nDOMAIN_MAX 4 4 4\n" + "0 0 0\n" * 8, "domain"),
        ("LUT_3D_SIZE 2\n" + "nan 0 0\n" * 8, "no numbers"),
    ],
)
def test_a_broken_cube_file_is_refused_with_a_sentence(text: str, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        lut.read(text)
    assert told in refused.value.sentence


def test_a_packed_table_is_short_and_the_same() -> None:
    table = warm(lut.identity()).astype(np.float32)
    text = lut.packed(table)
    assert len(text) < 20_000
    np.testing.assert_allclose(lut.unpacked(text), table, atol=6e-4)
    for broken in ("", "hello", text[:200]):
        with pytest.raises(InvalidError):
            lut.unpacked(broken)


def test_a_table_is_applied_between_its_steps() -> None:
    colours = np.random.default_rng(4).random((500, 3))
    np.testing.assert_allclose(lut.applied(lut.identity(), colours), colours, atol=1e-6)
    found = lut.applied(warm(lut.identity(33)).astype(np.float32), colours)
    np.testing.assert_allclose(found, warm(colours), atol=2e-3)


def test_oklab_there_and_back_is_the_same_colour() -> None:
    colours = np.random.default_rng(5).random((500, 3))
    np.testing.assert_allclose(oklab.to_srgb(oklab.from_srgb(colours)), colours, atol=1e-5)
    white = oklab.from_srgb(np.ones(3))
    np.testing.assert_allclose(white, [1, 0, 0], atol=1e-4)
    assert oklab.hex_of(white) == "#ffffff"


def test_a_look_is_carried_over_to_other_footage() -> None:
    reference, other = warm(footage(1)), footage(2)
    table = look.table(look.measured(oklab.from_srgb(reference)))
    wanted = oklab.from_srgb(warm(other))
    before = np.linalg.norm(oklab.from_srgb(other) - wanted, axis=1).mean()
    after = np.linalg.norm(oklab.from_srgb(lut.applied(table, other)) - wanted, axis=1).mean()
    assert after < 0.7 * before


def test_the_look_of_ordinary_footage_changes_little() -> None:
    table = look.table(look.measured(oklab.from_srgb(footage(3))))
    assert float(np.abs(table - lut.identity()).mean()) < 0.02


def test_no_sky_gets_bands_and_no_tone_turns_round() -> None:
    for strength in (0.0, 0.5, 1.0):
        reference = footage(1) + (warm(footage(1)) ** 1.4 - footage(1)) * strength
        table = look.table(look.measured(oklab.from_srgb(np.clip(reference, 0, 1))))
        assert lut.roughness(table) < 0.12
        ramp = np.linspace(0, 1, 256)
        for tint in ((1, 1, 1), (0.5, 0.7, 1.0), (1.0, 0.78, 0.62)):
            shown = lut.applied(table, ramp[:, None] * np.array(tint))
            light = oklab.from_srgb(shown.astype(np.float64))[:, 0]
            assert np.diff(light).min() > -1e-4
            assert np.diff(light[8:]).max() < 0.022


def test_a_template_grades_pictures_through_its_table() -> None:
    table = lut.packed(warm(lut.identity()).astype(np.float32))
    image = Image.new("RGB", (4, 4), (120, 140, 90))
    wanted = warm(np.array([120, 140, 90]) / 255) * 255
    whole = np.asarray(grade.apply(Grade(lut=table), image))[0, 0]
    half = np.asarray(grade.apply(Grade(lut=table, strength=0.5), image))[0, 0]
    np.testing.assert_allclose(whole, wanted, atol=2)
    np.testing.assert_allclose(half, (wanted + np.array([120, 140, 90])) / 2, atol=2)
    with pytest.raises(ValueError, match="look-up table"):
        Grade(lut="nothing")
