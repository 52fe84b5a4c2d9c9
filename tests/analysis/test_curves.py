import numpy as np
import pytest

from explorer.analysis.curves import curve_errors, regions, simple_curves
from explorer.data.dataset import Dataset

NAN = np.nan


@pytest.fixture
def data() -> Dataset:
    values = np.array([[1, NAN, 3, NAN], [NAN, 5, NAN, NAN]], np.float32)[:, :, None]
    targets = np.array([[1, 2, 3, 4], [4, 5, 6, NAN]], np.float32)[:, :, None]
    return Dataset(values=values, targets=targets, times=np.array([[0, 1, 2, 3], [0, 0.5, 1, 5]]))


def test_steps_are_seen_hidden_or_ahead(data: Dataset) -> None:
    found = regions(data)
    assert found["seen"].tolist() == [[True, False, True, False], [False, True, False, False]]
    assert found["hidden"].tolist() == [[False, True, False, False], [True, False, False, False]]
    assert found["within"].tolist() == [[True, True, True, False], [True, True, False, False]]
    assert found["ahead"].tolist() == [[False, False, False, True], [False, False, True, False]]


def test_errors_are_told_for_each_region(data: Dataset) -> None:
    written = data.clean + np.array([0, 1, 2, 3], np.float32)[:, None]
    assert curve_errors(data, written) == pytest.approx({"within": 6 / 5, "seen": 5 / 3, "hidden": 0.5, "ahead": 6.5})


def test_what_anybody_could_write(data: Dataset) -> None:
    found = simple_curves(data, np.array([7.0]))
    assert found["mean"][0, 2, 0] == 7
    assert found["last_value"][..., 0].tolist() == [[1, 1, 3, 3], [5, 5, 5, 5]]
    assert found["straight_lines"][..., 0].tolist() == [[1, 2, 3, 3], [5, 5, 5, 5]]
