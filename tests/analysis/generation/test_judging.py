"""The judges, and all measures at once, on sets that are right or wrong in known ways."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.generation.controls import CONTROLS, bootstrap, gaussian, repeated
from explorer.analysis.generation.judging import MEASURES, judge_generated, unseen_part
from explorer.analysis.generation.networks import discriminative_score, predictive_score, widths
from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent


def waves(n: int, seed: int = 0, *, gaps: bool = False, noise: float = 0.05) -> Dataset:
    """Return two channels, of which the second follows the first a step behind; the label tells frequency and mean."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    time = np.arange(13)[None] * (0.5 + 0.4 * labels[:, None]) + rng.uniform(0, 6.28, (n, 1))
    both = np.stack([np.sin(time[:, 1:]), np.sin(time[:, :-1])], 2) + 0.6 * labels[:, None, None]
    values = (both + noise * rng.standard_normal(both.shape)).astype(np.float32)
    if gaps:
        values[rng.random(values.shape) < 0.3] = np.nan
    split = np.repeat([0, 2], [n - n // 3, n // 3]).astype(np.int8)
    return Dataset(values=values, labels=labels, split=split)


def discriminative(real: Dataset, made: Dataset, hidden: int = 8) -> float:
    return discriminative_score(real, made, hidden, steps=250, seed=0, progress=Silent())


def test_real_is_not_told_from_real_and_the_unrelated_is() -> None:
    real = waves(600)
    assert discriminative(real, waves(600, seed=1)) < 0.08
    assert discriminative(real, bootstrap(real, 600, np.random.default_rng(0))) > 0.3  # the channels are unrelated
    assert discriminative(real, repeated(real, 600, np.random.default_rng(0))) > 0.3


def test_gaps_give_away_what_has_none() -> None:
    real, whole = waves(400, gaps=True), waves(400, seed=1)
    assert discriminative(real, whole) > 0.4
    assert discriminative(real, waves(400, seed=1, gaps=True)) < 0.12


def test_vectors_are_told_apart_too() -> None:
    rng = np.random.default_rng(0)
    first, second = (Dataset(values=rng.standard_normal((500, 6)).astype(np.float32)) for _ in range(2))
    assert discriminative(first, second, 16) < 0.1
    third = Dataset(values=(second.values + second.values[:, :1]))
    assert discriminative(first, third, 16) > 0.1


def test_prediction_holds_only_where_the_series_are_alike() -> None:
    test = waves(500, seed=2, noise=0.0)
    options = {"steps": 400, "seed": 0, "progress": Silent()}
    real = predictive_score(waves(500), test, **options)
    unrelated = predictive_score(bootstrap(waves(500), 500, np.random.default_rng(0)), test, **options)
    assert real < 0.5 * unrelated
    with_gaps = predictive_score(waves(300, gaps=True), waves(300, seed=1, gaps=True), **options)
    assert 0 < with_gaps < 0.8  # in deviations; 0.9 is that of the mean


def test_the_widths_are_the_paper_s_and_a_wider_one() -> None:
    assert widths(5) == (2, 20)
    assert widths(1) == (2, 4)
    assert widths(37) == (18, 64)


def test_controls_are_what_they_say() -> None:
    data, rng = waves(2000), np.random.default_rng(1)
    train = data.part("train")
    joint = gaussian(train, 3000, rng)
    flat, made = (each.values.reshape(len(each), -1) for each in (train, joint))
    np.testing.assert_allclose(np.cov(made.T), np.cov(flat.T), atol=0.06)
    mixed = bootstrap(train, 500, rng)
    known = {row.tobytes() for row in train.values[..., 1]}
    assert all(row.tobytes() in known for row in mixed.values[..., 1])
    holes = waves(2000, gaps=True)
    noise = gaussian(holes, 500, rng)
    assert noise.observed is not None and noise.observed.mean() == pytest.approx(0.7, abs=0.02)
    same = repeated(train, 9, rng)
    assert (same.values == same.values[0]).all() and len(same) == 9
    for control in CONTROLS.values():
        made = control(train, 3000, rng)  # more than there are
        assert len(made) == 3000 and made.labels is not None


def test_all_measures_at_once() -> None:
    data, progress = waves(600), Told()
    judged = judge_generated(waves(300, seed=7), data, steps=100, progress=progress)
    assert judged.part == "test" and judged.n_samples == 200
    assert list(judged.scores) == ["generated", *CONTROLS]
    for name, scores in judged.scores.items():
        assert set(scores) - {"closer_low", "closer_high", "closer_p"} == set(MEASURES) - {"missingness_error"}, name
        assert all(np.isfinite(value) for measure, value in scores.items() if not measure.startswith("tstr"))
    generated, controls = judged.scores["generated"], judged.scores
    assert generated["discriminative_wide"] < 0.15 < controls["repeated"]["discriminative_wide"]
    assert generated["coverage"] > 0.8 > 0.1 > controls["repeated"]["coverage"]
    assert generated["correlation_error"] < 0.1 < controls["bootstrap"]["correlation_error"]
    assert generated["closer_low"] < 0.5 < controls["real"]["closer_low"]
    assert controls["real"]["copies"] == 1
    assert generated["tstr_auroc"] == pytest.approx(generated["trtr_auroc"], abs=0.1)
    assert progress.fractions == sorted(progress.fractions)
    again = judge_generated(waves(300, seed=7), data, steps=100, controls=())
    assert again.scores["generated"] == generated


class Told(Silent):
    """Keeps how far the work was."""

    def __init__(self) -> None:
        self.fractions: list[float] = []

    def report(self, fraction: float, message: str = "", payload: object = None) -> None:
        self.fractions.append(round(fraction, 9))


def test_records_with_gaps_are_judged() -> None:
    judged = judge_generated(waves(200, seed=7, gaps=True), waves(300, gaps=True), steps=40, controls=("bootstrap",))
    assert judged.scores["generated"]["missingness_error"] < 0.05
    assert judged.variables.names == ("channel 1", "channel 2")


def test_cancel_and_what_cannot_be_judged() -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    data = waves(150)
    with pytest.raises(Cancelled):
        judge_generated(data, data, steps=10, progress=Stop())
    with pytest.raises(InputError, match="shape"):
        judge_generated(Dataset(values=np.zeros((50, 3, 2), np.float32)), data)
    with pytest.raises(InputError, match="too few"):
        judge_generated(data.subset(np.arange(5)), data)


def test_the_unseen_are_those_of_the_test_part() -> None:
    values = np.zeros((1000, 2), np.float32)
    for sizes, expected in (((400, 0, 600), "test"), ((700, 150, 150), "held-out"), ((1000, 0, 0), "all")):
        data = Dataset(values=values, split=np.repeat([0, 1, 2], sizes).astype(np.int8))
        part, unseen = unseen_part(data)
        assert part == expected
        assert len(unseen) == {"test": 600, "held-out": 300, "all": 1000}[expected]
