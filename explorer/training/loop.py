"""The one training loop. It knows what a model can be asked for (`Trainable`), not what models there are."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from explorer.errors import InputError, UnstableError
from explorer.progress import Progress, Silent
from explorer.training.batches import Batches
from explorer.training.history import Epoch, History
from explorer.training.optimiser import FlatAdam, Kind, Optimiser, make_optimiser
from explorer.training.phases import Phase, Sweep, Turn, allotted, merged, phases_of
from explorer.training.step import Batch, Step, Trainable

REPORT_EVERY = 0.25
"""Seconds between reports within a long epoch."""
STRETCH = 0.01
"""Seconds of compiled code after which it is asked whether the training is cancelled."""


@dataclass(frozen=True)
class Plan:
    """How to train.

    Parameters
    ----------
    epochs : int
        At most, of all phases together.
    learning_rate : float
        The highest; see `schedule`.
    patience : int
        Stop (or go on to the next phase) after so many epochs in which the validation loss did not fall; 0 never does.
    weight_decay : float
    clip : float
        Largest norm of a gradient; 0 leaves them as they are.
    schedule : {"cosine", "constant"}
        "cosine" rises over the first twentieth of the steps of a phase and falls to a hundredth along half a cosine.
    seed : int
    """

    epochs: int
    learning_rate: float
    patience: int = 0
    weight_decay: float = 0.0
    clip: float = 0.0
    schedule: Literal["cosine", "constant"] = "cosine"
    optimiser: Kind = "auto"
    seed: int = 0

    def rate(self, done: float) -> float:
        """Return the learning rate when a share `done` (0 to 1) of the steps of a phase is done."""
        if self.schedule == "constant":
            return self.learning_rate
        if done < 0.05:
            return self.learning_rate * (0.1 + 0.9 * done / 0.05)
        fall = 0.5 * (1 + math.cos(math.pi * (done - 0.05) / 0.95))
        return self.learning_rate * (0.01 + 0.99 * fall)


def train(
    module: Trainable,
    training: Batches,
    validation: Batches | None,
    plan: Plan,
    history: History,
    *,
    progress: Progress | None = None,
) -> None:
    """Train `module` and leave it with the weights of its best epoch.

    Parameters
    ----------
    module : Trainable
        On the batches' device; it may say in which phases it learns (`explorer.training.phases.Phased`). In eval mode,
        with the weights after the epoch, whenever `progress` gets an `Epoch`; and at the end.
    training, validation : Batches
        The best epoch is that of the lowest validation loss; of the lowest training loss where nothing validates.
    plan : Plan
    history : History
        Filled in while it trains.
    progress : Progress, optional

    Raises
    ------
    InputError
        If the loss is not a number already in the first epoch.
    """
    _Training(module, training, validation, plan, history, progress or Silent()).run()


class _Training:
    """One call of `train`."""

    def __init__(
        self,
        module: Trainable,
        training: Batches,
        validation: Batches | None,
        plan: Plan,
        history: History,
        progress: Progress,
    ) -> None:
        self.module, self.training, self.validation = module, training, validation
        self.plan, self.history, self.progress = plan, history, progress
        self.device = training.device
        self.phases = phases_of(module)
        self.allotted = allotted(self.phases, plan.epochs)
        self.epochs = sum(self.allotted)
        self.generator = torch.Generator(self.device).manual_seed(plan.seed)
        self.best_loss, self.best_weights = math.inf, None
        self.at_once = 1  # steps of compiled code that take about a `STRETCH`
        self.started = self.reported = time.perf_counter()
        self.away = 0.0  # seconds spent in the listener: it may pause us, or write files

    def run(self) -> None:
        history = self.history
        history.device = str(self.device)
        history.stopped = "finished"
        number = 0
        for phase, epochs in zip(self.phases, self.allotted, strict=True):
            self._run_phase(phase, range(number, number + epochs))
            number += epochs
            self.module.train(False)
            if self.best_weights is not None:
                self.module.load_state_dict(self.best_weights)
            if history.stopped in ("cancelled", "diverged"):
                break

    def _run_phase(self, phase: Phase, numbers: range) -> None:
        history, plan = self.history, self.plan
        history.stopped = "finished"
        self.phase, self.best_loss, best_epoch = phase, math.inf, numbers[0]
        self.optimisers = [self._optimiser(turn) for turn in phase.turns]
        self.done, self.steps = 0, math.ceil(len(self.training) / self.training.batch_size) * len(numbers)
        self.numbers = numbers
        for number in numbers:
            try:
                train_losses = self._pass_over_training(number)
                if train_losses is None:
                    history.stopped = "cancelled"
                    break
                losses = self._validate(number)
            except UnstableError as reason:
                self._diverged(number, reason)
                break
            judged = (losses or train_losses)["loss"]
            if not (math.isfinite(judged) and math.isfinite(train_losses["loss"])):
                self._diverged(number)
                break
            seconds = time.perf_counter() - self.started - self.away
            epoch = Epoch(number + 1, train_losses, losses, seconds, phase.name)
            history.epochs.append(epoch)
            history.samples_per_second = len(self.training) * len(history.epochs) / max(seconds, 1e-9)
            if judged < self.best_loss or not phase.keeps_best:
                self.best_loss, history.best_epoch, best_epoch = judged, number + 1, number + 1
                self.best_weights = {name: value.detach().clone() for name, value in self.module.state_dict().items()}
            self._report((number + 1) / self.epochs, number, epoch)
            if plan.patience and number + 1 - best_epoch >= plan.patience:
                history.stopped = "early"
                break

    def _optimiser(self, turn: Turn) -> Optimiser:
        plan = self.plan
        return make_optimiser(turn.parameters, self.device, kind=plan.optimiser, weight_decay=plan.weight_decay)

    def _pass_over_training(self, number: int) -> dict[str, float] | None:
        """Return the mean of each term over an epoch, None if it was cancelled."""
        self.module.train(True)
        step = Step(number, self.epochs, True, self.generator)
        means = _Means()
        for block in self.training.blocks(number):
            sweep = self.phase.sweep(block, self.optimisers)
            if sweep is None:
                finished = self._step_through(block, step, means)
            else:
                finished = self._sweep_over(*sweep, len(block), step, means)
            if not finished:
                return None
        return means.result()

    def _step_through(self, block: Batch, step: Step, means: _Means) -> bool:
        """Take a step on each batch of a block; return whether all were taken."""
        for batch in self.training.cut(block):
            if self.progress.cancelled():
                return False
            rate = self.plan.rate(self.done / self.steps)
            terms: dict[str, Tensor] = {}
            for turn, optimiser in zip(self.phase.turns, self.optimisers, strict=True):
                for _ in range(turn.times):
                    terms = merged(terms, self._move(turn, optimiser, batch, step, rate))
            means.add(terms, len(batch))
            self._went(1, step)
        return True

    def _sweep_over(self, sweep: Sweep, optimiser: FlatAdam, n: int, step: Step, means: _Means) -> bool:
        """Take all steps of a block, many at once; return whether all were taken."""
        first = 0
        while first < n:
            if self.progress.cancelled():
                return False
            size = min(self.training.batch_size, n - first)
            count = min((n - first) // size, self.at_once, optimiser.ahead)
            rates = np.array([self.plan.rate((self.done + i) / self.steps) for i in range(count)])
            began = time.perf_counter()
            terms = sweep.train(optimiser, first, size, rates, self.plan.clip)
            self.at_once = max(1, int(count * STRETCH / (time.perf_counter() - began)))
            optimiser.took(count)
            means.add({name: torch.tensor(values.mean()) for name, values in terms.items()}, count * size)
            first += count * size
            self._went(count, step)
        return True

    def _went(self, steps: int, step: Step) -> None:
        """Count steps, and report now and then."""
        self.done += steps
        if time.perf_counter() - self.reported > REPORT_EVERY:
            done = (self.numbers[0] + len(self.numbers) * self.done / self.steps) / self.epochs
            self._report(done, step.epoch)

    def _move(self, turn: Turn, optimiser: Optimiser, batch: Batch, step: Step, rate: float) -> dict[str, Tensor]:
        """Move the parameters of a turn, and return the terms before that."""
        optimiser.zero()
        terms = turn.objective(batch, step)
        if turn.above is not None and float(terms["loss"].detach()) <= turn.above:
            return terms
        terms["loss"].backward()
        if self.plan.clip:
            optimiser.clip(self.plan.clip)
        optimiser.step(rate)
        return terms

    @torch.no_grad()
    def _validate(self, number: int) -> dict[str, float]:
        self.module.train(False)
        if self.validation is None:
            return {}
        # The same random numbers in every epoch, so that a better loss is a better model.
        generator = torch.Generator(self.device).manual_seed(self.plan.seed + 1)
        step = Step(number, self.epochs, False, generator)
        means = _Means()
        for batch in self.validation.epoch(0):
            means.add(self.phase.objective(batch, step), len(batch))
        return means.result()

    def _diverged(self, number: int, reason: UnstableError | None = None) -> None:
        remedy = f"Try a lower learning rate than {self.plan.learning_rate:g}, or clip the gradients"
        if self.best_weights is None:
            what = "the loss was not a number" if reason is None else reason.problem
            raise InputError(f"{what} in the first epoch, so nothing was learnt", remedy=remedy)
        self.history.stopped = "diverged"
        what = "The loss was no longer a number" if reason is None else reason.problem[0].upper() + reason.problem[1:]
        self.history.notes.append(
            f"{what} in epoch {number + 1}; the weights of epoch {self.history.best_epoch} were kept. {remedy}."
        )

    def _report(self, fraction: float, number: int, epoch: Epoch | None = None) -> None:
        left = time.perf_counter()
        words = f"epoch {number + 1} of {self.epochs}"
        self.progress.report(fraction, f"{self.phase.name}: {words}" if self.phase.name else words, epoch)
        self.reported = time.perf_counter()
        self.away += self.reported - left


class _Means:
    """Means of terms over the samples of a part; the device is asked for numbers only once."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._sums: Tensor | None = None
        self._count = 0

    def add(self, terms: dict[str, Tensor], n: int) -> None:
        self._names = list(terms)
        values = torch.stack([term.detach() for term in terms.values()]) * n
        self._sums = values if self._sums is None else self._sums + values
        self._count += n

    def result(self) -> dict[str, float]:
        if self._sums is None:
            return {}
        means = np.asarray(self._sums.cpu(), dtype=float) / self._count
        return dict(zip(self._names, map(float, means), strict=True))
