"""What the networks learn, where the answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder
from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
from explorer.models.recipes.pca import PCA
from explorer.models.recipes.vae import VAE
from explorer.models.recipes.wavenet_autoencoder import WavenetAutoencoder
from tests.models.conftest import series


def correlated(n: int = 600, d: int = 6, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((n, 2)) @ rng.standard_normal((2, d)) * 2 + 0.3 * rng.standard_normal((n, d))).astype(
        np.float32
    )


def test_a_linear_autoencoder_spans_pcas_subspace() -> None:
    from scipy.linalg import subspace_angles

    X = correlated()
    model = Autoencoder(
        latent_dim=2, hidden=(), activation="linear", scaling="none", epochs=150, learning_rate=0.02, patience=0
    ).fit(X)
    pca = PCA(latent_dim=2).fit(X)
    decoder = model.inverse_transform(np.eye(2)) - model.inverse_transform(np.zeros((1, 2)))
    assert np.degrees(subspace_angles(decoder.T, pca.components_.T)).max() < 2.0
    errors = [np.mean((each.reconstruct(X) - X) ** 2) for each in (model, pca)]
    assert errors[0] == pytest.approx(errors[1], rel=0.01)


def test_the_vae_uses_its_code() -> None:
    data = make("sines", n=600)
    model = VAE(epochs=80).fit(data)
    codes = model.transform(data)
    assert (codes.var(axis=0) > 0.1).all()
    assert model.history_.epochs[-1].validation["kl"] > 1.0


def test_noise_is_removed() -> None:
    data = make("sines", n=800)
    model = DenoisingAutoencoder(epochs=40).fit(data)
    test = data.indices("test")
    error = np.mean((model.reconstruct(data) - data.clean)[test] ** 2)
    assert error < 0.1 * np.mean((data.values - data.clean)[test] ** 2)


def test_the_case_study_in_short() -> None:
    """The slides' LSTM(4) must get going; the benchmark ``casestudy`` shows where it ends (16.4 dB)."""
    data = make("sines", n=2000)
    model = LSTMAutoencoder(epochs=50, patience=0).fit(data)
    test = data.indices("test")
    before = np.mean((data.values - data.clean)[test] ** 2)
    after = np.mean((model.reconstruct(data) - data.clean)[test] ** 2)
    assert 10 * np.log10(before / after) > 13.0
    assert model.size((50, 1)) == 4 * 4 * (1 + 4 + 2) + 4 * 4 * (4 + 4 + 2) + 5


def test_padding_does_not_change_a_code() -> None:
    data = series(n=20, steps=12, lengths=np.arange(20) % 8 + 5)
    values = data.values.copy()
    for i, length in enumerate(data.lengths):
        values[i, length:] = np.nan
    data = replace(data, values=values, observed=np.isfinite(values))
    model = LSTMAutoencoder(epochs=3).fit(data)
    padded = np.concatenate([values, np.full((20, 9, 2), np.nan, np.float32)], axis=1)
    longer = replace(data, values=padded, observed=np.isfinite(padded), split=data.split)
    np.testing.assert_allclose(model.transform(longer), model.transform(data), atol=1e-6)
    assert model.reconstruct(longer).shape == padded.shape
    np.testing.assert_allclose(model.reconstruct(longer)[:, :12], model.reconstruct(data), atol=1e-5)


def test_dense_networks_refuse_other_lengths() -> None:
    model = Autoencoder(epochs=1).fit(series(steps=12))
    with pytest.raises(ValueError, match="shape"):
        model.transform(series(steps=13))


def test_a_wavenet_of_residual_blocks_is_kept() -> None:
    X = series().values
    padded = np.pad(X, ((0, 0), (0, 5), (0, 0)), constant_values=9.0)
    model = WavenetAutoencoder(block="residual", epochs=2, seed=0).fit(X)
    loaded = WavenetAutoencoder.from_bytes(model.to_bytes())
    np.testing.assert_array_equal(loaded.reconstruct(X), model.reconstruct(X))
    shorter = Dataset(values=padded, lengths=np.full(len(X), X.shape[1]))
    np.testing.assert_allclose(model.transform(shorter), model.transform(X), atol=1e-5)
    assert model.history_.epochs[-1].train["loss"] < model.history_.epochs[0].train["loss"]


def test_one_decode_is_quick() -> None:
    import time

    data = make("sines", n=60)
    model = LSTMAutoencoder(epochs=1).fit(data)
    z = model.transform(data)[:1]
    times = []
    for _ in range(200):
        start = time.perf_counter()
        model.inverse_transform(z)
        times.append(time.perf_counter() - start)
    assert np.min(times) < 1.5e-3
