"""What states do between observations: dz/dt = f(z), a network, solved with a step that fits itself to the error.

The solver is torchdiffeq's Dormand-Prince pair of orders 5 and 4 (Chen et al. 2018).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from explorer.errors import UnstableError

Gradients = Literal["direct", "adjoint"]
UNIT = 5.0
"""How long the solver takes the time of the training data to be: networks that begin with small weights then move
their states by about their own size."""
MOST_STEPS = 5000
"""Steps of the solver; more would never end."""
SPACING = 0.05
"""How far apart the knots are between which the curve of the adjoint's gradients is read."""
MOST_KNOTS = 4096


class Field(nn.Module):
    """The velocity f(z) of a state: a network with tanh, which counts how often it is asked.

    Parameters
    ----------
    width : int
        Of the state.
    hidden : int
        Units of each hidden layer.
    layers : int
        Hidden layers.

    Attributes
    ----------
    evaluations : int
        How often it was asked since this was last set to 0.
    """

    def __init__(self, width: int, hidden: int, layers: int = 1) -> None:
        super().__init__()
        widths = [width, *[hidden] * layers, width]
        self.maps = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(widths))
        for each in self.maps:
            assert isinstance(each, nn.Linear)
            nn.init.xavier_uniform_(each.weight)
            nn.init.zeros_(each.bias)
        self.evaluations = 0

    def forward(self, time: Tensor | float, state: Tensor) -> Tensor:
        """Return the velocity of states ``(..., width)``; the time does not matter."""
        self.evaluations += 1
        for each in self.maps[:-1]:
            state = torch.tanh(each(state))
        return self.maps[-1](state)


@dataclass(frozen=True)
class Solver:
    """How exactly, and how gradients go back through it.

    Parameters
    ----------
    rtol, atol : float
        The error of each step is at most ``atol + rtol |z|``, as a root mean square over a batch.
    gradients : {"direct", "adjoint"}
        Through the solver's own steps; or by solving the adjoint equation backwards, which needs no memory for them
        (Chen et al. 2018) and is less exact.
    """

    rtol: float = 1e-3
    atol: float = 1e-4
    gradients: Gradients = "direct"

    def solve(self, field: nn.Module, start: Tensor, times: Tensor) -> Tensor:
        """Return the states at `times` ``(K,)``, strictly ascending or descending, from `start` at the first of them.

        Parameters
        ----------
        field : Module
            ``field(time, state) -> velocity``.
        start : Tensor ``(..., width)``

        Returns
        -------
        Tensor ``(K, ..., width)``

        Raises
        ------
        UnstableError
            If the step becomes too small, or the state is no number.
        """
        from torchdiffeq import odeint, odeint_adjoint

        if len(times) < 2:
            return start[None]
        options = {"rtol": self.rtol, "atol": self.atol, "method": "dopri5", "options": {"max_num_steps": MOST_STEPS}}
        times = times.to(start.device, torch.float64 if start.device.type != "mps" else torch.float32)
        try:
            if self.gradients == "adjoint" and torch.is_grad_enabled():
                return odeint_adjoint(
                    field, start, times, adjoint_params=tuple(field.parameters()),
                    adjoint_options={"norm": "seminorm"}, **options,
                )  # type: ignore[return-value] - of one tensor it is one tensor  # fmt: skip
            return odeint(field, start, times, **options)  # type: ignore[return-value]
        except AssertionError as reason:  # so torchdiffeq tells
            raise _told(str(reason)) from reason

    def curve(self, field: nn.Module, start: Tensor, end: float) -> Curve:
        """Return the whole solution from `start` at time 0 to time `end` (which may be below 0).

        Parameters
        ----------
        field : Module
            ``field(time, state) -> velocity``.
        start : Tensor ``(B, width)``

        Raises
        ------
        UnstableError
            If the step becomes too small, or the state is no number.
        """
        if end == 0.0:
            still = torch.cat([start, *[torch.zeros_like(start)] * 4], dim=-1)
            return Curve(torch.tensor([0.0, 1.0], dtype=start.dtype, device=start.device), still[None])
        if self.gradients == "adjoint" and torch.is_grad_enabled():
            return self._between_knots(field, start, end)
        from torchdiffeq._impl.dopri5 import Dopri5Solver
        from torchdiffeq._impl.misc import _check_inputs

        # As odeint does it, but the polynomial of every step is kept: it tells the state at any time within, for each
        # sample of a batch at times of its own, where odeint would go through all of them one after another.
        ends = torch.tensor([0.0, end], device=start.device)
        options = {"max_num_steps": MOST_STEPS}
        _, func, y0, t, rtol, atol, _, options, _, reverse = _check_inputs(
            field, start, ends, self.rtol, self.atol, "dopri5", options, None, {"dopri5": Dopri5Solver}
        )
        solver = Dopri5Solver(func=func, y0=y0, rtol=rtol, atol=atol, **options)
        t = t.to(solver.dtype)
        knots, pieces, tries = [0.0], [], 0
        try:
            solver._before_integrate(t)
            state = solver.rk_state
            while state.t1 < t[1]:
                # Gradients go through the states; where the steps end is a choice, like the polynomials' knots.
                given = {name: getattr(state, name).detach() for name in ("t0", "t1", "dt")}
                state = solver._adaptive_step(state._replace(**given))
                tries += 1
                assert tries < MOST_STEPS, "max_num_steps"
                if (reached := float(state.t1)) > knots[-1]:
                    knots.append(reached)
                    pieces.append(torch.cat(state.interp_coeff, dim=-1))
        except AssertionError as reason:  # so torchdiffeq tells
            raise _told(str(reason)) from reason
        return Curve(torch.tensor(knots, dtype=start.dtype, device=start.device), torch.stack(pieces), reverse)

    def _between_knots(self, field: nn.Module, start: Tensor, end: float) -> Curve:
        """Return the solution as cubics between close knots, by their states and velocities (Hermite)."""
        count = min(MOST_KNOTS, max(1, math.ceil(abs(end) / SPACING)))
        knots = torch.linspace(0.0, end, count + 1, dtype=start.dtype, device=start.device)
        states = self.solve(field, start, knots)
        length = knots[1] - knots[0]
        velocities = length * field(0.0, states)
        rise, leaving, arriving = states[1:] - states[:-1], velocities[:-1], velocities[1:]
        pieces = [states[:-1], leaving, 3 * rise - 2 * leaving - arriving, leaving + arriving - 2 * rise]
        return Curve(knots.abs(), torch.cat([*pieces, torch.zeros_like(rise)], dim=-1), end < 0)


