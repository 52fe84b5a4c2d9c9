from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load, reader_for
from explorer.errors import InputError
from tests.data.formats import write_nab


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_nab(tmp_path)


def test_windows_of_a_recording(recording: Path) -> None:
    data = load(recording, length=50)
    assert data.values.shape == (6, 50, 1)
    flat = data.values.ravel()
    np.testing.assert_allclose(flat[:200], np.sin(np.arange(200) / 5), rtol=1e-6)
    assert (flat[200:220] == 3).all()
    assert np.flatnonzero(data.masks.ravel()).tolist() == list(range(200, 220))
    assert data.labels.tolist() == [0, 0, 0, 0, 1, 0]
    assert data.class_names == data.mask_names == ("normal", "anomalous")
    assert data.columns["first step"].tolist() == [0, 50, 100, 150, 200, 250]
    assert data.columns["hours"][1] == pytest.approx(50 * 5 / 60)
    assert data.names[1] == "2014-04-01 04:10:00"
    assert data.sampling_rate == pytest.approx(1 / 300)


def test_the_last_window_ends_with_the_recording(recording: Path) -> None:
    data = load(recording)
    assert data.columns["first step"].tolist() == [0, 64, 128, 192, 236]
    assert load(recording, length=300).values.shape == (1, 300, 1)


@pytest.mark.parametrize(("stride", "train"), [(1, 0.5), (7, 0.6), (20, 0.3), (13, 1.0)])
def test_no_step_of_the_test_is_learned_from(recording: Path, stride: int, train: float) -> None:
    data = load(recording, length=20, stride=stride, train=train)
    first = data.columns["first step"]

    def steps(part: str) -> set[int]:
        return {int(i) for start in first[data.indices(part)] for i in range(start, start + 20)}

    assert steps("train") and steps("validation")
    ends = first + 20
    assert ends[data.split != 2].max() <= train * 300
    assert ends[data.split == 0].max() <= 0.85 * train * 300
    assert (train == 1) == (not steps("test"))
    assert (np.diff(data.split) >= 0).all()  # by time


def test_a_recording_that_is_not_labelled(recording: Path) -> None:
    other = recording.rename(recording.with_name("other.csv"))
    data = load(other)
    assert data.masks is None and data.labels is None


def test_values_that_are_missing(recording: Path) -> None:
    lines = recording.read_text().splitlines()
    lines[5] = lines[5].split(",")[0] + ","
    recording.write_text("\n".join(lines))
    data = load(recording)
    assert data.observed is not None
    assert np.argwhere(~data.observed).tolist() == [[0, 4, 0]]


def test_without_the_labels_it_is_any_table(recording: Path) -> None:
    (recording.parents[2] / "labels" / "combined_windows.json").unlink()
    assert reader_for(recording) == "delimited"
    with pytest.raises(InputError, match="combined_windows") as told:
        load(recording, reader="nab")
    assert told.value.remedy


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"artificial/known.csv": [["a", "b"]]}', '{"artificial/known.csv": 3}']
)
def test_damaged_labels_are_told(recording: Path, text: str) -> None:
    labels = recording.parents[2] / "labels" / "combined_windows.json"
    labels.write_text(text)
    with pytest.raises(InputError, match="no labels of the benchmark") as told:
        load(recording)
    assert told.value.source == str(labels)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2014-04-01 00:15:00,high", "'high' is not a number"),
        ("2014-04-01 00:15:00", "NaN"),
        ("noon,3", "'noon' is not a time"),
        ("2014-04-01 00:15:00,1e300", "infinite"),
        ("2013-04-01 00:15:00,1", "before that of the last row"),
    ],
)
def test_mistakes_are_told_with_their_row(recording: Path, row: str, said: str) -> None:
    lines = recording.read_text().splitlines()
    lines[4] = row
    recording.write_text("\n".join(lines))
    if said == "NaN":  # the value is missing, no mistake
        assert np.isnan(load(recording).values[0, 3, 0])
        return
    with pytest.raises(InputError, match=said) as told:
        load(recording)
    assert told.value.place == "row 5"


def test_a_recording_that_is_too_short(recording: Path) -> None:
    with pytest.raises(InputError, match="300 steps, and a window 301"):
        load(recording, length=301)
