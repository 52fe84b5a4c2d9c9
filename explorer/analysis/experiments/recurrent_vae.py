"""A recurrent VAE of periodic waves at irregular times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from explorer.analysis.curves import curve_errors, simple_curves
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.models.recipes.recurrent_vae import RecurrentVAE
from explorer.progress import Progress


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentVAEPeriodic(Experiment):
    """After 40 epochs a recurrent VAE that is told the times knows periodic waves better than their mean.

    The waves of the experiment ``latent-ode-periodic`` and its measures: the mean squared error of test waves on all
    100 points from 0 to 5, of which 50 are seen, on the hidden ones alone, and on 100 points from 5 to 10. Beside it
    the mean, the last value held, and straight lines. How the code is used is told on the test waves: KL and mutual
    information in nats, and active units of 10.
    """

    title: ClassVar[str] = "Recurrent VAE: periodic waves at irregular times"
    minutes: ClassVar[float] = 1.5
    targets: ClassVar[tuple[Target, ...]] = (Target("mse_within", "<=", 0.41),)
    epochs: ClassVar[int] = 40

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train, and compare."""
        data = make("periodic", seed=seed)
        test, train = data.part("test"), data.part("train")
        model = RecurrentVAE(
            timed=True,
            latent_dim=10,
            hidden=40,
            epochs=self.epochs,
            batch_size=50,
            learning_rate=1e-2,
            kl_schedule="delayed",
            warm_up=10,
            patience=0,
            seed=seed,
        ).fit(data, progress=progress)
        values = {f"mse_{where}": error for where, error in curve_errors(test, model.reconstruct(test)).items()}
        bound = model.elbo(test)
        values |= {
            "kl": bound["kl"],
            "elbo": bound["elbo"],
            "active_units": float(model.active_units(test)),
            "mutual_information": model.mutual_information(test),
        }
        baselines = {}
        for name, written in simple_curves(test, train.values[train.observed].mean()).items():
            errors = curve_errors(test, written)
            baselines |= {f"{name}_mse_{where}": errors[where] for where in ("within", "hidden", "ahead")}
        return Measured(values, baselines)
