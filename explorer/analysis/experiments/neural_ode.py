"""The solver of continuous models, where the solution is known."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.progress import Progress

if TYPE_CHECKING:
    from torch import Tensor

RTOLS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
WIDTH, SAMPLES, TIMES, END = 6, 20, 50, 10.0


@dataclass(kw_only=True, eq=False, repr=False)
class NeuralOde(Experiment):
    """The solver's error falls with the tolerance asked for, and both kinds of gradient agree.

    Random linear equations dz/dt = A z of six variables that turn and slowly die away, solved over ten units of time
    and read at 50 random times of each of 20 samples: beside exp(A t) z, the exact solution. The tolerance goes from
    1e-2 to 1e-8, absolute a tenth of relative, in double precision. Errors are the largest, beside the size of the
    start. The gradients by the start and by A, through the solver's steps and by the adjoint equation, are compared at
    rtol 1e-6, with those of the exact solution, too. Beside it Euler's and the classical Runge–Kutta method with fixed
    steps that ask the equation as often as the solver does at 1e-4.
    """

    title: ClassVar[str] = "Neural ODE: adaptive solver against the matrix exponential"
    minutes: ClassVar[float] = 0.3
    targets: ClassVar[tuple[Target, ...]] = (
        Target("error_1e-03", "<=", 1e-2),
        Target("error_1e-05", "<=", 1e-4),
        Target("error_1e-07", "<=", 1e-6),
        Target("least_fall_a_decade", ">=", 2.0),
        Target("direct_adjoint_difference", "<=", 1e-4),
        Target("direct_exact_difference", "<=", 1e-4),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Solve over the sweep of tolerances, and compare gradients."""
        import torch

        from explorer.models.parts.dynamics import Solver

        generator = torch.Generator().manual_seed(seed)
        turning = torch.randn(WIDTH, WIDTH, generator=generator, dtype=torch.float64)
        matrix = (turning - turning.T) / 2 - 0.05 * torch.eye(WIDTH, dtype=torch.float64)
        start = torch.randn(SAMPLES, WIDTH, generator=generator, dtype=torch.float64)
        times = torch.sort(END * torch.rand(SAMPLES, TIMES, generator=generator, dtype=torch.float64)).values
        times[:, -1] = END
        true = exact(matrix, start, times)
        size = float(start.abs().max())

        def error(found: Tensor) -> float:
            return float((found - true).detach().abs().max()) / size

        values: dict[str, float] = {}
        errors: list[float] = []
        for i, rtol in enumerate(RTOLS):
            progress.report(i / len(RTOLS), f"rtol {rtol:g}")
            field = Linear(matrix)
            with torch.no_grad():
                errors.append(error(Solver(rtol, rtol / 10).curve(field, start, END).at(times)))
            values |= {f"error_{rtol:.0e}": errors[-1], f"evaluations_{rtol:.0e}": float(field.asked)}
        values["least_fall_a_decade"] = min(before / after for before, after in itertools.pairwise(errors))
        ways = {way: _gradients(way, matrix, start, times) for way in ("direct", "adjoint", "exact")}
        values["direct_adjoint_difference"] = _apart(ways["direct"], ways["adjoint"])
        values["direct_exact_difference"] = _apart(ways["direct"], ways["exact"])
        budget = int(values["evaluations_1e-04"])
        baselines = {
            f"{name}_error_same_evaluations": error(_fixed(name, matrix, start, times, budget))
            for name in ("euler", "rk4")
        }
        return Measured(values, baselines)


def Linear(matrix: Tensor) -> Any:
    """Return dz/dt = A z as a module that counts how often it is asked."""
    from torch import nn

    class Field(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.matrix, self.asked = nn.Parameter(matrix.clone()), 0

        def forward(self, time: Tensor, state: Tensor) -> Tensor:
            self.asked += 1
            return state @ self.matrix.T

    return Field()


def exact(matrix: Tensor, start: Tensor, times: Tensor) -> Tensor:
    """Return exp(A t) z of each sample at its times, ``(B, T, width)``."""
    import torch

    return torch.einsum("btij,bj->bti", torch.linalg.matrix_exp(times[..., None, None] * matrix), start)


def _gradients(way: str, matrix: Tensor, start: Tensor, times: Tensor) -> list[Tensor]:
    """Return the gradients of the mean square of all states by start and matrix."""
    from explorer.models.parts.dynamics import Solver

    z, field = start.clone().requires_grad_(), Linear(matrix)
    if way == "exact":
        states = exact(field.matrix, z, times)
    else:
        states = Solver(1e-6, 1e-7, "adjoint" if way == "adjoint" else "direct").curve(field, z, END).at(times)
    states.square().mean().backward()
    return [z.grad, field.matrix.grad]  # type: ignore[list-item] - backward has filled them


def _apart(first: list[Tensor], second: list[Tensor]) -> float:
    """Return the largest difference beside the size of the gradient."""
    return max(float((a - b).norm() / b.norm()) for a, b in zip(first, second, strict=True))


def _fixed(name: str, matrix: Tensor, start: Tensor, times: Tensor, budget: int) -> Tensor:
    """Return states by a method of fixed steps that asks the equation `budget` times."""
    import torch
    from torchdiffeq import odeint

    each = {"euler": 1, "rk4": 4}[name]
    steps = max(1, budget // each)
    field = Linear(matrix)
    asked = torch.unique(times)
    with torch.no_grad():
        since = torch.cat([asked.new_zeros(1), asked])
        knots = odeint(field, start, since, method=name, options={"step_size": END / steps})
    place = torch.searchsorted(asked, times.contiguous()) + 1
    return knots[place, torch.arange(len(start))[:, None]]  # type: ignore[index] - of one tensor it is one
