"""What all recipes that forecast share: the horizon, the forecasts, and what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.forecasts import AutoRegression, futures, persistence, split_times
from explorer.models.recurrent import RecurrentModel
from explorer.models.samples import checked
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec

AR_ORDER = 20
"""Values that the autoregression beside the model looks back at, at most."""


@dataclass(kw_only=True, eq=False, repr=False)
class Forecaster(RecurrentModel):
    """A recipe that is shown all but the last `horizon` steps of each series, and writes those.

    Nothing of a sample's future comes into its code or its scaling. A linear autoregression is learnt beside it, to
    compare it with.
    """

    horizon: Annotated[
        int | None,
        Param("Steps to forecast, the last of each series. None: a fifth.", ge=1, le=100_000, unit="steps"),
    ] = None

    @property
    def horizon_(self) -> int:
        """How many steps it forecasts."""
        return self._horizon(self._spec)

    def _horizon(self, spec: SampleSpec) -> int:
        horizon = max(1, spec.steps // 5) if self.horizon is None else self.horizon
        if horizon >= spec.steps:
            raise InputError(
                f"a horizon of {horizon} steps leaves nothing of series of {spec.steps} to forecast from",
                remedy=f"Choose a horizon of at most {spec.steps - 1}",
            )
        return horizon

    def _sample_for_scaling(self, dataset: Dataset, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the past of training samples."""
        values, observed = super()._sample_for_scaling(dataset, rows)
        lengths = None if dataset.lengths is None else dataset.lengths[self._rows_for_scaling(dataset, rows)]
        begins = split_times(values, lengths, self._horizon(self._spec))
        past = (np.arange(values.shape[1]) < begins[:, None])[:, :, None]
        return np.where(past, values, np.float32(np.nan)), observed

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        """Learn the autoregression from the samples that train."""
        super()._prepare(module, dataset, rows)
        values = _within(dataset.values, dataset.lengths)[rows]
        most = dataset.sample_shape[0] - 1
        self._autoregression = AutoRegression.fit(values, min(AR_ORDER, max(1, most // 2)), self.seed)

    # Use

    def forecast(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the last `horizon_` steps of each series as forecast from those before them.

        Returns
        -------
        ndarray, float32, ``(N, horizon_, C)``
            In the data's own units; NaN beyond the end of a series.
        """
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=True)
        return futures(self.reconstruct(X), dataset.lengths, self.horizon_)

    def forecast_errors(self, dataset: Dataset) -> dict[str, np.ndarray]:
        """Return the mean squared error at each step into the future, float64 ``(horizon_,)``.

        Of the "model", of "persistence" (the last known value), and of "autoregression", over all samples of the data;
        against the clean series where there are some.
        """
        horizon, truth = self.horizon_, futures(dataset.clean, dataset.lengths, self.horizon_)
        seen = _within(dataset.values, dataset.lengths)
        found = {
            "model": self.forecast(dataset),
            "persistence": persistence(seen, dataset.lengths, horizon),
            "autoregression": self._autoregression.forecast(seen, dataset.lengths, horizon),
        }
        return {name: _mean_square(forecast - truth, axis=(0, 2)) for name, forecast in found.items()}

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return the errors of the forecasts; of characters, how many are right, one by one and all of a series."""
        if self._spec.kind == "one-hot":
            return self._right(dataset)
        errors = self.forecast_errors(dataset)
        return {
            "forecast_mse": float(np.nanmean(errors["model"])),
            "persistence_mse": float(np.nanmean(errors["persistence"])),
            "autoregression_mse": float(np.nanmean(errors["autoregression"])),
        }

    def _right(self, dataset: Dataset) -> dict[str, float]:
        truth = futures(dataset.clean, dataset.lengths, self.horizon_)
        known = np.isfinite(truth).all(axis=2)
        right = (np.nan_to_num(self.forecast(dataset)).argmax(axis=2) == np.nan_to_num(truth).argmax(axis=2)) | ~known
        return {
            "character_accuracy": float(right[known].mean()) if known.any() else float("nan"),
            "exact_match": float(right.all(axis=1).mean()),
        }

    # Saving

    def _arrays(self) -> dict[str, np.ndarray]:
        return {**super()._arrays(), "autoregression": self._autoregression.weights}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        super()._restore(arrays, facts)
        self._autoregression = AutoRegression(arrays["autoregression"])


def _within(values: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Return series with NaN beyond their ends."""
    if lengths is None:
        return values
    inside = (np.arange(values.shape[1]) < lengths[:, None])[:, :, None]
    return np.where(inside, values, np.float32(np.nan))


def _mean_square(errors: np.ndarray, axis: tuple[int, ...]) -> np.ndarray:
    known = np.isfinite(errors)
    total = np.where(known, errors, 0.0).astype(np.float64) ** 2
    count = known.sum(axis=axis)
    return np.where(count > 0, total.sum(axis=axis) / np.maximum(count, 1), np.nan)
