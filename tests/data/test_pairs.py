"""A noisy file and a clean one, read as one data set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.pairs import paired
from explorer.data.reader import load
from explorer.errors import InputError

VALUES = np.arange(24, dtype=np.float32).reshape(2, 4, 3)


def dataset(name: str, values: np.ndarray = VALUES, **facts: Any) -> Dataset:
    return Dataset(values=values, name=name, **facts)


def test_two_files_are_one_set(tmp_path: Path) -> None:
    np.save(tmp_path / "noisy.npy", VALUES + 1)
    np.save(tmp_path / "clean.npy", VALUES)
    both = load(tmp_path / "noisy.npy", clean=tmp_path / "clean.npy", sampling_rate=50)
    np.testing.assert_array_equal(both.values, VALUES + 1)
    np.testing.assert_array_equal(both.targets, VALUES)
    assert both.name == "noisy"
    assert both.origin.options == {"sampling_rate": 50}
    assert both.origin.clean == str(tmp_path / "clean.npy")
    with pytest.raises(InputError, match="there is no such file") as caught:
        load(tmp_path / "noisy.npy", clean=tmp_path / "gone.npy")
    assert caught.value.source == str(tmp_path / "gone.npy")


def test_files_of_two_formats_are_one_set(tmp_path: Path) -> None:
    np.save(tmp_path / "noisy.npy", np.arange(40.0).reshape(4, 10, 1))
    (tmp_path / "clean.csv").write_text("\n".join(",".join(map(str, range(i, i + 10))) for i in range(4)))
    both = load(tmp_path / "noisy.npy", clean=tmp_path / "clean.csv")
    np.testing.assert_array_equal(both.clean[2].ravel(), np.arange(2, 12))


def test_samples_and_channels_are_matched_by_name() -> None:
    ours = dataset("a", channel_names=("I", "II", "III"), names=np.array(["x", "y"]))
    theirs = dataset("b", channel_names=("III", "I", "II"), names=np.array(["y", "x"]))
    both = paired(ours, theirs)
    np.testing.assert_array_equal(both.targets, VALUES[::-1][..., [1, 2, 0]])
    by_place = paired(ours, dataset("b", channel_names=("u", "v", "w"), names=np.array(["p", "q"])))
    np.testing.assert_array_equal(by_place.targets, VALUES)


@pytest.mark.parametrize(
    ("noisy", "clean", "said"),
    [
        ({}, {"values": VALUES[:1]}, "'a' has 2 samples and 'b' 1"),
        ({}, {"values": VALUES[:, :3]}, "'a' has 4 steps and 'b' 3"),
        ({}, {"values": VALUES[..., :2]}, "'a' has 3 channels and 'b' 2"),
        ({}, {"values": VALUES[:, :, 0]}, "'a' holds series and 'b' profile"),
        ({"targets": VALUES}, {}, "'a' has clean targets of its own"),
        ({"unit": "mV"}, {"unit": "µV"}, "'a' is in mV and 'b' in µV"),
        ({"sampling_rate": 250.0}, {"sampling_rate": 360.0}, "'a' has 250 steps per second and 'b' 360"),
        ({"times": np.arange(4.0)}, {"times": np.array([0, 1, 2.5, 3])}, "step 2 is at 2 in 'a' and at 2.5 in 'b'"),
        (
            {"channel_names": ("I", "II", "V1")},
            {"channel_names": ("I", "II", "V2")},
            "channel 'V1' of 'a' is not in 'b'",
        ),
        ({"names": np.array(["x", "y"])}, {"names": np.array(["x", "z"])}, "sample 'y' of 'a' is not in 'b'"),
        ({"lengths": np.array([4, 3])}, {}, "sample '1' has 3 steps in 'a' and 4 in 'b'"),
    ],
)
def test_what_is_no_pair_is_refused(noisy: dict, clean: dict, said: str) -> None:
    with pytest.raises(InputError, match="are no pair") as caught:
        paired(
            dataset("a", **noisy), replace(dataset("b"), **{"split": None, "channel_names": (), **clean}, layout=None)
        )
    assert said in str(caught.value)
