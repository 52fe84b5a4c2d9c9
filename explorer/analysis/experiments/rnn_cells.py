"""The recurrent cells by their equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.progress import Progress

if TYPE_CHECKING:
    import torch

CELLS = ("rnn", "gru", "lstm")


@dataclass(kw_only=True, eq=False, repr=False)
class RNNCells(Experiment):
    """RNN, GRU and LSTM compute what their equations say, and appending padding does not change a code.

    h_t = tanh(W_hh h_{t−1} + b_hh + W_xh x_t + b_xh), h₀ = 0, for the RNN; the GRU of Cho et al. 2014 and the LSTM of
    Hochreiter and Schmidhuber 1997 with forget gates, as torch defines them. The equations run in double precision, a
    step at a time, and their gradients come from them; the compiled kernels for narrow networks compute in single.
    Numbers are the largest differences, those of gradients relative to the largest gradient.
    """

    title: ClassVar[str] = "Recurrent cells by their equations"
    minutes: ClassVar[float] = 0.1
    targets: ClassVar[tuple[Target, ...]] = (
        *(Target(f"{cell}_difference", "<=", 1e-6) for cell in CELLS),
        *(Target(f"{cell}_gradient_difference", "<=", 1e-6) for cell in CELLS),
        *(Target(f"{cell}_kernel_difference", "<=", 1e-6) for cell in CELLS),
        *(Target(f"{cell}_kernel_gradient_difference", "<=", 1e-6) for cell in CELLS),
        Target("padding_difference", "<=", 1e-6),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Compare states and gradients on random series, and codes with and without padding."""
        import torch

        from explorer.training.device import seeded

        with seeded(seed):
            values: dict[str, float] = {}
            for cell in CELLS:
                states, gradients = _against_equations(cell)
                values |= {f"{cell}_difference": states, f"{cell}_gradient_difference": gradients}
                states, gradients = _kernel_against_torch(cell)
                values |= {f"{cell}_kernel_difference": states, f"{cell}_kernel_gradient_difference": gradients}
            with torch.no_grad():
                values["padding_difference"] = max(_padding(cell, both) for cell in CELLS for both in (False, True))
        return Measured(values)


def by_equations(cell: str, weights: tuple[torch.Tensor, ...], x: torch.Tensor) -> torch.Tensor:
    """Return the hidden states ``(B, T, H)`` of one layer, a step after the other.

    Parameters
    ----------
    cell : {"rnn", "gru", "lstm"}
    weights : tuple of Tensor
        W_xh, W_hh, b_xh, b_hh with the gates in torch's order.
    x : Tensor ``(B, T, C)``
    """
    import torch

    w_x, w_h, b_x, b_h = weights
    h = c = x.new_zeros(len(x), w_h.shape[1])
    states = []
    for x_t in x.unbind(1):
        from_x, from_h = x_t @ w_x.T + b_x, h @ w_h.T + b_h
        if cell == "rnn":
            h = torch.tanh(from_h + from_x)
        elif cell == "gru":
            (r_x, z_x, n_x), (r_h, z_h, n_h) = from_x.chunk(3, 1), from_h.chunk(3, 1)
            reset, keep = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
            h = (1 - keep) * torch.tanh(n_x + reset * n_h) + keep * h
        else:
            enter, keep, new, leave = (from_x + from_h).chunk(4, 1)
            c = torch.sigmoid(keep) * c + torch.sigmoid(enter) * torch.tanh(new)
            h = torch.sigmoid(leave) * torch.tanh(c)
        states.append(h)
    return torch.stack(states, 1)


def _against_equations(cell: str) -> tuple[float, float]:
    import torch

    from explorer.models.parts.recurrent import recurrent
    from explorer.models.parts.scan import scan

    network = recurrent(cell, 3, 8).double()
    weights = tuple(network.parameters())
    x = torch.randn(16, 50, 3, dtype=torch.float64, requires_grad=True)
    ours, theirs = by_equations(cell, weights, x), scan(network, x, 50)
    direction = torch.randn_like(ours)
    return _differences(
        (ours, theirs), *(torch.autograd.grad((states * direction).sum(), [x, *weights]) for states in (ours, theirs))
    )


def _kernel_against_torch(cell: str) -> tuple[float, float]:
    import torch

    from explorer.models.parts.recurrent import recurrent
    from explorer.models.parts.scan import scan, uses_kernel

    single = recurrent(cell, 1, 4)
    double = recurrent(cell, 1, 4).double()
    double.load_state_dict(single.state_dict())
    x = torch.randn(64, 50, 1, requires_grad=True)
    y = x.detach().double().requires_grad_()
    if not uses_kernel(single, x):
        raise RuntimeError(f"the kernel does not take a narrow {cell}")
    ours, theirs = scan(single, x, 50), scan(double, y, 50)
    direction = torch.randn_like(ours)
    found = torch.autograd.grad((ours * direction).sum(), [x, *single.parameters()])
    wanted = torch.autograd.grad((theirs * direction.double()).sum(), [y, *double.parameters()])
    return _differences((ours, theirs), found, wanted)


def _differences(
    states: tuple[torch.Tensor, torch.Tensor], found: tuple[torch.Tensor, ...], wanted: tuple[torch.Tensor, ...]
) -> tuple[float, float]:
    """Return the largest differences of states, and of gradients relative to the largest."""
    largest = max(float(each.abs().max()) for each in wanted)
    worst = max(float((ours - theirs).abs().max()) for ours, theirs in zip(found, wanted, strict=True))
    return float((states[0] - states[1]).detach().abs().max()), worst / largest


def _padding(cell: str, bidirectional: bool) -> float:
    """Return how much codes change by steps of other values beyond the series' ends."""
    import torch

    from explorer.models.parts.recurrent import RecurrentEncoder
    from explorer.training.step import Batch

    encoder = RecurrentEncoder(2, 16, cell, bidirectional=bidirectional)
    lengths = torch.randint(1, 31, (32,))
    x = torch.randn(32, 40, 2)
    x[torch.arange(40) >= lengths[:, None]] = 10.0
    padded = encoder(Batch(x, x, None, lengths))
    alone = [encoder(Batch(x[i : i + 1, :n], x[i : i + 1, :n])) for i, n in enumerate(lengths.tolist())]
    return float((padded - torch.cat(alone)).abs().max())
