"""The contractive penalty: exact for every encoder, differentiable, and usable wherever objectives are."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explorer.models.networks import AXES
from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Composition
from explorer.models.parts.contraction import (
    Contraction,
    estimated_jacobian_norm,
    jacobian_norm,
    sigmoid_layer_norm,
)
from explorer.models.parts.dense import DenseDecoder, DenseEncoder
from explorer.models.parts.differentiation import twice_differentiable
from explorer.models.parts.networks import build
from explorer.models.parts.recurrent import RecurrentEncoder, recurrent
from explorer.models.parts.scan import uses_kernel
from explorer.models.recipes.contractive_autoencoder import ContractiveAutoencoder
from explorer.models.spec import SampleSpec
from explorer.training.step import Batch, Step
from tests.models.conftest import unequal

SHAPES = {1: (9,), 2: (8, 2), 3: (8, 8, 1)}


def step(*, training: bool = True) -> Step:
    return Step(0, 1, training, torch.Generator().manual_seed(0))


def exact(encode: object, batch: Batch) -> torch.Tensor:
    """Return ‖∂h/∂x‖² of each sample by itself, from torch's own Jacobian."""

    def one(i: int) -> torch.Tensor:
        def code(x: torch.Tensor) -> torch.Tensor:
            lengths = None if batch.lengths is None else batch.lengths[i : i + 1]
            return encode(Batch(x, x, None, lengths))[0]  # type: ignore[operator] - a callable

        with twice_differentiable():
            return torch.autograd.functional.jacobian(code, batch.inputs[i : i + 1]).square().sum()

    return torch.stack([one(i) for i in range(len(batch))])


@pytest.mark.parametrize("network", AXES)
def test_it_is_the_jacobian_of_every_encoder(network: str) -> None:
    torch.manual_seed(0)
    for axes in AXES[network]:
        x = torch.randn(3, *SHAPES[axes], dtype=torch.float64)
        encoder, _ = build(network, SampleSpec(SHAPES[axes]), 4)
        code = PlainCode(encoder.width, 4, activation=nn.Sigmoid())
        model = Composition(encoder, code, nn.Identity(), []).double()  # type: ignore[arg-type] - it is not decoded
        model.train(False)

        def encode(batch: Batch, model: Composition = model) -> torch.Tensor:
            return model.encode(batch).mean

        found = jacobian_norm(encode, Batch(x, x))
        torch.testing.assert_close(found, exact(encode, Batch(x, x)), rtol=1e-9, atol=0)
        (gradient, *_) = torch.autograd.grad(found.sum(), list(model.parameters()), allow_unused=True)
        assert gradient is not None and gradient.abs().max() > 0


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_it_is_exact_for_series_of_unequal_length(cell: str) -> None:
    torch.manual_seed(0)
    encoder = RecurrentEncoder(2, 5, cell).double()
    x, lengths = torch.randn(4, 7, 2, dtype=torch.float64), torch.tensor([7, 3, 1, 5])
    within = (torch.arange(7) < lengths[:, None])[:, :, None].expand(-1, -1, 2)
    batch = Batch(x, x, within, lengths)
    found = jacobian_norm(encoder, batch)
    torch.testing.assert_close(found, exact(encoder, batch), rtol=1e-9, atol=0)
    alone = jacobian_norm(encoder, Batch(x[1:2, :3], x[1:2, :3]))
    torch.testing.assert_close(found[1:2], alone, rtol=1e-9, atol=0)


def test_the_gradient_is_that_of_the_penalty() -> None:
    """Against finite differences, through a recurrence whose own kernel has no second derivative."""
    torch.manual_seed(0)
    encoder = RecurrentEncoder(1, 3, "lstm").double()
    x = torch.randn(4, 6, 1, dtype=torch.float64)
    weight = encoder.network.weight_hh_l0
    loss = jacobian_norm(encoder, Batch(x, x)).sum()
    (gradient,) = torch.autograd.grad(loss, weight)
    with torch.no_grad():
        for place in ((0, 0), (5, 2), (10, 1)):
            ends = []
            for change in (1e-5, -2e-5):
                weight[place] += change
                ends.append(jacobian_norm(encoder, Batch(x, x)).sum().item())
            weight[place] += 1e-5
            assert gradient[place].item() == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-4, abs=1e-9)


