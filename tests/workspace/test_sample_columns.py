"""Sorting and filtering samples by what is known of them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent
from explorer.workspace.sample_columns import SampleColumn, columns_of, matches, order_of, parsed_where


def data() -> Dataset:
    return Dataset(
        values=np.zeros((6, 3), np.float32),
        labels=np.array([0, 1, 0, 1, -1, 0]),
        class_names=("walk", "Rest"),
        columns={
            "age": np.array([30.0, 4.0, np.nan, 25.0, 9.0, 11.0]),
            "town": np.array(["Ulm", "Bonn", "", "Ulm", "x", "y"]),
        },
        split=np.array([0, 0, 0, 1, 2, 2], dtype=np.int8),
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("REST", [1, 3]),
        ("ulm", [0, 3]),
        ("age > 10", [0, 3, 5]),
        ("age <= 9 and part = train", [1]),
        ("label != walk", [1, 3, 4]),
        ("town = ulm", [0, 3]),
        ("name >= 4", [4, 5]),
        ("label = rest AND age = 4", [1]),
        ("nothing > 3", []),
        ("5", [3, 5]),
    ],
)
def test_what_a_filter_lets_through(wanted: str, found: list[int]) -> None:
    assert np.flatnonzero(matches(columns_of(data()), 6, wanted)).tolist() == found


def test_order() -> None:
    columns = {column.title: column for column in columns_of(data())}
    assert order_of(columns["age"], 6).tolist() == [1, 4, 5, 3, 0, 2]
    assert order_of(columns["age"], 6, descending=True).tolist() == [0, 3, 5, 4, 1, 2]
    assert order_of(columns["label"], 6).tolist() == [1, 3, 0, 2, 5, 4]
    assert order_of(columns["label"], 6, descending=True).tolist() == [0, 2, 5, 1, 3, 4]
    assert order_of(columns["name"], 6, descending=True).tolist() == [5, 4, 3, 2, 1, 0]
    assert order_of(columns["town"], 6).tolist()[:2] == [2, 1]
    assert order_of(None, 3).tolist() == [0, 1, 2]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float32, bool])
def test_descending_is_ascending_backwards(dtype: type) -> None:
    values = np.random.default_rng(0).integers(0, 2 if dtype is bool else 100, 500).astype(dtype)
    down = order_of(SampleColumn("x", values), 500, descending=True)
    assert (np.diff(values[down].astype(float)) <= 0).all()


def test_it_reports_and_stops() -> None:
    class Once(Silent):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    columns = [SampleColumn("x", np.arange(100_000).astype(str))]
    listener = Once()
    with pytest.raises(Cancelled):
        matches(columns, 100_000, "7", progress=listener)
    assert listener.asked == 4


def test_a_test_that_is_none_is_told() -> None:
    assert parsed_where(columns_of(data()), 6, "age > 10", Silent()).tolist() == [0, 3, 5]
    with pytest.raises(InputError, match="age"):
        parsed_where(columns_of(data()), 6, "size > 3", Silent())


def test_texts_that_are_made_only_when_looked_for() -> None:
    words = ["pear", "Apple", "fig", "apple pie"]
    asked: list[int] = []

    def spoken(index: int) -> str:
        asked.append(index)
        return words[index]

    column = SampleColumn("name", None, spoken=spoken)
    assert not asked and column.kind == "text"
    assert np.flatnonzero(matches([column], 4, "apple")).tolist() == [1, 3]
    assert np.flatnonzero(matches([column], 4, "name = APPLE")).tolist() == [1]
    assert order_of(column, 4).tolist() == [1, 3, 2, 0]
    assert column.text(2) == "fig"
