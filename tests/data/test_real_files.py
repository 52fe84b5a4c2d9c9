"""Published files, where they are on this machine."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load, preview


@pytest.fixture
def archive() -> Path:
    """Return the folder of the UCR files that aeon ships, without importing it: that takes seconds."""
    found = find_spec("aeon")
    if found is None or found.origin is None:
        pytest.skip("aeon is not installed")
    return Path(found.origin).parent / "datasets" / "data"


@pytest.mark.parametrize(
    ("file", "shape", "classes"),
    [
        ("GunPoint/GunPoint_TRAIN.ts", (50, 150, 1), 2),
        ("GunPoint/GunPoint_TEST.ts", (150, 150, 1), 2),
        ("BasicMotions/BasicMotions_TRAIN.ts", (40, 100, 6), 4),
        ("JapaneseVowels/JapaneseVowels_TRAIN.ts", (270, 26, 12), 9),
        ("ItalyPowerDemand/ItalyPowerDemand_TEST.ts", (1029, 24, 1), 2),
        ("Covid3Month/Covid3Month_TRAIN.ts", (140, 84, 1), 0),
    ],
)
def test_the_archives_files(archive: Path, file: str, shape: tuple[int, ...], classes: int) -> None:
    data = load(archive / file)
    assert data.values.shape == shape
    assert len(data.class_names) == classes
    assert "samples" in preview(archive / file).summary


def test_gunpoint_is_what_it_is(archive: Path) -> None:
    """1-NN with Euclidean distance has error .0867 in the archive's own table."""
    train, test = (load(archive / f"GunPoint/GunPoint_{part}.ts") for part in ("TRAIN", "TEST"))
    distances = np.linalg.norm(test.values[:, None, :, 0] - train.values[None, :, :, 0], axis=2)
    assert train.labels is not None
    assert (train.labels[distances.argmin(axis=1)] != test.labels).mean() == pytest.approx(0.0867, abs=5e-5)


def test_unequal_lengths_are_padded_with_missing(archive: Path) -> None:
    data = load(archive / "JapaneseVowels/JapaneseVowels_TRAIN.ts")
    assert data.lengths is not None
    assert (data.lengths.min(), data.lengths.max()) == (7, 26)
    steps = np.arange(26)
    np.testing.assert_array_equal(~np.isnan(data.values[..., 0]), steps < data.lengths[:, None])
    assert data.values[0, 0, :2].tolist() == pytest.approx([1.860936, -0.207383])


def test_a_recording_with_time_stamps_is_one_series(shared_data: Path) -> None:
    path = shared_data / "nab" / "data" / "artificialWithAnomaly" / "art_daily_jumpsup.csv"
    data = load(path, reader="delimited")
    assert data.values.shape == (1, 4032, 1)
    assert data.sampling_rate == pytest.approx(1 / 300)
    assert data.channel_names == ("value",)
    assert data.sample_name(0) == "art_daily_jumpsup"
    assert data.values[0, 0, 0] == pytest.approx(19.761251902999998)
    assert data.time_axis[-1] == pytest.approx(4031 * 300)


def test_hours_left_out_are_missing_and_uneven_times_are_kept(shared_data: Path) -> None:
    gaps = load(shared_data / "nab" / "data" / "realAdExchange" / "exchange-3_cpc_results.csv", reader="delimited")
    assert gaps.sampling_rate == pytest.approx(1 / 3600)
    assert gaps.observed is not None
    assert gaps.observed.sum() == 1538
    uneven = load(shared_data / "nab" / "data" / "realTraffic" / "speed_7578.csv", reader="delimited")
    assert uneven.sampling_rate is None
    assert uneven.values.shape == (1, 1127, 1)
    assert uneven.time_axis[:3].tolist() == [0, 300, 1200]


def test_every_published_recording_is_read(shared_data: Path) -> None:
    for file in sorted((shared_data / "nab" / "data").glob("*/*.csv")):
        data = load(file, reader="delimited")
        assert len(data) == 1
        assert preview(file, reader="delimited").options["layout"] == "long"
        assert (np.diff(data.time_axis) >= 0).all()


def test_recordings_of_the_anomaly_benchmark(shared_data: Path) -> None:
    """Its labels mark a tenth of every recording."""
    for path in sorted((shared_data / "nab" / "data").rglob("*.csv")):
        data = load(path)
        assert data.origin.name == "nab"
        assert data.masks is not None
        assert data.masks.mean() == pytest.approx(0.1, abs=0.02)
        assert set(data.split) == {0, 1, 2}
    overlapping = load(shared_data / "nab" / "data" / "artificialWithAnomaly" / "art_daily_jumpsup.csv", stride=1)
    assert overlapping.values.shape == (4032 - 64 + 1, 64, 1)


def test_stays_in_intensive_care(shared_data: Path) -> None:
    data = load(shared_data / "physionet2012" / "set-a.zip")
    assert data.values.shape == (3996, 48, 37)
    assert data.labels is not None
    assert data.labels.mean() == pytest.approx(0.139, abs=0.001)
    assert data.observed is not None
    assert data.observed.mean() == pytest.approx(0.203, abs=0.001)
    ranges = {"HR (1/min)": (80, 95), "Temp (°C)": (36, 38), "pH (0 to 14)": (7.3, 7.5), "Weight (kg)": (75, 90)}
    for name, (low, high) in ranges.items():
        assert low < np.nanmean(data.values[..., data.channel_names.index(name)]) < high
    looked = preview(shared_data / "physionet2012" / "set-a.zip")
    assert looked.summary.startswith("3,996 samples × 48 steps × 37 channels")
