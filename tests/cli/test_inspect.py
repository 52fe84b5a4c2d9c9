from __future__ import annotations

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from explorer.models.base import RECIPES


def test_models_are_listed_with_their_parameters(call):
    found = call("models", "--json").json
    models = {model["name"]: model for model in found["models"]}
    assert {"pca", "autoencoder", "denoising-autoencoder", "vae", "lstm-autoencoder"} <= set(models)
    declared = {parameter["name"]: parameter for parameter in models["vae"]["parameters"]}
    assert declared["latent_dim"]["type"] == "int" and declared["latent_dim"]["ge"] == 1
    assert declared["scaling"]["choices"] == ["standard", "minmax", "none"]
    assert all(parameter["help"].endswith(".") for parameter in declared.values())
    assert "gaussian" in [corruption["name"] for corruption in found["corruptions"]]
    assert found["failed"] == {}
    assert "lstm-autoencoder: LSTM autoencoder" in call("models").out


def test_data_sets_and_readers_are_listed(call):
    found = call("datasets", "--json").json
    names = {entry["name"] for entry in found["datasets"]}
    assert {"sines", "sines-varied", "swiss-roll", "curve", "digits"} <= names
    assert any(".csv" in reader["extensions"] for reader in found["readers"])
    assert "digits: " in call("datasets").out


def test_a_plug_in_that_fails_to_import_is_listed_with_its_reason(call, monkeypatch):
    modules = {**RECIPES._modules, "broken": "tests.cli.no_such_module"}
    monkeypatch.setitem(RECIPES.__dict__, "_modules", modules)
    monkeypatch.setitem(sys.modules, "tests.cli.empty", types.ModuleType("tests.cli.empty"))
    answer = call("models", "--json")
    assert "no_such_module" in answer.json["failed"]["broken"]
    assert "warning: the model 'broken' cannot be loaded" in answer.err and answer.status == 0


def test_info_of_a_file(call, tmp_path: Path):
    values = np.arange(60, dtype=np.float32).reshape(5, 6, 2)
    values[1, 2, 0] = np.nan
    np.save(tmp_path / "x.npy", values)
    facts = call("info", "x.npy", "--json").json
    assert (facts["n_samples"], facts["sample_shape"], facts["layout"]) == (5, [6, 2], "series")
    assert facts["minimum"] == 0 and facts["maximum"] == 59 and facts["missing"] == 1 / 60
    assert facts["n_train"] + facts["n_validation"] + facts["n_test"] == 5
    assert "5 samples of 6 × 2" in call("info", "x.npy").out


def test_info_of_a_set_has_its_classes(call):
    facts = call("info", "digits", "--json").json
    assert sum(facts["classes"].values()) == facts["n_samples"] == 1797


def test_info_of_masks(call, tmp_path: Path):
    masks = np.array([[0, 1, 1, 0], [0, 0, -1, -1]])
    np.savez(tmp_path / "x.npz", values=np.ones((2, 4, 1)), masks=masks, mask_names=np.array(["rest", "fall"]))
    assert call("info", "x.npz", "--json").json["masks"] == {"rest": pytest.approx(2 / 3), "fall": pytest.approx(1 / 3)}
    assert "steps: rest (66.7 %), fall (33.3 %)" in call("info", "x.npz").out


def test_info_of_a_project(call, project: Path):
    facts = call("info", project, "--json").json
    assert [run["model"] for run in sorted(facts["runs"], key=lambda run: run["id"])] == ["lstm-autoencoder", "pca"]
    assert len(facts["data"]) == 2
    text = call("info", project).out
    assert "PCA 1: pca on data 2, done" in text


def test_windows_of_a_recording(call, tmp_path: Path) -> None:
    np.save(tmp_path / "long.npy", np.arange(1000, dtype=np.float32))
    facts = call("info", tmp_path / "long.npy", "--window", "100", "--stride", "20", "--json").json
    assert facts["n_samples"] == 46
    assert facts["windows"] == {"length": 100, "stride": 20, "steps": 1000, "between_parts": 8}
    assert facts["n_train"] + facts["n_validation"] + facts["n_test"] == 38
