"""A selection is sorted and without repetition, whatever it is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.workspace.view_state import as_selection


@pytest.mark.parametrize("indices", [[], [3], [1, 2, 2], [5, 1, 3], range(4), np.array([2, 4])])
def test_a_selection_is_ascending_and_has_each_sample_once(indices: Any) -> None:
    chosen = as_selection(indices, 10)
    assert chosen.tolist() == sorted(set(indices))
    assert chosen.dtype == np.int64


def test_a_selection_is_its_own() -> None:
    given = np.array([1, 4, 7])
    chosen = as_selection(given, 10)
    given[0] = 5
    assert chosen.tolist() == [1, 4, 7]


@pytest.mark.parametrize("indices", [[1, 99], [-1, 3], [4, -2]])
def test_a_sample_that_does_not_exist_is_named(indices: list[int]) -> None:
    with pytest.raises(InputError, match="there is no sample"):
        as_selection(indices, 10)
