"""Grades: a neutral one changes nothing, the others stay within the gamut and in order."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from autosched.studio import grade
from autosched.studio.template import Grade, templates


def test_a_neutral_grade_is_the_identity():
    table = grade.table(Grade())
    axis = np.linspace(0, 1, 33)
    assert np.abs(table[:, 0, 0, 2] - axis).max() < 2e-3
    assert np.abs(table[0, :, 0, 1] - axis).max() < 2e-3
    assert np.abs(table[0, 0, :, 0] - axis).max() < 2e-3


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-2, 2), st.floats(0.5, 1.8), st.floats(0, 1.5), st.floats(-1, 1), st.floats(0, 0.3)
)
def test_greys_stay_in_order_and_in_range(exposure, contrast, saturation, temperature, fade):
    chosen = Grade(
        exposure=exposure,
        contrast=contrast,
        saturation=saturation,
        temperature=temperature,
        fade=fade,
    )
    table = grade.table(chosen)
    assert table.min() >= 0
    assert table.max() <= 1
    greys = np.array([table[n, n, n] for n in range(33)]).mean(axis=1)
    assert (np.diff(greys) >= -1e-4).all()


def test_a_picture_and_the_table_for_footage_are_graded_alike():
    chosen = templates()[0].grade
    table = grade.hald(chosen)
    assert table.shape == (1331, 1331, 3)
    shown = grade.apply(chosen, Image.new("RGB", (1, 1), (255, 0, 0))).getpixel((0, 0))
    assert np.abs(table.reshape(-1, 3)[120].astype(int) - shown).max() <= 1
