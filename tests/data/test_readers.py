"""What holds for every reader. A new one adds its writer to formats.py."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.data.dataset import Dataset
from explorer.data.reader import READERS, Reader, load, preview, reader_for
from explorer.errors import Cancelled, InputError
from explorer.parameters import parameters, validate
from tests.data.formats import PUBLISHED, WRITERS, example


@pytest.fixture(params=list(WRITERS))
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of a reader that takes any data."""
    return request.param


@pytest.fixture(params=list(READERS))
def any_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def known() -> Dataset:
    return example()


@pytest.fixture
def path(name: str, known: Dataset, tmp_path: Path) -> Path:
    suffix, write = WRITERS[name]
    file = tmp_path / f"known{suffix}"
    write(known, file)
    return file


@pytest.fixture
def any_path(any_name: str, tmp_path: Path) -> Path:
    return write_known(any_name, tmp_path)


def write_known(name: str, folder: Path) -> Path:
    """Write a known file for a reader and return its path."""
    if name in PUBLISHED:
        return PUBLISHED[name](folder)
    suffix, write = WRITERS[name]
    write(example(), folder / f"known{suffix}")
    return folder / f"known{suffix}"


class Listener:
    def __init__(self, stop: bool = False) -> None:
        self.stop, self.fractions = stop, []

    def report(self, fraction: float, message: str = "", payload: object = None) -> None:
        self.fractions.append(fraction)

    def cancelled(self) -> bool:
        return self.stop


def same(found: Dataset, known: Dataset) -> None:
    np.testing.assert_array_equal(found.values, known.values)
    assert found.layout == known.layout
    assert found.class_names == known.class_names
    for key in ("labels", "observed"):
        np.testing.assert_array_equal(getattr(found, key), getattr(known, key))


def test_every_reader_is_in_the_battery() -> None:
    assert set(READERS) == {*WRITERS, *PUBLISHED}
    assert not set(WRITERS) & set(PUBLISHED)


def test_the_right_reader_is_found(any_name: str, any_path: Path) -> None:
    assert reader_for(any_path) == any_name
    assert load(any_path).origin.name == any_name


def test_it_is_described(any_name: str) -> None:
    cls = READERS.load(any_name)
    assert issubclass(cls, Reader)
    assert cls.title
    assert cls.extensions
    assert all(extension.startswith(".") and extension.islower() for extension in cls.extensions)
    for parameter in parameters(cls):
        assert parameter.param.help.endswith(".")
        assert parameter.default is None, "None lets the reader find out"


def test_what_was_written_is_read(name: str, path: Path, known: Dataset) -> None:
    found = load(path)
    same(found, known)
    assert found.name == "known"
    assert found.lengths is None
    assert found.origin.name == name
    assert found.origin.path == str(path)


def test_a_preview_tells_the_options_that_read_it(name: str, path: Path, known: Dataset) -> None:
    looked = preview(path)
    assert looked.rows
    assert {len(row) for row in looked.rows} == {len(looked.header)}
    assert "6 samples × 8 steps, 2 classes" in looked.summary
    validate(READERS.load(name), looked.options)
    same(load(path, **looked.options), known)
    assert preview(path, options=looked.options).summary == looked.summary


def test_a_preview_s_options_read_the_same(any_name: str, any_path: Path) -> None:
    looked = preview(any_path)
    assert looked.rows
    assert {len(row) for row in looked.rows} == {len(looked.header)}
    assert f"{len(load(any_path))} samples" in looked.summary
    assert load(any_path, **looked.options).sha256 == load(any_path).sha256
    assert preview(any_path, options=looked.options).summary == looked.summary


def test_one_sample_is_enough(name: str, tmp_path: Path, known: Dataset) -> None:
    suffix, write = WRITERS[name]
    one = known.subset(np.array([0]))
    write(one, tmp_path / f"one{suffix}")
    found = load(tmp_path / f"one{suffix}")
    np.testing.assert_array_equal(found.values, one.values)
    assert found.observed is None


