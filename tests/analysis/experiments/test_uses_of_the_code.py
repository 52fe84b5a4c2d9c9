"""The experiments on uses of a code: the quick ones whole, the others cut down to what they measure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from explorer.analysis.experiment import EXPERIMENTS, Measured
from explorer.analysis.experiments.codes_as_features import PCA_4
from explorer.models.neural import NeuralModel
from explorer.progress import Silent


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[NeuralModel]:
    """Let networks train for one epoch; return them."""
    torch.set_num_threads(1)
    real = NeuralModel.fit
    found: list[NeuralModel] = []

    def briefly(self: NeuralModel, X: Any, y: object = None, **options: Any) -> NeuralModel:
        found.append(self)
        return real(self.set_params(epochs=1), X, y, **options)

    monkeypatch.setattr(NeuralModel, "fit", briefly)
    return found


def measured(name: str) -> Measured:
    found = EXPERIMENTS.load(name)().measure(0, Silent())
    assert {target.measure for target in EXPERIMENTS.load(name).targets} <= found.values.keys()
    assert all(math.isfinite(value) for value in {**found.values, **found.baselines}.values())
    return found


def test_the_archive_s_errors_are_reproduced() -> None:
    outcome = EXPERIMENTS.load("ucr-1nn")().run()
    assert outcome.reached
    assert outcome.measured["error_GunPoint"].mean == pytest.approx(13 / 150)
    assert outcome.baselines["most_frequent_error_GunPoint"].mean == pytest.approx(76 / 150)


def test_codes_as_features_beside_the_known_components(fitted: list[NeuralModel]) -> None:
    found = measured("codes-as-features")
    for problem, accuracy in PCA_4.items():
        assert found.baselines[f"pca_accuracy_{problem}"] == pytest.approx(accuracy, abs=1e-3)
    assert [type(model).__name__ for model in fitted] == ["AuxiliaryAutoencoder", "Autoencoder"] * 4
    assert {model.latent_dim for model in fitted} == {4}


def test_visualisation_beside_pca(fitted: list[NeuralModel]) -> None:
    found = measured("visualisation")
    assert found.baselines["pca_test_mse"] == pytest.approx(0.0519, abs=1e-4)  # as scikit-learn's PCA has it
    assert found.baselines["pca_knn_accuracy"] == pytest.approx(0.577, abs=1e-3)
    gain = found.values["trustworthiness"] - found.baselines["pca_trustworthiness"]
    assert found.values["trustworthiness_gain_over_pca"] == pytest.approx(gain)


def test_label_fraction(fitted: list[NeuralModel]) -> None:
    found = measured("label-fraction")
    for share in (1, 5, 10, 100):
        gain = found.values[f"pretrained_{share}_percent"] - found.baselines[f"scratch_{share}_percent"]
        assert found.values[f"gain_{share}_percent"] == pytest.approx(gain)
    assert found.baselines["most_frequent_class"] == pytest.approx(0.1, abs=0.01)


def test_mnist_1d_beside_logistic_regression(fitted: list[NeuralModel]) -> None:
    found = measured("mnist-1d")
    assert found.baselines["raw_logistic_accuracy"] == pytest.approx(0.32, abs=0.02)  # as published
    assert len(fitted) == 4
    sizes = {model.network for model in fitted}
    assert sizes == {"dense", "recurrent", "convolutional"}
    assert not np.isclose(found.values["dense_accuracy"], found.values["convolutional_accuracy"])