@dataclass(frozen=True)
class Curve:
    """Solutions as polynomials of order 4, one for each sample and each step of the solver.

    Parameters
    ----------
    knots : Tensor ``(S + 1,)``
        From 0 on ascending: how far from the start each step begins and ends.
    pieces : Tensor ``(S, B, 5 width)``
        Coefficients of 1, s, … s⁴ for s from 0 to 1 within a step.
    backwards : bool
        Whether time goes down from 0.
    """

    knots: Tensor
    pieces: Tensor
    backwards: bool = False

    def at(self, times: Tensor) -> Tensor:
        """Return the states ``(B, T, width)`` at times ``(B, T)`` between start and end."""
        steps, samples, width = self.pieces.shape
        since = (-times if self.backwards else times).contiguous()
        step = (torch.searchsorted(self.knots, since) - 1).clamp(0, steps - 1)
        share = (since - self.knots[step]) / (self.knots[step + 1] - self.knots[step])
        rows = step * samples + torch.arange(samples, device=times.device)[:, None]
        chosen = self.pieces.reshape(steps * samples, width).index_select(0, rows.reshape(-1))
        chosen = chosen.reshape(*times.shape, 5, width // 5)
        powers = share[..., None] ** torch.arange(5, device=times.device)
        return torch.einsum("btp,btpw->btw", powers, chosen)


def _told(reason: str) -> UnstableError:
    if ("underflow" in reason and "nan" not in reason) or "max_num_steps" in reason:
        problem = "the solver's step became too small: the equation changes too fast to be followed"
    else:
        problem = "the solver's state is no number any more: the equation runs away"
    return UnstableError(problem, remedy="Train with a lower learning rate or coarser tolerances (rtol, atol)")
