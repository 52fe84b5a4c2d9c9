"""Dimensions of a code come by how much they are used."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.code_axes import rank
from explorer.errors import InputError


def test_by_variance() -> None:
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((4000, 3)) * [1.0, 0.0, 3.0] + [0.0, 5.0, 10.0]
    codes[7] = np.nan
    found = rank(codes)
    assert found.measure == "variance"
    assert found.axes.tolist() == [2, 0, 1]
    np.testing.assert_allclose(found.weights, [0.9, 0.1, 0.0], atol=0.01)
    # From the 1st to the 99th percentile of a normal law, and a tenth of that more at both ends.
    reach = 1.2 * 2.326
    np.testing.assert_allclose([found.low[0], found.high[0]], [10 - 3 * reach, 10 + 3 * reach], atol=0.4)
    assert (found.low[2], found.high[2]) == (4.0, 6.0)  # one that stands still can be moved all the same


def test_by_divergence_where_there_is_one() -> None:
    codes = np.random.default_rng(0).standard_normal((50, 3))
    found = rank(codes, np.array([0.1, 2.5, 0.7]))
    assert found.measure == "kl"
    assert found.axes.tolist() == [1, 2, 0]
    assert found.weights.tolist() == [2.5, 0.7, 0.1]


def test_codes_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="no code is finite"):
        rank(np.full((3, 2), np.nan))
