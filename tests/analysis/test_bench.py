"""The bench: its figures against sums by hand, what it may look at, and what it says where no truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.analysis import metrics
from explorer.analysis.bench import NOISY, Bench, Entry, at_strength, bench
from explorer.analysis.denoiser import parse_denoiser
from explorer.analysis.spoil import pairs
from explorer.analysis.tuning import tune
from explorer.data.corruption import parse_corruption
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError

TEXTS = ("moving-average", "savitzky-golay", "pca", "median:3 + wiener")


def benched(data: Dataset, *texts: str, **options: Any) -> Bench:
    return bench(data, [Entry(text, parse_denoiser(text)) for text in texts or TEXTS], **options)


@pytest.fixture(scope="module")
def sines() -> Dataset:
    return make("sines", n=200)


@pytest.fixture(scope="module")
def found(sines: Dataset) -> Bench:
    return benched(sines)


def test_figures_are_those_of_the_test_part(found: Bench, sines: Dataset) -> None:
    test = sines.part("test")
    np.testing.assert_array_equal(found.indices, sines.indices("test"))
    assert [row.name for row in found.rows] == [NOISY, *TEXTS]
    assert (found.part, found.truth, found.complete, found.refused) == ("test", True, True, {})
    for row in found.rows[1:]:
        chain = parse_denoiser(row.settings)
        train = sines.part("train")
        estimate = chain.fit(train.values, train.clean).denoise(test.values)
        measures = {name: interval.value for name, interval in row.measures.items()}
        assert measures["mse"] == pytest.approx(metrics.mse(test.clean, estimate), rel=1e-6)
        assert measures["mae"] == pytest.approx(metrics.mae(test.clean, estimate), rel=1e-6)
        gain = metrics.snr_gain_db(test.clean, test.values, estimate)
        assert measures["snr_gain_db"] == pytest.approx(gain, abs=1e-6)
        each = [np.corrcoef(x.ravel(), y.ravel())[0, 1] for x, y in zip(test.clean, estimate, strict=True)]
        np.testing.assert_allclose(row.correlations, each, atol=1e-6)
        np.testing.assert_allclose(row.squares[:, 0], ((estimate - test.clean) ** 2).sum(axis=(1, 2)), rtol=1e-5)
        for interval in row.measures.values():
            assert interval.low < interval.value < interval.high
        share = row.squares[:, 0] / found.noise[:, 0]
        assert row.best[0] == found.indices[share.argmin()] and row.worst[0] == found.indices[share.argmax()]
    assert found.rows[0].measures["snr_gain_db"].value == 0
    assert [row.name for row in found.ranked()][-1] == NOISY


def test_settings_are_those_that_are_best_on_the_validation_part(found: Bench, sines: Dataset) -> None:
    validation = sines.part("validation")
    row = found.rows[1]
    assert (row.criterion, row.tries) == ("validation error", 24)
    errors = {
        window: metrics.mse(validation.clean, parse_denoiser(f"moving-average:{window}").denoise(validation.values))
        for window in range(3, 50, 2)
    }
    assert row.settings == f"moving-average:{min(errors, key=lambda window: errors[window])}"
    assert found.rows[4].settings.startswith("median:3 + wiener:")
    given = benched(sines, "moving-average:9").rows[1]
    assert (given.settings, given.criterion, given.tries) == ("moving-average:9", "", 0)


def test_test_samples_take_part_in_no_choice(found: Bench, sines: Dataset) -> None:
    values, targets = sines.values.copy(), sines.clean.copy()
    values[sines.indices("test")] *= -3
    again = benched(Dataset(values=values, targets=targets, split=sines.split))
    assert [row.settings for row in again.rows] == [row.settings for row in found.rows]


def test_pairs_of_denoisers(found: Bench) -> None:
    from scipy.stats import wilcoxon

    assert len(found.pairs) == 6
    one, two = (found.rows[k].squares[:, 0] / found.counts[:, 0] for k in (2, 1))
    pair = found.pair("savitzky-golay", "moving-average")
    assert pair is not None and (pair.first, pair.second) == ("moving-average", "savitzky-golay")
    assert pair.p == pytest.approx(wilcoxon(two - one).pvalue)
    assert pair.p <= pair.p_adjusted <= 1
    assert pair.wins == pytest.approx(np.mean(two < one))
    assert pair.cohens_dz == pytest.approx(np.mean(one - two) / np.std(one - two, ddof=1))
    assert -1 <= pair.rank_biserial < 0, "the second is better"


def test_levels_of_noise(sines: Dataset) -> None:
    clean = Dataset(values=sines.clean, split=sines.split)
    found = benched(clean, "moving-average", corruption="gaussian:0.3", levels=(0.1, 0.3, 0.9))
    for row in found.rows:
        assert [level.strength for level in row.levels] == [0.1, 0.3, 0.9]
        errors = [level.mse.value for level in row.levels]
        assert errors == sorted(errors)
        assert row.levels[1].mse == row.measures["mse"], "the bench's own level"
    noisy, averaged = found.rows
    assert noisy.levels[0].mse.value == pytest.approx(0.01, rel=0.1)
    assert averaged.levels[0].snr_gain_db.value < averaged.levels[2].snr_gain_db.value - 2
    with pytest.raises(InputError, match="need a corruption"):
        benched(sines, "median", levels=(0.1,))
    with pytest.raises(InputError, match="'strength' cannot be"):
        at_strength(parse_corruption("dropout:0.1"), 2.0)


def test_a_sample_is_spoilt_alike_wherever_it_comes(sines: Dataset) -> None:
    many = pairs(sines, np.array([4, 9, 150]), "gaussian:0.3", seed=5)
    one = pairs(sines, np.array([9]), "gaussian:0.3", seed=5)
    np.testing.assert_array_equal(many.noisy[1], one.noisy[0])
    assert many.clean is not None
    np.testing.assert_array_equal(many.clean, sines.clean[[4, 9, 150]])
    assert np.abs(pairs(sines, np.array([9]), "gaussian:0.3", seed=6).noisy - one.noisy).max() > 0.1


def test_gaps_count_as_bridged_and_ends_do_not_count() -> None:
    clean = np.tile(np.arange(20, dtype=np.float32)[:, None], (30, 1, 1))
    lengths = np.full(30, 20)
    lengths[::2] = 12
    clean[::2, 12:] = np.nan
    values = clean.copy()
    values[:, 5:8] = np.nan
    found = benched(Dataset(values=values, targets=clean, lengths=lengths), "median:3", "pca", "linear-mmse")
    assert found.rows[0].measures["mse"].value == pytest.approx(0, abs=1e-9), "a line is bridged without error"
    assert set(found.counts[:, 0].tolist()) == {12, 20}
    assert found.refused == dict.fromkeys(("pca", "linear-mmse"), "takes series of one length")


def test_channels_and_classes() -> None:
    rng = np.random.default_rng(0)
    clean = np.zeros((60, 40, 2), np.float32)
    labels = np.arange(60) % 3
    size = np.array([1.0, 2.0])[None, None] * (1 + labels)[:, None, None]
    data = Dataset(
        values=clean + (size * rng.standard_normal(clean.shape)).astype(np.float32),
        targets=clean,
        labels=labels,
        class_names=("a", "b", "c"),
        channel_names=("I", "II"),
    )
    row = benched(data, "moving-average:5").rows[0]
    assert row.channels["II"]["mse"] == pytest.approx(4 * row.channels["I"]["mse"], rel=0.5)
    assert list(row.classes) == ["a", "b", "c"]
    assert row.classes["c"]["mse"] > 2 * row.classes["b"]["mse"] > row.classes["a"]["mse"]


def test_without_a_truth_there_are_blind_measures_alone(sines: Dataset) -> None:
    blind = Dataset(values=sines.values, split=sines.split)
    found = benched(blind, "moving-average", "kalman", "linear-mmse")
    assert (found.truth, found.pairs) == (False, [])
    assert "in pairs" in found.refused["linear-mmse"]
    noisy, averaged, _ = found.rows
    assert (averaged.measures, averaged.criterion, averaged.tries) == ({}, "SURE", 24)
    assert averaged.blind["estimated_sigma"] == pytest.approx(0.3, abs=0.03)
    assert averaged.blind["roughness_db"] < -3 and noisy.blind["roughness_db"] == 0
    truth = metrics.mse(sines.part("test").clean, parse_denoiser(averaged.settings).denoise(sines.part("test").values))
    assert averaged.blind["sure"] == pytest.approx(truth, abs=0.012)


def test_blind_tuning_comes_near_that_with_the_truth(sines: Dataset) -> None:
    validation = sines.part("validation")
    for text in ("moving-average", "savitzky-golay", "kalman", "wavelet", "total-variation"):
        tuned = [tune(parse_denoiser(text), validation.values, clean) for clean in (validation.clean, None)]
        seeing, blind = (metrics.mse(validation.clean, each.denoiser.denoise(validation.values)) for each in tuned)
        assert seeing <= blind < 1.35 * seeing, text


class Stopping:
    """A progress that cancels after the first row."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        assert 0 <= fraction <= 1 + 1e-9
        self.rows += [] if payload is None else [payload]

    def cancelled(self) -> bool:
        return bool(self.rows)


def test_a_cancelled_bench_keeps_what_it_has(sines: Dataset) -> None:
    listener = Stopping()
    found = benched(sines, progress=listener)
    assert not found.complete
    assert [row.name for row in found.rows] == [NOISY, "moving-average"]
    assert found.rows[1] is listener.rows[0]


def test_nothing_to_compare(sines: Dataset) -> None:
    with pytest.raises(InputError, match="no denoiser"):
        bench(sines, [])
