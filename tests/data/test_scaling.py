import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from explorer.data import scaling
from explorer.data.dataset import Dataset
from explorer.data.scaling import Scaler, rough_size, typical_size

KINDS = ("standard", "minmax", "none")
SHAPES = {"series": (30, 20, 3), "vectors": (40, 5), "images": (10, 6, 7, 2)}


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def values(request: pytest.FixtureRequest) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(3, 2, request.param) * (1 + np.arange(request.param[-1]))).astype(np.float32)


def test_standard_is_per_channel_of_series_and_features_but_global_for_images(values: np.ndarray) -> None:
    scaled = Scaler("standard").fit(values).apply(values)
    axes = {2: (0,), 3: (0, 1), 4: None}[values.ndim]
    np.testing.assert_allclose(scaled.mean(axis=axes), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=axes), 1, atol=1e-5)
    assert scaled.dtype == np.float32


def test_minmax_reaches_zero_and_one(values: np.ndarray) -> None:
    scaled = Scaler("minmax").fit(values).apply(values)
    axes = {2: (0,), 3: (0, 1), 4: None}[values.ndim]
    np.testing.assert_allclose(scaled.min(axis=axes), 0, atol=1e-6)
    np.testing.assert_allclose(scaled.max(axis=axes), 1, atol=1e-6)


def test_none_leaves_the_numbers_alone(values: np.ndarray) -> None:
    np.testing.assert_array_equal(Scaler("none").fit(values).apply(values), values)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_undo_undoes(kind: str, data: st.DataObject) -> None:
    numbers = st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
    found = data.draw(arrays(np.float32, array_shapes(min_dims=2, max_dims=4, max_side=5), elements=numbers))
    scaler = Scaler(kind).fit(found)
    assert np.isfinite(scaler.apply(found)).all()
    size = np.maximum(np.abs(found), np.abs(scaler.shift_) + scaler.scale_)
    assert (np.abs(scaler.undo(scaler.apply(found)) - found) <= 1e-6 * size).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_constant_channel_does_not_divide_by_zero(kind: str) -> None:
    values = np.full((7, 4, 2), 0.1, dtype=np.float32)
    values[..., 1] = 1e6
    scaler = Scaler(kind).fit(values)
    np.testing.assert_array_equal(scaler.scale_, 1)
    np.testing.assert_allclose(scaler.undo(scaler.apply(values)), values, rtol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_missing_values_do_not_count(kind: str) -> None:
    values = np.array([[1, 10], [3, np.nan], [5, 30], [1000, 20]], dtype=np.float32)
    observed = np.array([[True, True]] * 3 + [[False, True]])
    scaler = Scaler(kind).fit(values, observed)
    expected = {"standard": [3, 20], "minmax": [1, 10], "none": [0, 0]}[kind]
    np.testing.assert_allclose(scaler.shift_, [expected])
    assert np.isnan(scaler.apply(values)[1, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_without_values_has_scale_one(kind: str) -> None:
    scaler = Scaler(kind).fit(np.full((3, 4, 1), np.nan, dtype=np.float32))
    assert scaler.shift_.item() == 0
    assert scaler.scale_.item() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_bring_it_back(kind: str, values: np.ndarray) -> None:
    scaler = Scaler(kind).fit(values)
    again = Scaler.from_arrays(scaler.to_arrays())
    assert again.kind == kind
    np.testing.assert_array_equal(again.apply(values), scaler.apply(values))


def test_chunks_change_nothing(values: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {kind: Scaler(kind).fit(values) for kind in KINDS}
    monkeypatch.setattr(scaling, "_CHUNK", 3 * values[0].size)
    for kind, scaler in whole.items():
        again = Scaler(kind).fit(values)
        np.testing.assert_allclose(again.shift_, scaler.shift_, rtol=1e-6)
        np.testing.assert_allclose(again.scale_, scaler.scale_, rtol=1e-6)


def test_typical_size_is_that_of_the_clean_training_samples() -> None:
    rng = np.random.default_rng(0)
    clean = rng.normal(0, [1, 5], (200, 30, 2)).astype(np.float32)
    dataset = Dataset(values=clean + 100 * rng.normal(size=clean.shape), targets=clean)
    size = typical_size(dataset)
    assert size.shape == (1, 1, 2)
    np.testing.assert_allclose(size, clean[dataset.indices("train")].std(axis=(0, 1), keepdims=True), rtol=1e-5)


def test_the_size_of_very_many_values_is_taken_from_some(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(4000, 50, 2)).astype(np.float32) * np.array([1, 7], np.float32)
    data = Dataset(values=values)
    exact = typical_size(data)
    assert exact.ravel() == pytest.approx([1, 7], rel=0.02)
    assert rough_size(data).ravel() == pytest.approx(exact.ravel(), rel=0.05)
    monkeypatch.setattr(scaling, "_MOST", 20_000)
    assert _of_some(Dataset(values=values)).ravel() == pytest.approx(exact.ravel(), rel=0.1)


def _of_some(data: Dataset) -> np.ndarray:
    return scaling._of_train(data, scaling._MOST).scale_
