"""Variational models where the answer is known: Gaussians, closed forms, and what bounds what."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.annealing import kl_weight
from explorer.models.base import RECIPES
from explorer.models.recipes.vae import VAE
from explorer.models.variational import VariationalModel
from tests.models.conftest import NEURAL, answers, fitted, made, samples, series, unequal
from tests.models.test_neural import correlated

VARIATIONAL = [name for name in NEURAL if issubclass(RECIPES.load(name), VariationalModel)]


@lru_cache(maxsize=1)
def linear() -> VAE:
    return VAE(
        latent_dim=2,
        hidden=(),
        activation="linear",
        scaling="none",
        epochs=250,
        learning_rate=0.1,
        warm_up=0,
        patience=0,
        optimiser="adam",
    ).fit(correlated(400))


def test_a_linear_vae_reaches_the_likelihood_of_probabilistic_pca() -> None:
    """The ELBO of a linear VAE is at most the pPCA log likelihood, and close to it (Lucas et al. 2019)."""
    import sklearn.decomposition

    X, model = correlated(400), linear()
    exact = sklearn.decomposition.PCA(2).fit(X).score(X)
    elbo, tight = model.elbo(X, samples=8)["elbo"], model.iwae(X, 64)
    assert exact - 0.2 < elbo < tight < exact + 0.02
    assert model.elbo(X, seed=1)["elbo"] == pytest.approx(elbo, abs=0.1)
    assert model.active_units(X) == 2


def test_the_importance_weighted_bound_is_the_likelihood_of_a_linear_gaussian() -> None:
    """Of x = W z + b + σ ε the density is N(b, W Wᵀ + σ² I); many draws must come to it."""
    from scipy.stats import multivariate_normal

    X, model = correlated(400)[:40], linear()
    b = model.inverse_transform(np.zeros((1, 2)))[0].astype(float)
    W = (model.inverse_transform(np.eye(2)) - b).astype(float)
    spread = model.spread(np.zeros((1, 2)))
    assert spread is not None
    sigma = float(spread[0, 0])
    exact = multivariate_normal(b, W.T @ W + sigma**2 * np.eye(6)).logpdf(X)
    np.testing.assert_allclose(model.log_likelihoods(X, 4000), exact, atol=0.05)
    assert model.iwae(X, 1) < model.iwae(X, 64) - 0.02


def test_a_change_of_units_changes_the_likelihood_by_its_logarithm() -> None:
    """log p(a x) = log p(x) − D log a: the scaling is undone in what is told."""
    X = correlated(100)
    first, second = (VAE(epochs=3, hidden=(4,)).fit(factor * X) for factor in (1.0, 8.0))
    moved = first.elbo(X)["elbo"] - X.shape[1] * math.log(8.0)
    assert second.elbo(8 * X)["elbo"] == pytest.approx(moved, abs=1e-3)
    assert second.iwae(8 * X, 5) == pytest.approx(first.iwae(X, 5) - 6 * math.log(8.0), abs=1e-3)
    narrow, wide = first.spread(np.zeros((1, 2))), second.spread(np.zeros((1, 2)))
    assert narrow is not None and wide is not None
    np.testing.assert_allclose(wide, 8 * narrow, rtol=1e-4)


def test_what_is_not_observed_is_not_judged() -> None:
    data = unequal(30)
    model = VAE(epochs=2, latent_dim=2).fit(data)
    whole = model.log_likelihoods(data, 8)
    rubbish = replace(data, values=np.where(np.isfinite(data.values), data.values, 1e3).astype(np.float32))
    np.testing.assert_array_equal(model.log_likelihoods(rubbish, 8), whole)
    nothing = Dataset(values=np.full((2, 12, 2), np.nan, np.float32))
    assert model.elbo(nothing, samples=4000)["nll"] == pytest.approx(0.0, abs=0.15)  # nothing is certain


@pytest.mark.parametrize("schedule", ["linear", "cyclical", "delayed"])
def test_the_weight_of_the_kl_rises(schedule: str) -> None:
    weights = [kl_weight(schedule, epoch, 10) for epoch in range(100)]
    assert weights[0] == 0.0 and weights[5] == (0.0 if schedule == "delayed" else 0.5)
    if schedule == "delayed":
        assert weights[10] == 0.0 and weights[30] == pytest.approx(1 - 0.99**20)
        assert kl_weight(schedule, 0, 0) == 0.0
    else:
        assert weights[10] == 1.0 and weights[-1] == 1.0 and kl_weight(schedule, 0, 0) == 1.0
    again = [epoch for epoch in range(1, 100) if weights[epoch] < weights[epoch - 1]]
    assert again == ([20, 40, 60] if schedule == "cyclical" else [])


@pytest.mark.parametrize("kind", ["binary", "one-hot"])
def test_likelihoods_of_0_and_1(kind: str) -> None:
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, 3, (60, 12))
    X = np.eye(3, dtype=np.float32)[chosen] if kind == "one-hot" else (chosen[..., None] > 0).astype(np.float32)
    model = VAE(epochs=3, network="recurrent", hidden=(8,)).fit(X)
    drawn = model.draw(np.zeros(2), 200)
    assert drawn.shape == (200, *X.shape[1:]) and set(np.unique(drawn)) == {0.0, 1.0}
    if kind == "one-hot":
        assert (drawn.sum(axis=-1) == 1).all()
    expected = model.inverse_transform(np.zeros((1, 2)))[0]
    np.testing.assert_allclose(drawn.mean(axis=0), expected, atol=0.15)
    assert model.spread(np.zeros((1, 2))) is None
    # Nothing can be told of fair dice: log 3 or the entropy of ⅓ a step.
    entropy = 12 * (math.log(3) if kind == "one-hot" else math.log(3) - 2 / 3 * math.log(2))
    assert model.elbo(X)["nll"] == pytest.approx(entropy, abs=1.5)
    with pytest.raises(InputError, match="needs"):
        VAE(likelihood="bernoulli").fit(0.3 * X)


def test_draws_have_the_spread_of_the_likelihood() -> None:
    X = correlated(300)
    model = VAE(epochs=20, hidden=(8,), sigma_per="channel").fit(X)
    drawn, middle = model.draw(np.ones(2), 4000, seed=3), model.inverse_transform(np.ones((1, 2)))[0]
    sigma = model.spread(np.ones((1, 2)))
    assert sigma is not None and len(np.unique(sigma)) == 6
    np.testing.assert_allclose(drawn.mean(axis=0), middle, atol=5 * sigma.max() / 60)
    np.testing.assert_allclose(drawn.std(axis=0), sigma[0], rtol=0.1)
    fixed = VAE(epochs=1, hidden=(8,), sigma=0.5, scaling="none").fit(X)
    assert (fixed.spread(np.zeros((1, 2))) == np.float32(0.5)).all()


def test_the_mutual_information_of_codes_far_apart_is_the_logarithm_of_their_number() -> None:
    """Posteriors that do not overlap tell all: log N. Where all are the prior, nothing."""

    class Known(VAE):
        where: float = 0.0

        def posterior(self, X: object) -> tuple[np.ndarray, np.ndarray]:
            return self.where * np.arange(50.0)[:, None] * np.ones(2), np.ones((50, 2))

    model = Known()
    assert (
        model.mutual_information(np.zeros(1)) == pytest.approx(0.0, abs=1e-12) and model.active_units(np.zeros(1)) == 0
    )
    model.where = 100.0
    assert model.mutual_information(np.zeros(1)) == pytest.approx(math.log(50)) and model.active_units(np.zeros(1)) == 2


def test_both_terms_are_in_the_history() -> None:
    epoch = VAE(epochs=2, beta=3.0, warm_up=0).fit(series()).history_.epochs[-1]
    for terms in (epoch.train, epoch.validation):
        assert list(terms) == ["nll", "kl", "elbo", "loss"]
        assert terms["elbo"] == pytest.approx(-(terms["nll"] + terms["kl"]))
    assert epoch.validation["loss"] == pytest.approx(epoch.validation["nll"] + 3 * epoch.validation["kl"])


@pytest.mark.parametrize("network", ["dense", "convolutional", "recurrent", "wavenet", "transformer"])
def test_every_network(network: Any) -> None:
    model = VAE(epochs=1, network=network).fit(series())
    assert model.draw(model.sample_prior(2), 3).shape == (6, 12, 2)
    assert math.isfinite(model.iwae(series(), 3))


@pytest.fixture(params=VARIATIONAL)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_what_every_variational_recipe_can_do(name: str) -> None:
    X, model = samples(name), fitted(name)
    assert isinstance(model, VariationalModel) and model.generative
    fields: dict[str, Any] = answers(model, X)
    data = Dataset(values=X, **fields)
    mean, deviation = model.posterior(data)
    assert mean.shape == deviation.shape == (len(X), model.latent_dim_) and (deviation > 0).all()
    assert mean.dtype == deviation.dtype == np.float32
    np.testing.assert_allclose(mean, model.transform(data), atol=1e-6)
    codes = model.sample_prior(5, seed=1)
    np.testing.assert_array_equal(codes, model.sample_prior(5, seed=1))
    assert codes.shape == (5, model.latent_dim_) and np.abs(codes - model.sample_prior(5)).max() > 0
    drawn = model.draw(codes[0], 3, seed=2)
    assert drawn.shape == (3, *model.output_shape_) and drawn.dtype == np.float32
    np.testing.assert_array_equal(drawn, model.draw(codes[:1], 3, seed=2))
    spread = model.spread(codes)
    assert spread is None or (spread.shape == (5, *model.output_shape_) and (spread > 0).all())
    bound = model.elbo(data, samples=20)
    assert bound["elbo"] == pytest.approx(-(bound["nll"] + bound["kl"]))
    divergence = model.divergence(data)
    assert divergence is not None and bound["kl"] == pytest.approx(divergence.sum(), rel=1e-4)
    assert model.iwae(data, 20) > bound["elbo"] - 1e-6
    assert {"elbo", "kl", "active_units", "mutual_information"} <= model.measure(data).keys()
    assert model.mutual_information(data) <= math.log(len(X)) + 1e-9


def test_nothing_regularises_without_the_kl(name: str) -> None:
    model = made(name, beta=0.0)
    assert isinstance(model, VariationalModel) and not model.regularised
