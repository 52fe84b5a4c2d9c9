"""The contractive penalty: exact, and how far off its estimate is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.progress import Progress

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.contraction import Encode
    from explorer.training.step import Batch

CELLS = ("rnn", "gru", "lstm")
PROBES = (1, 8, 64)
COUNT = 16
"""Samples of each set."""


@dataclass(kw_only=True, eq=False, repr=False)
class ContractivePenalty(Experiment):
    """‖∂h/∂x‖² by one vector-Jacobian product a code entry is exact, for dense and for recurrent encoders.

    In float64: against the closed form of a sigmoid layer, Σ(h(1−h))²‖Wᵢ‖² (Rifai 2011), and against torch's own
    Jacobian for the last state of recurrent networks of 16 units over noisy waves of 50 steps; the largest relative
    difference of any sample. Beside it Hutchinson's estimate with 1, 8 and 64 random probes: the mean over the samples
    of how far it is off, relative to the truth. Its mean is right, but single samples are not.
    """

    title: ClassVar[str] = "The contractive penalty, exact and estimated"
    minutes: ClassVar[float] = 0.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("sigmoid_layer_difference", "<=", 1e-7),
        *(Target(f"{cell}_difference", "<=", 1e-7) for cell in CELLS),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Compare the penalty of networks with fresh weights on some samples."""
        import torch
        from torch import nn

        from explorer.models.parts.contraction import estimated_jacobian_norm, jacobian_norm, sigmoid_layer_norm
        from explorer.models.parts.recurrent import RecurrentEncoder
        from explorer.training.device import seeded
        from explorer.training.step import Batch

        with seeded(seed):
            layer = nn.Linear(64, 128).double()
            networks = {cell: RecurrentEncoder(1, 16, cell).double() for cell in CELLS}
        images = _batch("digits", seed)
        found = jacobian_norm(lambda batch: torch.sigmoid(layer(batch.inputs.flatten(1))), images)
        closed = sigmoid_layer_norm(torch.sigmoid(layer(images.inputs.flatten(1))), layer.weight)
        values, estimates = {"sigmoid_layer_difference": _largest(found, closed)}, {}
        waves = _batch("sines", seed)
        generator = torch.Generator().manual_seed(seed)
        for cell, network in networks.items():
            exact = jacobian_norm(network, waves)
            values[f"{cell}_difference"] = _largest(exact, _by_torch(network, waves))
            for probes in PROBES:
                guess = estimated_jacobian_norm(network, Batch(waves.inputs, waves.inputs), probes, generator)
                off = ((guess - exact).abs() / exact).mean()
                estimates[f"{cell}_hutchinson_{probes}_probes_off_by"] = float(off.detach())
        return Measured(values, estimates)


def _batch(name: str, seed: int) -> Batch:
    """Return some samples of a set in float64."""
    import torch

    from explorer.training.step import Batch

    values = torch.from_numpy(make(name, seed=seed).values[:COUNT].astype(np.float64))
    return Batch(values, values)


def _by_torch(encode: Encode, batch: Batch) -> torch.Tensor:
    """Return ‖∂h/∂x‖² of each sample by torch's Jacobian, one sample after the other."""
    import torch

    from explorer.training.step import Batch

    def norm(x: torch.Tensor) -> torch.Tensor:
        jacobian = torch.autograd.functional.jacobian(lambda given: encode(Batch(given, given)), x)
        assert isinstance(jacobian, torch.Tensor)  # of one tensor by one tensor
        return jacobian.square().sum()

    return torch.stack([norm(x[None]) for x in batch.inputs])


def _largest(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(((first - second).abs() / second).max().detach())
