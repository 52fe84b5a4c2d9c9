from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.reader import load, preview
from explorer.errors import InputError

HEAD = "@problemName Known\n@timeStamps false\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def _read(text: str, **options: Any) -> Dataset:
        path = tmp_path / "a.ts"
        path.write_text(text, encoding="utf-8")
        return load(path, **options)

    return _read


def test_several_dimensions_of_unequal_length(read: Any) -> None:
    text = HEAD + "@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true walk run\n@data\n"
    data = read(text + "1,2,3:4,5,6:run\n\n# a comment\n7,?:8,9:walk\n")
    np.testing.assert_array_equal(data.values[0], [[1, 4], [2, 5], [3, 6]])
    np.testing.assert_array_equal(data.values[1], [[7, 8], [np.nan, 9], [np.nan, np.nan]])
    assert data.lengths.tolist() == [3, 2]
    assert data.class_names == ("walk", "run")
    assert data.labels.tolist() == [1, 0]
    assert data.observed.sum() == 9


def test_without_labels_and_with_targets(read: Any) -> None:
    plain = read(HEAD + "@univariate true\n@classLabel false\n@data\n1,2,3\n4,5,6\n")
    assert plain.labels is None
    assert plain.values.shape == (2, 3, 1)
    target = read(HEAD + "@univariate true\n@targetlabel true\n@data\n1,2,3:0.5\n4,5,6:?\n")
    np.testing.assert_array_equal(target.columns["target"], [0.5, np.nan])
    assert target.labels is None


def test_tags_in_any_case_line_ends_and_a_byte_order_mark(read: Any) -> None:
    text = "\ufeff@PROBLEMNAME x\r\n@Univariate TRUE\r\n@ClassLabel TRUE 甲 乙\r\n@DATA\r\n1,2:甲\r\n3,4:乙\r\n"
    assert read(text).class_names == ("甲", "乙")


def test_sampling_rate_is_taken(read: Any) -> None:
    assert read(HEAD + "@data\n1,2,3\n", sampling_rate=50).time_axis.tolist() == [0, 0.02, 0.04]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("@timestamps true\n@data\n(0,1),(1,2)\n", "row 1", "time stamps of their own"),
        ("1,2,3\n", "row 1", "stands before '@data'"),
        ("@univariate true\n", "row 1", "no line '@data'"),
        ("@data\n", None, "no series behind '@data'"),
        ("@classlabel true a b\n@data\n1,2:a\n1,2:c\n", "row 4", "'c' is not one of the classes"),
        ("@classlabel true a b\n@data\n1,2:a\n1,2\n", "row 4", "0 dimensions and a label where 1"),
        ("@dimensions 3\n@data\n1,2:1,2\n", "row 3", "2 dimensions where 3"),
        ("@data\n1,2:1,2\n1,2:1\n", "row 3", "different lengths, from 1 to 2 steps"),
        ("@equallength true\n@serieslength 3\n@data\n1,2,3\n1,2\n", "row 5", "2 steps where 3 are needed"),
        ("@data\n1,2\n1,zwei\n", "row 3, dimension 1, step 2", "'zwei' is not a number"),
        ("@data\n1,2\n1,inf\n", "row 3, dimension 1, step 2", "infinite"),
        ("@data\n1,2\n?,?\n", "row 3", "no value in this sample"),
        ("@data\n1,2:?,?\n", "channel 'channel 2'", "no value in this channel"),
        ("@targetlabel true\n@data\n1,2:x\n", "row 3", "the target 'x' is not a number"),
        ("@dimensions many\n@data\n1,2\n", "row 1", "not a whole number"),
    ],
)
def test_mistakes_are_told_with_their_place(read: Any, text: str, place: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said) as told:
        read(text)
    assert told.value.place == place
    assert told.value.remedy


def test_preview_of_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    row = ",".join(f"{i / 7:.5f}" for i in range(100))
    path.write_text(HEAD + "@classLabel true a b\n@data\n" + f"{row}:a\n{row}:b\n" * 2000)
    looked = preview(path)
    assert looked.summary.startswith("about 4,000 samples × 100 steps, 2 classes")
    assert len(looked.rows) == 20
