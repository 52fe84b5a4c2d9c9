from __future__ import annotations

import csv
from pathlib import Path

import pytest

from explorer.cli.commands.bench import split_denoisers

FEW = ("--data-option", "n=80")


def test_a_run_and_classics_on_a_built_in_set(call, project: Path, tmp_path: Path):
    denoisers = ["--denoisers", "moving-average, median:3,savitzky-golay:11,order=2"]
    facts = call("bench", "sines", *FEW, "--run", f"{project}:1", *denoisers, "--out", "t.csv", "--json").json
    assert (facts["part"], facts["n_samples"], facts["clean_target"]) == ("test", 12, True)
    rows = {row["name"]: row for row in facts["denoisers"]}
    assert set(rows) == {"noisy", "run:1", "moving-average", "median:3", "savitzky-golay:11,order=2"}
    assert rows["moving-average"]["tuned_by"] == "validation error" and rows["moving-average"]["tries"] == 24
    errors = [row["measures"]["mse"]["value"] for row in facts["denoisers"]]
    assert errors == sorted(errors)
    # An LSTM of two epochs does harm, and is said to.
    assert rows["run:1"]["measures"]["snr_gain_db"]["value"] < 0
    assert any("LSTM autoencoder (run 1) is worse than doing nothing" in text for text in facts["verdict"])
    assert any("ahead of LSTM autoencoder (run 1)" in text for text in facts["verdict"])
    assert len(set(facts["verdict"])) == len(facts["verdict"])
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [float(row["mse"]) for row in table] == errors
    text = call("bench", "sines", *FEW, "--run", f"{project}:1", *denoisers)
    assert text.status == 0 and "12 samples (the test part), with their own noise" in text.out
    assert all(verdict in text.out for verdict in facts["verdict"])


def test_denoise_tells_the_numbers_of_the_bench(call, project: Path):
    spoilt = ["--corrupt", "gaussian:0.7", "--seed", "3", "--json"]
    bench = call("bench", "sines", *FEW, "--run", f"{project}:1", "--denoisers", "median", *spoilt).json
    one = call("denoise", project, "sines", *FEW, "--run", "1", *spoilt, "--out", "y.npz").json
    row = next(row for row in bench["denoisers"] if row["name"] == "run:1")
    assert {name: one["test"][name] for name in row["measures"]} == row["measures"]


def test_noise_levels(call):
    args = ["bench", "sines", *FEW, "--denoisers", "median", "--corrupt", "gaussian:0.3", "--levels", "0.1,0.6"]
    levels = call(*args, "--json").json["denoisers"][0]["levels"]
    assert [level["strength"] for level in levels] == [0.1, 0.6]
    assert levels[0]["mse"]["value"] < levels[1]["mse"]["value"]
    assert "by the strength of the corruption" in call(*args).out


def test_the_classics_are_listed(call):
    listed = {each["name"]: each for each in call("denoisers", "--json").json["denoisers"]}
    assert {"butterworth", "kalman", "median", "pca", "savitzky-golay", "total-variation", "wavelet"} <= set(listed)
    assert listed["pca"]["learns"] == "clean" and listed["median"]["parameters"][0]["default"] == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--denoisers", "fog"], "no denoiser called 'fog'"),
        (["--denoisers", "median,median"], "'median' is named twice"),
        (["--run", "gone.latentscape:1"], "there is no such project"),
        (["--run", "P:9"], "no run '9'"),
        (["--run", "seven"], "'seven' is no run"),
        (["--levels", "0.1"], "noise levels need a corruption"),
        (["--corrupt", "dropout:0.1", "--levels", "2", "--denoisers", "median"], "'strength' cannot be"),
        (["--out", "t.txt"], "no format to write"),
    ],
)
def test_what_cannot_be_benched(call, project: Path, arguments: list[str], message: str):
    answer = call("bench", "sines", *FEW, *(each.replace("P:", f"{project}:") for each in arguments))
    assert answer.status == 2 and answer.out == "" and message in answer.err


def test_denoisers_are_split_at_commas_that_part_them():
    text = 'wiener, butterworth:0.1,low=0.01,order=2,"median:5 + wavelet:db4,factor=2"'
    assert split_denoisers(text) == ["wiener", "butterworth:0.1,low=0.01,order=2", "median:5 + wavelet:db4,factor=2"]
    assert split_denoisers("") == []
