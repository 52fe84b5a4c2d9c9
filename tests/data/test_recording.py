"""Files gone through block by block, and written again in the format that they came in."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explorer.data.reader import READERS, load, open_recording
from explorer.data.readers import _recorded_arrays, _recorded_table
from explorer.data.recording import Recording
from explorer.data.writing import replacing
from explorer.errors import Cancelled, InputError, UnsupportedError
from explorer.progress import Silent
from tests.data.formats import PUBLISHED, WRITERS, example

STREAMING = [name for name in READERS if READERS.load(name).streams]


@pytest.fixture(autouse=True, params=[1 << 16, 3])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read in large blocks and in tiny ones."""
    for module in (_recorded_arrays, _recorded_table):
        monkeypatch.setattr(module, "BLOCK", request.param)
    return request.param


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def _copy(recording: Recording, path: Path, change=lambda values: values) -> list[np.ndarray]:
    """Write a recording again with other values, and return the series that were read."""
    found = []
    with replacing(path) as file, recording.copy(file) as copy:
        for blocks in recording.series(Silent()):
            found.append([])
            for values in blocks:
                found[-1].append(values)
                copy.write(change(values))
    return [np.concatenate(blocks) for blocks in found]


@pytest.mark.parametrize("name", STREAMING)
def test_what_is_written_unchanged_is_the_same_data(name: str, tmp_path: Path) -> None:
    suffix, write = WRITERS[name]
    path, out = tmp_path / f"known{suffix}", tmp_path / f"out{suffix}"
    write(example(), path)
    series = _copy(open_recording(path, reader=name), out)
    assert_array_equal(np.stack(series), example().values)
    before, after = load(path, reader=name), load(out, reader=name)
    assert_array_equal(after.values, before.values)
    assert_array_equal(after.labels, before.labels)
    assert after.class_names == before.class_names


