import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.data.reader import load, preview
from explorer.data.readers import numpy_arrays
from explorer.errors import Cancelled, InputError

SERIES = np.random.default_rng(0).normal(size=(5, 7, 2)).astype(np.float32)


def npy(folder: Path, array: np.ndarray, name: str = "a.npy", **options: Any) -> Path:
    np.save(folder / name, array, **options)
    return folder / name


def npz(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "a.npz", **arrays)
    return folder / "a.npz"


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f8", "i1", "i8", "u2", "?"])
def test_any_real_numbers_become_float32(tmp_path: Path, kind: str) -> None:
    array = (4 * SERIES).astype(kind)
    found = load(npy(tmp_path, array))
    np.testing.assert_array_equal(found.values, array.astype(np.float32))
    assert found.values.flags.writeable


@pytest.mark.parametrize(
    ("shape", "layout"), [((4, 2), "points"), ((4, 9), "profile"), ((4, 9, 1), "series"), ((4, 5, 6, 3), "image")]
)
def test_axes_tell_the_layout(tmp_path: Path, shape: tuple[int, ...], layout: str) -> None:
    assert load(npy(tmp_path, np.ones(shape))).layout == layout


def test_layout_can_be_said(tmp_path: Path) -> None:
    path = npy(tmp_path, np.arange(24).reshape(4, 6))
    assert load(path, layout="series", sampling_rate=10).values.shape == (4, 6, 1)
    path = npy(tmp_path, np.ones((4, 5, 6)))
    assert load(path, layout="image").values.shape == (4, 5, 6, 1)
    with pytest.raises(InputError, match="cannot be 'points'"):
        load(path, layout="points")


def test_fortran_order(tmp_path: Path) -> None:
    np.testing.assert_array_equal(load(npy(tmp_path, np.asfortranarray(SERIES))).values, SERIES)


