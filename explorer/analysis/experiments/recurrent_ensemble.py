"""Outliers along recordings by an ensemble of recurrent autoencoders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.outliers import baseline_errors, fold_back, judge, step_scores
from explorer.data.dataset import Dataset
from explorer.data.outside import find_data
from explorer.data.readers.nab import Nab
from explorer.models.recipes.recurrent_ensemble import RecurrentEnsemble
from explorer.progress import Part, Progress, Silent, check

SHORT = {"roc_auc": "auroc", "average_precision": "ap"}
LEARNT = 0.5
"""Share of a recording, from its start, that is learnt from."""
STRIDE = 8


@dataclass(kw_only=True, eq=False, repr=False)
class NabEnsemble(Experiment):
    """Steps of the NAB recordings are scored by a recurrent ensemble that learnt their first halves without labels.

    Each recording of the Numenta Anomaly Benchmark is learnt by itself, in windows of 64 steps, from its first half;
    the steps of the second half are then scored, the anomaly being the positive class: AUROC and average precision
    over all thresholds, without adjusting any hit, and the mean over all recordings with an anomaly in that half. The
    settings are those of Kieu et al. (2019) where it tells them: 8 units, skips of up to 10 steps, an L1 weight of
    .005, the median over the members, of which there are 20. Nothing was chosen by the labels.

    Beside it: random scores, whose average precision is the prevalence; the distance to the mean |x|; windows under
    PCA and beside their nearest window of the first half; and a single member, the median one. Labelled windows of
    this benchmark are wide and hold many usual steps, so no method comes near 1, and the classical ones are no worse.
    """

    title: ClassVar[str] = "Recurrent ensemble: outliers of the Numenta Anomaly Benchmark"
    minutes: ClassVar[float] = 7.0
    seeds: ClassVar[tuple[int, ...]] = (0, 1, 2)
    targets: ClassVar[tuple[Target, ...]] = (
        Target("random_ap_off_prevalence", "<=", 0.01),
        Target("auroc_over_random", ">=", 0.06),
        Target("ap_over_random", ">=", 0.08),
        Target("auroc_over_single", ">=", 0.0),
        Target("ap_over_single", ">=", 0.0),
    )
    folders: ClassVar[tuple[str, ...]] = ("artificialWithAnomaly", "realAdExchange", "realTraffic")
    members: ClassVar[int] = 20
    epochs: ClassVar[int] = 60

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Learn and score every recording."""
        paths = [path for folder in self.folders for path in sorted(find_data(f"nab/data/{folder}").glob("*.csv"))]
        rows: dict[str, dict[str, dict[str, float]]] = {}
        for i, path in enumerate(paths):
            check(progress)
            found = self._scored(path, seed, Part(progress, i / len(paths), 1 / len(paths), f"{path.stem}, "))
            if found:
                rows[path.stem] = found
        return _table(rows)

    def _scored(self, path: Path, seed: int, progress: Progress) -> dict[str, dict[str, float]]:
        """Return what each method's scores of a recording's second half are judged by; nothing without anomalies."""
        data = Nab(stride=STRIDE, train=LEARNT).read(path, Silent())
        second = _SecondHalf(data)
        if not (second.truth.any() and not second.truth.all()):
            return {}
        test = data.part("test")
        found = {"random": second.judged_steps(np.random.default_rng(seed).random(second.length))}
        whole = judge(second.everywhere, np.random.default_rng(seed).random(second.length))
        found["random_whole"] = whole
        for k, framework in enumerate(("independent", "shared")):
            model = RecurrentEnsemble(
                members=self.members, epochs=self.epochs, batch_size=16, framework=framework, seed=seed
            )
            model.fit(data, progress=Part(progress, 0.5 * k, 0.5, f"{framework}: "))
            check(progress)
            found[framework] = second.judged(model.errors(test))
            if framework == "independent":
                single = [second.judged(errors) for errors in model.member_errors(test)]
                found["single"] = {name: float(np.median([each[name] for each in single])) for name in single[0]}
        for name, errors in baseline_errors(data, data.indices("test"), seed).items():
            if name != "random":
                found[name] = second.judged(errors)
        return found


class _SecondHalf:
    """The steps of a recording that are scored: those after what was learnt from."""

    def __init__(self, data: Dataset) -> None:
        starts = np.asarray(data.columns["first step"])
        self.starts = starts[data.indices("test")]
        self.length = int(starts.max()) + data.values.shape[1]
        self.begin = int(np.ceil(LEARNT * self.length))
        assert data.masks is not None  # the recordings have labels
        self.everywhere = fold_back(data.masks.astype(float), starts, self.length) > 0
        self.truth = self.everywhere[self.begin :]

    def judged(self, errors: np.ndarray) -> dict[str, float]:
        """Return what errors of the test windows ``(N, T, C)`` are judged by."""
        return self.judged_steps(fold_back(step_scores(errors), self.starts, self.length))

    def judged_steps(self, scores: np.ndarray) -> dict[str, float]:
        """Return what scores of all steps are judged by."""
        return judge(self.truth, scores[self.begin :])


def _table(rows: dict[str, dict[str, dict[str, float]]]) -> Measured:
    """Return means over the recordings, and for the ensemble each of them."""

    def mean(method: str, measure: str) -> float:
        return float(np.mean([row[method][measure] for row in rows.values()]))

    values: dict[str, float] = {}
    baselines = {"prevalence": mean("random", "prevalence"), "prevalence_whole": mean("random_whole", "prevalence")}
    baselines["random_whole_ap"] = mean("random_whole", "average_precision")
    for measure, short in SHORT.items():
        values[short] = mean("independent", measure)
        values[f"{short}_shared"] = mean("shared", measure)
        for method in ("random", "|x|", "pca", "1-nn", "single"):
            baselines[f"{method}_{short}"] = mean(method, measure)
        values[f"{short}_over_random"] = values[short] - baselines[f"random_{short}"]
        values[f"{short}_over_single"] = values[short] - baselines[f"single_{short}"]
    values["random_ap_off_prevalence"] = abs(baselines["random_ap"] - baselines["prevalence"])
    for name, row in rows.items():
        for measure, short in SHORT.items():
            values[f"{short}_{name}"] = row["independent"][measure]
    return Measured(values, baselines)
