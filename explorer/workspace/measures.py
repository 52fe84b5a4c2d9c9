"""What a run is judged by, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

_NAMES = {
    "iou": "IoU",
    "dice": "Dice",
    "auroc": "ROC AUC",
    "kl": "KL",
    "elbo": "ELBO",
    "nll": "−log p(x|z)",
    "l1": "L1",
    "l0": "active entries",
    "mse": "MSE",
    "mae": "MAE",
    "bleu": "BLEU",
}
_JUDGED = (
    "exact_match", "token_accuracy", "bleu", "accuracy", "balanced_accuracy", "iou", "dice", "auroc",
    "average_precision", "l0", "elbo", "kl", "active_units", "mutual_information",
)  # fmt: skip
"""What a recipe is judged by beside its reconstruction, in the order in which it is told."""


def measure_name(name: str) -> str:
    """Return what a person calls a measure or a term of the loss: "IoU", "balanced accuracy"."""
    return _NAMES.get(name, name.replace("_", " "))


def judged_words(metrics: Mapping[str, Mapping[str, float]]) -> str:
    """Return what a run reached on the test set beside its reconstruction, as a sentence; empty where nothing."""
    test = metrics.get("test", {})
    parts = [f"{measure_name(name)} {test[name]:.3g}" for name in _JUDGED if math.isfinite(test.get(name, math.nan))]
    own, rival = test.get("forecast_mse", math.nan), test.get("persistence_mse", math.nan)
    if math.isfinite(own) and rival > 0:
        parts.append(f"forecast error {own / rival:.0%} of persistence's")
    return f"Test set: {', '.join(parts)}." if parts else ""
