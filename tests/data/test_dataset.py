from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data.dataset import Dataset
from explorer.data.times import TimeScale, check_observed
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


def own_times() -> Dataset:
    """Return three series of two, three and one step, each at times of its own."""
    values = np.arange(9.0).reshape(3, 3, 1)
    times = np.array([[0.0, 1.5, np.nan], [-1.0, 0.5, 2.0], [7.0, 7.0, 7.0]])
    return Dataset(values=values, times=times, lengths=np.array([2, 3, 1]), names=np.array(["a", "b", "c"]))


def test_each_sample_may_have_its_own_times() -> None:
    data = own_times()
    assert data.irregular
    np.testing.assert_array_equal(data.times_of(1), [-1.0, 0.5, 2.0])
    assert data.sample_time_label == "time (s)"
    assert (data.time_label, data.time_axis.tolist()) == ("time step", [0, 1, 2])
    part = data.subset(np.array([1, 0]))
    np.testing.assert_array_equal(part.times, data.times[[1, 0]])
    later = replace(data, times=data.times + 1)
    assert later.sha256 != data.sha256
    shared = replace(data, times=np.array([0.0, 1.0, 1.0]))
    assert not shared.irregular
    np.testing.assert_array_equal(shared.all_times, [[0, 1, 1]] * 3)
    np.testing.assert_array_equal(shared.times_of(2), [0, 1, 1])
    assert shared.subset(np.array([0])).times is shared.times


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([[0, 1, 2], [0, 2, 1], [0, 1, 2]], "time goes backwards: step 2 is at 2 and step 3 at 1"),
        ([[0, 1, 2], [0, 1, 1], [0, 1, 2]], "time stands still: step 2 is at 1"),
        ([[0, 1, 2], [0, np.nan, 1], [0, 1, 2]], "the time of step 2 is missing"),
    ],
)
def test_times_that_do_not_grow_are_told_by_their_sample(times: list[list[float]], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        replace(own_times(), times=np.array(times, float))
    assert "sample 'b'" in str(caught.value)


def test_shared_times_do_not_go_backwards() -> None:
    with pytest.raises(InputError, match="time goes backwards: step 1 is at 3"):
        Dataset(values=np.zeros((2, 2, 1)), times=np.array([3.0, 2.0]))
    with pytest.raises(InputError, match="'times' has shape"):
        Dataset(values=np.zeros((2, 2, 1)), times=np.zeros((2, 3)))


def test_a_record_without_any_observation_is_told() -> None:
    values = np.array([[1.0, np.nan], [np.nan, np.nan], [np.nan, 2.0]], np.float32)[:, :, None]
    check_observed(values[[0, 2]], None)
    with pytest.raises(InputError, match="the record has no observation") as caught:
        check_observed(values, None)
    assert "sample '1'" in str(caught.value)
    with pytest.raises(InputError, match="sample '2'"):  # what stands past its end is no observation
        check_observed(np.delete(values, 1, axis=0), np.array([1, 1]), name=lambda i: str(2 * i))


def test_the_scale_of_time() -> None:
    scale = TimeScale.of(np.array([[2.0, 4.0], [3.0, 8.0]]), np.array([[True, True], [True, False]]))
    assert scale == TimeScale(2.0, 4.0)
    np.testing.assert_array_equal(scale.apply(np.array([2.0, 3.0, 8.0])), [0, 0.5, 3])
    np.testing.assert_array_equal(scale.undo(scale.apply(np.array([2.0, 3.0, 8.0]))), [2, 3, 8])
    assert TimeScale(5.0, 5.0).apply(np.array([5.0, 6.0])).tolist() == [0, 1]
