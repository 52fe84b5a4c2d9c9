"""Messages between processes come out as they went in."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from explorer.data.dataset import Dataset, Origin
from explorer.data.reader import load
from explorer.data.windows import windowed
from explorer.training.history import Epoch, History
from explorer.workspace.codec import HELD, Decoder, Encoder, build
from explorer.workspace.messages import (
    Clusters,
    Compared,
    CompareRuns,
    Decode,
    Decoded,
    Denoise,
    EpochUpdate,
    ExportArrays,
    FindClusters,
    FindSpectrum,
    Forecast,
    ForecastSample,
    LabelCurve,
    ModelRef,
    Outliers,
    PretrainCurve,
    ProbeCodes,
    Probed,
    ProbeRow,
    ProjectCodes,
    Projected,
    RankOutliers,
    Segmented,
    SegmentSample,
    Spectrum,
    TrainOutcome,
)  # fmt: skip

REF = ModelRef("/a/b.latentscape", 3, 7)


def through(message: Any, kind: type | None = None) -> Any:
    (found,) = Decoder().feed(Encoder().encode(message))
    return found if kind is None else build(kind, found)


def dataset(seed: int = 0, **fields: Any) -> Dataset:
    values = np.random.default_rng(seed).normal(size=(6, 4, 2)).astype(np.float32)
    return Dataset(values=values, **fields)


def same(first: np.ndarray, second: np.ndarray) -> bool:
    return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()


dtypes = st.sampled_from(["<f4", "<f8", "<i8", "i1", "?", "<U5", "<U0", "<c8", "u1", "<M8[s]", ">f4", "S3"])


@given(dtypes.flatmap(lambda t: hnp.arrays(t, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))))
def test_any_array_comes_through(array: np.ndarray) -> None:
    found = through({"it": array})["it"]
    assert same(found, array)
    assert found.flags.writeable


@pytest.mark.parametrize(
    "array", [np.zeros((3, 4), order="F"), np.arange(24).reshape(4, 6)[::2, ::-1], np.float32(2)[()]]
)
def test_arrays_of_any_order(array: np.ndarray) -> None:
    np.testing.assert_array_equal(through([np.asarray(array)])[0], array)


def test_unicode_names() -> None:
    names = np.array(["Grüße", "日本語", "", "a\nb", "🙂"])
    assert through(names).tolist() == names.tolist()


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6) | st.just("$array"), inner, max_size=4)
    ),
    max_leaves=12,
)


def equal(first: Any, second: Any) -> bool:
    if isinstance(first, float) and isinstance(second, float):
        return first == second or (math.isnan(first) and math.isnan(second))
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(equal(first[key], second[key]) for key in first)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(equal, first, second))
    return type(first) is type(second) and first == second


@given(plain)
def test_any_plain_value_comes_through(value: Any) -> None:
    assert equal(through(value), value)


@pytest.mark.parametrize("value", [{"$array": 0}, {"$held": "x", "fields": {}}, {"$$": {"$array": 1}}])
def test_names_that_look_like_marks(value: dict[str, Any]) -> None:
    assert through({"rows": value, "real": np.arange(3)})["rows"] == value


@pytest.mark.parametrize(
    "scalar", [np.float32(1.5), np.float64("nan"), np.float32("inf"), np.int64(-4), np.bool_(True), np.str_("ü")]
)
def test_numpy_scalars_become_pythons(scalar: np.generic) -> None:
    found = through({"it": scalar})["it"]
    assert not isinstance(found, np.generic)
    assert equal(found, scalar.item())


def test_nan_survives_in_typed_messages() -> None:
    sent = Decoded(REF, np.zeros(2), np.ones((4, 1), np.float32), -1, math.nan, 0.1)
    found = through(sent, Decoded)
    assert math.isnan(found.distance)
    assert found.model == REF
    assert same(found.sample, sent.sample)
    epoch = through(EpochUpdate(1, Epoch(1, {"loss": math.inf}, {}, 0.5), 9, 0), EpochUpdate)
    assert epoch.epoch.train == {"loss": math.inf}
    assert epoch.codes is None


def test_a_training_outcome() -> None:
    history = History([Epoch(1, {"loss": 1.0}, {"loss": 2.0}, 0.1)], 1, "early", ["a word"], 10.0, "cpu")
    sent = TrainOutcome(2, history, 5, np.zeros((3, 2), np.float32), {"test": {"mse": 0.5}}, 1.5)
    found = through(sent, TrainOutcome)
    assert msgspec.structs.replace(found, codes=sent.codes) == sent


@given(st.data())
@settings(max_examples=30)
def test_frames_may_come_in_any_pieces(data: st.DataObject) -> None:
    encoder, decoder = Encoder(), Decoder()
    sent = [{"i": i, "a": np.arange(i)} for i in range(4)]
    stream = b"".join(encoder.encode(message) for message in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += decoder.feed(stream[start:end])
    assert [message["i"] for message in found] == [0, 1, 2, 3]
    assert all(same(message["a"], np.arange(message["i"])) for message in found)


def test_a_data_set_keeps_every_field() -> None:
    values = np.zeros((3, 2, 1), np.float32)
    values[1, 1] = np.nan
    sent = Dataset(
        values=values, name="Größen", targets=np.ones_like(values), labels=np.array([0, 1, -1]), class_names=("a", "b"),
        names=np.array(["x", "ü", "z"]), columns={"$array": np.array(["p", "q", "r"]), "age": np.arange(3.0)},
        unit="mV", sampling_rate=250.0, observed=np.isfinite(values), lengths=np.array([2, 1, 2]),
        masks=np.array([[0, 1], [1, -1], [0, 0]]), mask_names=("rest", "fällt"),
        origin=Origin("file", "csv", "/x.csv", "abc", {"$delimiter": ";", "header": True}),
    )  # fmt: skip
    found = build(Decode, through(Decode(REF, np.zeros(2))))
    assert found.model == REF
    found = build(Denoise, through(Denoise(REF, sent, 1, None))).data
    assert found.sha256 == sent.sha256
    assert (found.name, found.unit, found.sampling_rate, found.class_names) == ("Größen", "mV", 250.0, ("a", "b"))
    assert found.mask_names == sent.mask_names
    assert found.masks is not None and sent.masks is not None
    assert same(found.masks, sent.masks)
    assert found.origin == sent.origin
    assert found.columns.keys() == sent.columns.keys()
    assert found.names is not None
    assert found.names.tolist() == ["x", "ü", "z"]
    assert same(found.split, sent.split)


def test_a_data_set_is_sent_once() -> None:
    encoder, decoder = Encoder(), Decoder()
    data = dataset()
    first, second = encoder.encode(Denoise(REF, data, 0, None)), encoder.encode(Denoise(REF, data, 1, None))
    assert len(second) < len(first) / 2
    got = [build(Denoise, message).data for message in decoder.feed(first + second)]
    assert got[0] is got[1]


@given(st.lists(st.integers(0, HELD + 2), min_size=1, max_size=40))
@settings(max_examples=40)
def test_both_ends_hold_the_same_sets(order: list[int]) -> None:
    """Sets that were dropped are sent again; whatever the order, the right one arrives."""
    sets = [dataset(seed) for seed in range(HELD + 3)]
    encoder, decoder = Encoder(), Decoder()
    for number in order:
        (message,) = decoder.feed(encoder.encode(Denoise(REF, sets[number], number, None)))
        found = build(Denoise, message)
        assert found.index == number
        assert same(found.data.values, sets[number].values)
    assert list(encoder._held) == list(decoder._held)


def test_a_message_that_cannot_be_sent_leaves_the_channel_whole() -> None:
    encoder, decoder = Encoder(), Decoder()
    data = dataset()
    with pytest.raises(TypeError, match="object cannot be sent"):
        encoder.encode([data, object()])
    with pytest.raises(ValueError, match="Object arrays"):
        encoder.encode([data, np.array([None])])
    (message,) = decoder.feed(encoder.encode(Denoise(REF, data, 0, None)))
    assert same(build(Denoise, message).data.values, data.values)


def test_columns_of_a_table() -> None:
    sent = ExportArrays("/x.csv", {"sample": np.array(["a", "b"]), "$z": np.arange(2.0)})
    found = through(sent, ExportArrays)
    assert list(found.columns) == ["sample", "$z"]


DATA = Dataset(values=np.zeros((4, 3, 1), np.float32))
POINTS = np.array([[0.0, 1.0], [np.nan, 2.0]], np.float32)
ANALYSES = [
    ProjectCodes(REF, "umap", 3, {"neighbours": 5, "most": 100}, 7),
    Projected(REF, "pca", 2, POINTS, np.zeros(4), np.eye(2, 4), np.ones(2) / 2, {}, 0, 3, "three were placed"),
    Projected(REF, "tsne", 2, POINTS),
    FindSpectrum(DATA, 3),
    Spectrum(np.ones(2), np.ones(2) / 2, 2.0, np.zeros((3, 1)), np.zeros((2, 3, 1)), 4),
    FindClusters(REF, DATA, "hdbscan", {"smallest": 5, "core": None}),
    Clusters(REF, "k-means", np.array([0, -1]), 1, {"silhouette": math.nan}),
    ProbeCodes(REF, DATA, 3, 1, "age"),
    Probed(REF, "label", "accuracy", [ProbeRow("code", "knn", 0.5, 0.1, [0.4, 0.6])], 0.3, 9, True),
    RankOutliers(REF, DATA, ["fault"]),
    Outliers(REF, np.zeros(4, np.float32), POINTS, {"roc_auc": 0.5}, {"|x|": {"roc_auc": 0.4}}, ["fault"]),
    Outliers(REF, np.zeros(4, np.float32), None, {}, {}),
    CompareRuns(REF, REF, DATA),
    Compared(REF, REF, {"kl": (1.0, math.nan)}, {"kl": ""}, {"cca": 1.0}, 4),
    PretrainCurve(REF, DATA, [1, 5]),
    LabelCurve(REF, [1, 5], [0], np.ones((1, 2)), np.zeros((1, 2)), np.ones((1, 2)), 0.5),
    ForecastSample(REF, DATA, 0),
    Forecast(REF, 0, POINTS, POINTS, POINTS, 1, np.ones(1), np.ones(1), 4),
    SegmentSample(REF, DATA, 0),
    Segmented(REF, 0, POINTS, np.array([1, 0]), None, ["a", "b"], {"iou": 1.0}, {"otsu": {"iou": 0.5}}),
]


@pytest.mark.parametrize("sent", ANALYSES, ids=lambda it: type(it).__name__)
def test_questions_and_answers_of_the_analysis(sent: Any) -> None:
    found = through(sent, type(sent))
    for name in sent.__struct_fields__:
        value, other = getattr(sent, name), getattr(found, name)
        if isinstance(value, np.ndarray):
            assert same(value, other), name
        elif isinstance(value, Dataset):
            assert value.sha256 == other.sha256
        else:
            assert type(value) is type(other)
            assert repr(value) == repr(other), name


def test_a_map_of_a_file_is_named_and_not_sent(tmp_path: Path) -> None:
    values = np.arange(600_000, dtype=np.float32).reshape(-1, 2)
    np.save(tmp_path / "long.npy", values)
    sent = load(tmp_path / "long.npy", window=100, stride=10)
    frame = Encoder().encode({"data": sent})
    assert len(frame) < 400_000  # the column of starts and the split
    (message,) = Decoder().feed(frame)
    found = message["data"]
    assert found.cut and not found.values.flags.writeable
    np.testing.assert_array_equal(found.values[77], values[770:870])
    assert len(Encoder().encode({"data": found})) == len(frame)


def test_overlapping_windows_are_sent_once() -> None:
    steps = np.random.default_rng(0).normal(size=(1, 2000, 1)).astype(np.float32)
    sent = windowed(Dataset(values=steps), 200, 10)
    frame = Encoder().encode({"data": sent})
    assert len(frame) < 2 * steps.nbytes
    (message,) = Decoder().feed(frame)
    assert message["data"].cut
    np.testing.assert_array_equal(message["data"].values, sent.values)
