"""The experiments on recurrent networks, cut down: that they measure what they say, not that they reach it."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

import explorer.data.generated
from explorer.analysis.experiment import EXPERIMENTS, Measured
from explorer.data.dataset import Dataset
from explorer.models.neural import NeuralModel
from explorer.progress import Silent


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[NeuralModel]:
    """Let experiments use few samples and few epochs; return the models that they fitted."""
    torch.set_num_threads(1)
    real_make, real_fit = explorer.data.generated.make, NeuralModel.fit
    fitted: list[NeuralModel] = []

    def few(name: str, **options: Any) -> Dataset:
        return real_make(name, **{**options, "n": 150})

    def briefly(self: NeuralModel, X: Any, y: object = None, **options: Any) -> NeuralModel:
        assert X.indices("test").size and X.indices("validation").size
        fitted.append(self)
        return real_fit(self.set_params(epochs=2, hidden=_narrow(self)), X, y, **options)

    for name in ("case_study_easy", "case_study_hard", "addition", "future"):
        module = __import__(f"explorer.analysis.experiments.{name}", fromlist=["make"])
        monkeypatch.setattr(module, "make", few)
    monkeypatch.setattr(NeuralModel, "fit", briefly)
    return fitted


def _narrow(model: NeuralModel) -> Any:
    """Return a width that is quick, and keeps a direct code direct."""
    return model.latent_dim if model.hidden == model.latent_dim else 8 if isinstance(model.hidden, int) else (8,)


def measured(name: str, seed: int = 0) -> Measured:
    found = EXPERIMENTS.load(name)().measure(seed, Silent())
    wanted = {target.measure for target in EXPERIMENTS.load(name).targets}
    assert wanted <= found.values.keys()
    assert all(math.isfinite(value) for value in {**found.values, **found.baselines}.values())
    return found


def test_cells_reach_their_targets_as_they_are() -> None:
    torch.set_num_threads(1)
    experiment = EXPERIMENTS.load("rnn-cells")()
    assert experiment.run([3]).reached


def test_the_easy_case_study(quick: list[NeuralModel]) -> None:
    found = measured("case-study-easy")
    assert [model.latent_dim for model in quick] == [4, 16]
    assert found.baselines["pca2_gain_db"] > 10 and found.baselines["savitzky_golay_gain_db"] > 6


def test_the_hard_case_study(quick: list[NeuralModel]) -> None:
    found = measured("case-study-hard")
    assert [model.latent_dim for model in quick] == [4, 4, 4]
    assert found.baselines["likeliest_sine_gain_db"] > 11
    order = ["wiener_gain_db", "savitzky_golay_gain_db", "likeliest_sine_gain_db"]
    assert [found.baselines[name] for name in order] == sorted(found.baselines[name] for name in order)


def test_addition(quick: list[NeuralModel]) -> None:
    found = measured("addition")
    assert len(quick) == 4 and all(model.latent_dim == 128 for model in quick)
    assert found.baselines["usual_answer_exact_match"] < 0.2
    assert 0 <= found.values["reversed_exact_match"] <= found.values["reversed_character_accuracy"] <= 1
    for name in ("conditioned", "always_taught"):  # with a teacher a whole answer is right just where it is without
        assert found.values[f"{name}_exact_match"] <= found.values[f"{name}_character_accuracy_with_teacher"] <= 1


def test_forecasts(quick: list[NeuralModel]) -> None:
    found = measured("future")
    assert len(quick) >= 3
    assert found.baselines["persistence_mse"] > found.baselines["autoregression_mse"] > 0
    assert found.values["composite_to_predictor_future_mse"] == pytest.approx(
        found.values["composite_future_mse"] / found.values["predictor_future_mse"]
    )


def test_ecgs(quick: list[NeuralModel], monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.analysis.experiments import denoising_ecg

    real = explorer.data.generated.make
    monkeypatch.setattr(denoising_ecg, "make", lambda name, **options: real(name, **{**options, "n": 60}))
    found = measured("denoising-ecg")
    assert [type(model).__name__ for model in quick] == [
        "DenoisingAutoencoder", "ConvolutionalAutoencoder", "RecurrentAutoencoder",
    ]  # fmt: skip
    gains = {name: value for name, value in found.baselines.items() if name.endswith("_gain_db")}
    best = max(gains.values())
    assert found.values["dense_over_best_classic_db"] == pytest.approx(found.values["dense_gain_db"] - best)
    assert found.baselines["butterworth_and_wavelet_gain_db"] > found.baselines["wavelet_gain_db"]
    assert found.baselines["clean_beat_error_ms"] < 4 and found.baselines["clean_beats_found"] > 0.9
