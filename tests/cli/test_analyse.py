"""The analysis commands: what they print, write and refuse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.conftest import Answer

Call = Callable[..., Answer]


@pytest.mark.parametrize("dims", ["2", "3"])
def test_codes_laid_out(call: Call, project: Path, dims: str) -> None:
    answer = call("project", project, "--dims", dims, "--out", "map.csv", "--json")
    assert answer.status == 0
    facts = answer.json
    assert (facts["method"], facts["dims"], facts["n_samples"], facts["seed"]) == ("pca", int(dims), 60, 0)
    assert len(facts["explained"]) == int(dims)
    table = pd.read_csv("map.csv")
    assert list(table.columns) == ["sample", "name", "label", "split", *(f"pca {i + 1}" for i in range(int(dims)))]
    assert len(table) == 60
    assert facts["out"] == str(Path("map.csv").absolute())


def test_codes_laid_out_by_their_neighbours(call: Call, project: Path) -> None:
    answer = call(
        "project", project, "--method", "tsne", "--set", "iterations=250", "--seed", "4", "--out", "m.npz", "--json"
    )
    assert answer.json["params"]["iterations"] == 250
    assert answer.json["explained"] is None
    found = np.load("m.npz", allow_pickle=False)
    assert found["coordinates"].shape == (60, 2)
    assert found["labels"].shape == (60,)


def test_clusters(call: Call, project: Path) -> None:
    answer = call("cluster", project, "--set", "clusters=3", "--out", "c.csv", "--json")
    facts = answer.json
    assert facts["n_clusters"] == 3
    assert sum(facts["sizes"]) == 60
    assert set(facts["scores"]) == {"silhouette", "ari", "nmi"}
    table = pd.read_csv("c.csv")
    assert table["cluster"].value_counts().tolist() == facts["sizes"]
    told = call("cluster", project, "--method", "hdbscan")
    assert told.status == 0
    assert "noise" in told.out
    none = call("cluster", project, "--method", "hdbscan", "--set", "smallest=61")
    assert none.status == 0 and none.out.startswith("no clusters: all 60 samples are noise")


def test_probes(call: Call, project: Path) -> None:
    facts = call("probe", project, "--folds", "2", "--json").json
    assert {(each["features"], each["probe"]) for each in facts["probes"]} == {
        (features, probe) for features in ("code", "raw", "pca") for probe in ("knn", "linear")
    }
    assert facts["measure"] == "accuracy"
    assert not facts["held_out"]
    told = call("probe", project)
    assert "the most frequent class alone" in told.out
    assert "the model has seen some of these samples" in told.err


def test_the_spectrum_of_data(call: Call, trained: Path) -> None:
    shutil.copy(trained.parent / "vectors.csv", "vectors.csv")
    options = ["vectors.csv", "--data-option", "samples=vectors", "--count", "2"]
    facts = call("spectrum", *options, "--out", "s.csv", "--json").json
    assert facts["ratios"] == pytest.approx([v / facts["total"] for v in facts["variances"]])
    table = pd.read_csv("s.csv")
    assert list(table.columns) == ["feature", "mean", "component 1", "component 2"]
    assert np.sum(table["component 1"] ** 2) == pytest.approx(1, abs=1e-4)
    told = call("spectrum", *options)
    assert told.out.splitlines()[1].split() == ["component", "explained", "together"]
    call("spectrum", "sines", "--data-option", "n=30", "--count", "2", "--out", "s.npz")
    assert np.load("s.npz", allow_pickle=False)["components"].shape == (2, 50, 1)
    refused = call("spectrum", "digits", "--out", "d.csv")
    assert refused.status == 2
    assert "images do not fit a table" in refused.err


def test_outliers(call: Call, project: Path) -> None:
    facts = call("outliers", project, "--top", "3", "--anomaly", "odd", "--out", "o.csv", "--json").json
    scores = pd.read_csv("o.csv")["score"]
    assert [each["sample"] for each in facts["top"]] == scores.nlargest(3).index.tolist()
    assert facts["top"][0]["name"] == f"s{scores.idxmax()}"
    assert facts["anomalies"] == ["odd"]
    assert set(facts["baselines"]) == {"random", "|x|", "pca", "1-nn"}
    assert facts["metrics"]["prevalence"] == 0.5
    told = call("outliers", project, "--anomaly", "odd")
    assert "roc_auc" in told.out
    # Just as many of the one class as of the other: neither is the anomaly.
    assert call("outliers", project, "--json").json["metrics"] == {}
    series = call("outliers", project, "--run", "1", "--out", "o.npz", "--json")
    assert series.status == 0
    assert np.load("o.npz", allow_pickle=False)["step_scores"].shape == (80, 50)
    refused = call("outliers", project, "--anomaly", "broken")
    assert refused.status == 2
    assert "there is no class 'broken'" in refused.err


def test_two_runs(call: Call, project: Path, trained: Path) -> None:
    vectors = trained.parent / "vectors.csv"
    narrow = ["--set", "latent_dim=1", "--out", str(project), "--data-option", "samples=vectors"]
    assert call("train", vectors, "--model", "pca", *narrow).status == 0
    facts = call("compare", project, "2", "3", "--json").json
    assert [each["run"] for each in facts["runs"]] == [2, 3]
    assert facts["measures"]["latent_dim"] == [3, 1]
    first, second = facts["measures"]["reconstruction_mse"]
    assert first < second
    assert facts["better"]["reconstruction_mse"] == "lower"
    told = call("compare", project, "2", "3")
    assert "(lower is better)" in told.out
    other = call("compare", project, "1", "2")
    assert other.status == 2
    assert "do not fit" in other.err
    assert call("compare", project, "2", "9").status == 2


def test_forecasts(call: Call) -> None:
    settings = ["--set", "horizon=5", "--set", "hidden=4", "--epochs", "1", "--data-option", "n=60"]
    assert call("train", "sines", "--model", "future-predictor", *settings, "--out", "f.latentscape").status == 0
    facts = call("forecast", "f.latentscape", "--out", "f.csv", "--json").json
    assert facts["horizon"] == len(facts["mse"]) == len(facts["persistence_mse"]) == 5
    table = pd.read_csv("f.csv")
    assert list(table.columns) == ["time step", "truth value", "forecast value", "persistence value"]
    assert table["forecast value"].notna().sum() == 5
    assert "persistence" in call("forecast", "f.latentscape", "--index", "3").out
    assert call("forecast", "f.latentscape", "--index", "60").status == 2


def test_few_labels(call: Call, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.analysis import pretraining

    monkeypatch.setattr(pretraining, "STEPS", 2)
    monkeypatch.setattr(pretraining, "EPOCHS", 1)
    settings = ["--epochs", "1", "--data-option", "samples=vectors", "--out", "a.latentscape"]
    assert call("train", trained.parent / "vectors.csv", "--model", "autoencoder", *settings).status == 0
    facts = call("label-curve", "a.latentscape", "--seeds", "0,1", "--json").json
    assert facts["counts"][-1] == 42
    assert len(facts["pretrained"]) == 2
    assert "pre-trained" in call("label-curve", "a.latentscape", "--counts", "4", "--seeds", "0").out
    assert call("label-curve", "a.latentscape", "--counts", "x").status == 2
    assert call("label-curve", "a.latentscape", "--counts", "900").status == 2


@pytest.mark.parametrize("command", ["segment", "forecast"])
def test_what_a_model_cannot_do(call: Call, project: Path, command: str) -> None:
    answer = call(command, project)
    assert answer.status == 2
    assert answer.err.count("\n") == 1
    assert "PCA" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("project", "--out", "m.pdf"),
        ("project", "--method", "tsne", "--set", "speed=3", "--out", "m.csv"),
        ("project", "--dims", "4", "--out", "m.csv"),
        ("cluster", "--set", "clusters=none-at-all"),
        ("cluster", "--run", "17"),
        ("probe", "--target", "weight"),
        ("probe", "--folds", "1"),
        ("outliers", "nowhere.csv"),
    ],
)
def test_mistakes_take_one_line(call: Call, project: Path, arguments: tuple[str, ...]) -> None:
    answer = call(arguments[0], project, *arguments[1:])
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1
