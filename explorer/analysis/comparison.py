"""Two models on the same samples, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.analysis.probes import probe
from explorer.analysis.trust import trust
from explorer.data.dataset import Dataset
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import typical_value
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.neural import NeuralModel
from explorer.progress import Part, Progress, Silent, check

FEWEST = 20
"""Samples of the test part from which on it alone is looked at."""

BETTER: dict[str, Literal["lower", "higher", ""]] = {
    "reconstruction_mse": "lower",
    "token_error": "lower",
    "trustworthiness": "higher",
    "continuity": "higher",
    "knn_accuracy": "higher",
    "linear_accuracy": "higher",
    "kl": "",
    "latent_dim": "",
}
"""What is measured, and which way is better."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two models reach; see `compare`."""

    measures: dict[str, tuple[float, float]]
    similarity: dict[str, float]
    n_samples: int
    part: str


def judged_part(dataset: Dataset) -> tuple[str, np.ndarray]:
    """Return the part by which models are judged and its samples: the test part, or all where that is too small."""
    test = dataset.indices("test")
    return ("test", test) if len(test) >= FEWEST else ("all", np.arange(len(dataset)))


def compare(
    models: tuple[LatentModel, LatentModel], dataset: Dataset, seed: int = 0, progress: Progress | None = None
) -> Comparison:
    """Measure two fitted models on the test part of data (on all samples where that has fewer than `FEWEST`).

    "reconstruction_mse" in the data's units squared; "trustworthiness" and "continuity" of the codes against the
    samples (12 neighbours); "knn_accuracy", "linear_accuracy" of probes on the codes, where there are labels; "kl", the
    divergence from the prior in nats of a variational code; "latent_dim", the width of the code. NaN where a measure
    is not defined for a model; one that is for neither is left out.

    Raises
    ------
    InputError
        If the data do not fit a model.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    part, rows = judged_part(dataset)
    some = dataset.subset(rows)
    found, codes = [], []
    for i, model in enumerate(models):
        codes.append(np.asarray(model.transform(some), np.float64))
        found.append(_measures(model, some, codes[i], seed, Part(progress, i / 2, 0.5, f"run {i + 1}: ")))
    measures = {name: (found[0].get(name, math.nan), found[1].get(name, math.nan)) for name in BETTER}
    measures = {name: pair for name, pair in measures.items() if not all(map(math.isnan, pair))}
    progress.report(1.0, "compared")
    return Comparison(measures, similarity(*codes), len(rows), part)


def _measures(model: LatentModel, some: Dataset, codes: np.ndarray, seed: int, progress: Progress) -> dict[str, float]:
    found = {"latent_dim": float(model.latent_dim_)}
    progress.report(0.0, "reconstructions")
    check(progress)
    if model.can_decode and model.decodes != "masks":
        errors = model.errors(some)
        known = np.isfinite(errors)
        if known.any():
            name = "token_error" if some.vocabulary else "reconstruction_mse"
            found[name] = float(errors[known].mean(dtype=np.float64))
    if isinstance(model, NeuralModel):
        divergence = model.divergence(some)
        if divergence is not None:
            found["kl"] = float(divergence.sum())
    progress.report(0.2, "neighbourhoods")
    check(progress)
    filled = some.flat if some.vocabulary else fill_gaps(some.values, typical_value(some)).reshape(len(some), -1)
    try:
        kept = trust(filled, codes, seed=seed)
    except InputError:  # of two samples nobody is a neighbour
        return found
    found |= {"trustworthiness": kept.trustworthiness, "continuity": kept.continuity}
    if some.labels is not None:
        try:
            probed = probe(codes, filled, some.labels, seed=seed, progress=Part(progress, 0.4, 0.6), features=("code",))
        except InputError:  # there are not enough labels, which is no fault of the comparison
            return found
        found |= {f"{score.probe}_accuracy": float(score.folds.mean()) for score in probed.scores}
    return found


def similarity(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """Return how alike two sets of codes of the same samples are, from 0 to 1.

    "procrustes": the share of one's variance that the other explains after shift, rotation, reflection and scaling
    (R² of the orthogonal Procrustes problem, Gower 1975), 1 where the maps are the same but for these. "cka": linear
    centred kernel alignment (Kornblith et al. 2019), which compares the similarities of all pairs of samples. NaN where
    all codes of one are the same.

    Parameters
    ----------
    first, second : ndarray ``(N, L)``, ``(N, M)``
        Rows with a NaN are left out.
    """
    known = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
    centred = []
    for codes in (first, second):
        exact = np.asarray(codes[known], np.float64)
        centred.append(exact - exact.mean(axis=0) if len(exact) else exact)
    a, b = centred
    sizes = [float(np.sum(each**2)) for each in centred]
    if not all(sizes):
        return {"procrustes": math.nan, "cka": math.nan}
    singular = np.linalg.svd(a.T @ b, compute_uv=False)
    norms = [float(np.linalg.norm(each.T @ each)) for each in centred]
    return {
        "procrustes": float(singular.sum() ** 2 / (sizes[0] * sizes[1])),
        "cka": float(np.sum(singular**2) / (norms[0] * norms[1])),
    }
