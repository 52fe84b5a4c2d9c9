"""Many small autoencoders side by side: their encoders, codes, decoders, and what they are judged by.

All members go through each operation together, along an axis of their own.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Code, Coded, Decoder, Encoder, Pass, Term
from explorer.models.parts.frames import flipped
from explorer.models.parts.reconstruction import masked_mean
from explorer.models.parts.skip import SkipScan
from explorer.training.step import Batch, Step


class MemberLinear(nn.Module):
    """A linear layer of each member: ``(M, N, A) → (M, N, B)``."""

    def __init__(self, members: int, before: int, after: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(members, before, after))
        self.bias = nn.Parameter(torch.zeros(members, 1, after))
        bound = math.sqrt(6 / (before + after))  # Glorot & Bengio 2010
        nn.init.uniform_(self.weight, -bound, bound)

    def forward(self, values: Tensor) -> Tensor:
        """Return the layer's output."""
        return torch.baddbmm(self.bias, values, self.weight)


class EnsembleEncoder(Encoder):
    """The last state of each member, of each series at its own length.

    Parameters
    ----------
    members, channels, hidden, steps, longest : int
        See `SkipScan`.
    """

    def __init__(self, members: int, channels: int, hidden: int, steps: int, longest: int) -> None:
        super().__init__(members * hidden, any_length=True)
        self.members, self.hidden = members, hidden
        self.read = MemberLinear(members, channels, hidden)
        self.scan = SkipScan(members, hidden, steps, longest)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, M·H)``."""
        n, steps, channels = batch.inputs.shape
        series = batch.inputs.transpose(0, 1).reshape(1, steps * n, channels)
        inputs = self.read(series.expand(self.members, -1, -1)).unflatten(1, (steps, n)).transpose(0, 1)
        states = self.scan(inputs, inputs.new_zeros((self.members, n, self.hidden)), steps)
        if batch.lengths is None:
            last = states[-1]
        else:
            # The steps after a series' end come later in time, so they cannot have changed the state at its end.
            last = states[(batch.lengths - 1).clamp(min=0), :, torch.arange(n, device=states.device)].transpose(0, 1)
        return last.transpose(0, 1).reshape(n, -1)


class MemberCodes(Code):
    """A code of each member from its own features, one behind the other: ``(B, M·L)``."""

    def __init__(self, members: int, width: int, latent_dim: int) -> None:
        super().__init__()
        self.members = members
        self.map = MemberLinear(members, width // members, latent_dim)

    def forward(self, features: Tensor, step: Step | None = None) -> Coded:
        """Return the codes."""
        z = self.map(features.unflatten(1, (self.members, -1)).transpose(0, 1)).transpose(0, 1).flatten(1)
        return Coded(z, z)


class EnsembleDecoder(Decoder):
    """Code → initial state of each member, and its input at each step → series, written from their ends.

    Parameters
    ----------
    members, latent_dim, hidden, steps, channels, longest : int
        `latent_dim` of one member's code, or of the code that they share.
    shared : bool
        Whether all members get the same code.
    """

    def __init__(
        self,
        members: int,
        latent_dim: int,
        hidden: int,
        steps: int,
        channels: int,
        longest: int,
        *,
        shared: bool,
    ) -> None:
        super().__init__()
        self.members, self.steps, self.shared = members, steps, shared
        self.start = MemberLinear(members, latent_dim, hidden)
        self.read = MemberLinear(members, latent_dim, hidden)
        self.scan = SkipScan(members, hidden, steps, longest)
        self.write = MemberLinear(members, hidden, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return what each member writes, ``(B, M, T, C)``, as long as the series given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        each = z.unsqueeze(1).expand(-1, self.members, -1) if self.shared else z.unflatten(1, (self.members, -1))
        codes = each.transpose(0, 1)
        states = self.scan(self.read(codes).unsqueeze(0), self.start(codes).tanh(), steps)
        written = self.write(states.transpose(0, 1).flatten(1, 2)).unflatten(1, (steps, len(z)))
        by_sample = written.permute(2, 1, 0, 3)  # (B, T, M, C)
        lengths = None if given is None else given.lengths
        return flipped(by_sample.flatten(2), lengths).unflatten(2, (self.members, -1)).transpose(1, 2)


class Median(nn.Module):
    """The median over the members, entry by entry: ``(B, M, …) → (B, …)``; of two in the middle their mean."""

    def forward(self, written: Tensor) -> Tensor:
        """Return the median."""
        ordered = written.sort(1).values
        middle = (written.shape[1] - 1) // 2, written.shape[1] // 2
        return 0.5 * (ordered[:, middle[0]] + ordered[:, middle[1]])


class MemberError(Term):
    """Mean squared error of each member; the loss is their sum, so that none has a part in another's gradient."""

    name = "mse"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the mean over the members, and the sum."""
        members = seen.output.shape[1]
        observed = None if seen.batch.observed is None else seen.batch.observed.unsqueeze(1).expand_as(seen.output)
        error = masked_mean((seen.output - seen.batch.targets.unsqueeze(1)).square(), observed)
        return error, members * error