def test_everything_beside_the_samples(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    observed = rng.random(SERIES.shape) > 0.2
    path = npz(
        tmp_path,
        X=SERIES,
        y=np.array([3, 1, 3, 1, 1]),
        clean=2 * SERIES,
        times=np.array([0, 1, 2, 4, 8, 16, 32.0]),
        names=np.array(["甲", "b", "c", "d", "e"]),
        observed=observed,
        channel_names=np.array(["x", "y"]),
        unit=np.array("mV"),
        age=np.array([20, 30, 40, 50, 60]),
        other=np.ones((3, 3)),
        split=np.array([0, 0, 1, 2, 0]),
    )
    found = load(path)
    np.testing.assert_array_equal(found.values, np.where(observed, SERIES, np.nan))
    np.testing.assert_array_equal(found.observed, observed)
    np.testing.assert_array_equal(found.targets, 2 * SERIES)
    assert found.labels.tolist() == [1, 0, 1, 0, 0]
    assert found.class_names == ("1", "3")
    assert found.names.tolist() == ["甲", "b", "c", "d", "e"]
    assert found.channel_names == ("x", "y")
    assert found.unit == "mV"
    assert found.time_axis.tolist() == [0, 1, 2, 4, 8, 16, 32]
    assert list(found.columns) == ["age"]
    assert found.split.tolist() == [0, 0, 1, 2, 0]
    looked = preview(path)
    assert looked.summary.startswith("5 samples × 7 steps × 2 channels, 2 classes")
    assert looked.options["key"] == "X"


def test_lengths_hide_the_padding(tmp_path: Path) -> None:
    found = load(npz(tmp_path, values=SERIES, lengths=np.array([7, 3, 1, 7, 7])))
    assert found.lengths.tolist() == [7, 3, 1, 7, 7]
    assert np.isnan(found.values[1, 3:]).all()
    assert not found.observed[2, 1:].any()


def test_masks_tell_the_class_of_every_step(tmp_path: Path) -> None:
    steps = np.arange(7)
    masks = np.stack([(steps > i).astype(int) * (1 + i % 2) for i in range(5)])
    found = load(npz(tmp_path, values=SERIES, masks=masks, mask_names=np.array(["rest", "walk", "run"])))
    np.testing.assert_array_equal(found.masks, masks)
    assert found.masks.dtype == np.int64
    assert found.mask_names == ("rest", "walk", "run")
    short = load(npz(tmp_path, values=SERIES, masks=masks[..., None].astype("f4"), lengths=np.array([7, 2, 7, 7, 7])))
    assert short.masks[1].tolist() == [0, 0, -1, -1, -1, -1, -1]
    assert short.mask_names == ("background", "region 1", "region 2")
    assert preview(tmp_path / "a.npz").rows


@pytest.mark.parametrize("images", [np.zeros((3, 4, 5)), np.zeros((3, 4, 5, 1))])
def test_masks_of_images(tmp_path: Path, images: np.ndarray) -> None:
    mask = np.zeros((3, 4, 5), dtype=np.uint8)
    mask[:, 1:3, 2] = 255
    found = load(npz(tmp_path, values=images, mask=mask), layout="image")
    assert found.values.shape == (3, 4, 5, 1)
    np.testing.assert_array_equal(found.masks, mask // 255)
    assert found.mask_names == ("background", "region 255")
    empty = load(npz(tmp_path, values=images, mask=mask > 255), layout="image")
    assert empty.mask_names == ("background", "region 1")
    unknown = load(npz(tmp_path, values=images, mask=np.where(mask > 0, np.nan, 0)), layout="image")
    np.testing.assert_array_equal(unknown.masks, -(mask // 255).astype(int))


def test_text_and_float_labels(tmp_path: Path) -> None:
    assert load(npz(tmp_path, values=SERIES, y=np.array(["b", "a", "", "a", "b"]))).labels.tolist() == [1, 0, -1, 0, 1]
    assert load(npz(tmp_path, values=SERIES, y=np.array([0.0, 1, 2, 1, np.nan]))).class_names == ("0", "1", "2")
    regression = load(npz(tmp_path, values=SERIES, y=np.array([0.5, 1, 2, 1, 0])))
    assert regression.labels is None
    assert regression.columns["y"][0] == 0.5


def test_a_single_array_has_any_name(tmp_path: Path) -> None:
    np.testing.assert_array_equal(load(npz(tmp_path, ecg=SERIES)).values, SERIES)
    np.testing.assert_array_equal(load(npz(tmp_path, ecg=SERIES, y=np.arange(5))).values, SERIES)


def test_two_arrays_need_a_choice(tmp_path: Path) -> None:
    path = npz(tmp_path, train=SERIES, test=2 * SERIES)
    with pytest.raises(InputError, match="not clear which array") as told:
        load(path)
    assert "train, test" in str(told.value)
    np.testing.assert_array_equal(load(path, key="test").values, 2 * SERIES)
    with pytest.raises(InputError, match="there is no array 'valid'"):
        load(path, key="valid")


def test_compressed_archives(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", values=SERIES)
    np.testing.assert_array_equal(load(tmp_path / "a.npz").values, SERIES)


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("an object was unpickled",))


def test_object_arrays_are_refused_by_name_and_never_unpickled(tmp_path: Path) -> None:
    bombs = np.array([Bomb(), Bomb()], dtype=object)
    with pytest.raises(InputError, match="Python objects"):
        load(npy(tmp_path, bombs, allow_pickle=True))
    for arrays in ({"values": bombs}, {"values": SERIES, "labels": bombs}, {"values": SERIES, "bombs": bombs}):
        path = npz(tmp_path, **arrays)
        for read in (load, preview):
            with pytest.raises(InputError, match="Python objects") as told:
                read(path)
            assert told.value.place == f"array '{list(arrays)[-1]}'"


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.ones(5), r"one axis only: \(5,\)"),
        (np.float32(3), "is not a set of samples"),
        (np.ones((2, 2, 2, 2, 2)), "is not a set of samples"),
        (np.ones((0, 4, 1)), "empty"),
        (np.ones((3, 4)) * 1j, "complex"),
        (np.array([["a", "b"]]), "no numbers"),
        (np.zeros((3, 2), dtype="M8[s]"), "no numbers"),
        (np.zeros(3, dtype=[("a", "f4")]), "no numbers"),
        (np.full((3, 4), 1e300), "infinite, or too large"),
    ],
)
def test_unfit_arrays_are_told(tmp_path: Path, array: np.ndarray, said: str) -> None:
    path = npy(tmp_path, array)
    for read in (load, preview):
        with pytest.raises(InputError, match=said) as told:
            read(path)
        assert told.value.remedy


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"y": np.arange(4)}, "'y'"),
        ({"lengths": np.array([8, 1, 1, 1, 1])}, "'lengths'"),
        ({"times": np.arange(3)}, "'times'"),
        ({"targets": np.ones((5, 7))}, "'targets'"),
        ({"masks": np.zeros((5, 6))}, "'masks'"),
        ({"masks": np.full((5, 7), 0.5)}, "'masks'"),
        ({"masks": np.full((5, 7), -2)}, "'masks'"),
        ({"mask": SERIES > 0}, "'mask'.*'observed'"),
        ({"masks": np.full((5, 7), 2), "mask_names": np.array(["a", "b"])}, "below 2"),
        ({"masks": np.arange(35).reshape(5, 7) * 2**20, "mask_names": np.array(5)}, "'masks'"),
        ({"names": np.array(["a"])}, "'names'"),
        ({"sampling_rate": np.array(-1.0)}, "'sampling_rate'"),
        ({"channel_names": np.array(["a"])}, "1 names for 2 channels"),
        ({"split": np.array([0, 1, 2, 3, 0])}, "'split'"),
    ],
)
def test_facts_that_do_not_fit_are_told(tmp_path: Path, arrays: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(npz(tmp_path, values=SERIES, **arrays))


def test_infinity_is_told_by_its_index(tmp_path: Path) -> None:
    array = SERIES.copy()
    array[3, 4, 1] = -np.inf
    with pytest.raises(InputError) as told:
        load(npy(tmp_path, array))
    assert told.value.place == "index [3, 4, 1]"


def test_a_truncated_array_is_told(tmp_path: Path) -> None:
    path = npy(tmp_path, SERIES)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="the array needs 408 bytes, but there are 399"):
        load(path)


