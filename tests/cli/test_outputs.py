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
