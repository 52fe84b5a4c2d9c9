"""Two networks as judges: one tells generated from real, the other predicts real series after learning from made ones.

Both are those of Yoon et al. 2019 (TimeGAN): a GRU whose width goes by the number of channels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from explorer.analysis.teaching import taught
from explorer.data.dataset import Dataset
from explorer.data.scaling import Scaler
from explorer.progress import Progress

if TYPE_CHECKING:
    from torch import nn

    from explorer.training.step import Batch

BATCH = 128
TEST_SHARE = 0.2
"""Of the samples that the first is judged by."""
WIDEST = 64
"""Units at most, to which 4 d is cut for many channels."""
FEWEST_UNITS = 2


class Arrays:
    """Arrays as a source of batches; see `explorer.training.batches.Source`."""

    fresh = False

    def __init__(self, **fields: np.ndarray) -> None:
        self.fields = fields
        self.sample_bytes = sum(field[0].nbytes for field in fields.values())

    def __len__(self) -> int:
        return len(self.fields["inputs"])

    def gather(self, indices: np.ndarray, draw: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
        """Return the fields of the samples at `indices`."""
        return {name: field[indices] for name, field in self.fields.items()}

    def some(self, rows: np.ndarray) -> Arrays:
        """Return the samples at `rows`."""
        return Arrays(**self.gather(rows))


def widths(channels: int) -> tuple[int, int]:
    """Return the units of the two discriminators: half the channels, as published, and four times as many.

    Two units, as for the 5 channels of the paper's sines, hardly tell anything from anything.
    """
    return max(FEWEST_UNITS, channels // 2), min(WIDEST, 4 * channels)


def discriminative_score(
    real: Dataset, made: Dataset, hidden: int, *, steps: int, seed: int, progress: Progress
) -> float:
    """Return |accuracy − ½| of a network that tells generated from real: 0 where it cannot, ½ where it always can.

    A GRU (of samples that are no series a dense layer) learns from 80 % of both and is judged by the rest, in which
    there are as many of the one as of the other (Yoon et al. 2019, section 5). What is missing, and for how long a
    series lasts, it sees too.
    """
    from explorer.models.parts.dense import DenseEncoder
    from explorer.models.parts.judges import RealOrMade
    from explorer.models.parts.recurrent import RecurrentEncoder

    rng = np.random.default_rng(seed)
    count = min(len(real), len(made))
    pair = [data.subset(np.sort(rng.permutation(len(data))[:count])) for data in (real, made)]
    scaler = Scaler("standard").fit(pair[0].values)
    inputs = np.concatenate([_seen(scaler, data.values) for data in pair])
    if not any(np.isnan(data.values).any() for data in pair):
        inputs = inputs[..., : real.values.shape[-1]]  # all is there in all of them
    truth = np.repeat(np.array([1.0, 0.0], np.float32), count)
    order = rng.permutation(2 * count)
    held = max(1, round(TEST_SHARE * 2 * count))
    task = Arrays(inputs=inputs, targets=truth)
    learnt, asked = task.some(order[held:]), task.some(order[:held])
    series = inputs.ndim == 3

    def network() -> RealOrMade:
        shape = inputs.shape[1:]
        return RealOrMade(RecurrentEncoder(shape[-1], hidden, "gru") if series else DenseEncoder(shape, (hidden,)))

    module = _learnt(network, learnt, steps, 1e-2, seed, progress)
    logits = _answers(module, asked)
    right = (logits > 0) == (asked.fields["targets"] > 0.5)
    kinds = [right[asked.fields["targets"] == kind] for kind in (0.0, 1.0)]
    return abs(float(np.mean([kind.mean() for kind in kinds if len(kind)])) - 0.5)


def predictive_score(learnt_from: Dataset, test: Dataset, *, steps: int, seed: int, progress: Progress) -> float:
    """Return the mean absolute error, on real series, of one-step predictions that were learnt from others.

    Of complete series of several channels, scaled to 0 … 1 where they are not within it, a GRU of d/2 units sees all
    channels but the last and predicts the last one step on (Yoon et al. 2019, section 5, as their program does it). Of
    a single channel it sees itself; of records with gaps it sees everything and predicts whatever is measured next, in
    deviations.

    Notes
    -----
    Where channels do not depend on each other, as the paper's sines, the best guess is a median, and one sequence
    again and again gets as good a score as real data. Read it beside coverage and recall.
    """
    from explorer.models.parts.judges import NextStep

    gaps = bool(np.isnan(test.values).any() or np.isnan(learnt_from.values).any())
    channels = test.values.shape[-1]
    within = not gaps and test.values.min() >= 0 and test.values.max() <= 1
    scaler = Scaler("standard" if gaps else "none" if within else "minmax").fit(test.values)
    tasks = [_next_steps(scaler, data.values, gaps) for data in (learnt_from, test)]
    hidden = min(WIDEST, channels) if gaps else max(FEWEST_UNITS, channels // 2)
    wide, answers = tasks[0].fields["inputs"].shape[-1], tasks[0].fields["targets"].shape[-1]
    module = _learnt(lambda: NextStep(wide, hidden, answers), tasks[0], steps, 1e-2, seed, progress)
    told, asked = _answers(module, tasks[1]), tasks[1].fields
    errors = np.abs(told - asked["targets"])[asked["observed"]]
    return float(errors.mean()) if errors.size else float("nan")


def _next_steps(scaler: Scaler, values: np.ndarray, gaps: bool) -> Arrays:
    seen, scaled = _seen(scaler, values), scaler.apply(values)
    channels = values.shape[-1]
    if gaps:
        inputs, following = seen[:, :-1], scaled[:, 1:]
    else:
        inputs, following = seen[:, :-1, : max(1, channels - 1)], scaled[:, 1:, -1:]
    known = np.isfinite(following)
    return Arrays(inputs=inputs, targets=np.where(known, following, 0).astype(np.float32), observed=known)


def _seen(scaler: Scaler, values: np.ndarray) -> np.ndarray:
    """Return what a judge sees: scaled values, 0 where missing, and which are there."""
    scaled = scaler.apply(values)
    there = np.isfinite(scaled)
    return np.concatenate([np.where(there, scaled, 0), there], axis=-1).astype(np.float32)


def _learnt(
    network: Callable[[], nn.Module], task: Arrays, steps: int, rate: float, seed: int, progress: Progress
) -> nn.Module:
    epochs = max(1, math.ceil(steps / math.ceil(len(task) / BATCH)))
    return taught(network, task, epochs=epochs, batch_size=BATCH, learning_rate=rate, seed=seed, progress=progress)


def _answers(module: nn.Module, asked: Arrays) -> np.ndarray:
    import torch

    from explorer.training.step import Batch

    def batch(start: int) -> Batch:
        inputs = torch.from_numpy(asked.fields["inputs"][start : start + 512])
        return Batch(inputs, inputs)

    with torch.inference_mode():
        return torch.cat([module(batch(start)) for start in range(0, len(asked), 512)]).numpy()
