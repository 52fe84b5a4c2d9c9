"""The objective of a small recurrent autoencoder as one operation, against torch's own way through its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import InputError
from explorer.models.base import RECIPES
from explorer.models.neural import NeuralModel
from explorer.models.parts.composition import Composition
from explorer.models.parts.differentiation import twice_differentiable
from explorer.models.parts.whole import whole_loss
from explorer.models.spec import SampleSpec
from explorer.training.batches import Batches
from explorer.training.history import History
from explorer.training.loop import Plan, train
from explorer.training.optimiser import Kind
from explorer.training.step import Batch, Step

STEP = Step(0, 1, True, torch.Generator())
PLAIN = {"bidirectional": False, "frame": 1, "loss": "mse", "decoder": "unconditioned"}
NETS: dict[str, tuple[str, dict[str, Any]]] = {
    "the slides'": ("lstm-autoencoder", {}),
    "with a map to the code": ("lstm-autoencoder", {"hidden": 6, "latent_dim": 3}),
    "gru": ("recurrent-autoencoder", {**PLAIN, "hidden": 5, "latent_dim": 2}),
    "rnn": ("recurrent-autoencoder", {**PLAIN, "hidden": 5, "latent_dim": 2, "cell": "rnn"}),
    "wide enough for BLAS": ("lstm-autoencoder", {"hidden": 24, "latent_dim": 24}),
    "gru, wide enough for BLAS": ("recurrent-autoencoder", {**PLAIN, "hidden": 32, "latent_dim": 2}),
    "rnn, wide enough for BLAS": ("recurrent-autoencoder", {**PLAIN, "hidden": 48, "latent_dim": 2, "cell": "rnn"}),
}


def net(recipe: str, **params: Any) -> Composition:
    torch.manual_seed(0)
    return neural(recipe, **params).compose(SampleSpec((9, 2)))


def neural(recipe: str, **params: Any) -> NeuralModel:
    model: Any = RECIPES.load(recipe)
    return model(**params)


def batch(**fields: Any) -> Batch:
    rng = np.random.default_rng(0)
    inputs, targets = (torch.from_numpy(rng.standard_normal((7, 9, 2)).astype(np.float32)) for _ in range(2))
    return Batch(inputs, targets, **fields)


def gradients(model: Composition, given: Batch) -> tuple[float, list[torch.Tensor]]:
    model.zero_grad()
    loss = model.objective(given, STEP)["loss"]
    (2 * loss).backward()  # a loss may be a part of another
    return loss.item(), [torch.clone(parameter.grad) for parameter in model.parameters() if parameter.grad is not None]


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


@pytest.mark.parametrize("name", NETS)
def test_the_value_alone_is_the_same(name: str) -> None:
    recipe, params = NETS[name]
    model, given = net(recipe, **params), batch()
    with torch.no_grad():
        whole = whole_loss(model, given)
    assert whole is not None and not whole.requires_grad
    assert whole.item() == gradients(model, given)[0]


class Epochs:
    """A progress that counts what it is asked, and stops a training after some."""

    def __init__(self, after: int = 10**9) -> None:
        self.after, self.asked = after, 0

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None: ...

    def cancelled(self) -> bool:
        self.asked += 1
        return self.asked > self.after


def trained(
    model: Composition, plan: Plan, *, n: int = 45, progress: Epochs | None = None
) -> tuple[History, np.ndarray]:
    """Train on series in batches of 10, the last of an epoch smaller; return what was told, and all weights."""
    values = np.random.default_rng(1).standard_normal((n, 9, 2)).astype(np.float32)

    class Source:
        fresh, sample_bytes = False, values[0].nbytes

        def __len__(self) -> int:
            return n

        def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
            return {"inputs": values[indices], "targets": 0.5 * values[indices]}

    history = History()
    given = Batches(Source(), 10, torch.device("cpu"), seed=0, shuffle=True)
    train(model, given, None, plan, history, progress=progress)
    return history, flat(model)


STEPS = [(name, "adam") for name in NETS] + [(name, "soap") for name in NETS if "BLAS" not in name]
"""Nets and optimisers: a basis of all numbers of a wide net would take minutes."""


@pytest.mark.parametrize(("name", "optimiser"), STEPS)
def test_steps_in_compiled_code_are_those_of_the_loop(
    name: str, optimiser: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, params = NETS[name]
    # With a basis of so few gradients, SOAP makes steps of rounding errors: it is compared until it has one.
    epochs = 6 if optimiser == "adam" else 2
    plan = Plan(epochs=epochs, learning_rate=1e-2, weight_decay=0.1, clip=0.3, optimiser=optimiser)
    swept, weights = trained(net(recipe, **params), plan)
    monkeypatch.setattr(Composition, "sweep", lambda *_: None)
    stepped, wanted = trained(net(recipe, **params), plan)
    np.testing.assert_allclose(weights, wanted, atol=2e-3)
    assert np.abs(wanted - flat(net(recipe, **params))).max() > 0.03  # it has moved further than that
    for one, other in zip(swept.epochs, stepped.epochs, strict=True):
        assert one.train == pytest.approx(other.train, rel=1e-3)


def flat(model: Composition) -> np.ndarray:
    return torch.cat([each.detach().reshape(-1) for each in model.parameters()]).numpy()


def test_how_many_steps_are_taken_at_once_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(epochs=30, learning_rate=2e-2, clip=1.0)
    found = []
    for stretch in (0.0, 1e-4, 10.0):
        monkeypatch.setattr("explorer.training.loop.STRETCH", stretch)
        found.append(trained(net("lstm-autoencoder"), plan)[1])
    assert np.isfinite(found[0]).all()
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])


def test_steps_in_compiled_code_are_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.training.loop.STRETCH", 0.0)  # asked before every step
    progress = Epochs(after=7)
    history, _ = trained(net("lstm-autoencoder"), Plan(epochs=9, learning_rate=1e-2), progress=progress)
    assert history.stopped == "cancelled" and len(history.epochs) == 1 and progress.asked == 8


def test_numbers_that_are_none_stop_steps_in_compiled_code() -> None:
    model = net("lstm-autoencoder")
    with torch.no_grad():
        model.get_parameter("decoder.last.weight").fill_(float("inf"))
    with pytest.raises(InputError, match="lower learning rate"):
        trained(model, Plan(epochs=3, learning_rate=1e-2, clip=1.0))


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
    for params in (
        {"bidirectional": True},
        {**PLAIN, "hidden": 5, "layers": 2},
        {**PLAIN, "hidden": 5, "frame": 3},
        {**PLAIN, "hidden": 5, "code_to": "both"},
        {**PLAIN, "hidden": 5, "decoder": "conditioned"},
        {**PLAIN, "hidden": 5, "loss": "mae"},
    ):
        assert whole_loss(net("recurrent-autoencoder", **params), given) is None
    assert whole_loss(net("lstm-autoencoder", hidden=65, latent_dim=65), given) is None


def test_a_training_learns_by_it() -> None:
    waves = np.sin(np.random.default_rng(0).uniform(0, 6.28, (200, 1)) + 0.4 * np.arange(20))[:, :, None]
    model = neural("lstm-autoencoder", epochs=150, patience=0).fit(waves.astype(np.float32))
    losses = [epoch.train["loss"] for epoch in model.history_.epochs]
    assert losses[-1] < 0.1 * losses[0]
