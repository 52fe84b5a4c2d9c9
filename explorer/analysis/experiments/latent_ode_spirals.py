"""The toy of the neural ODE: spirals in noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from explorer.analysis.curves import curve_errors, simple_curves
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.progress import Progress

EPOCHS = 250


@dataclass(kw_only=True, eq=False, repr=False)
class LatentOdeSpirals(Experiment):
    """From 50 noisy irregular points a latent ODE finds the clean spiral.

    1000 pieces of two spirals of 100 points, of which 50 are seen, in noise of σ = 0.3 (Chen et al. 2018). The model
    learns from the seen, noisy points alone; it is judged by the clean curve at all 100 points, as root mean squared
    error of a coordinate, and at the 100 points that follow, of which it never learnt anything. Beside it: the mean,
    the last value held and straight lines between the noisy points. By default one seed, for the time that it takes;
    the figures that are kept are of two. Half the epochs are not enough (.19).
    """

    title: ClassVar[str] = "Latent ODE: noisy spirals at irregular times"
    minutes: ClassVar[float] = 9.0
    seeds: ClassVar[tuple[int, ...]] = (0,)
    targets: ClassVar[tuple[Target, ...]] = (Target("rmse_within", "<=", 0.16),)

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train on noisy points, and judge by the clean curves."""
        from explorer.models.recipes.latent_ode import LatentOde

        data = make("spirals", seed=seed)
        test, train = data.part("test"), data.part("train")
        model = LatentOde(latent_dim=4, emission=20, sigma=None, target="input", epochs=EPOCHS, patience=0, seed=seed)
        model.fit(data, progress=progress)
        values = {
            f"rmse_{name}": math.sqrt(error) for name, error in curve_errors(test, model.reconstruct(test)).items()
        }
        values |= {name: value for name, value in model.measure(test).items() if name in ("kl", "function_evaluations")}
        mean = train.values[train.observed].reshape(-1, 2).mean(axis=0)
        baselines = {
            f"{name}_rmse_{where}": math.sqrt(curve_errors(test, written)[where])
            for name, written in simple_curves(test, mean).items()
            for where in ("within", "ahead")
        }
        return Measured(values, baselines)
