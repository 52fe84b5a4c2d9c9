"""A decoder that follows a curve: the code is its state at the start, an equation carries it on."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder
from explorer.models.parts.dynamics import UNIT, Field, Solver
from explorer.models.parts.times import even_times
from explorer.training.step import Batch, Step


class OdeDecoder(Decoder):
    """Solves dz/dt = f(z) from the code at the start of time, and writes x(t) = g(z(t)).

    Each sample of a batch may be asked at times of its own: one solution serves them all.

    Parameters
    ----------
    latent_dim, channels : int
    field : Field
    width : int
        Of the state; the state at the start is the code itself where it is as wide, else a linear map of it.
    hidden : int
        Units of the layer between state and value; 0: none, g is linear.
    solver : Solver
    beyond : float
        How far a curve goes on after the time of the training data, as a share of that.
    points : int
        Of a curve, over the time of the training data; beyond it as dense.
    """

    def __init__(
        self,
        latent_dim: int,
        channels: int,
        field: Field,
        *,
        width: int | None = None,
        hidden: int = 0,
        solver: Solver | None = None,
        beyond: float = 1.0,
        points: int = 100,
    ) -> None:
        super().__init__()
        self.field, self.solver = field, solver or Solver()
        width = latent_dim if width is None else width
        self.begin: nn.Module = nn.Identity() if width == latent_dim else nn.Linear(latent_dim, width)
        self.emission: nn.Module = nn.Linear(width, channels)
        if hidden:
            self.emission = nn.Sequential(nn.Linear(width, hidden), nn.Tanh(), nn.Linear(hidden, channels))
        self.curve = curve_times(beyond, points)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return the values of codes ``(B, latent_dim)`` at the times of `given`, or along the whole curve."""
        if given is None:
            times = torch.tensor(self.curve, dtype=z.dtype, device=z.device).expand(len(z), -1)
        else:
            times = even_times(given).to(z.dtype)
            if step is not None and given.observed is not None:
                # Of what no loss asks for nothing need be solved: what lies ahead may be far.
                times = torch.where(given.observed.any(2), times, 0.0)
        return self.emission(self.states(self.begin(z), times))

    def states(self, start: Tensor, times: Tensor) -> Tensor:
        """Return the states ``(B, T, width)`` at times ``(B, T)`` of those ``(B, width)`` at time 0."""
        first, last = (float(each) for each in times.aminmax())
        after = self.solver.curve(self.field, start, UNIT * max(last, 0.0))
        if first >= 0:
            return after.at(UNIT * times)
        before = self.solver.curve(self.field, start, UNIT * first)
        early = times < 0
        states = after.at(UNIT * times.clamp(min=0.0))
        return torch.where(early[..., None], before.at(UNIT * times.clamp(max=0.0)), states)


def curve_times(beyond: float, points: int) -> list[float]:
    """Return the times of a curve's points: 0 to 1 over the time of the training data, and on beyond it."""
    return [i / (points - 1) for i in range(1 + int((points - 1) * (1.0 + beyond) + 1e-9))]
