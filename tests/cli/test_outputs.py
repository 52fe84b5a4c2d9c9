from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.cli.outputs import write_samples
from explorer.data.dataset import Dataset
from explorer.data.reader import load


def test_an_archive_has_what_is_known_of_the_samples(tmp_path: Path):
    values = np.random.default_rng(0).normal(size=(4, 6, 2)).astype(np.float32)
    known = Dataset(
        values=values,
        labels=np.array([0, 1, 1, -1]),
        class_names=("a", "b"),
        masks=np.tile([0, 0, 1, 2, -1, -1], (4, 1)),
        mask_names=("rest", "walk", "fällt"),
        channel_names=("x", "y"),
        unit="mV",
        sampling_rate=2.0,
    )
    write_samples(str(tmp_path / "new.npz"), known, values + 1, values)
    found = load(tmp_path / "new.npz")
    np.testing.assert_array_equal(found.values, values + 1)
    for name in ("labels", "masks", "split"):
        np.testing.assert_array_equal(getattr(found, name), getattr(known, name))
    for name in ("class_names", "mask_names", "channel_names", "unit", "sampling_rate"):
        assert getattr(found, name) == getattr(known, name)


def test_series_at_times_of_their_own_are_written_and_read_again(tmp_path: Path):
    values = np.array([[1.0, 2, 3], [4, 5, np.nan]], np.float32)[:, :, None]
    times = np.array([[0.0, 0.3, 1.7], [0.2, 0.9, np.nan]])
    known = Dataset(values=values, times=times, lengths=np.array([3, 2]), names=np.array(["a", "b"]))
    for name in ("new.npz", "new.csv"):
        write_samples(str(tmp_path / name), known, values, values)
        found = load(tmp_path / name)
        np.testing.assert_array_equal(found.values, values)
        np.testing.assert_allclose(found.times, times)
        np.testing.assert_array_equal(found.lengths, [3, 2])
