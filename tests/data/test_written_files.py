from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.writing import npz_bytes, table_bytes, write_bytes, write_columns
from explorer.errors import InputError


def test_tables_read_back_to_the_same_numbers(tmp_path: Path):
    columns = {
        "name, with comma": np.array(['a "quoted" one', "漢"]),
        "x (mV)": np.array([0.1, np.nan], dtype=np.float32),
        "n": np.array([1, -2]),
    }
    path = write_columns(tmp_path / "t.csv", columns)
    assert path.read_bytes() == '"name, with comma",x (mV),n\n"a ""quoted"" one",0.1,1\n漢,,-2\n'.encode()
    assert table_bytes({"x": np.array([1 / 3])}, delimiter="\t") == b"x\n0.3333333333333333\n"


def test_columns_of_different_length_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        table_bytes({"a": np.zeros(2), "b": np.zeros(3)})


def test_archives_are_plain_and_the_same_twice(tmp_path: Path):
    arrays = {"file": np.arange(3), "names": np.array(["a", "b"]), "z": np.eye(2, dtype=np.float32)}
    path = write_columns(tmp_path / "t.npz", arrays)
    with np.load(path, allow_pickle=False) as archive:
        assert sorted(archive) == sorted(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(archive[name], array)
    assert npz_bytes(arrays) == path.read_bytes()
    with pytest.raises(ValueError, match="allow_pickle"):
        npz_bytes({"x": np.array([object()])})


def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path):
    new = write_bytes(tmp_path / "new", b"1")
    (tmp_path / "usual").touch()
    assert new.stat().st_mode == (tmp_path / "usual").stat().st_mode
    new.chmod(0o600)
    write_bytes(new, b"2")
    assert new.stat().st_mode & 0o777 == 0o600 and new.read_bytes() == b"2"


def test_other_endings_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"\.csv, \.tsv or \.npz"):
        write_columns(tmp_path / "t.xlsx", {})
