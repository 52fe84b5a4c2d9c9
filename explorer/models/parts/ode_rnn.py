"""An encoder for irregular series: a recurrent state that moves on by an equation between observations."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Encoder
from explorer.models.parts.dynamics import UNIT, Field, Solver
from explorer.models.parts.recurrent import recurrent
from explorer.models.parts.scan import last_states
from explorer.models.parts.times import observed_backwards
from explorer.training.step import Batch

Between = Literal["euler", "dopri5"]
EULER_STEP = 0.02
"""Longest step between two observations, as a share of the time of the training data: a fiftieth (Rubanova 2019)."""


class OdeRnnEncoder(Encoder):
    """ODE-RNN (Rubanova et al. 2019), run from the last observation of a series back to the start of time.

    Between two observations the state h follows dh/dt = f(h); at an observation a gated unit takes in its values and
    which of them were seen. Steps at which nothing was seen do not exist for it.

    Parameters
    ----------
    channels : int
    hidden : int
        Width of the state.
    field : Field
    between : {"euler", "dopri5"}
        How the state moves between two observations: in equal steps of at most a fiftieth of the time of the training
        data, as the authors' program does, or in steps that fit themselves to the error, which takes far longer.
    solver : Solver
        Its tolerances, for "dopri5".
    """

    def __init__(
        self,
        channels: int,
        hidden: int,
        field: Field,
        *,
        between: Between = "euler",
        solver: Solver | None = None,
    ) -> None:
        super().__init__(hidden, any_length=True)
        self.field, self.between, self.solver = field, between, solver or Solver()
        self.cell = nn.GRUCell(2 * channels, hidden)
        nn.init.orthogonal_(self.cell.weight_hh[:hidden])
        nn.init.orthogonal_(self.cell.weight_hh[hidden : 2 * hidden])
        nn.init.orthogonal_(self.cell.weight_hh[2 * hidden :])

    def forward(self, batch: Batch) -> Tensor:
        """Return the states ``(B, hidden)`` at the start of time."""
        seen = observed_backwards(batch)
        counts = torch.ceil(seen.gaps.abs().amax(1) / EULER_STEP - 1e-4).long().tolist()
        state = seen.values.new_zeros(seen.values.shape[1], self.width)
        for k, values in enumerate(seen.values):
            state = self._move(state, seen.gaps[k], counts[k])
            jumped = self.cell(values, state)
            state = jumped if seen.all_there else torch.where(seen.there[k][:, None], jumped, state)
        return self._move(state, seen.gaps[-1], counts[-1])

    def _move(self, state: Tensor, gaps: Tensor, count: int) -> Tensor:
        """Return the states after going back by `gaps` ``(B,)``."""
        if count == 0:
            return state
        if self.between == "dopri5":
            return self._solved(state, gaps)
        # Each series takes full steps and a rest of its own, so that it does not depend on the others in the batch.
        left = gaps[:, None]
        for _ in range(count):
            part = left.clamp(-EULER_STEP, EULER_STEP)
            state = state - UNIT * part * self.field(0.0, state)
            left = left - part
        return state

    def _solved(self, state: Tensor, gaps: Tensor) -> Tensor:
        """Solve all gaps at once, each of them over a time from 0 to 1."""
        moving = _Backwards(self.field, UNIT * gaps[:, None])
        return self.solver.solve(moving, state, torch.tensor([0.0, 1.0]))[-1]


class _Backwards(nn.Module):
    """dh/ds = −Δt f(h): for s from 0 to 1 each state goes back by its own Δt."""

    def __init__(self, field: Field, gaps: Tensor) -> None:
        super().__init__()
        self.field, self.gaps = field, gaps

    def forward(self, time: Tensor, state: Tensor) -> Tensor:
        return -self.gaps * self.field(time, state)


class GapEncoder(Encoder):
    """A gated network that reads observations back to the start of time, each with the time that passed between.

    The RNN with Δt of Chen et al. (2018): between observations its state stands still.

    Parameters
    ----------
    channels, hidden : int
    """

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__(2 * hidden, any_length=True)
        self.network = recurrent("gru", 2 * channels + 1, hidden)
        self.begin = nn.Linear(hidden + 1, 2 * hidden)

    def forward(self, batch: Batch) -> Tensor:
        """Return the features ``(B, width)`` of the last state, and of the time from there to the start."""
        seen = observed_backwards(batch)
        inputs = torch.cat([seen.values, UNIT * seen.gaps[:-1, :, None]], dim=2).transpose(0, 1).contiguous()
        lengths = seen.there.sum(0).clamp(min=1)
        state = last_states(self.network, inputs, None if seen.all_there else lengths)
        return torch.tanh(self.begin(torch.cat([state, UNIT * seen.gaps[-1][:, None]], dim=1)))
