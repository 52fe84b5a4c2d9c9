"""The spacing of codes: on a grid it is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.spacing import typical_spacing


def test_a_grid_has_the_spacing_of_its_lines() -> None:
    grid = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), axis=-1).reshape(-1, 2) * 0.25 + 1000
    spacing = typical_spacing(grid)
    assert spacing is not None
    assert spacing.median == pytest.approx(0.25, rel=1e-6)
    assert spacing.wide == pytest.approx(0.25, rel=1e-6)
    assert not spacing.off_range(0.3)
    assert spacing.off_range(0.8)


def test_many_codes_are_asked_of_all() -> None:
    codes = np.arange(10_000.0)[:, None]
    spacing = typical_spacing(codes)
    assert spacing is not None
    assert spacing.median == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("codes", [np.zeros((0, 2)), np.zeros((1, 2)), np.ones((5, 2)), np.full((4, 2), np.nan)])
def test_without_two_distinct_codes_there_is_none(codes: np.ndarray) -> None:
    assert typical_spacing(codes) is None


def test_wide_edges_are_no_alarm() -> None:
    codes = np.concatenate([np.linspace(0, 1, 90), [3, 5, 7, 9, 11, 13, 15, 17, 19, 21]])[:, None]
    spacing = typical_spacing(codes)
    assert spacing is not None
    assert not spacing.off_range(2.5)  # 200 times the median, but usual at the edge
