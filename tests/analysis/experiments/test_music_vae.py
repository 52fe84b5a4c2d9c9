"""The experiment on MusicVAE, cut down."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.analysis.experiments.music_vae import MusicVAEExperiment
from explorer.progress import Silent


def test_both_decoders_are_measured_beside_trivial_ones() -> None:
    pytest.importorskip("music21", reason="the extra 'reproduce' is not installed")
    torch.set_num_threads(1)
    found = MusicVAEExperiment(bars=2, stride=2, tunes=120, epochs=2).measure(0, Silent())
    assert {target.measure for target in MusicVAEExperiment.targets} <= found.values.keys()
    shares = {name: value for name, value in found.values.items() if not name.endswith("_kl")}
    assert all(-1 <= value <= 1 or math.isnan(value) for value in shares.values())
    for name in ("hierarchical", "flat"):
        assert 0 <= found.values[f"{name}_free"] <= 1 and found.values[f"{name}_kl"] > 0
    assert found.values["advantage_free"] == found.values["hierarchical_free"] - found.values["flat_free"]
    assert 0.4 < found.baselines["most_frequent_token"] < 0.7  # a note is mostly held
    assert found.baselines["repeat_last_bar_notes"] < found.baselines["repeat_last_bar"]
    assert found.values["real_in_key"] > 0.9
