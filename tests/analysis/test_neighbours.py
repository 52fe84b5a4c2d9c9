"""The nearest code, by brute force and by a tree."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from explorer.analysis import neighbours
from explorer.analysis.neighbours import Neighbours, nearest


@pytest.mark.parametrize("brute", [0, 10**9])
@pytest.mark.parametrize("width", [1, 2, 20])
def test_equal_to_the_definition(monkeypatch: pytest.MonkeyPatch, brute: int, width: int) -> None:
    monkeypatch.setattr(neighbours, "BRUTE", brute)
    rng = np.random.default_rng(width)
    codes = (100 + rng.normal(size=(300, width))).astype(np.float32)
    found = Neighbours(codes)
    for z in 100 + rng.normal(size=(20, width)):
        distances = np.sqrt(((codes.astype(float) - z) ** 2).sum(axis=1))
        index, distance = found.nearest(z)
        assert index == distances.argmin()
        assert distance == pytest.approx(distances.min(), rel=1e-9)


def test_far_codes_of_nearly_one_distance() -> None:
    """What float32 cannot tell apart is told apart all the same."""
    codes = 1e4 + np.linspace(0, 1, 2001)[:, None] * np.array([[1.0, 0.0]]) + np.array([[0.0, -3e4]])
    index, distance = nearest(codes, np.array([1e4 + 0.25002, -2e4]))
    assert index == 500
    assert distance == pytest.approx(2e-5, rel=1e-3)


@pytest.mark.parametrize("far", [1e20, 1e30, 3e38])
def test_points_beyond_what_float32_can_square(far: float) -> None:
    codes = np.array([[0, 0], [3, 4], [-3, 4]], np.float32) * 10
    index, distance = nearest(codes, np.array([far, far]))
    assert index in range(3)
    assert distance == pytest.approx(far * math.sqrt(2), rel=1e-6)


def test_known_answers() -> None:
    codes = np.array([[0, 0], [3, 4], [np.nan, 0]], np.float32)
    assert nearest(codes, np.array([6.0, 8.0])) == (1, 5.0)
    assert nearest(codes, np.zeros(2)) == (0, 0.0)


@pytest.mark.parametrize(
    ("codes", "z"),
    [
        (np.zeros((0, 2)), np.zeros(2)),
        (np.full((3, 2), np.nan), np.zeros(2)),
        (np.zeros((3, 2)), np.zeros(3)),
        (np.zeros((3, 2)), np.array([np.nan, 0])),
    ],
)
def test_none_is_near(codes: np.ndarray, z: np.ndarray) -> None:
    index, distance = nearest(codes, z)
    assert index == -1
    assert math.isnan(distance)


@pytest.mark.parametrize("shape", [(50_000, 2), (300_000, 3), (20_000, 32)])
def test_quick_enough_for_the_hand(shape: tuple[int, int]) -> None:
    codes = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    found = Neighbours(codes)
    times = []
    for z in codes[:50] + 0.01:
        start = time.perf_counter()
        found.nearest(z)
        times.append(time.perf_counter() - start)
    # Other work on the machine only ever slows: the faster quarter is the search's own time.
    assert np.percentile(times, 25) < 5e-3
