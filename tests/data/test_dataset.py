from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data.dataset import Dataset
from explorer.errors import InputError

ARRAYS = ("values", "targets", "labels", "masks", "names", "observed", "lengths", "split")


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Return data of any kind, with any of the facts that data may have."""
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    shape = draw(st.sampled_from([(5, 3), (7, 4, 2), (6, 3, 4, 1), (1, 1, 1)]))
    n = shape[0]
    facts: dict[str, np.ndarray] = {
        "targets": rng.normal(size=shape).astype(np.float32),
        "labels": rng.integers(-1, 3, n),
        "names": np.array([f"ü{i}" for i in range(n)]),
        "observed": rng.random(shape) > 0.2,
        "lengths": rng.integers(2, 4, n),
    }
    if len(shape) > 2:
        facts["masks"] = rng.integers(-1, 3, shape[:-1])
    chosen = {name: facts[name] for name in draw(st.sets(st.sampled_from(sorted(facts))))}
    return Dataset(values=rng.normal(size=shape).astype(np.float32), columns={"age": rng.random(n)}, **chosen)


@given(datasets(), st.data())
def test_a_subset_has_the_facts_of_its_samples(dataset: Dataset, data: st.DataObject) -> None:
    chosen = np.array(data.draw(st.lists(st.integers(0, len(dataset) - 1), min_size=1, max_size=9)))
    part = dataset.subset(chosen)
    for name in ARRAYS:
        whole, some = getattr(dataset, name), getattr(part, name)
        assert (whole is None) == (some is None)
        if whole is not None:
            np.testing.assert_array_equal(some, whole[chosen])
    np.testing.assert_array_equal(part.columns["age"], dataset.columns["age"][chosen])
    assert part.mask_names == dataset.mask_names
    assert dataset.subset(np.arange(len(dataset))).sha256 == dataset.sha256


@given(datasets(), st.data())
def test_the_hash_tells_every_number(dataset: Dataset, data: st.DataObject) -> None:
    hashed = [name for name in ARRAYS if name not in ("names", "split") and getattr(dataset, name) is not None]
    name = data.draw(st.sampled_from(hashed))
    changed = getattr(dataset, name).copy()
    at = data.draw(st.integers(0, changed.size - 1))
    flat = changed.reshape(-1)
    flat[at] = not flat[at]
    other = replace(dataset, **{name: changed})
    assert other.sha256 != dataset.sha256
    assert replace(dataset, name="renamed", unit="mV").sha256 == dataset.sha256
    if name != "values":
        assert replace(dataset, **{name: None}).sha256 != dataset.sha256


def test_masks_have_names() -> None:
    values = np.zeros((2, 3, 1))
    assert Dataset(values=values, masks=np.zeros((2, 3), int)).mask_names == ("background", "region 1")
    assert Dataset(values=values, masks=np.full((2, 3), 2)).mask_names == ("background", "region 1", "region 2")
    assert Dataset(values=values).mask_names == ()


def test_masks_that_do_not_fit_are_refused() -> None:
    values = np.zeros((2, 3, 1))
    with pytest.raises(InputError, match="'masks' has shape"):
        Dataset(values=values, masks=np.zeros((2, 3, 1), int))
    with pytest.raises(InputError, match="a mask has class 2, and there are 2 names"):
        Dataset(values=values, masks=np.full((2, 3), 2), mask_names=("rest", "walk"))
