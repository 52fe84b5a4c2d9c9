"""Two models side by side."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.comparison import BETTER, compare, similarity
from explorer.data.dataset import Dataset
from explorer.models.recipes.pca import PCA
from explorer.models.recipes.vae import VAE


def groups(n: int = 150) -> Dataset:
    rng = np.random.default_rng(0)
    labels = np.arange(n) % 3
    values = 4 * np.eye(6)[labels] + rng.normal(size=(n, 6))
    return Dataset(values=values.astype(np.float32), labels=labels)


def test_a_wider_code_reconstructs_better() -> None:
    data = groups()
    narrow, wide = PCA(latent_dim=1).fit(data), PCA(latent_dim=4).fit(data)
    found = compare((narrow, wide), data)
    assert found.part == "test"
    assert found.n_samples == len(data.indices("test"))
    assert set(found.measures) == {*BETTER} - {"kl", "token_error"}
    mse = found.measures["reconstruction_mse"]
    assert mse[0] > mse[1]
    assert mse[1] == pytest.approx(-wide.score(data.part("test")), rel=1e-4)
    assert found.measures["latent_dim"] == (1.0, 4.0)
    for name in ("trustworthiness", "continuity", "linear_accuracy", "knn_accuracy"):
        assert 0 < found.measures[name][0] < found.measures[name][1] <= 1, name
    assert 0 < found.similarity["procrustes"] < 1


def test_a_variational_model_has_a_divergence() -> None:
    data = groups(60)
    vae = VAE(epochs=1, hidden=(4,), latent_dim=2).fit(data)
    found = compare((vae, PCA().fit(data)), data)
    assert found.part == "all"
    first, second = found.measures["kl"]
    assert math.isnan(second)
    divergence = vae.divergence(data)
    assert divergence is not None
    assert divergence.shape == (2,)
    assert first == pytest.approx(divergence.sum())
    assert first > 0


def test_divergence_by_hand() -> None:
    """KL(N(μ, σ²) ‖ N(0, 1)) = (μ² + σ² − 1 − ln σ²) / 2, with codes as μ."""
    import torch

    data = groups(30)
    vae = VAE(epochs=1, hidden=(), latent_dim=1).fit(data)
    code = vae._inference().code
    with torch.no_grad():
        code.log_variance.weight.zero_()  # type: ignore[union-attr, operator]
        code.log_variance.bias.fill_(math.log(0.25))  # type: ignore[union-attr, operator]
    found = vae.divergence(data)
    assert found is not None
    mean_square = np.mean(vae.transform(data).astype(np.float64) ** 2)
    assert found[0] == pytest.approx((mean_square + 0.25 - 1 - math.log(0.25)) / 2, rel=1e-4)


def test_codes_that_are_alike() -> None:
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(300, 3)) * [3, 2, 1]
    turned = 5 - 2 * codes @ np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert similarity(codes, turned) == pytest.approx({"procrustes": 1.0, "cka": 1.0})
    other = similarity(codes, rng.normal(size=(300, 2)))
    assert 0 <= other["procrustes"] < 0.05
    assert 0 <= other["cka"] < 0.05
    codes[3] = np.nan
    assert similarity(codes, turned)["procrustes"] == pytest.approx(1.0)
    assert math.isnan(similarity(np.ones((4, 2)), turned[:4])["cka"])


def test_procrustes_as_scipy() -> None:
    from scipy.spatial import procrustes

    rng = np.random.default_rng(0)
    first = rng.normal(size=(40, 3))
    second = first + rng.normal(size=(40, 3))
    assert similarity(first, second)["procrustes"] == pytest.approx(1 - procrustes(first, second)[2])
