"""A recurrent decoder of irregular series: at each step it is told when it is."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder
from explorer.models.parts.recurrent import recurrent
from explorer.models.parts.scan import scan
from explorer.models.parts.times import even_times
from explorer.training.step import Batch, Step

UNIT = 5.0
"""Times of 0 to 1 come in as 0 to 5: a network tells moments apart the sooner the farther they are from each other."""


class TimedDecoder(Decoder):
    """Code, time and the gap since the step before → recurrent network → the same linear layer at every step.

    Parameters
    ----------
    latent_dim, hidden, steps, channels : int
        Without a batch, `steps` are written, at even times from the start of the training data to their end.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    """

    def __init__(
        self, latent_dim: int, hidden: int, steps: int, channels: int, cell: str = "gru", *, layers: int = 1
    ) -> None:
        super().__init__()
        self.steps = steps
        self.network = recurrent(cell, latent_dim + 2, hidden, layers=layers)
        self.last = nn.Linear(hidden, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)`` at the times of those given."""
        if given is None:
            times = torch.linspace(0.0, 1.0, self.steps, dtype=z.dtype, device=z.device).expand(len(z), -1)
        else:
            times = even_times(given).to(z.dtype)
        gaps = torch.diff(times, dim=1, prepend=torch.zeros_like(times[:, :1]))
        when = UNIT * torch.stack([times, gaps], -1)
        x = torch.cat([z.unsqueeze(1).expand(-1, times.shape[1], -1), when], 2)
        return self.last(scan(self.network, x.contiguous(), times.shape[1], None))
