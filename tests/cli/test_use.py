from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load
from explorer.models.base import LatentModel
from explorer.workspace.project import ProjectFile


def model_of(project: Path, run: int) -> LatentModel:
    file = ProjectFile.open(project)
    blob, _ = file.weights(run)
    file.close()
    return LatentModel.from_bytes(blob)


def columns(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def test_codes_of_the_projects_own_data(call, project: Path, tmp_path: Path):
    facts = call("embed", project, "--out", "c.csv", "--json").json
    assert (facts["model"], facts["n_samples"], facts["latent_dim"]) == ("pca", 60, 3)
    table = columns(tmp_path / "c.csv")
    assert list(table) == ["sample", "name", "label", "split", "z1", "z2", "z3"]
    assert table["name"][1] == "s1" and table["label"][1] == "odd"
    file = ProjectFile.open(project)
    np.testing.assert_array_equal(np.array(table["z2"], dtype=np.float32), file.codes(2)[:, 1])
    file.close()


def test_codes_of_other_data_and_another_run(call, project: Path, tmp_path: Path):
    facts = call(
        "embed", project, "sines", "--run", "1", "--data-option", "n=7", "--data-option", "seed=3",
        "--out", "c.npz", "--json",
    ).json  # fmt: skip
    assert facts["n_samples"] == 7 and facts["latent_dim"] == 2
    with np.load(tmp_path / "c.npz", allow_pickle=False) as archive:
        assert archive["codes"].shape == (7, 2) and archive["codes"].dtype == np.float32
    assert call("embed", project, "--run", "PCA 1", "--out", "c.csv").status == 0


@pytest.mark.parametrize("command", ["embed", "encode"])
def test_the_codes_alone(call, project: Path, tmp_path: Path, command: str):
    for data in ([], ["sines", "--data-option", "n=7"]):
        found = {}
        for name in ("c.npz", "c.npy"):
            found[name] = call(command, project, *data, "--run", "1", "--out", name, "--json").json
        codes = np.load(tmp_path / "c.npy")
        assert codes.dtype == np.float32 and codes.shape == (found["c.npy"]["n_samples"], found["c.npy"]["latent_dim"])
        np.testing.assert_array_equal(codes, np.load(tmp_path / "c.npz")["codes"])


@pytest.mark.parametrize("written", [["--z", "-0.5,0.25,1e-1"], ["--z=-0.5, 0.25, 0.1"]])
def test_decoding_a_code_that_begins_with_a_minus(call, project: Path, tmp_path: Path, written: list[str]):
    facts = call("decode", project, *written, "--out", "x.csv", "--json").json
    assert facts["z"] == [-0.5, 0.25, 0.1] and 0 <= facts["nearest"] < 60
    expected = model_of(project, 2).inverse_transform(np.array([[-0.5, 0.25, 0.1]], dtype=np.float32))[0]
    table = columns(tmp_path / "x.csv")
    assert table["feature"] == list("abcdef")
    np.testing.assert_allclose(np.array(table["decoded"], dtype=float), expected, rtol=1e-6)


def test_decoded_series_have_a_time_axis(call, project: Path, tmp_path: Path):
    assert call("decode", project, "--run", "1", "--z", "0,0", "--out", "x.csv").status == 0
    table = columns(tmp_path / "x.csv")
    assert next(iter(table)).startswith("time") and len(table["decoded"]) == 50
    call("decode", project, "--run", "1", "--z", "0,0", "--out", "x.npy")
    np.testing.assert_allclose(np.load(tmp_path / "x.npy")[:, 0], np.array(table["decoded"], dtype=float), rtol=1e-6)


def test_denoised_samples_open_as_data_again(call, project: Path, tmp_path: Path):
    model = model_of(project, 1)
    facts = call("denoise", project, "--run", "1", "--out", "y.npz", "--json").json
    assert facts["n_samples"] == 80 and set(facts["metrics"]) == {"mse", "mae", "snr_gain_db"}
    dataset = load(tmp_path / "y.npz")
    with np.load(tmp_path / "y.npz", allow_pickle=False) as archive:
        np.testing.assert_allclose(dataset.values, model.reconstruct(archive["noisy"]), atol=1e-5)
        gain = 10 * np.log10(
            np.sum((archive["noisy"] - archive["targets"]) ** 2) / np.sum((dataset.values - archive["targets"]) ** 2)
        )
    assert facts["metrics"]["snr_gain_db"] == pytest.approx(float(gain), abs=1e-3)
    call("denoise", project, "--run", "1", "--out", "y.csv")
    table = load(tmp_path / "y.csv")
    assert table.layout == "series"
    np.testing.assert_array_equal(table.values, dataset.values)
    call("denoise", project, "--out", "v.csv")
    assert load(tmp_path / "v.csv", samples="vectors").values.shape == (60, 6)


def test_denoising_of_what_was_spoilt_first(call, project: Path, tmp_path: Path):
    args = ["denoise", project, "--run", "1", "--corrupt", "gaussian:2", "--json"]
    first = call(*args, "--seed", "1", "--out", "a.npy").json
    second = call(*args, "--seed", "1", "--out", "b.npy").json
    assert first["metrics"] == second["metrics"] and first["metrics"]["snr_gain_db"] > 0
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()


@pytest.mark.parametrize("kind", ["map", "denoise", "decode"])
@pytest.mark.parametrize("run", ["1", "2"])
def test_figures_of_every_kind(call, project: Path, tmp_path: Path, kind: str, run: str):
    for form, magic in (("svg", b"<?xml"), ("csv", b"")):
        facts = call("plot", project, kind, "--run", run, "--out", f"f.{form}", "--json").json
        data = (tmp_path / f"f.{form}").read_bytes()
        assert facts["out"] == str(tmp_path / f"f.{form}") and data.startswith(magic) and len(data) > 100


@pytest.mark.parametrize("kind", ["spectrum", "clusters", "outliers"])
def test_figures_of_analyses(call, project: Path, tmp_path: Path, kind: str):
    before = project.read_bytes()
    assert call("plot", project, kind, "--run", "1", "--out", "f.svg").status == 0
    assert (tmp_path / "f.svg").read_bytes().startswith(b"<?xml")
    assert call("plot", project, kind, "--run", "1", "--out", "f.csv", "--json").json["kind"] == kind
    assert {"spectrum": "share", "clusters": "samples", "outliers": "mean squared error"}[kind] in columns(
        tmp_path / "f.csv"
    )
    assert project.read_bytes() == before


def test_figures_as_they_are_asked_for(call, project: Path, tmp_path: Path):
    import struct

    options = ["--width-mm", "50.8", "--height-mm", "45", "--dpi", "100", "--theme", "dark", "--font-size", "6"]
    assert call("plot", project, "loss", "--run", "1", *options, "--out", "f.png").status == 0
    assert struct.unpack(">II", (tmp_path / "f.png").read_bytes()[16:24]) == (200, 177)
    call("plot", project, "map", "--axes", "3,1", "--colour", "none", "--z", "0,0,1", "--out", "m.csv")
    assert list(columns(tmp_path / "m.csv")) == ["sample", "name", "z3", "z1", "selected"]
    call("plot", project, "denoise", "--run", "1", "--index", "4", "--corrupt", "gaussian:0.5", "--out", "d.csv")
    assert "clean" in columns(tmp_path / "d.csv")


def test_a_script_is_written_beside_a_figure(call, project: Path, tmp_path: Path):
    facts = call("plot", project, "map", "--out", "f.svg", "--script", "--json").json
    assert Path(facts["script"]) == tmp_path / "f.py"
    assert "data['z1']" in (tmp_path / "f.py").read_text()
    assert "z3" not in columns(tmp_path / "f.csv")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["embed", "gone.latentscape", "--out", "c.csv"], "there is no such project"),
        (["embed", "P", "--out", "c.txt"], "'.txt' is no format to write"),
        (["embed", "P", "--out", "no/c.csv"], "no such folder"),
        (["embed", "P", "--run", "9", "--out", "c.csv"], "no run '9'"),
        (["embed", "P", "digits", "--out", "c.csv"], "do not fit a model"),
        (["decode", "P", "--z", "1,2", "--out", "x.csv"], "--z: the code has 2 numbers where the model has 3"),
        (["decode", "P", "--z", "1,1e39,2", "--out", "x.csv"], "'1e39' is too large"),
        (["decode", "P", "--z", "1,x,2", "--out", "x.csv"], "'x' is not a number"),
        (["decode", "P", "--z", "1,nan,2", "--out", "x.csv"], "'nan' is not a number"),
        (["decode", "P", "--z", "1,2,3"], "Missing option '--out'"),
        (["denoise", "P", "--run", "1", "--corrupt", "gaussian:-1", "--out", "y.csv"], "'strength' cannot be"),
        (["plot", "P", "pie", "--out", "f.svg"], "'pie' is not one of"),
        (["plot", "P", "loss", "--out", "f.svg"], "not trained in epochs"),
        (["plot", "P", "forecast", "--out", "f.svg"], "forecasts nothing"),
        (["plot", "P", "segments", "--out", "f.svg"], "writes no masks"),
        (["plot", "P", "decision", "--out", "f.svg"], "does not learn p(x, y)"),
        (["plot", "P", "map", "--axes", "1,4", "--out", "f.svg"], "axes 1 and 4 do not fit"),
        (["plot", "P", "map", "--axes", "1,1", "--out", "f.svg"], "not two coordinates"),
        (["plot", "P", "map", "--colour", "age", "--out", "f.svg"], "no column 'age'"),
        (["plot", "P", "map", "--out", "f.jpg"], "'.jpg' is no format"),
        (["plot", "P", "map", "--dpi", "5", "--out", "f.svg"], "resolution cannot be 5"),
        (["plot", "P", "decode", "--index", "60", "--out", "f.svg"], "no sample 60"),
        (["plot", "P", "decode", "--index", "0", "--z", "0,0,0", "--out", "f.svg"], "Give one of them"),
        (["imagine"], "No such command"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(call, project: Path, arguments: list[str], message: str):
    answer = call(*(str(project) if argument == "P" else argument for argument in arguments))
    assert answer.status == 2 and answer.out == ""
    assert message in answer.err and answer.err.count("\n") == 1


def test_a_project_whose_data_file_moved(call, trained: Path, project: Path, tmp_path: Path):
    source = trained.parent / "vectors.csv"
    hidden = source.rename(source.with_suffix(".away"))
    try:
        answer = call("plot", project, "map", "--out", "f.svg")
    finally:
        hidden.rename(source)
    assert answer.status == 2 and "vectors.csv" in answer.err and "not where it was" in answer.err
    assert "open the project in the window" in answer.err and answer.err.count("\n") == 1


def test_a_project_on_read_only_ground_leaves_no_copies(call, project: Path, home: Path, monkeypatch):
    import os

    monkeypatch.setattr(os, "access", lambda *_: False)
    assert call("info", project, "--json").status == 0
    assert not list(home.rglob("*.latentscape"))
