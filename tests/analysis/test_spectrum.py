"""Principal components of data."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.spectrum import spectrum
from explorer.data.dataset import Dataset


@pytest.mark.parametrize("n", [40, 6])
def test_as_numpys_covariance(n: int) -> None:
    rng = np.random.default_rng(0)
    values = (rng.normal(size=(n, 5, 2)) * np.arange(1, 11).reshape(5, 2) + 3).astype(np.float32)
    split = np.zeros(n, np.int8)
    split[-2:] = 2
    found = spectrum(Dataset(values=values, split=split), 4)
    learnt = values[:-2].reshape(n - 2, -1).astype(np.float64)
    covariance = np.cov(learnt.T)
    known = np.linalg.eigvalsh(covariance)[::-1]
    count = min(4, n - 3)
    assert found.components.shape == (count, 5, 2)
    np.testing.assert_allclose(found.variances, known[:count], rtol=1e-5)
    assert found.total == pytest.approx(np.trace(covariance))
    np.testing.assert_allclose(found.ratios, known[:count] / known.sum(), rtol=1e-5)
    np.testing.assert_allclose(found.mean, learnt.mean(axis=0).reshape(5, 2), rtol=1e-5)
    flat = found.components.reshape(count, -1).astype(np.float64)
    np.testing.assert_allclose(flat @ flat.T, np.eye(count), atol=1e-5)
    np.testing.assert_allclose(np.diag(flat @ covariance @ flat.T), found.variances, rtol=1e-4)
    assert found.n_samples == n - 2


def test_without_variance_or_training_samples() -> None:
    found = spectrum(Dataset(values=np.ones((4, 3), np.float32), split=np.full(4, 2, np.int8)), 2)
    assert found.total == 0
    assert not found.ratios.any()
    assert found.n_samples == 4


def test_missing_values_are_filled() -> None:
    values = np.random.default_rng(0).normal(size=(20, 6, 1)).astype(np.float32)
    values[3, 2] = np.nan
    assert np.isfinite(spectrum(Dataset(values=values)).variances).all()
