"""Many curves: exact quantiles, and pixels that are crossed as one would count them by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.analysis import many_curves
from explorer.analysis.many_curves import bands_of, drawable, raster, shaded, spread


def test_bands_are_quantiles() -> None:
    values = np.random.default_rng(0).normal(size=(500, 20, 2)).astype(np.float32)
    (found,) = bands_of(values, [("some", np.arange(10, 300))])
    assert (found.name, found.count, found.used) == ("some", 290, 290)
    np.testing.assert_allclose(found.edges, np.quantile(values[10:300], many_curves.QUANTILES, axis=0), rtol=1e-5)


def test_bands_pass_over_gaps() -> None:
    values = np.ones((10, 5), np.float32)
    values[:5, 2] = np.nan
    values[:, 4] = np.nan
    (found,) = bands_of(values, [("all", np.arange(10))])
    assert found.edges[2, :, 0].tolist()[:4] == [1, 1, 1, 1]
    assert np.isnan(found.edges[:, 4]).all()


def test_of_very_many_some_are_looked_at() -> None:
    assert spread(np.arange(10), 20).tolist() == list(range(10))
    assert spread(np.arange(101), 3).tolist() == [0, 50, 100]
    assert len(drawable(np.arange(10**6), 150)) == 5000
    assert len(drawable(np.arange(10**6), 10**6)) == 8


def by_hand(
    curves: np.ndarray, x: np.ndarray, view: tuple[float, float, float, float], size: tuple[int, int]
) -> np.ndarray:
    """Count pixels column by column from a fine sampling of each curve."""
    width, height = size
    left, right, bottom, top = view
    counts = np.zeros((height, width), int)
    for curve in curves:
        for column in range(width):
            low, high = left + (right - left) * column / width, left + (right - left) * (column + 1) / width
            fine = np.unique(np.concatenate([[low, high], x[(x >= low) & (x <= high)]]))
            fine = fine[(fine >= x[0]) & (fine <= x[-1])]
            if len(fine) < 2:
                continue
            values = np.interp(fine, x, curve)
            first, last = (
                np.floor((top - values.max()) / (top - bottom) * height),
                np.floor((top - values.min()) / (top - bottom) * height),
            )
            if last >= 0 and first < height:
                counts[int(max(first, 0)) : int(min(last, height - 1)) + 1, column] += 1
    return counts


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 60), st.integers(4, 30), st.integers(4, 30))
def test_pixels_are_crossed_as_counted_by_hand(seed: int, steps: int, width: int, height: int) -> None:
    rng = np.random.default_rng(seed)
    curves, x = rng.normal(size=(4, steps)), np.arange(steps, dtype=float)
    view = (0.0, float(steps - 1), -1.7, 2.1)
    found = raster(curves, x, view, (width, height))
    np.testing.assert_array_equal(found, by_hand(curves, x, view, (width, height)))


def test_what_is_out_of_view_or_missing_is_not_counted() -> None:
    x = np.arange(4.0)
    curves = np.array([[9.0, 9, 9, 9], [np.nan, np.nan, np.nan, np.nan], [0.5, 0.5, 0.5, 0.5]])
    found = raster(curves, x, (0, 3, 0, 1), (6, 4))
    assert found.sum() == 6
    assert found[1].tolist() == [1] * 6 or found[2].tolist() == [1] * 6


def test_shading_mixes_colours_and_grows_with_the_number() -> None:
    counts = [np.array([[0, 1, 9]]), np.array([[0, 0, 0]])]
    pixels = shaded(counts, [(255, 0, 0), (0, 0, 255)])
    alpha = (pixels >> 24).tolist()[0]
    assert alpha[0] == 0 < alpha[1] < alpha[2] == 255
    assert (pixels[0, 2] >> 16) & 255 == 255 and pixels[0, 2] & 255 == 0
