"""Sparse codes: the norm constraint, what is counted, and atoms that are found again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.data.generated import make
from explorer.data.sets.dictionary import planted_atoms
from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Coded, Composition, Pass
from explorer.models.parts.dense import DenseEncoder
from explorer.models.parts.sparsity import L1, ActiveEntries, Dictionary, SoftThreshold
from explorer.models.recipes.sparse_autoencoder import SparseAutoencoder
from explorer.training.optimiser import make_optimiser
from explorer.training.step import Batch, Step
from tests.models.conftest import series


def step() -> Step:
    return Step(0, 1, True, torch.Generator().manual_seed(0))


def seen(z: torch.Tensor) -> Pass:
    nothing = torch.zeros(len(z), 1)
    return Pass(None, Batch(nothing, nothing), nothing, Coded(z, z), nothing)  # type: ignore[arg-type] - not asked


def test_the_terms_count_what_they_say() -> None:
    look = seen(torch.tensor([[1.0, -2.0, 0.0], [0.0, 0.0, 0.5]]))
    value, share = L1(0.1)(look, step())
    assert value.item() == pytest.approx(1.75) and share.item() == pytest.approx(0.175)
    value, share = ActiveEntries()(look, step())
    assert value.item() == pytest.approx(1.5) and share.item() == 0.0


def test_soft_thresholds_shrink_towards_zero() -> None:
    shrink = SoftThreshold(3)
    shrink.threshold.data = torch.tensor([0.5, 0.5, -1.0])
    values = torch.tensor([[2.0, -0.3, -0.2], [-2.0, 0.4, 0.2]])
    torch.testing.assert_close(shrink(values), torch.tensor([[1.5, 0.0, -0.2], [-1.5, 0.0, 0.2]]))


def test_atoms_keep_their_length_whatever_the_optimiser_does() -> None:
    torch.manual_seed(0)
    model = Composition(
        DenseEncoder((6,), ()), PlainCode(6, 9, activation=torch.nn.ReLU()), Dictionary(9, (6,)), [L1(1.0)]
    )
    optimiser = make_optimiser(model.parameters(), torch.device("cpu"))
    x = torch.randn(8, 6)
    for _ in range(20):
        optimiser.zero()
        seen = model(Batch(x, x), step())
        (L1(1.0)(seen, step())[1] + (seen.output - x).square().mean()).backward()
        optimiser.step(0.1)
    torch.testing.assert_close(model.decoder.atoms().norm(dim=0), torch.ones(9))
    assert model.decoder.directions.norm(dim=0).sub(1).abs().max() > 0.1  # what is learnt is free


def test_planted_atoms_are_found() -> None:
    data = make("dictionary", n=3000, dimensions=24, atoms=32, active=2, signed=False)
    model = SparseAutoencoder(latent_dim=32, scaling="none", epochs=40, learning_rate=0.02, l1=0.01).fit(data)
    atoms = model.atoms_
    np.testing.assert_allclose(np.linalg.norm(atoms, axis=1), 1.0, rtol=1e-5)
    found = np.abs(planted_atoms(data) @ atoms.T).max(axis=1)
    assert (found > 0.9).mean() > 0.9
    test = data.part("test")
    measured = model.measure(test)
    assert 1.5 < measured["l0"] < 5 and measured["dead_share"] < 0.1
    # The history reports it too.
    assert model.history_.epochs[-1].validation["l0"] == pytest.approx(measured["l0"], rel=0.1)


@pytest.mark.parametrize("signed", [False, True])
def test_the_weight_decides_how_many_are_active(signed: bool) -> None:
    data = make("digits")
    counts = []
    for weight in (1e-3, 1e-1):
        model = SparseAutoencoder(latent_dim=96, l1=weight, signed=signed, epochs=8).fit(data)
        counts.append(model.measure(data.part("test"))["l0"])
        codes = model.transform(data)
        assert (codes < 0).any() == signed
    assert counts[1] < 0.5 * counts[0]


@pytest.mark.parametrize("network", ["dense", "recurrent", "convolutional", "wavenet", "transformer"])
def test_any_encoder_may_look_for_the_atoms(network: str) -> None:
    data = series(30)
    model = SparseAutoencoder(latent_dim=20, network=network, hidden=(8,), epochs=1).fit(data)
    assert (model.transform(data) >= 0).all()
    assert model.atoms_.shape == (20, 12, 2)
    zero = model.inverse_transform(np.zeros((1, 20)))
    np.testing.assert_allclose(model.inverse_transform(np.eye(20)) - zero, model.atoms_, atol=1e-5)


def test_without_a_price_it_may_copy() -> None:
    data = series(30)
    assert SparseAutoencoder().regularised and not SparseAutoencoder().warnings(data)
    assert any("nothing regularises" in each for each in SparseAutoencoder(l1=0.0).warnings(data))
