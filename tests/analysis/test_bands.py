"""The band of a code holds the share of samples that it says."""

from __future__ import annotations

import numpy as np

from explorer.analysis.bands import band


class Linear:
    """x = (z, 2 z) and noise of 0.5: normal, with what is known of it."""

    def draw(self, Z: np.ndarray, n: int = 1, seed: int = 0) -> np.ndarray:
        noise = np.random.default_rng(seed + 7).standard_normal((len(Z), 2))
        return (Z @ np.array([[1.0, 2.0]]) + 0.5 * noise).astype(np.float32)


def test_noise_of_code_and_likelihood_add_up() -> None:
    low, high = band(Linear(), np.array([3.0]), np.array([0.2]), draws=40_000)
    spread = 1.645 * np.hypot([0.2, 0.4], 0.5)
    np.testing.assert_allclose(low, np.array([3.0, 6.0]) - spread, atol=0.02)
    np.testing.assert_allclose(high, np.array([3.0, 6.0]) + spread, atol=0.02)


def test_without_noise_of_the_code_the_likelihood_is_left() -> None:
    low, high = band(Linear(), np.array([0.0]), np.array([0.0]), draws=40_000, share=0.5)
    np.testing.assert_allclose(high - low, 2 * 0.6745 * 0.5, atol=0.02)


def test_it_moves_with_the_code_and_keeps_its_draws() -> None:
    first, second = (band(Linear(), np.array([z]), np.array([0.2])) for z in (0.0, 1.0))
    np.testing.assert_allclose(second[0] - first[0], [1.0, 2.0], atol=1e-5)


def test_quantiles_leave_out_what_is_missing() -> None:
    from explorer.analysis.bands import quantiles

    samples = np.random.default_rng(0).standard_normal((50, 4, 3))
    samples[np.random.default_rng(1).random(samples.shape) < 0.4] = np.nan
    np.testing.assert_allclose(quantiles(samples, (0.05, 0.9)), np.nanquantile(samples, (0.05, 0.9), axis=0))
    samples[:, 1, 1] = np.nan
    assert np.isnan(quantiles(samples, (0.5,))[0, 1, 1])
