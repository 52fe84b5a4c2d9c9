from __future__ import annotations

import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from explorer.__main__ import main
from explorer.data.generated import make
from explorer.data.music_files import midi_bytes
from explorer.data.reader import load


@pytest.fixture(scope="module")
def melodies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a short training on made-up tunes."""
    project = tmp_path_factory.mktemp("melodies") / "m.latentscape"
    home = pytest.MonkeyPatch()
    home.setenv("LATENTSCAPE_HOME", str(project.parent / "home"))
    try:
        settings = ["--epochs", "8", "--set", "latent_dim=3", "--set", "hidden=24", "--set", "learning_rate=0.02"]
        assert (
            main(["train", "tunes", "--model", "music-vae", *settings, "--data-option", "n=60", "--out", str(project)])
            == 0
        )
    finally:
        home.undo()
    return project


def test_a_decoded_melody_is_written_as_midi_sound_and_table(call, melodies: Path, tmp_path: Path) -> None:
    for name in ("x.mid", "x.wav", "x.csv", "x.npy"):
        facts = call("decode", melodies, "--z", "0.5,0,-1", "--out", name, "--json").json
        assert facts["shape"] == [32] and Path(facts["out"]).exists()
    tokens = np.load(tmp_path / "x.npy")
    assert tokens.shape == (32,) and tokens.dtype == np.int32
    assert (tmp_path / "x.mid").read_bytes().startswith(b"MThd")
    with wave.open(str(tmp_path / "x.wav")) as file:
        assert file.getnframes() > 22_050
    assert (tmp_path / "x.csv").read_text().startswith("start,length,pitch,name")


def test_two_melodies_are_interpolated(call, melodies: Path, tmp_path: Path) -> None:
    facts = call("interpolate", melodies, "3", "7", "--steps", "5", "--out", "way.npz", "--json").json
    assert (facts["from"], facts["to"], facts["steps"], facts["way"]) == (3, 7, 5, "linear")
    with np.load(tmp_path / "way.npz") as archive:
        assert archive["values"].shape == (5, 32) and archive["z"].shape == (5, 3)
        np.testing.assert_allclose(archive["z"][2], archive["z"][[0, 4]].mean(axis=0), atol=1e-5)
        written = archive["values"]
    assert call("interpolate", melodies, "3", "7", "--steps", "5", "--out", "way.mid").status == 0
    assert b"25 %" in (tmp_path / "way.mid").read_bytes()
    if (written > 1).any(axis=1).all():
        np.testing.assert_array_equal(load(tmp_path / "way.mid").values, written)
    assert call("interpolate", melodies, "3", "7", "--way", "spherical", "--out", "way.csv").status == 0
    assert (tmp_path / "way.csv").read_text().startswith("sample,start,length,pitch,name")


def test_series_and_vectors_are_interpolated(call, project: Path, tmp_path: Path) -> None:
    assert call("interpolate", project, "s1", "s2", "--steps", "3", "--out", "v.csv").status == 0
    lines = (tmp_path / "v.csv").read_text().splitlines()
    assert len(lines) == 4 and lines[2].startswith("50 %")
    assert call("interpolate", project, "0", "1", "--run", "1", "--steps", "3", "--out", "s.csv").status == 0
    assert len((tmp_path / "s.csv").read_text().splitlines()) == 1 + 3 * 50


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("interpolate", "{}", "0", "zz", "--out", "a.csv"), "there is no sample 'zz'"),
        (("interpolate", "{}", "0", "60", "--out", "a.csv"), "there is no sample '60'"),
        (("interpolate", "{}", "0", "1", "--out", "a.mid"), "only melodies"),
        (("decode", "{}", "--z", "0,0,0", "--out", "a.mid"), "only melodies"),
        (("interpolate", "{}", "0", "1", "--out", "a.txt"), "no format to write"),
    ],
)
def test_mistakes_are_told(call, project: Path, arguments: tuple[str, ...], told: str) -> None:
    answer = call(*(part.format(project) for part in arguments))
    assert answer.status == 2 and told in answer.err and answer.err.count("\n") == 1


def test_damaged_files_of_an_archive_are_told(call, tmp_path: Path) -> None:
    tunes = make("tunes", n=3).values
    with zipfile.ZipFile(tmp_path / "tunes.zip", "w") as archive:
        for i, tune in enumerate(tunes):
            archive.writestr(f"{i}.mid", midi_bytes([tune]))
        archive.writestr("bad.mid", b"MThd nonsense")
    told = call("info", "tunes.zip")
    assert told.status == 0
    assert "warning: tunes.zip: 1 file was left out (bad.mid: " in told.err
