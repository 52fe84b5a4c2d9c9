"""Skip and sparse connections against their equation, and members that do not know of each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.models.parts import skip
from explorer.models.parts.composition import Composition
from explorer.models.parts.ensemble import EnsembleDecoder, Median
from explorer.models.parts.skip import SkipScan
from explorer.models.recipes.recurrent_ensemble import RecurrentEnsemble
from explorer.training.step import Batch

MEMBERS, HIDDEN, STEPS, ROWS = 3, 4, 12, 5


def waves(n: int = 60, steps: int = 24, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 6.28, (n, 1))
    values = np.sin(phase + 0.5 * np.arange(steps)) + 0.05 * rng.standard_normal((n, steps))
    return Dataset(values=values[:, :, None].astype(np.float32))


def by_hand(scan: SkipScan, inputs: torch.Tensor, start: torch.Tensor, steps: int) -> torch.Tensor:
    """Return the states one step, one member at a time, as the paper has them."""
    states = [start]
    for t in range(steps):
        members = []
        for m in range(len(scan.weights)):
            near, far = states[t][m], states[max(t + 1 - int(scan.skips[m]), 0)][m]
            first, second = scan.connections[t % len(scan.connections), m]
            mixed = first * near + second * far
            members.append(torch.tanh(inputs[t if len(inputs) > 1 else 0, m] + mixed @ scan.weights[m]))
        states.append(torch.stack(members))
    return torch.stack(states[1:])


@pytest.mark.parametrize("constant", [False, True])
@pytest.mark.parametrize("steps", [STEPS, STEPS + 5])
def test_states_and_gradients_are_those_of_the_equation(constant: bool, steps: int) -> None:
    torch.manual_seed(0)
    scan = SkipScan(MEMBERS, HIDDEN, STEPS, longest=5).double()
    inputs = torch.randn(1 if constant else steps, MEMBERS, ROWS, HIDDEN, dtype=torch.double, requires_grad=True)
    start = torch.randn(MEMBERS, ROWS, HIDDEN, dtype=torch.double, requires_grad=True)
    found, expected = scan(inputs, start, steps), by_hand(scan, inputs, start, steps)
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=0)
    leaving = torch.randn_like(found)
    gradients = [torch.autograd.grad(states, [inputs, start, scan.weights], leaving) for states in (found, expected)]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-10, rtol=0)


@pytest.mark.parametrize("constant", [False, True])
def test_the_kernel_agrees_with_torch(constant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    module = SkipScan(MEMBERS, HIDDEN, STEPS, longest=5)
    inputs = torch.randn(1 if constant else STEPS, MEMBERS, ROWS, HIDDEN, requires_grad=True)
    start = torch.randn(MEMBERS, ROWS, HIDDEN, requires_grad=True)
    found = {}
    for widest in (0, HIDDEN):
        monkeypatch.setattr(skip, "KERNEL_HIDDEN", widest)
        assert skip.uses_kernel(inputs, module.weights) == bool(widest)
        states = module(inputs, start, STEPS)
        leaving = torch.linspace(-1, 1, states.numel()).view(states.shape)
        found[widest] = [states, *torch.autograd.grad(states, [inputs, module.weights, start], leaving)]
    for ours, theirs in zip(found[HIDDEN], found[0], strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_connections_are_those_of_the_paper() -> None:
    torch.manual_seed(0)
    scan = SkipScan(400, 2, 20, longest=10)
    pairs, counts = torch.unique(scan.connections.flatten(0, 1), dim=0, return_counts=True)
    assert pairs.tolist() == [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]  # divided by |w1| + |w2|; never nothing
    assert (counts / counts.sum() - 1 / 3).abs().max() < 0.02
    assert set(scan.skips.tolist()) == set(range(1, 11))
    assert not torch.equal(scan.connections[:, 0], scan.connections[:, 1])


def test_connections_are_drawn_once() -> None:
    data = waves()
    model = RecurrentEnsemble(members=3, epochs=1).fit(data)
    longer = RecurrentEnsemble(members=3, epochs=4).fit(data)
    loaded = LatentModel.from_bytes(longer.to_bytes())
    other = RecurrentEnsemble(members=3, epochs=1, seed=1).fit(data)

    def drawn(model: Any) -> dict[str, torch.Tensor]:
        state = model._module.state_dict()
        return {name: each for name, each in state.items() if name.endswith(("connections", "skips"))}

    assert len(drawn(model)) == 4
    for name, each in drawn(model).items():
        assert torch.equal(each, drawn(longer)[name]) and torch.equal(each, drawn(loaded)[name])
    assert any(not torch.equal(each, drawn(other)[name]) for name, each in drawn(model).items())


def test_an_independent_member_learns_as_if_it_were_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = waves()
    options: dict[str, Any] = {"members": 3, "epochs": 4, "patience": 0}
    plain = RecurrentEnsemble(**options).fit(data)
    compose = RecurrentEnsemble.compose

    def others_changed(self: RecurrentEnsemble, spec: Any) -> Composition:
        made = compose(self, spec)
        for parameter in made.parameters():
            parameter.data[1:] *= 1.7
        return made

    monkeypatch.setattr(RecurrentEnsemble, "compose", others_changed)
    changed = RecurrentEnsemble(**options).fit(data)
    assert plain.history_.best_epoch == changed.history_.best_epoch == 4
    both = zip(plain._module.named_parameters(), changed._module.parameters(), strict=True)
    for (name, ours), theirs in both:
        torch.testing.assert_close(ours[0], theirs[0], atol=1e-6, rtol=1e-5, msg=name)
        assert not torch.allclose(ours[1], theirs[1], atol=1e-3), name


def test_a_member_that_is_far_off_does_not_matter() -> None:
    data = waves()
    model = RecurrentEnsemble(members=5, epochs=30).fit(data)
    before, restored = model.errors(data), model.reconstruct(data)
    with torch.no_grad():
        model._module.decoder.write.bias[2] += 1e4
    assert np.median(model.errors(data)) < 5 * np.median(before)
    assert np.abs(model.reconstruct(data) - restored).max() < 2.0
    assert (model.errors(data) >= 0).all()


def test_the_error_is_the_median_of_the_members_errors() -> None:
    data = waves()
    model = RecurrentEnsemble(members=4, epochs=3).fit(data)
    with torch.no_grad():
        batch = next(iter(model._chunks(data, model._module)))
        written = model._module.decoder(model._module.encode(batch).mean, batch)
    each = np.stack([model._scaler.undo(one.numpy()) for one in written.unbind(1)])
    np.testing.assert_allclose(model.errors(data), np.median((each - data.values) ** 2, axis=0), atol=1e-5)
    np.testing.assert_allclose(model.member_errors(data), (each - data.values) ** 2, atol=1e-5)
    np.testing.assert_allclose(model.reconstruct(data), np.median(each, axis=0), atol=1e-5)
    assert model.score(data) == pytest.approx(-np.mean((model.reconstruct(data) - data.values) ** 2), rel=1e-5)


@pytest.mark.parametrize("members", [1, 4, 5])
def test_the_median_is_numpys(members: int) -> None:
    values = torch.randn(3, members, 6, 2)
    np.testing.assert_allclose(Median()(values).numpy(), np.median(values.numpy(), axis=1), atol=1e-6)


@pytest.mark.parametrize("shared", [False, True])
def test_series_are_written_from_their_own_ends(shared: bool) -> None:
    torch.manual_seed(0)
    decoder = EnsembleDecoder(MEMBERS, 2, HIDDEN, STEPS, 1, 4, shared=shared)
    z = torch.randn(2, 2 if shared else 2 * MEMBERS)
    given = torch.zeros(2, STEPS, 1)
    whole = decoder(z, Batch(given, given))
    shorter = decoder(z, Batch(given, given, lengths=torch.tensor([STEPS, 7])))
    torch.testing.assert_close(shorter[0], whole[0])
    torch.testing.assert_close(shorter[1, :, :7], whole[1, :, STEPS - 7 :])


def test_the_code_is_one_of_all_or_one_of_each() -> None:
    data = waves()
    for framework, width in (("independent", 3 * 4), ("shared", 4)):
        model = RecurrentEnsemble(members=3, latent_dim=4, epochs=2, framework=framework).fit(data)
        again = LatentModel.from_bytes(model.to_bytes())
        assert model.latent_dim_ == again.latent_dim_ == width == model.transform(data).shape[1]
        names = set(model.history_.epochs[0].train)
        assert names == ({"mse", "l1", "loss"} if framework == "shared" else {"mse", "loss"})
        epoch = model.history_.epochs[0].train
        expected = 3 * epoch["mse"] + 0.005 * epoch.get("l1", 0.0)
        assert epoch["loss"] == pytest.approx(expected, rel=1e-4)


def test_an_outlier_has_the_largest_error() -> None:
    data = waves(n=120)
    model = RecurrentEnsemble(members=5, epochs=60).fit(data)
    test = data.indices("test")
    odd = data.values.copy()
    odd[test[3], 11] += 2.5
    errors = model.errors(replace(data, values=odd))[test, :, 0]
    assert np.unravel_index(errors.argmax(), errors.shape) == (3, 11)
