"""Denoising autoencoders by the noise they learnt from and the noise they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.progress import Part, Progress

LEARNT = (0.0, 0.1, 0.2, 0.4)
"""Deviations of the noise while training; the pixels are 0 to 1."""
MET = (0.0, 0.1, 0.2, 0.4)
"""Deviations of the noise on the test samples."""


@dataclass(kw_only=True, eq=False, repr=False)
class DenoisingSigma(Experiment):
    """A denoising autoencoder is best at the noise that it learnt from, and lets clean samples pass.

    8 × 8 digits, the first 1300 for training and 497 for the test; a code of 64 for 64 pixels; normal noise, drawn
    anew in every epoch. All errors are mean squared errors against the clean test samples, for every deviation while
    training (learnt) and on the test samples (met). Beside them the noisy samples themselves, and the best linear
    estimate that knows the noise: x̄ + C (C + σ²I)⁻¹ (y − x̄), with mean and covariance of the clean training samples.
    """

    title: ClassVar[str] = "Denoising: noise learnt against noise met"
    minutes: ClassVar[float] = 0.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("best_where_learnt_is_met", ">=", 1.0),
        Target("gain_over_linear_db_0.2", ">=", 0.0),
        Target("clean_error_share_0.1", "<=", 0.05),
        Target("clean_error_share_0.2", "<=", 0.1),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train a network for each noise, and let it meet each noise."""
        from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder

        data = make("digits", split_at=1300)
        test = data.part("test")
        errors = np.empty((len(LEARNT), len(MET)))
        for i, learnt in enumerate(LEARNT):
            model = DenoisingAutoencoder(
                latent_dim=64,
                hidden=(256,),
                corruption=f"gaussian:{learnt}",
                epochs=80,
                patience=0,
                seed=seed,
            ).fit(data, progress=Part(progress, i / len(LEARNT), 1 / len(LEARNT), f"σ = {learnt}, "))
            for j, met in enumerate(MET):
                restored = model.reconstruct(_noisy(test.values, met, seed))
                errors[i, j] = np.mean((restored - test.values) ** 2)
        linear = {met: _linear_error(data, met, seed) for met in MET}
        values = {
            f"mse_learnt_{learnt}_met_{met}": float(errors[i, j])
            for i, learnt in enumerate(LEARNT)
            for j, met in enumerate(MET)
        }
        values["best_where_learnt_is_met"] = float(np.mean(errors.argmin(axis=0) == np.arange(len(MET))))
        for i, sigma in enumerate(LEARNT[1:], start=1):
            values[f"gain_over_linear_db_{sigma}"] = float(10 * np.log10(linear[sigma] / errors[i, i]))
            values[f"clean_error_share_{sigma}"] = float(errors[i, 0] / test.values.var(axis=0).mean())
        baselines = {f"linear_mse_met_{met}": linear[met] for met in MET}
        noise = {f"noise_met_{met}": float(np.mean((_noisy(test.values, met, seed) - test.values) ** 2)) for met in MET}
        return Measured(values, {**baselines, **noise})


def _noisy(values: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    """Return samples with noise that no training has seen."""
    rng = np.random.default_rng([seed, 1])
    return values + np.float32(sigma) * rng.standard_normal(values.shape, dtype=np.float32)


def _linear_error(data: Dataset, sigma: float, seed: int) -> float:
    """Return the error of the best linear estimate on the test samples."""
    train, test = (data.part(part).values.reshape(-1, 64).astype(np.float64) for part in ("train", "test"))
    mean, covariance = train.mean(axis=0), np.cov(train.T)
    gain = covariance @ np.linalg.pinv(covariance + sigma**2 * np.eye(64))
    noisy = _noisy(data.part("test").values, sigma, seed).reshape(-1, 64)
    return float(np.mean((mean + (noisy - mean) @ gain.T - test) ** 2))
