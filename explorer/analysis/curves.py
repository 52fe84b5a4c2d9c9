"""How well models of irregular series fill in what was hidden, and foretell what comes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.progress import Progress, Silent
from explorer.training.history import Epoch

if TYPE_CHECKING:
    from explorer.models.neural import NeuralModel


def regions(data: Dataset) -> dict[str, np.ndarray]:
    """Return where the truth of each sample is known, bool ``(N, T)`` by name.

    "seen" are the steps that were observed, "hidden" those before the last observation that were not, "ahead" those
    after it; "within" are seen and hidden together.
    """
    known = np.isfinite(data.clean).all(axis=2)
    seen = np.isfinite(data.values).max(axis=2)
    steps = np.arange(data.values.shape[1])
    last = np.where(seen, steps, -1).max(axis=1)
    before = steps <= last[:, None]
    return {"within": known & before, "seen": known & seen, "hidden": known & before & ~seen, "ahead": known & ~before}


def curve_errors(data: Dataset, written: np.ndarray) -> dict[str, float]:
    """Return the mean squared error of what was written ``(N, T, C)`` in each of the `regions`; NaN where none is."""
    errors = np.square(written - data.clean, dtype=np.float64).mean(axis=2)
    return {name: float(errors[where].mean()) if where.any() else float("nan") for name, where in regions(data).items()}


def simple_curves(data: Dataset, mean: np.ndarray) -> dict[str, np.ndarray]:
    """Return what anybody could write without a model ``(N, T, C)``, by name.

    "mean" of the training values ``(C,)``; "last_value": each observation is held until the next; "straight_lines"
    between observations, and held beyond the ends.
    """
    times = data.all_times
    written = {name: np.empty(data.values.shape) for name in ("last_value", "straight_lines")}
    for row, (values, at) in enumerate(zip(data.values, times, strict=True)):
        for channel in range(values.shape[1]):
            seen = np.isfinite(values[:, channel])
            known, when = values[seen, channel], at[seen]
            place = np.clip(np.searchsorted(when, at, side="right") - 1, 0, len(known) - 1)
            written["last_value"][row, :, channel] = known[place]
            written["straight_lines"][row, :, channel] = np.interp(at, when, known)
    return {"mean": np.broadcast_to(mean, data.values.shape), **written}


class Watch:
    """A progress that measures a model on data after some epochs of its training.

    What is measured is what the training would leave if it ended there: the weights of its best epoch so far.

    Parameters
    ----------
    model : NeuralModel
    data : Dataset
    epochs : collection of int
        After which, from 1.
    onwards : Progress, optional
        What is told of all.

    Attributes
    ----------
    errors : dict of int to dict
        `curve_errors` by epoch.
    """

    def __init__(
        self, model: NeuralModel, data: Dataset, epochs: Collection[int], onwards: Progress | None = None
    ) -> None:
        self.model, self.data, self.epochs, self.onwards = model, data, epochs, onwards or Silent()
        self.errors: dict[int, dict[str, float]] = {}
        self._best = b""

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Measure, then tell."""
        if isinstance(payload, Epoch):
            if self.model.history_.best_epoch == payload.number:
                self._best = self.model.to_bytes()
            if payload.number in self.epochs:
                best = LatentModel.from_bytes(self._best)
                self.errors[payload.number] = curve_errors(self.data, best.reconstruct(self.data))
        self.onwards.report(fraction, message, payload)

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self.onwards.cancelled()
