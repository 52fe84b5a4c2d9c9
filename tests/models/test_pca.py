"""PCA against scikit-learn's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import explorer
from explorer.data.dataset import Dataset
from explorer.models.recipes.pca import PCA

SHAPES = [(60, 8), (12, 30), (25, 25), (300, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_equal_to_scikit_learn(shape: tuple[int, int], offset: float) -> None:
    import sklearn.decomposition

    rng = np.random.default_rng(0)
    X = (rng.standard_normal(shape) * np.linspace(1, 4, shape[1]) + offset).astype(np.float32)
    k = min(shape) - 1
    ours, theirs = (
        PCA(latent_dim=k).fit(X),
        sklearn.decomposition.PCA(n_components=k, svd_solver="full").fit(X.astype(np.float64)),
    )
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.components_, theirs.components_, atol=1e-5)
    np.testing.assert_allclose(ours.explained_variance_, theirs.explained_variance_, rtol=1e-5)
    np.testing.assert_allclose(ours.explained_variance_ratio_, theirs.explained_variance_ratio_, atol=1e-6)
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X.astype(np.float64)), atol=1e-5 * np.abs(X).max())


def test_all_components_restore_everything() -> None:
    X = np.random.default_rng(1).standard_normal((20, 5)).astype(np.float32)
    np.testing.assert_allclose(PCA(latent_dim=5).fit(X).reconstruct(X), X, atol=1e-5)


def test_more_components_than_there_are() -> None:
    X = np.random.default_rng(1).standard_normal((4, 10)).astype(np.float32)
    model = PCA(latent_dim=64).fit(X)
    assert model.latent_dim_ == 4
    np.testing.assert_allclose(model.components_ @ model.components_.T, np.eye(4), atol=1e-8)
    np.testing.assert_allclose(model.reconstruct(X), X, atol=1e-5)


def test_digits_reach_the_published_error() -> None:
    """Test MSE of digits / 16 at 2, 8, 16 and 32 components, the first 1300 for training."""
    from sklearn.datasets import load_digits

    X = (load_digits().data / 16).astype(np.float32)
    for k, published in ((2, 0.0519), (8, 0.0248), (16, 0.0122), (32, 0.0028)):
        model = PCA(latent_dim=k).fit(X[:1300])
        assert np.mean((model.reconstruct(X[1300:]) - X[1300:]) ** 2) == pytest.approx(published, abs=6e-5)


def test_gaps_in_series_are_bridged() -> None:
    waves = explorer.datasets.make("sines", n=300, noise=0)
    model = PCA(latent_dim=2).fit(waves)
    holes = waves.values.copy()
    holes[:, 10:13] = np.nan
    given = replace(waves, values=holes, observed=np.isfinite(holes))
    assert np.abs(model.reconstruct(given) - waves.values).max() < 0.1
    learnt = PCA(latent_dim=2).fit(given)
    assert np.isfinite(learnt.components_).all()
    assert learnt.history_.notes == [
        "6 % of the values for training were missing; PCA had them filled by straight lines along time."
    ]
    np.testing.assert_array_equal(model.transform(holes), model.transform(given))  # arrays of series as well
    assert model.history_.notes == []


def test_series_of_unequal_length() -> None:
    values = np.random.default_rng(0).standard_normal((20, 8, 1)).astype(np.float32)
    lengths = np.arange(20) % 5 + 4
    values[np.arange(8) >= lengths[:, None]] = np.nan
    data = Dataset(values=values, observed=np.isfinite(values), lengths=lengths)
    assert np.isfinite(PCA(latent_dim=2).fit_transform(data)).all()


def test_a_missing_feature_says_nothing() -> None:
    X = np.random.default_rng(0).standard_normal((50, 4)).astype(np.float32)
    model = PCA(latent_dim=2).fit(X)
    holes, means = X.copy(), X.copy()
    holes[:, 1], means[:, 1] = np.nan, model.mean_[1]
    found = model.transform(Dataset(values=holes, observed=np.isfinite(holes)))
    np.testing.assert_allclose(found, model.transform(means), atol=1e-6)
    with pytest.raises(ValueError, match="NaN"):
        model.transform(holes)
