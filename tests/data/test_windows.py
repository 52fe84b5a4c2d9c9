"""A recording as windows: views of it, parts that share no step, and the ways between steps and windows."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data.dataset import Dataset
from explorer.data.reader import load, preview
from explorer.data.split import GAP, TEST, TRAIN, VALIDATION
from explorer.data.windows import Windows, block_split, windowed
from explorer.errors import InputError


def recording(steps: int = 1000, channels: int = 2) -> np.ndarray:
    return np.arange(steps * channels, dtype=np.float32).reshape(steps, channels)


def one_series(values: np.ndarray, **fields: object) -> Dataset:
    return Dataset(values=values[None], layout="series", **fields)  # type: ignore[arg-type]


def test_windows_are_views_of_the_recording() -> None:
    steps = recording()
    data = windowed(one_series(steps), 100, 30)
    assert data.values.shape == (31, 100, 2)
    assert np.shares_memory(data.values, steps)
    assert data.cut
    for i in (0, 7, 30):
        np.testing.assert_array_equal(data.values[i], steps[30 * i : 30 * i + 100])
    assert not data.values.flags.writeable
    assert data.columns["start"].tolist() == list(range(0, 901, 30))


def test_a_part_is_a_view_still_and_a_choice_is_a_copy() -> None:
    steps = recording()
    data = windowed(one_series(steps), 100, 30)
    part = data.part("test")
    assert part.cut and part.windows is not None
    assert np.shares_memory(part.values, steps)
    np.testing.assert_array_equal(part.values, data.values[data.indices("test")])
    assert part.windows.first == 30 * int(data.indices("test")[0])
    chosen = data.subset(np.array([3, 1]))
    assert chosen.windows is None
    np.testing.assert_array_equal(chosen.values, data.values[[3, 1]])


def test_masks_gaps_and_targets_are_cut_alike_and_times_become_a_rate() -> None:
    steps = recording(200, 1)
    known = np.ones((1, 200, 1), dtype=bool)
    known[0, 50:60] = False
    marks = np.zeros((1, 200), dtype=np.int64)
    marks[0, 90:] = 1
    data = windowed(
        one_series(steps, observed=known, masks=marks, targets=-steps[None], times=np.arange(200) / 50), 40, 20
    )
    assert data.sampling_rate == pytest.approx(50)
    assert data.times is None
    assert data.columns["start"][2] == pytest.approx(0.8)
    assert data.observed is not None and data.masks is not None and data.targets is not None
    np.testing.assert_array_equal(data.observed[2, :, 0], known[0, 40:80, 0])
    np.testing.assert_array_equal(data.masks[3], marks[0, 60:100])
    np.testing.assert_array_equal(data.targets[1], -steps[20:60])
    assert data.missing_share == pytest.approx(10 / 200)


@given(st.integers(1, 400), st.integers(1, 60), st.integers(1, 80))
def test_no_step_is_in_windows_of_two_parts(count: int, length: int, stride: int) -> None:
    split = block_split(count, length, stride)
    assert len(split) == count
    assert (split == TRAIN).any()
    reached = {
        part: {step for i in np.flatnonzero(split == part) for step in (i * stride, i * stride + length - 1)}
        for part in (TRAIN, VALIDATION, TEST)
    }
    order = [reached[part] for part in (TRAIN, VALIDATION, TEST) if reached[part]]
    for earlier, later in itertools.pairwise(order):
        assert max(earlier) < min(later)
    if stride >= length and count >= 3:
        assert not (split == GAP).any()


def test_shares_of_a_long_recording() -> None:
    split = block_split(10_000, 200, 50)
    assert np.bincount(split).tolist() == [6998, 1499, 1499, 6] or (split == GAP).sum() == 6
    assert (split == TEST).sum() == pytest.approx(1500, abs=3)


def test_from_steps_to_windows_and_back() -> None:
    windows = Windows(recording(1000, 1), 100, 30)
    assert len(windows) == 31
    assert windows.at(windows.starts[7] + 49.5) == 7
    assert windows.at(-500) == 0
    assert windows.at(5000) == 30
    assert windows.within(300, 400).tolist() == [i for i in range(31) if 300 <= 30 * i + 49.5 <= 400]
    assert windows.within(1, 2).tolist() == [0]
    assert windows.stretches(np.array([0, 1, 2, 10, 12, 30])).tolist() == [[0, 160], [300, 460], [900, 1000]]
    assert windows.stretches(np.array([], dtype=np.int64)).shape == (0, 2)


def test_windows_of_an_npy_file_stay_on_the_disk(tmp_path: Path) -> None:
    steps = recording(5000, 3)
    np.save(tmp_path / "long.npy", steps)
    data = load(tmp_path / "long.npy", window=200, stride=50, sampling_rate=100)
    assert len(data) == 97
    assert data.windows is not None
    assert isinstance(data.windows.recording, np.memmap)
    np.testing.assert_array_equal(data.values[96], steps[4800:5000])
    assert data.columns["start"][2] == pytest.approx(1.0)
    told = preview(tmp_path / "long.npy", options={"window": 200, "stride": 50}).summary
    assert told == "One recording of 5,000 steps, in 97 windows of 200 steps, one every 50"


@pytest.mark.parametrize("shape", [(600,), (600, 1), (1, 600, 1)])
def test_shapes_of_one_recording(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "a.npy", recording(600, 1).reshape(shape).astype(np.float64))
    assert load(tmp_path / "a.npy", window=100).values.shape == (6, 100, 1)


def test_windows_of_a_table_keep_its_names_and_gaps(tmp_path: Path) -> None:
    lines = ["time,heart,breath", *(f"{i / 50},{i},{'' if i == 30 else -i}" for i in range(200))]
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    data = load(tmp_path / "table.csv", window=50, stride=25)
    assert data.channel_names == ("heart", "breath")
    assert data.sampling_rate == pytest.approx(50)
    assert data.values[1, :, 0].tolist() == list(range(25, 75))
    assert np.isnan(data.values[0, 30, 1]) and data.observed is not None and not data.observed[0, 30, 1]
    assert "windows of 50 steps" in preview(tmp_path / "table.csv", options={"window": 50}).summary


def test_a_clean_recording_is_cut_alike(tmp_path: Path) -> None:
    np.save(tmp_path / "noisy.npy", recording(300, 1))
    np.save(tmp_path / "clean.npy", recording(300, 1) / 2)
    data = load(tmp_path / "noisy.npy", clean=tmp_path / "clean.npy", window=60, stride=20)
    assert data.targets is not None and data.cut
    np.testing.assert_array_equal(data.targets * 2, data.values)


@pytest.mark.parametrize(
    ("shape", "options", "told"),
    [
        ((3, 50, 1), {"window": 20}, "not one recording"),
        ((50, 1), {"window": 60}, "50 steps, and a window 60"),
        ((50, 1), {"stride": 5}, "stride without a window"),
        ((50, 1), {"window": 1}, "window"),
    ],
)
def test_what_cannot_be_cut_is_told(tmp_path: Path, shape: tuple[int, ...], options: dict[str, Any], told: str) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape, dtype=np.float32))
    with pytest.raises(InputError, match=told):
        load(tmp_path / "a.npy", **options)


def test_series_of_several_samples_are_refused() -> None:
    with pytest.raises(InputError, match="one long recording"):
        windowed(Dataset(values=np.zeros((2, 50, 1), np.float32)), 10)
    with pytest.raises(InputError, match="a window 60"):
        windowed(one_series(recording(50)), 60)
