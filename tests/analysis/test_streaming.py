"""Denoisers of long series: the way that each takes through blocks, and what comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explorer.analysis import streaming
from explorer.analysis.denoiser import parse_denoiser
from explorer.analysis.overlap_add import blocks_of
from explorer.analysis.streaming import stream


@pytest.fixture
def series() -> np.ndarray:
    rng = np.random.default_rng(0)
    series = (np.sin(np.arange(4000)[:, None] / [9, 31]) + rng.normal(0, 0.3, (4000, 2))).astype(np.float32)
    series[700:712, 1] = np.nan
    return series


@pytest.mark.parametrize("text", ["median:5", "moving-average:21", "savitzky-golay:15", "median:3 + moving-average:9"])
def test_local_filters_are_as_over_the_whole_series(text: str, series: np.ndarray) -> None:
    denoiser = parse_denoiser(text)
    found = np.concatenate(list(stream(blocks_of(series, 333), denoiser, keep_gaps=False)))
    assert_allclose(found, denoiser.denoise(series[None])[0], atol=2e-6)


@pytest.mark.parametrize("text", ["kalman:0.01", "wiener:9", "wavelet", "total-variation"])
def test_others_leave_no_seam(text: str, series: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they choose by window makes little difference, and where windows meet nothing jumps."""
    monkeypatch.setattr(streaming, "WINDOW", 1000)
    denoiser = parse_denoiser(text)
    found = np.concatenate(list(stream(blocks_of(series, 333), denoiser, keep_gaps=False)))
    away = np.abs(found - denoiser.denoise(series[None])[0])
    assert away.mean() < 0.03  # of noise whose deviation is 0.3
    jumps = np.abs(np.diff(found, axis=0)).max(axis=1)
    seams = np.arange(500, 4000, 500)
    assert max(jumps[seams - 1].max(), jumps[seams].max()) <= np.quantile(jumps, 0.995)


def test_gaps_stay_where_they_are_to_be_kept(series: np.ndarray) -> None:
    kept = np.concatenate(list(stream([series], parse_denoiser("median:5"))))
    assert_array_equal(np.isnan(kept), np.isnan(series))
