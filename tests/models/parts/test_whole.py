"""The objective of a small recurrent autoencoder as one operation, against torch's own way through its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from explorer.models.base import RECIPES
from explorer.models.parts.composition import Composition
from explorer.models.parts.differentiation import twice_differentiable
from explorer.models.parts.whole import whole_loss
from explorer.models.spec import SampleSpec
from explorer.training.step import Batch, Step

STEP = Step(0, 1, True, torch.Generator())
PLAIN = {"bidirectional": False, "frame": 1, "loss": "mse", "decoder": "unconditioned"}
NETS: dict[str, tuple[str, dict[str, Any]]] = {
    "the slides'": ("lstm-autoencoder", {}),
    "with a map to the code": ("lstm-autoencoder", {"hidden": 6, "latent_dim": 3}),
    "gru": ("recurrent-autoencoder", {**PLAIN, "hidden": 5, "latent_dim": 2}),
    "rnn": ("recurrent-autoencoder", {**PLAIN, "hidden": 5, "latent_dim": 2, "cell": "rnn"}),
}


def net(recipe: str, **params: Any) -> Composition:
    torch.manual_seed(0)
    return RECIPES.load(recipe)(**params).compose(SampleSpec((9, 2)))


def batch(**fields: Any) -> Batch:
    rng = np.random.default_rng(0)
    inputs, targets = (torch.from_numpy(rng.standard_normal((7, 9, 2)).astype(np.float32)) for _ in range(2))
    return Batch(inputs, targets, **fields)


def gradients(model: Composition, given: Batch) -> tuple[float, list[torch.Tensor]]:
    model.zero_grad()
    loss = model.objective(given, STEP)["loss"]
    (2 * loss).backward()  # a loss may be a part of another
    return loss.item(), [parameter.grad.clone() for parameter in model.parameters()]


@pytest.mark.parametrize("name", NETS)
def test_value_and_gradients_are_torchs(name: str) -> None:
    recipe, params = NETS[name]
    model = net(recipe, **params)
    for given in (batch(), Batch(batch().inputs, batch().inputs)):
        assert whole_loss(model, given) is not None
        loss, found = gradients(model, given)
        with twice_differentiable():
            assert whole_loss(model, given) is None
            wanted_loss, wanted = gradients(model, given)
        assert loss == pytest.approx(wanted_loss, rel=1e-6)
        for ours, theirs in zip(found, wanted, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)
        assert set(model.objective(given, STEP)) == {"mse", "loss"}


def test_batches_of_other_sizes_do_not_see_each_other() -> None:
    model, large = net("lstm-autoencoder"), batch()
    small = Batch(large.inputs[:3, :5], large.targets[:3, :5])
    first = gradients(model, large)
    gradients(model, small)
    again = gradients(model, large)
    assert first[0] == again[0]
    for before, after in zip(first[1], again[1], strict=True):
        torch.testing.assert_close(before, after, rtol=0, atol=0)


def test_what_is_of_another_kind_goes_its_own_way() -> None:
    given = batch()
    known = torch.ones_like(given.inputs, dtype=torch.bool)
    for other in (batch(observed=known), batch(lengths=torch.full((7,), 9))):
        assert whole_loss(net("lstm-autoencoder"), other) is None
    with torch.no_grad():
        assert whole_loss(net("lstm-autoencoder"), given) is None
    for params in (
        {"bidirectional": True},
        {**PLAIN, "hidden": 5, "layers": 2},
        {**PLAIN, "hidden": 5, "frame": 3},
        {**PLAIN, "hidden": 5, "code_to": "both"},
        {**PLAIN, "hidden": 5, "decoder": "conditioned"},
        {**PLAIN, "hidden": 5, "loss": "mae"},
    ):
        assert whole_loss(net("recurrent-autoencoder", **params), given) is None
    assert whole_loss(net("lstm-autoencoder", hidden=64, latent_dim=64), given) is None


def test_a_training_learns_by_it() -> None:
    waves = np.sin(np.random.default_rng(0).uniform(0, 6.28, (200, 1)) + 0.4 * np.arange(20))[:, :, None]
    model = RECIPES.load("lstm-autoencoder")(epochs=150, patience=0).fit(waves.astype(np.float32))
    losses = [epoch.train["loss"] for epoch in model.history_.epochs]
    assert losses[-1] < 0.1 * losses[0]
