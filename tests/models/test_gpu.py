"""What every recipe that learns by gradients keeps to on a GPU, where there is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.models.neural import NeuralModel
from explorer.training.history import Epoch
from tests.models.conftest import NEURAL, answers, fit, made, samples, unequal
from tests.models.tokens import OF_TOKENS, token_data

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU that CUDA knows")


@pytest.fixture(params=[*NEURAL, *OF_TOKENS])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def small(name: str) -> Dataset:
    """Return a data set that a recipe takes."""
    if name in OF_TOKENS:
        return token_data(name)
    values = samples(name)
    return Dataset(values=values, **answers(made(name), values))


class Watch:
    """The progress of a training: uses the model at every epoch, as the window does, and takes note of its device."""

    def __init__(self, model: NeuralModel, data: Dataset) -> None:
        self.model, self.data = model, data
        self.devices: set[str] = set()
        self.codes: list[np.ndarray] = []

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        if isinstance(payload, Epoch):
            self.devices.add(next(self.model._module.parameters()).device.type)
            self.codes.append(self.model.transform(self.data))
            assert np.isfinite(self.model.inverse_transform(self.codes[-1][:3])).any()

    def cancelled(self) -> bool:
        return False


def test_it_trains_there_and_is_used_on_the_cpu(name: str) -> None:
    data, model = small(name), made(name, device="cuda", epochs=4, patience=0)
    watch = Watch(model, data)
    model.fit(data, progress=watch)
    assert watch.devices == {"cuda"} and not [note for note in model.history_.notes if "memory" in note]
    assert all(np.isfinite(list(epoch.train.values())).all() for epoch in model.history_.epochs)
    assert np.abs(watch.codes[0] - watch.codes[-1]).max() > 0
    assert next(model._module.parameters()).device.type == "cpu"
    again = LatentModel.from_bytes(model.to_bytes())
    np.testing.assert_array_equal(again.transform(data), model.transform(data))


def test_both_devices_answer_alike(name: str) -> None:
    """The CPU has kernels of its own for what the GPU leaves to torch."""
    data = small(name)
    model = made(name, device="cpu", epochs=2).fit(data)
    codes = model.transform(data)
    decoded = model.inverse_transform(codes[:5])
    model._view = model._copy().to("cuda")
    np.testing.assert_allclose(model.transform(data), codes, atol=2e-3 * np.abs(codes).max())
    there = model.inverse_transform(codes[:5])
    if name in OF_TOKENS:
        assert np.mean(there == decoded) > 0.95  # two tokens may be equally likely
    else:
        np.testing.assert_allclose(there, decoded, atol=2e-3 * np.nanmax(np.abs(decoded)))


def test_what_it_learns_first_is_what_the_cpu_learns(name: str) -> None:
    """Draws differ from device to device, and so do sums; the loss is still of the same size."""
    data = small(name)
    losses = []
    for device in ("cpu", "cuda"):
        model = made(name, device=device, epochs=6, patience=0, optimiser="adam").fit(data)
        losses.append([epoch.train["loss"] for epoch in model.history_.epochs])
    first, last = (abs(losses[1][at] - losses[0][at]) / abs(losses[0][at]) for at in (0, -1))
    assert first < 0.5 and last < 0.6


@pytest.mark.parametrize("recipe", ["recurrent-autoencoder", "recurrent-vae", "latent-ode", "record-vae"])
def test_unequal_lengths(recipe: str) -> None:
    data = unequal()
    model = fit(made(recipe, device="cuda"), data)
    codes = model.transform(data)
    model._view = model._copy().to("cuda")
    np.testing.assert_allclose(model.transform(data), codes, atol=2e-3 * np.abs(codes).max())
