import zipfile
from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load, preview, reader_for
from explorer.errors import InputError
from tests.data.formats import stay, write_physionet


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_physionet(tmp_path)


def rewritten(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"set-a/{name.strip('_')}.txt", text)
    return path


def test_hours_of_a_stay(archive: Path) -> None:
    data = load(archive)
    assert data.values.shape == (3, 48, 37)
    at = {name.split(" ")[0]: i for i, name in enumerate(data.channel_names)}
    assert data.values[0, 0, at["HR"]] == 75  # the mean
    assert data.values[0, 47, at["Urine"]] == 150  # the sum; 48:00 belongs to the last hour
    assert data.values[0, 1, at["Temp"]] == 36.5
    assert data.values[2, 0, at["Weight"]] == 81.5
    assert np.isnan(data.values[:2, :, at["Weight"]]).all()  # noted as -1
    assert np.isnan(data.values[..., at["pH"]]).all()  # 735 is none
    assert data.observed.sum() == 7
    np.testing.assert_array_equal(data.observed, ~np.isnan(data.values))
    assert data.lengths.tolist() == [48, 6, 1]
    assert data.channel_names[at["Temp"]] == "Temp (°C)"
    assert data.sampling_rate == pytest.approx(1 / 3600)


def test_what_is_known_of_the_patients(archive: Path) -> None:
    data = load(archive)
    assert data.labels.tolist() == [0, 1, 0]
    assert data.class_names == ("survived", "died")
    assert data.names.tolist() == ["132539", "132540", "132541"]
    assert data.columns["age"].tolist() == [60, 71, 50]
    assert data.columns["gender"].tolist() == ["male"] * 3
    assert np.isnan(data.columns["height (cm)"]).all()
    assert data.columns["ICU"].tolist() == ["surgical", "surgical", "coronary"]
    np.testing.assert_array_equal(data.columns["SAPS-I"], [6, np.nan, 21])


def test_without_outcomes_there_are_no_labels(archive: Path) -> None:
    (archive.parent / "Outcomes-a.txt").unlink()
    assert load(archive).labels is None


def test_another_step(archive: Path) -> None:
    data = load(archive, step=0.5)
    assert data.values.shape == (3, 96, 37)
    hr = data.channel_names.index("HR (1/min)")
    assert data.values[0, :2, hr].tolist() == [70, 80]
    assert load(archive, step=24).values.shape == (3, 2, 37)


def test_stays_without_measurements_are_left_out(archive: Path) -> None:
    rewritten(archive, _1=stay(1), _2=stay(2, "00:10,HR,60"), _3=stay(3, "00:10,pH,735"))
    assert load(archive).names.tolist() == ["2"]
    with pytest.raises(InputError, match="no measurement"):
        load(rewritten(archive, _1=stay(1)))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("00:10,HR", "not a time, a name and a value"),
        ("00:10,HR,high", "not a time, a name and a value"),
        ("now,HR,60", "not a time, a name and a value"),
        ("50:10,HR,60", "within 48 hours"),
        ("00:61,HR,60", "within 48 hours"),
        ("00:10,HR,nan", "no finite value"),
        ("00:10,HR,inf", "no finite value"),
        ("00:10,Charm,1", "names no variable"),
    ],
)
def test_mistakes_are_told_with_their_row(archive: Path, line: str, said: str) -> None:
    rewritten(archive, _7=stay(7, "00:05,HR,60", line))
    with pytest.raises(InputError, match=said) as told:
        load(archive)
    assert told.value.place == "set-a/7.txt, row 9"
    assert told.value.remedy


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_truncated_archive_is_refused(archive: Path, share: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(share * len(whole))])
    for read in (load, preview):
        with pytest.raises(InputError, match="not a ZIP archive, or it is damaged"):
            read(archive)


def test_an_archive_made_to_fill_the_memory_is_refused(archive: Path) -> None:
    rewritten(archive, _1="Time,Parameter,Value\n" + "\n" * (1 << 22))
    assert archive.stat().st_size < 50_000
    with pytest.raises(InputError, match="unpacked it would be 4 MB in 1 files"):
        load(archive)


def test_an_archive_that_lies_about_its_sizes_is_refused(archive: Path) -> None:
    """No more is unpacked than the archive's directory says, and its sum is checked."""
    rewritten(archive, _1="Time,Parameter,Value\n" + "\n" * (1 << 22))
    content = bytearray(archive.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    archive.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        load(archive)


def test_other_archives_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.md", "hello")
    assert reader_for(path) in ("midi", "physionet2012")
    for reader, problem in (("midi", "no MIDI file"), ("physionet2012", "no stays")):
        with pytest.raises(InputError, match=problem) as told:
            load(path, reader=reader)
        assert told.value.remedy


def test_damaged_outcomes_are_told(archive: Path) -> None:
    outcomes = archive.parent / "Outcomes-a.txt"
    outcomes.write_text(outcomes.read_text().replace("132540,-1,8", "132540,-1,x"))
    with pytest.raises(InputError, match="tells no outcome") as told:
        load(archive)
    assert told.value.source == str(outcomes)
    assert told.value.place == "row 3"
