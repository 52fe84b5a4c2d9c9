"""A recording, from the file to codes of its windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def test_a_recording_is_trained_on_and_embedded(call, tmp_path: Path) -> None:
    time = np.arange(3000) / 100
    steps = np.column_stack([np.sin(7 * time), np.cos(3 * time) * time]).astype(np.float32)
    np.save(tmp_path / "night.npy", steps)
    cut = ["--window", "100", "--stride", "20"]
    trained = call("train", "night.npy", "--model", "pca", *cut, "--out", "night", "--json")
    assert trained.status == 0
    facts = trained.json["data"]
    assert (facts["n_train"], facts["n_validation"], facts["n_test"]) == (98, 20, 20)
    call("embed", "night.latentscape", "--out", "codes.npz")
    with np.load(tmp_path / "codes.npz") as archive:
        assert archive["codes"].shape == (146, 2)
        assert archive["split"].tolist().count("gap") == 8
    call("embed", "night.latentscape", "night.npy", "--window", "100", "--stride", "100", "--out", "apart.npz")
    with np.load(tmp_path / "apart.npz") as archive:
        assert archive["codes"].shape == (30, 2)
    late = call("sets", "add", "night.latentscape", "late", "--where", "start >= 2000 and part = test", "--json").json
    assert late["n_samples"] == 20


def test_what_cannot_be_cut_is_one_line(call, tmp_path: Path) -> None:
    np.save(tmp_path / "short.npy", np.zeros(50, np.float32))
    answer = call("info", "short.npy", "--window", "100")
    assert answer.status == 2
    assert "50 steps, and a window 100" in answer.err and answer.err.count("\n") == 1