def test_the_closed_form_of_a_sigmoid_layer() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(12, 7).double()
    x = torch.randn(20, 12, dtype=torch.float64)
    found = jacobian_norm(lambda batch: torch.sigmoid(layer(batch.inputs)), Batch(x, x))
    assert (found - sigmoid_layer_norm(torch.sigmoid(layer(x)), layer.weight)).abs().max() < 1e-7


def test_missing_inputs_do_not_count() -> None:
    layer = nn.Linear(3, 2)
    x = torch.zeros(1, 3)
    observed = torch.tensor([[True, False, True]])
    found = jacobian_norm(lambda batch: layer(batch.inputs), Batch(x, x, observed))
    assert found.item() == pytest.approx(layer.weight[:, [0, 2]].square().sum().item(), rel=1e-5)


def test_the_estimate_is_unbiased_and_far_off_with_few_probes() -> None:
    torch.manual_seed(0)
    encoder = RecurrentEncoder(1, 16, "rnn").double()
    x = torch.randn(1, 20, 1, dtype=torch.float64).expand(3000, -1, -1)
    batch = Batch(x, x)
    truth = jacobian_norm(encoder, Batch(x[:1], x[:1])).item()
    estimates = estimated_jacobian_norm(encoder, batch, 8, torch.Generator().manual_seed(0))
    assert estimates.mean().item() == pytest.approx(truth, rel=0.05)
    assert estimates.std().item() > 0.1 * truth


def test_narrow_lstms_leave_the_kernel_for_it_alone() -> None:
    network, x = recurrent("lstm", 1, 4), torch.randn(2, 5, 1)
    with twice_differentiable():
        assert not uses_kernel(network, x)
    assert uses_kernel(network, x)
    with pytest.raises(ZeroDivisionError), twice_differentiable():
        _ = 1 / 0
    assert uses_kernel(network, x)


def test_it_works_where_nothing_else_has_gradients() -> None:
    torch.manual_seed(0)
    model = Composition(
        DenseEncoder((6,), ()), PlainCode(6, 3, activation=nn.Sigmoid()), DenseDecoder(3, (6,), ()), [Contraction(0.5)]
    )
    x = torch.randn(5, 6)
    found = model.objective(Batch(x, x), step())
    assert found["loss"].item() == pytest.approx(0.5 * found["contraction"].item())
    with torch.no_grad():
        again = model.objective(Batch(x, x), step(training=False))
    assert again["contraction"].item() == pytest.approx(found["contraction"].item())


@pytest.mark.parametrize("network", ["recurrent", "dense"])
def test_the_penalty_makes_codes_calmer(network: str) -> None:
    data = unequal(60, steps=10)
    norms = []
    for weight in (0.0, 30.0):
        params = {"latent_dim": 3, "weight": weight, "network": network, "hidden": (8,)}
        model = ContractiveAutoencoder(**params, epochs=10, learning_rate=0.02).fit(data)
        norms.append(model.history_.epochs[-1].validation["contraction"])
    assert norms[1] < 0.5 * norms[0]
    assert model.regularised and not model.warnings(data)
    assert not ContractiveAutoencoder(weight=0.0).regularised


def test_a_wide_code_may_be_estimated() -> None:
    data = unequal(40)
    models = [
        ContractiveAutoencoder(latent_dim=64, penalty="hutchinson", probes=probes, epochs=1).fit(data)
        for probes in (2, 64)
    ]
    first, second = (model.history_.epochs[0].validation["contraction"] for model in models)
    assert first == pytest.approx(second, rel=0.3)
    assert np.isfinite(models[0].transform(data)).all()
