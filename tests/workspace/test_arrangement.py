"""The rows of a table of samples: what is shown, in which order, and the ways between rows and samples."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.workspace.arrangement import Arrangement
from explorer.workspace.sample_columns import SampleColumn

numbers = st.lists(st.integers(-5, 5), min_size=1, max_size=40)


@given(numbers, st.booleans(), st.integers(-5, 5))
def test_rows_and_samples_fit_each_other(values: list[int], descending: bool, least: int) -> None:
    count = len(values)
    column = SampleColumn("x", np.array(values))
    made = Arrangement.of([column], count, column=0, descending=descending, wanted=f"x >= {least}")
    kept = [i for i in range(count) if values[i] >= least]
    assert len(made) == len(kept)
    order = [made.sample(row) for row in range(len(made))]
    assert order == sorted(kept, key=lambda i: -values[i] if descending else values[i])
    assert made.shown(np.arange(count)).tolist() == kept
    assert made.rows(np.arange(count)).tolist() == list(range(len(kept)))
    if kept:
        assert made.samples_in([(0, len(kept) - 1)]).tolist() == kept
        assert made.samples_in([(0, 0)]).tolist() == [order[0]]
    assert made.samples_in([]).tolist() == []


def test_all_as_they_come_takes_no_memory() -> None:
    made = Arrangement.of([SampleColumn("name", None)], 10**9)
    assert len(made) == 10**9
    assert made.order is None and made.row_of is None
    assert made.sample(123_456_789) == 123_456_789
    assert made.rows(np.array([5, 7])).tolist() == [5, 7]
    assert made.samples_in([(3, 5), (4, 8)]).tolist() == [3, 4, 5, 6, 7, 8]


def test_ten_million_are_sorted_and_filtered() -> None:
    n = 10_000_000
    rng = np.random.default_rng(0)
    score, part = rng.random(n, dtype=np.float32), rng.integers(0, 3, n).astype(np.int8)
    columns = [SampleColumn("score", score), SampleColumn("part", part, ("train", "validation", "test"))]
    begun = time.process_time()
    made = Arrangement.of(columns, n, column=0, descending=True, wanted="part = test and score > 0.9")
    assert time.process_time() - begun < 5
    kept = np.flatnonzero((part == 2) & (score > 0.9))
    assert len(made) == len(kept)
    assert (np.diff(score[made.order]) <= 0).all()
    np.testing.assert_array_equal(made.shown(kept), kept)