def test_a_long_table_keeps_all_but_its_values(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [f'{i / 4};"a; b";{i},5;{"" if i == 5 else f"{-i},25"}' for i in range(12)]
    lines = ["# of a ward", "time (s);note;x;y"] + [row.replace(".", ",", 1) for row in rows]
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    recording = open_recording(path, value_columns="x,y")
    assert recording.channel_names == ("x", "y") and recording.sampling_rate == 4
    (series,) = _copy(recording, out, lambda values: values + 1)
    assert_allclose(series[:, 0], np.arange(12) + 0.5)
    assert np.isnan(series[5, 1])
    assert out.read_bytes().split(b"\r\n")[:3] == [b"# of a ward", b"time (s);note;x;y", b'0,0;"a; b";1,5;1,25']
    assert out.read_bytes().split(b"\r\n")[7] == b'1,25;"a; b";6,5;'
    again = load(out, value_columns="x,y")
    assert_allclose(again.values[0], series + 1)
    assert again.sampling_rate == 4


def test_steps_that_are_left_out_are_gaps_and_stay_left_out(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    times = [0, 1, 2, 5, 6, 7, 9, 10]
    lines = ["sample,time_ms,x"] + [f"{name},{time},{time}" for name in "ab" for time in times]
    path.write_text("\n".join(lines) + "\n")
    series = _copy(open_recording(path), out, np.negative)
    assert [len(each) for each in series] == [11, 11]
    assert_array_equal(np.flatnonzero(np.isnan(series[0][:, 0])), [3, 4, 8])
    assert out.read_text().splitlines()[4] == "a,5,-5.0"
    assert len(out.read_text().splitlines()) == 17


def test_rows_of_a_wide_table_end_where_their_values_do(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("label,t0,t1,t2,t3,t4\na,1,2,3,4,5\nb,1,2,,,\na,,2,3,4,\n")
    series = _copy(open_recording(path), out, lambda values: values * 2)
    assert [len(each) for each in series] == [5, 2, 4]
    assert out.read_text() == "label,t0,t1,t2,t3,t4\na,2.0,4.0,6.0,8.0,10.0\nb,2.0,4.0,,,\na,,4.0,6.0,8.0,\n"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["0,1", "1,2", "2,3", "3.5,4"], "row 5, column 'time': the time steps are uneven"),
        (["0,1", "1,2", "2,3", "1,4"], "row 5, column 'time': the time does not grow"),
        (["0,1", "1,2", "2,3", "3,x"], "row 5, column 'v': 'x' is not a number"),
        (["0,1", "1,2", "2,3", "3,1,4"], "row 5: this row has 3 columns"),
    ],
)
def test_mistakes_far_into_a_table_are_told_by_row(
    rows: list[str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head does not show them: the recording is made of the first rows alone."""
    path = tmp_path / "in.csv"
    path.write_text("time,v\n0,1\n1,2\n2,3\n")
    recording = open_recording(path)
    path.write_text("\n".join(["time,v", *rows]) + "\n")
    with pytest.raises(InputError, match=problem):
        _copy(recording, tmp_path / "out.csv")
    assert _files(tmp_path) == ["in.csv"]


def test_samples_whose_rows_do_not_stand_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sample,time,x\n" + "".join(f"{name},{time},1\n" for time in range(9) for name in "ab"))
    with pytest.raises(InputError, match="sample 'a' do not stand together"):
        _copy(open_recording(path), tmp_path / "out.csv")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.float16])
@pytest.mark.parametrize("shape", [(40,), (40, 2), (3, 20, 2)])
def test_arrays_keep_their_shape_and_kind(dtype, shape: tuple[int, ...], tmp_path: Path) -> None:
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    np.save(tmp_path / "c.npy", array)
    np.save(tmp_path / "f.npy", np.asfortranarray(array))
    np.savez_compressed(tmp_path / "a.npz", X=array, y=np.arange(3), note=np.array("kept"))
    for name in ("c.npy", "f.npy", "a.npz"):
        out = tmp_path / f"out-{name}"
        series = _copy(open_recording(tmp_path / name), out, lambda values: values + 1)
        assert len(series) == (3 if len(shape) == 3 else 1)
        found = np.load(out)
        if name == "a.npz":
            assert_array_equal(found["y"], np.arange(3))
            assert found["note"] == "kept"
            found = found["X"]
        assert found.dtype == (dtype if np.dtype(dtype).kind == "f" else np.float32)
        assert_array_equal(found, array + 1)


def test_an_archive_of_series_of_different_lengths(tmp_path: Path) -> None:
    values = np.arange(24.0).reshape(3, 8, 1)
    path, out = tmp_path / "in.npz", tmp_path / "out.npz"
    observed = np.ones(values.shape, bool)
    observed[2, 4] = False
    np.savez(path, values=values, lengths=np.array([8, 3, 5]), observed=observed, channel_names=np.array(["mV"]))
    series = _copy(open_recording(path), out, np.negative)
    assert [len(each) for each in series] == [8, 3, 5]
    assert np.isnan(series[2][4]).all()
    before, after = load(path), load(out)
    assert_array_equal(after.values, -before.values)
    assert after.channel_names == ("mV",)


def test_rows_of_an_array_are_series_where_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "in.npy"
    np.save(path, np.arange(12.0).reshape(3, 4))
    assert [len(each) for each in _copy(open_recording(path), tmp_path / "out.npy")] == [12 // 4]
    assert [len(each) for each in _copy(open_recording(path, layout="series"), tmp_path / "out.npy")] == [4, 4, 4]
    assert open_recording(path).longer_than(2) and not open_recording(path).longer_than(3)


def test_series_of_several_dimensions_keep_their_header_and_labels(tmp_path: Path) -> None:
    path, out = tmp_path / "in.ts", tmp_path / "out.ts"
    head = "# note\n@problemName x\n@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true a b\n@data\n"
    path.write_text(head + "1,2,3:4,?,6:a\n7,8:9,10:b\n")
    series = _copy(open_recording(path), out, lambda values: values + 1)
    assert [each.shape for each in series] == [(3, 2), (2, 2)]
    assert out.read_text() == head + "2.0,3.0,4.0:5.0,?,7.0:a\n8.0,9.0:10.0,11.0:b\n"


@pytest.mark.parametrize("name", list(PUBLISHED))
def test_formats_that_are_read_as_a_whole_say_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="as a whole only"):
        open_recording(PUBLISHED[name](tmp_path), reader=name)


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of files' sizes is POSIX's")
@pytest.mark.parametrize("suffix", [".csv", ".npy", ".npz"])
def test_a_full_disk_is_told_and_leaves_nothing(suffix: str, tmp_path: Path) -> None:
    import resource

    path, out = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    values = np.random.default_rng(0).normal(size=(3000, 2))
    if suffix == ".csv":
        path.write_text("\n".join(["x,y", *(f"{x!r},{y!r}" for x, y in values.tolist())]))
    elif suffix == ".npy":
        np.save(path, values)
    else:
        np.savez(path, values=values)
    recording = open_recording(path, **({"layout": "long"} if suffix == ".csv" else {}))
    out.write_bytes(b"as it was")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, before[1]))
    try:
        with pytest.raises(InputError, match=r"out\..*cannot be written.*make room"):
            _copy(recording, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert out.read_bytes() == b"as it was"
    assert _files(tmp_path) == sorted([path.name, out.name])


def test_what_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    path = tmp_path / "in.npy"
    np.save(path, np.zeros((50, 1)))
    recording = open_recording(path)
    with pytest.raises(Cancelled), replacing(tmp_path / "out.npy") as file, recording.copy(file) as copy:
        for blocks in recording.series(Stop()):
            for values in blocks:
                copy.write(values)
    assert _files(tmp_path) == ["in.npy"]
