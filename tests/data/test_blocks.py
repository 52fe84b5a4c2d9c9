"""Going through samples a block at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.data.blocks import blocks, let_go, map_of, rows_of
from explorer.data.dataset import Dataset, Origin, as_dataset
from explorer.data.scaling import Scaler, typical_size
from explorer.errors import InputError


def saved(path: Path, array: np.ndarray) -> np.ndarray:
    np.save(path / "samples.npy", array)
    return np.load(path / "samples.npy", mmap_mode="r")


def test_every_sample_comes_once_and_in_order() -> None:
    values = np.arange(60, dtype=np.float32).reshape(20, 3)
    assert rows_of(values, 36) == 3 and rows_of(values, 1) == 1
    parts = list(blocks(values, size=36))
    assert [first for first, _ in parts] == list(range(0, 20, 3))
    np.testing.assert_array_equal(np.concatenate([block for _, block in parts]), values)
    assert np.shares_memory(parts[0][1], values)
    rows = np.array([7, 2, 19, 3])
    np.testing.assert_array_equal(np.concatenate([b for _, b in blocks(values, rows, size=24)]), values[rows])


def test_a_memory_map_is_known_through_its_views(tmp_path: Path) -> None:
    array = np.random.default_rng(0).standard_normal((500, 8)).astype(np.float32)
    mapped = saved(tmp_path, array)
    for view in (mapped, mapped[3:], np.asarray(mapped), mapped.reshape(500, 4, 2)[:, :, 0]):
        assert map_of(view) is not None
    assert map_of(array) is None and map_of(mapped[np.array([1, 2])]) is None
    let_go(map_of(mapped))
    np.testing.assert_array_equal(np.concatenate([block for _, block in blocks(mapped, size=4096)]), array)


def test_what_was_written_into_a_map_is_not_lost(tmp_path: Path) -> None:
    saved(tmp_path, np.zeros((500, 8), np.float32))
    mine = np.load(tmp_path / "samples.npy", mmap_mode="c")
    mine[:] = 1
    assert all((block == 1).all() for _, block in blocks(mine, size=4096))
    assert (mine == 1).all()


def test_an_array_on_the_disk_stays_there(tmp_path: Path) -> None:
    array = np.random.default_rng(0).standard_normal((50, 8)).astype(np.float32)
    data = as_dataset(saved(tmp_path, array))
    assert map_of(data.values) is not None and data.whole
    assert data.sha256 == Dataset(values=array).sha256
    assert map_of(data.subset(slice(3, 9)).values) is not None
    np.testing.assert_array_equal(data.subset(slice(3, 9)).values, array[3:9])
    array[7, 2] = np.nan
    assert not as_dataset(saved(tmp_path, array)).whole
    array[40, 3] = -np.inf
    with pytest.raises(InputError, match=r"\(40, 3\).*infinite"):
        as_dataset(saved(tmp_path, array))


def test_a_large_file_is_not_hashed_again(tmp_path: Path) -> None:
    array = np.random.default_rng(0).standard_normal((50, 8)).astype(np.float32)
    origin = Origin(kind="file", path="x.npy", file_sha256="a")
    mapped = Dataset(values=saved(tmp_path, array), origin=origin)
    other = Dataset(values=mapped.values, origin=replace(origin, file_sha256="b"))
    labelled = replace(mapped, labels=np.zeros(50, np.int64))
    part, held = mapped.subset(slice(0, 25)), Dataset(values=array, origin=origin)
    assert len({each.sha256 for each in (mapped, other, labelled, part, held)}) == 5
    assert held.sha256 == Dataset(values=array).sha256
    assert mapped.sha256 == Dataset(values=saved(tmp_path, array), origin=origin).sha256
    assert part.sha256 == Dataset(values=array[:25]).sha256


def test_scaling_learns_from_the_chosen_samples() -> None:
    values = np.random.default_rng(0).standard_normal((50, 6, 2)).astype(np.float32)
    observed = np.random.default_rng(1).random(values.shape) > 0.2
    rows = np.arange(0, 50, 3)
    for kind in ("standard", "minmax"):
        chosen = Scaler(kind).fit(values, observed, rows=rows)
        alone = Scaler(kind).fit(values[rows], observed[rows])
        np.testing.assert_array_equal(chosen.shift_, alone.shift_)
        np.testing.assert_array_equal(chosen.scale_, alone.scale_)
    data = Dataset(values=values)
    np.testing.assert_array_equal(typical_size(data), Scaler().fit(values[data.indices("train")]).scale_)