def test_a_constant_channel_is_read(name: str, tmp_path: Path) -> None:
    suffix, write = WRITERS[name]
    flat = Dataset(values=np.full((4, 6, 1), 0.5), labels=np.array([0, 1, 0, 1]), class_names=("rest", "walk"))
    write(flat, tmp_path / f"flat{suffix}")
    same(load(tmp_path / f"flat{suffix}"), flat)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_refused_with_its_place(name: str, tmp_path: Path, known: Dataset, value: float) -> None:
    suffix, write = WRITERS[name]
    values = known.values.copy()
    values[4, 5, 0] = value
    write(Dataset(values=values, labels=known.labels, class_names=known.class_names), tmp_path / f"inf{suffix}")
    with pytest.raises(InputError, match="infinite") as told:
        load(tmp_path / f"inf{suffix}")
    assert told.value.place
    assert any(digit in told.value.place for digit in "4567")
    assert told.value.remedy


def test_a_channel_without_values_is_refused(name: str, tmp_path: Path, known: Dataset) -> None:
    suffix, write = WRITERS[name]
    values = np.full_like(known.values, np.nan)
    write(Dataset(values=values, labels=known.labels, class_names=known.class_names), tmp_path / f"nan{suffix}")
    with pytest.raises(InputError, match="all are missing"):
        load(tmp_path / f"nan{suffix}")


def test_a_sample_without_values_is_refused(name: str, tmp_path: Path, known: Dataset) -> None:
    suffix, write = WRITERS[name]
    values = known.values.copy()
    values[3] = np.nan
    write(Dataset(values=values, labels=known.labels, class_names=known.class_names), tmp_path / f"nan{suffix}")
    with pytest.raises(InputError, match="no value in this sample"):
        load(tmp_path / f"nan{suffix}")


def test_an_empty_file_is_refused(any_name: str, tmp_path: Path) -> None:
    for extension in READERS.load(any_name).extensions:
        file = tmp_path / f"empty{extension}"
        file.touch()
        for read in (load, preview):
            with pytest.raises(InputError, match="the file is empty"):
                read(file)
        with pytest.raises(InputError):
            load(file, reader=any_name)


def test_a_truncated_file_is_refused_or_has_whole_samples_only(name: str, path: Path, known: Dataset) -> None:
    whole = path.read_bytes()
    refused = 0
    for size in range(1, len(whole) - 2, 7):
        path.write_bytes(whole[:size])
        try:
            found = load(path)
        except InputError as reason:
            assert reason.source
            refused += 1
        else:
            # Text that ends between two rows, or within the last number or name, looks whole.
            last = len(found) - 1
            if found.values.shape[1:] == known.values.shape[1:]:
                np.testing.assert_array_equal(found.values[:last], known.values[:last])
    assert refused > 0.5 * len(range(1, len(whole) - 2, 7))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "none.csv")
    with pytest.raises(InputError, match="a folder"):
        load(tmp_path)
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(InputError, match=r"no reader takes '\.docx' files"):
        reader_for(tmp_path / "a.docx")


def test_reading_reports_and_is_cancelled(any_path: Path) -> None:
    listener = Listener()
    load(any_path, progress=listener)
    assert listener.fractions
    assert all(0 <= fraction <= 1 for fraction in listener.fractions)
    if any_path.suffix != ".npy":
        with pytest.raises(Cancelled):
            load(any_path, progress=Listener(stop=True))


def _attempt(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for extension in READERS.load(name).extensions:
            file = Path(folder) / f"fuzz{extension}"
            file.write_bytes(content)
            for read in (load, preview):
                try:
                    read(file, reader=name)
                except InputError as reason:
                    assert str(file) in str(reason)


@pytest.mark.parametrize("reader", list(READERS))
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(reader: str, content: bytes) -> None:
    _attempt(reader, content)


@pytest.mark.parametrize("reader", list(READERS))
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_damage_is_read_or_refused(reader: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = bytearray(write_known(reader, Path(folder)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    _attempt(reader, bytes(content))


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="0123456789.,;\t \n\r\"'-eE#abTÄ中:?", max_size=80))
def test_any_table_is_read_or_refused(text: str) -> None:
    _attempt("delimited", text.encode())


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="0123456789.,:\n?@-e ab", max_size=60))
def test_any_ts_is_read_or_refused(text: str) -> None:
    _attempt("ts", b"@univariate true\n@classLabel true a b\n@data\n" + text.encode())
