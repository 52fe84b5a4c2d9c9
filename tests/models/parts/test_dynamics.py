"""Solutions that are known, and what an encoder must not depend on."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.errors import UnstableError
from explorer.models.parts.dynamics import UNIT, Field, Solver
from explorer.models.parts.ode_decoder import OdeDecoder
from explorer.models.parts.ode_rnn import GapEncoder, OdeRnnEncoder
from explorer.models.parts.times import observed_backwards
from explorer.training.step import Batch


class Linear(nn.Module):
    """dz/dt = A z, whose solution is exp(A t) z."""

    def __init__(self, matrix: list[list[float]]) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.tensor(matrix, dtype=torch.float64))
        self.evaluations = 0

    def forward(self, time: Tensor | float, state: Tensor) -> Tensor:
        self.evaluations += 1
        return state @ self.matrix.T.to(state.dtype)


TURNING = [[0.0, 2.0], [-2.0, -0.1]]


def exact(times: Tensor, start: Tensor) -> Tensor:
    """Return exp(A t) z for times ``(B, T)``, ``(B, T, 2)``."""
    matrix = torch.tensor(TURNING, dtype=torch.float64)
    return torch.einsum("btij,bj->bti", torch.linalg.matrix_exp(times[..., None, None] * matrix), start)


@pytest.fixture
def start() -> Tensor:
    return torch.tensor([[1.0, 0.0], [0.3, -2.0], [0.0, 1.0]], dtype=torch.float64)


@pytest.mark.parametrize("gradients", ["direct", "adjoint"])
@pytest.mark.parametrize("end", [4.0, -4.0])
def test_a_curve_is_the_exact_solution_at_any_times_of_each_sample(start: Tensor, gradients: str, end: float) -> None:
    times = end * torch.rand(3, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    field = Linear(TURNING)
    curve = Solver(1e-7, 1e-9, gradients).curve(field, start, end)  # type: ignore[arg-type]
    np.testing.assert_allclose(curve.at(times).detach(), exact(times, start), atol=2e-5)
    assert field.evaluations > 20


def test_the_error_falls_with_the_tolerance_and_the_work_grows(start: Tensor) -> None:
    times = torch.linspace(0, 6, 50, dtype=torch.float64).expand(3, -1)
    errors, asked = [], []
    for rtol in (1e-2, 1e-4, 1e-6):
        field = Linear(TURNING)
        found = Solver(rtol, rtol / 10).curve(field, start, 6.0).at(times).detach()
        errors.append(float((found - exact(times, start)).abs().max()))
        asked.append(field.evaluations)
    assert errors[0] > 10 * errors[1] > 100 * errors[2]
    assert asked[0] < asked[1] < asked[2]


def test_direct_and_adjoint_gradients_are_those_of_the_exact_solution(start: Tensor) -> None:
    times = torch.linspace(0.1, 3, 7, dtype=torch.float64).expand(3, -1)
    found = {}
    for gradients in ("direct", "adjoint"):
        field, z = Linear(TURNING), start.clone().requires_grad_()
        Solver(1e-8, 1e-10, gradients).curve(field, z, 3.0).at(times).square().sum().backward()  # type: ignore[arg-type]
        found[gradients] = (z.grad, field.matrix.grad)
    z = start.clone().requires_grad_()
    matrix = torch.tensor(TURNING, dtype=torch.float64, requires_grad=True)
    states = torch.einsum("btij,bj->bti", torch.linalg.matrix_exp(times[..., None, None] * matrix), z)
    states.square().sum().backward()
    for mine in found.values():
        for ours, true in zip(mine, (z.grad, matrix.grad), strict=True):
            np.testing.assert_allclose(ours, true, rtol=2e-4, atol=2e-4)


def test_what_no_solver_can_follow_is_told(start: Tensor) -> None:
    class Explodes(nn.Module):
        def forward(self, time: Tensor, state: Tensor) -> Tensor:
            return state**3 * 50

    for field in (Explodes(), lambda time, state: torch.full_like(state, math.nan)):
        with pytest.raises(UnstableError, match=r"the solver's (step became too small|state is no number)"):
            Solver().curve(field, start, 10.0)  # type: ignore[arg-type]


def test_a_decoder_writes_each_sample_at_its_own_times() -> None:
    torch.manual_seed(0)
    decoder = OdeDecoder(2, 3, Field(2, 8), solver=Solver(1e-6, 1e-8)).double()
    decoder.field = Linear(TURNING)  # type: ignore[assignment]
    z = torch.randn(4, 2, dtype=torch.float64)
    times = torch.sort(torch.rand(4, 9, dtype=torch.float64) * 1.6 - 0.3).values  # before the start of time, too
    blank = torch.zeros(4, 9, 3, dtype=torch.float64)
    written = decoder(z, Batch(blank, blank, times=times))
    with torch.no_grad():
        np.testing.assert_allclose(written.detach(), decoder.emission(exact(UNIT * times, z)), atol=1e-4)
    one = decoder(z[1:2], Batch(blank[:1], blank[:1], times=times[1:2]))
    np.testing.assert_allclose(one[0].detach(), written[1].detach(), atol=1e-4)


def batch(times: Tensor, values: Tensor, seen: Tensor | None = None, lengths: Tensor | None = None) -> Batch:
    return Batch(values, values, times=times, seen=seen, lengths=lengths)


def test_observations_are_met_backwards_and_what_was_not_seen_does_not_exist() -> None:
    times = torch.tensor([[0.1, 0.4, 0.5, 0.9], [0.2, 0.3, 0.3, 0.3]])
    values = torch.arange(8.0).reshape(2, 4, 1)
    seen = torch.tensor([[True, False, True, True], [True, True, False, False]])[..., None]
    found = observed_backwards(batch(times, values, seen))
    assert found.values[..., 0].T.tolist() == [[3, 2, 0], [5, 4, 0]]
    assert found.values[..., 1].T.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert found.there.T.tolist() == [[True, True, True], [True, True, False]]
    np.testing.assert_allclose(found.gaps.T, [[0, 0.4, 0.4, 0.1], [0, 0.1, 0, 0.2]], atol=1e-7)


@pytest.mark.parametrize("between", ["euler", "dopri5", ""])
def test_codes_do_not_depend_on_gaps_padding_or_company(between: str) -> None:
    torch.manual_seed(1)
    encoder = OdeRnnEncoder(1, 6, Field(6, 12), between=between) if between else GapEncoder(1, 6)  # type: ignore[arg-type]
    close = 1e-3 if between == "dopri5" else 1e-6  # its steps are common to all in the batch
    times = torch.sort(torch.rand(3, 8)).values
    values = torch.randn(3, 8, 1)
    seen = torch.rand(3, 8, 1) > 0.4
    seen[:, 2] = True
    with torch.no_grad():
        codes = encoder(batch(times, values, seen))
        # What stands where nothing was seen, and steps beyond the end, change nothing.
        other = torch.where(seen, values, 99.0)
        np.testing.assert_allclose(encoder(batch(times, other, seen)), codes, atol=1e-6)
        longer = [torch.nn.functional.pad(each, (0, 0, 0, 3), value=5.0) for each in (values, seen.float())]
        late = torch.cat([times, times[:, -1:].expand(-1, 3)], 1)
        lengths = torch.tensor([8, 8, 8])
        np.testing.assert_allclose(encoder(batch(late, longer[0], longer[1] > 0, lengths)), codes, atol=close)
        # Nor does the order of the samples, nor whether there are others, but for the step of a common solver.
        order = torch.tensor([2, 0, 1])
        np.testing.assert_allclose(encoder(batch(times[order], values[order], seen[order])), codes[order], atol=close)
        alone = encoder(batch(times[1:2], values[1:2], seen[1:2]))
        np.testing.assert_allclose(alone, codes[1:2], atol=max(close, 1e-5))
        # What was seen later counts.
        assert (encoder(batch(times, values + 1, seen)) - codes).abs().max() > 1e-3


def test_short_steps_come_closer_to_those_that_fit_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(2)
    encoder = OdeRnnEncoder(1, 6, Field(6, 12), between="dopri5", solver=Solver(1e-6, 1e-8))
    times, values = torch.sort(torch.rand(3, 8)).values, torch.randn(3, 8, 1)
    with torch.no_grad():
        exactly = encoder(batch(times, values))
        encoder.between = "euler"
        errors = []
        for step in (0.02, 0.005, 0.00125):
            monkeypatch.setattr("explorer.models.parts.ode_rnn.EULER_STEP", step)
            errors.append(float((encoder(batch(times, values)) - exactly).abs().max()))
    assert errors[0] > 3 * errors[1] > 9 * errors[2] > 0