def test_a_header_that_promises_terabytes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (10**9, 10**6)})
        file.write(b"\0" * 100)
    with pytest.raises(InputError, match="bytes, but there are"):
        load(path)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("values.npy", path.read_bytes())
    with pytest.raises(InputError, match="bytes, but there are"):
        load(tmp_path / "a.npz")


def test_large_arrays_stay_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_arrays, "_LARGE", 100)
    monkeypatch.setattr(numpy_arrays, "_CHUNK", 64)
    path = npy(tmp_path, SERIES)
    found = load(path)
    assert isinstance(found.values, np.memmap)
    np.testing.assert_array_equal(found.values, SERIES)
    converted = load(npy(tmp_path, SERIES.astype(float), "b.npy"))
    assert not isinstance(converted.values, np.memmap)
    np.testing.assert_array_equal(converted.values, SERIES)
    broken = SERIES.copy()
    broken[4, 0, 0] = np.inf
    with pytest.raises(InputError) as told:
        load(npy(tmp_path, broken, "c.npy"))
    assert told.value.place == "index [4, 0, 0]"

    class Stop:
        def report(self, fraction: float, message: str = "", payload: object = None) -> None:
            pass

        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        load(path, progress=Stop())


def test_a_preview_reads_the_first_samples_only(tmp_path: Path) -> None:
    many = np.zeros((5000, 50, 2), dtype=np.float32)
    many[:4000, :, 1] = np.nan  # a channel may be missing in the head
    looked = preview(npy(tmp_path, many))
    assert looked.summary == "5,000 samples × 50 steps × 2 channels, with missing values"
    assert len(looked.rows) == 20
    buffer = io.BytesIO()
    np.savez(buffer, values=many[:300, :, :1], y=np.arange(300) % 3, times=np.arange(50))
    (tmp_path / "b.npz").write_bytes(buffer.getvalue())
    looked = preview(tmp_path / "b.npz")
    assert looked.summary == "300 samples × 50 steps, 3 classes so far"
    assert looked.rows[0][:2] == ("0", "0")
