"""A few Gaussians that codes are likely from."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.models.mixture import Mixture


def test_two_groups_are_found_and_drawn_from() -> None:
    rng = np.random.default_rng(0)
    first = rng.standard_normal((3000, 2)) @ np.array([[0.2, 0.1], [0.0, 0.1]]) + [4, 0]
    codes = np.concatenate([first, 0.3 * rng.standard_normal((1000, 2)) - [4, 0]])
    drawn = Mixture.of(codes).draw(20_000, seed=1)
    right = drawn[:, 0] > 0
    assert right.mean() == pytest.approx(0.75, abs=0.02)
    np.testing.assert_allclose(np.cov(drawn[right].T), np.cov(first.T), atol=0.005)
    assert np.abs(drawn[:, 0]).min() > 2  # nothing between them, where N(0, I) would be


@pytest.mark.parametrize("n", [1, 7, 60])
def test_few_codes_are_one_gaussian(n: int) -> None:
    codes = np.random.default_rng(0).standard_normal((n, 3)) + 5
    mixture = Mixture.of(codes)
    assert mixture.weights.tolist() == [1.0]
    np.testing.assert_allclose(mixture.draw(20_000).mean(axis=0), codes.mean(axis=0), atol=0.05)


def test_it_is_saved_and_read() -> None:
    mixture = Mixture.of(np.random.default_rng(0).standard_normal((200, 3)))
    again = Mixture.from_arrays(mixture.to_arrays())
    assert again is not None
    np.testing.assert_array_equal(again.draw(5, 2), mixture.draw(5, 2))
    assert Mixture.from_arrays({}) is None
