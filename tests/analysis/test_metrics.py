"""Known answers of the measures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.metrics import Errors, mae, mse, snr_gain_db

CLEAN = np.zeros((2, 4, 1), np.float32)


def test_known_answers() -> None:
    noisy, estimate = CLEAN + 2, CLEAN + 0.5
    assert mse(CLEAN, estimate) == 0.25
    assert mae(CLEAN, -estimate) == 0.5
    assert snr_gain_db(CLEAN, noisy, estimate) == pytest.approx(10 * math.log10(16))
    assert snr_gain_db(CLEAN, noisy, noisy) == 0
    assert snr_gain_db(CLEAN, estimate, noisy) == pytest.approx(-10 * math.log10(16))


def test_the_gain_is_of_sums_not_a_mean_of_gains() -> None:
    clean, noisy = np.zeros(2), np.array([1.0, 10.0])
    estimate = np.array([0.1, 10.0])
    assert snr_gain_db(clean, noisy, estimate) == pytest.approx(10 * math.log10(101 / 100.01))


def test_unknown_entries_do_not_count() -> None:
    clean = CLEAN.copy()
    clean[0, 0] = np.nan
    estimate = CLEAN + 1
    estimate[1] = 3
    observed = np.ones(CLEAN.shape, bool)
    observed[1] = False
    assert mse(clean, estimate, observed) == 1
    noisy = CLEAN + 2
    noisy[0, 1] = np.nan
    estimate[0, 1] = 100
    assert snr_gain_db(clean, noisy, estimate, observed) == pytest.approx(10 * math.log10(4))


def test_the_ends() -> None:
    assert math.isnan(mse(np.full(3, np.nan), np.zeros(3)))
    assert math.isnan(mae(np.zeros(0), np.zeros(0)))
    assert math.isnan(snr_gain_db(CLEAN, CLEAN, CLEAN + 1))  # there was no noise
    assert snr_gain_db(CLEAN, CLEAN + 1, CLEAN) == math.inf


def test_pieces_sum_up() -> None:
    rng = np.random.default_rng(0)
    clean, noisy, estimate = rng.normal(size=(3, 30, 5, 2))
    errors = Errors()
    for start in range(0, 30, 7):
        piece = slice(start, start + 7)
        errors.add(clean[piece], estimate[piece], noisy[piece])
    assert errors.mse == pytest.approx(mse(clean, estimate))
    assert errors.mae == pytest.approx(np.abs(estimate - clean).mean())
    assert errors.snr_gain_db == pytest.approx(snr_gain_db(clean, noisy, estimate))


def test_large_offsets_do_not_drown_small_errors() -> None:
    clean = np.full(1000, 1e6, np.float32)
    assert mse(clean, clean + np.float32(0.5)) == 0.25
