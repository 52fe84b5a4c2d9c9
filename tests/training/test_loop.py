"""The loop, on a model of one number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import InputError
from explorer.training.batches import Batches
from explorer.training.device import available_devices, choose_device, seeded, threads_for
from explorer.training.history import Epoch, History
from explorer.training.loop import Plan, train
from explorer.training.optimiser import SOAP, FlatAdam, TorchAdam, make_optimiser
from explorer.training.phases import Phase, Turn, allotted, phases_of
from explorer.training.step import Batch, Step

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threads_for(0, CPU):
        yield


class Numbers:
    """A source of one number a sample."""

    def __init__(self, values: np.ndarray, *, fresh: bool = False) -> None:
        self.values, self.fresh, self.sample_bytes = values.astype(np.float32), fresh, 4
        self.asked: list[tuple[int, tuple[int, ...]]] = []

    def __len__(self) -> int:
        return len(self.values)

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        self.asked.append((len(indices), draw))
        values = self.values[indices]
        if self.fresh:
            values = values + np.random.default_rng(draw).random(len(indices), np.float32)
        return {"inputs": values, "targets": values}


class Mean(nn.Module):
    """Learns the mean of its samples; what it does per epoch can be scripted."""

    def __init__(self, script: dict[int, float] | None = None) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(1))
        self.script = script or {}
        self.steps: list[Step] = []

    def objective(self, batch: Batch, step: Step) -> dict[str, torch.Tensor]:
        self.steps.append(step)
        error = (batch.targets - self.mean).square().mean()
        if not step.training and step.epoch in self.script:
            error = error * 0 + self.script[step.epoch]
        return {"mse": error, "loss": error}


def batches(values: Any, size: int = 4, *, shuffle: bool = True, fresh: bool = False, **more: Any) -> Batches:
    return Batches(Numbers(np.asarray(values, float), fresh=fresh), size, CPU, seed=0, shuffle=shuffle, **more)


class Stops:
    def __init__(self, after: int) -> None:
        self.after, self.asked, self.epochs = after, 0, 0

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self.epochs += isinstance(payload, Epoch)

    def cancelled(self) -> bool:
        self.asked += 1
        return self.asked > self.after


def test_it_learns_the_mean() -> None:
    model, history = Mean(), History()
    train(model, batches([1, 2, 3, 4, 5]), batches([3.0], shuffle=False), Plan(epochs=200, learning_rate=0.1), history)
    assert model.mean.item() == pytest.approx(3.0, abs=0.05)
    assert history.stopped == "finished" and len(history.epochs) == 200 and not model.training
    assert history.samples_per_second > 0 and history.device == "cpu"
    assert set(history.epochs[0].train) == {"mse", "loss"} == set(history.epochs[0].validation)
    seconds = [epoch.seconds for epoch in history.epochs]
    assert seconds == sorted(seconds)


def test_losses_are_means_over_samples_not_batches() -> None:
    history = History()
    train(Mean(), batches([0, 0, 0, 0, 10]), None, Plan(epochs=1, learning_rate=1e-9, schedule="constant"), history)
    assert history.epochs[0].train["loss"] == pytest.approx(20.0) and history.epochs[0].validation == {}


def test_the_best_epoch_is_kept_and_stops_early() -> None:
    model, history = Mean({0: 5.0, 1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0}), History()
    means: list[float] = []

    class Notes(Stops):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            means.append(model.mean.item())

    plan = Plan(epochs=50, learning_rate=0.1, patience=3)
    train(model, batches([1, 2]), batches([1], shuffle=False), plan, history, progress=Notes(10**6))
    assert history.stopped == "early" and history.best_epoch == 2 and len(history.epochs) == 5
    assert model.mean.item() == means[1] != means[-1]


def test_cancelling_between_batches() -> None:
    model, history, stops = Mean(), History(), Stops(after=7)
    train(model, batches(np.arange(16)), None, Plan(epochs=50, learning_rate=0.1), history, progress=stops)
    assert history.stopped == "cancelled" and len(history.epochs) == 1 == stops.epochs


def test_a_loss_that_is_no_number_stops_it() -> None:
    model, history = Mean({2: float("inf")}), History()
    train(model, batches([1, 2]), batches([1], shuffle=False), Plan(epochs=9, learning_rate=0.1), history)
    assert history.stopped == "diverged" and len(history.epochs) == 2
    assert "epoch 3" in history.notes[0] and "lower learning rate than 0.1" in history.notes[0]
    with pytest.raises(InputError, match="lower learning rate"):
        train(Mean({0: float("nan")}), batches([1]), batches([1]), Plan(epochs=9, learning_rate=0.1), History())


def test_time_in_the_listener_does_not_count() -> None:
    import time

    class Pauses(Stops):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            time.sleep(0.2)

    history = History()
    train(Mean(), batches([1, 2]), None, Plan(epochs=3, learning_rate=0.1), history, progress=Pauses(10**6))
    assert history.epochs[-1].seconds < 0.3


def test_long_epochs_report_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.training.loop.REPORT_EVERY", 0.0)
    fractions: list[float] = []

    class Notes(Stops):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            fractions.append(fraction)

    train(Mean(), batches(np.arange(8)), None, Plan(epochs=2, learning_rate=0.1), History(), progress=Notes(10**6))
    assert fractions == pytest.approx([0.25, 0.5, 0.5, 0.75, 1.0, 1.0])


def test_validating_draws_the_same_numbers_each_epoch() -> None:
    model = Mean()
    train(model, batches([1]), batches([1], shuffle=False), Plan(epochs=3, learning_rate=0.1), History())
    states = [step.generator.initial_seed() for step in model.steps if not step.training]
    assert len(set(states)) == 1 and len(states) == 3


def test_the_schedule_rises_and_falls() -> None:
    plan = Plan(epochs=1, learning_rate=2.0)
    rates = [plan.rate(done) for done in np.linspace(0, 1, 101)]
    assert rates[0] == pytest.approx(0.2) and max(rates) == pytest.approx(2.0) and rates[-1] == pytest.approx(0.02)
    assert np.argmax(rates) == 5
    assert Plan(epochs=1, learning_rate=2.0, schedule="constant").rate(0.9) == 2.0


def test_batches_cover_every_sample_in_a_new_order() -> None:
    made = batches(np.arange(10))
    orders = [torch.cat([batch.inputs for batch in made.epoch(number)]).tolist() for number in (0, 1, 0)]
    assert sorted(orders[0]) == list(range(10)) == sorted(orders[1])
    assert orders[0] != orders[1] and orders[0] == orders[2]
    assert made.resident and [len(batch) for batch in made.epoch(0)] == [4, 4, 2]
    assert all(
        batch.inputs is not None and batch.inputs.data_ptr() == batch.targets.data_ptr() for batch in made.epoch(0)
    )
    assert torch.cat([batch.inputs for batch in batches(np.arange(10), shuffle=False).epoch(5)]).tolist() == list(
        range(10)
    )


def test_data_that_do_not_fit_are_gathered_in_blocks() -> None:
    made, source = batches(np.arange(50), block_bytes=4 * 4 * 3), Numbers(np.arange(50))
    made.source = source
    assert not made.resident and made.block == 12
    values = torch.cat([batch.inputs for batch in made.epoch(0)]).tolist()
    assert sorted(values) == list(range(50))
    assert [count for count, _ in source.asked] == [12, 12, 12, 12, 2]
    whole = torch.cat([batch.inputs for batch in batches(np.arange(50)).epoch(0)]).tolist()
    assert values == whole


def test_corruptions_are_fresh_in_training_and_fixed_in_validation() -> None:
    for shuffle in (True, False):
        made = batches(np.zeros(20), shuffle=shuffle, fresh=True)
        first, second = (torch.cat([batch.inputs for batch in made.epoch(number)]) for number in (0, 1))
        assert torch.equal(first, second) is not shuffle


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_flat_adam_is_torchs(decay: float) -> None:
    torch.manual_seed(0)
    nets = [nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)) for _ in range(3)]
    for net in nets[1:]:
        net.load_state_dict(nets[0].state_dict())
    ours, theirs = (kind(list(net.parameters()), decay) for kind, net in zip((FlatAdam, TorchAdam), nets, strict=False))
    reference = torch.optim.AdamW(nets[2].parameters(), lr=0.01, weight_decay=decay)
    x = torch.randn(8, 3)
    for _ in range(20):
        for net, optimiser in zip(nets, (ours, theirs), strict=False):
            optimiser.zero()
            net(x).square().sum().backward()
            optimiser.clip(0.5)
            optimiser.step(0.01)
        reference.zero_grad()
        nets[2](x).square().sum().backward()
        nn.utils.clip_grad_norm_(nets[2].parameters(), 0.5)
        reference.step()
    for one, two, three in zip(*(net.parameters() for net in nets), strict=True):
        torch.testing.assert_close(one, three, atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(two, three)


def test_soap_goes_down_a_crooked_valley_faster_than_adam() -> None:
    rotation = torch.linalg.qr(torch.randn(12, 12, generator=torch.Generator().manual_seed(0)))[0]
    curvature = rotation @ torch.diag(torch.logspace(-3, 1, 12)) @ rotation.T
    losses = {}
    for kind in (FlatAdam, SOAP):
        point = nn.Parameter(torch.ones(12))
        optimiser = kind([point])
        noise = torch.Generator().manual_seed(1)
        for count in range(600):
            optimiser.zero()
            jitter = 0.01 * torch.randn(12, generator=noise)
            (0.5 * (point + jitter) @ curvature @ (point + jitter)).backward()
            optimiser.step(0.05 * (1 - count / 600))
        losses[kind] = (0.5 * point @ curvature @ point).item()
    assert losses[SOAP] < 0.5 * losses[FlatAdam]


@pytest.mark.parametrize("kind", [FlatAdam, SOAP])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_a_step_in_compiled_code_is_that_of_the_optimiser(kind: type[FlatAdam], decay: float) -> None:
    from explorer.training.moves import moved

    rng = np.random.default_rng(0)
    gradients = rng.standard_normal((150, 7)).astype(np.float32)  # seven: not only whole groups of four
    compiled, stepped = (kind([nn.Parameter(torch.ones(7))], decay) for _ in range(2))
    for gradient in gradients:
        stepped.gradient.copy_(torch.from_numpy(gradient))
        stepped.step(0.01)
        mean, square, basis, recent = compiled.arrays
        if len(recent):
            recent[0] = gradient
        weights = compiled.weights.numpy()
        turned = np.empty_like(gradient)
        moved(weights, gradient, mean, square, basis, turned, compiled.count + 1, 0.01, compiled.constants)
        compiled.took(1)
    torch.testing.assert_close(compiled.weights, stepped.weights, atol=1e-5, rtol=1e-4)
    assert (stepped.weights - 1).abs().max() > 0.05


def test_the_optimiser_is_chosen_by_size() -> None:
    assert isinstance(make_optimiser(nn.Linear(4, 4).parameters(), CPU), SOAP)
    assert isinstance(make_optimiser(nn.Linear(100, 100).parameters(), CPU), FlatAdam)
    assert not isinstance(make_optimiser(nn.Linear(4, 4).parameters(), CPU, kind="adam"), SOAP)


def test_soap_survives_gradients_that_are_no_numbers() -> None:
    point = nn.Parameter(torch.ones(3))
    optimiser = SOAP([point])
    for _ in range(40):
        optimiser.gradient.fill_(float("nan"))
        optimiser.step(0.1)
    assert not torch.isfinite(point).any()


def test_devices() -> None:
    names = available_devices()
    assert "cpu" in names and choose_device("cpu") == CPU and str(choose_device()) == next(iter(names))
    with pytest.raises(InputError, match="not available"):
        choose_device("abacus")


def test_seeds_and_threads_leave_nothing_behind() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    with seeded(5), threads_for(10, CPU):
        first = torch.randn(3)
        assert torch.get_num_threads() == 1
    with seeded(5):
        assert torch.equal(first, torch.randn(3))
    assert torch.equal(state, torch.get_rng_state()) and torch.get_num_threads() == threads


# Phases


class TwoNumbers(nn.Module):
    """One number learns the mean; then an adversary learns the mean of that, which pushes the first away from it."""

    def __init__(self, above: float | None = None) -> None:
        super().__init__()
        self.mean, self.copy = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
        self.above = above

    def learn(self, batch: Batch, step: Step) -> dict[str, torch.Tensor]:
        error = (batch.targets - self.mean).square().mean()
        return {"mse": error, "loss": error}

    def chase(self, batch: Batch, step: Step) -> dict[str, torch.Tensor]:
        error = (self.mean.detach() - self.copy).square().mean()
        return {"chase": error, "loss": error}

    def flee(self, batch: Batch, step: Step) -> dict[str, torch.Tensor]:
        error = -(self.mean - self.copy.detach()).abs().mean() - 0 * self.copy.sum()
        return {"flee": error, "loss": error}

    def objective(self, batch: Batch, step: Step) -> dict[str, torch.Tensor]:
        raise AssertionError("the phases say what is learnt")

    def phases(self) -> tuple[Phase, ...]:
        return (
            Phase("learning", 3, (Turn(self.learn, (self.mean,)),)),
            Phase("chasing", 1, (Turn(self.chase, (self.copy,), times=2),)),
            Phase(
                "fleeing",
                1,
                (Turn(self.flee, (self.mean,)), Turn(self.chase, (self.copy,), above=self.above)),
                keeps_best=False,
            ),
        )


def two_numbers(epochs: int, **more: Any) -> tuple[TwoNumbers, History]:
    module, history = TwoNumbers(more.pop("above", None)), History()
    plan = Plan(epochs=epochs, learning_rate=0.2, schedule="constant", optimiser="adam", **more)
    train(module, batches(np.full(16, 5.0)), batches([5.0], shuffle=False), plan, history)
    return module, history


def test_phases_come_one_after_the_other() -> None:
    module, history = two_numbers(50)
    assert [epoch.phase for epoch in history.epochs] == ["learning"] * 30 + ["chasing"] * 10 + ["fleeing"] * 10
    assert [epoch.number for epoch in history.epochs] == list(range(1, 51))
    terms = [tuple(history.epochs[i].train) for i in (0, 35, 45)]
    assert terms == [("mse", "loss"), ("chase", "loss"), ("flee", "loss", "chase")]
    assert history.epochs[29].validation["loss"] < 0.01
    assert history.epochs[39].validation["loss"] < 0.01  # twice a step
    assert history.best_epoch == 50 and history.stopped == "finished"  # the newest, whatever its loss
    last = history.epochs[-1].train
    assert last["loss"] == last["flee"]
    assert abs(float(module.mean.detach()) - 5) > 1  # it fled from where it had learnt to be


def test_who_has_won_waits() -> None:
    moved, waiting = two_numbers(50), two_numbers(50, above=1e9)
    found = [float(module.copy.detach()) for module, _ in (moved, waiting)]
    at_end_of_chase = waiting[1].epochs[39].validation["chase"]
    assert abs(found[0] - found[1]) > 0.1
    assert found[1] == pytest.approx(5, abs=4 * at_end_of_chase**0.5 + 0.1)


def test_a_phase_that_learns_no_more_ends_early() -> None:
    _, history = two_numbers(200, patience=5)
    phases = [epoch.phase for epoch in history.epochs]
    assert 5 < phases.count("learning") < 120
    assert phases.count("fleeing") == 40
    assert history.stopped == "finished"


def test_cancelling_a_later_phase_keeps_what_was_learnt() -> None:
    module, history = TwoNumbers(), History()
    plan = Plan(epochs=50, learning_rate=0.2, optimiser="adam", schedule="constant")
    data = batches(np.full(16, 5.0))
    train(module, data, None, plan, history, progress=Stops(4 * 30 + 2))  # in the first epoch of the second phase
    assert history.stopped == "cancelled" and len(history.epochs) == 30
    assert float(module.mean.detach()) == pytest.approx(5, abs=0.1)
    assert float(module.copy.detach()) == 0


def test_every_phase_has_an_epoch() -> None:
    phases = TwoNumbers().phases()
    assert allotted(phases, 50) == [30, 10, 10]
    assert allotted(phases, 3) == [2, 1, 1]
    assert allotted(phases, 1) == [1, 1, 1]
    assert len(phases_of(Mean())) == 1
