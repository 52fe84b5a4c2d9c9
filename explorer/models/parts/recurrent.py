"""Recurrent encoders and decoders of series ``(B, T, C)``."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.scan import scan
from explorer.training.step import Batch, Step

CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def recurrent(cell: str, width: int, hidden: int, *, layers: int = 1) -> nn.RNNBase:
    """Return a recurrent network over ``(B, T, width)`` that starts with gradients that last.

    Recurrent weights are orthogonal (Saxe et al. 2014), and an LSTM's forget gate starts open (Jozefowicz et al. 2015).
    """
    network = CELLS[cell](width, hidden, layers, batch_first=True)
    for name, parameter in network.named_parameters():
        if name.startswith("weight_hh"):
            for block in parameter.data.split(hidden):
                nn.init.orthogonal_(block)
        elif name.startswith("weight_ih"):
            for block in parameter.data.split(hidden):
                nn.init.xavier_uniform_(block)
        else:
            nn.init.zeros_(parameter)
            if cell == "lstm" and name.startswith("bias_ih"):
                parameter.data[hidden : 2 * hidden] = 1.0
    return network


class RecurrentEncoder(Encoder):
    """The last hidden state h_T of a recurrent network, of each series at its own length.

    Parameters
    ----------
    channels : int
    hidden : int
    cell : {"rnn", "gru", "lstm"}
    layers : int
    """

    def __init__(self, channels: int, hidden: int, cell: str = "lstm", *, layers: int = 1) -> None:
        super().__init__(hidden, any_length=True)
        self.network = recurrent(cell, channels, hidden, layers=layers)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, hidden)``."""
        states = scan(self.network, batch.inputs, batch.inputs.shape[1])
        if batch.lengths is None:
            return states[:, -1]
        # The steps after a series' end come later in time, so they cannot have changed the state at its end.
        rows = torch.arange(len(states), device=states.device)
        return states[rows, (batch.lengths - 1).clamp(min=0)]


class RecurrentDecoder(Decoder):
    """The code at every step → recurrent network → the same linear layer at every step.

    Parameters
    ----------
    latent_dim, hidden : int
    steps, channels : int
        Of a decoded series.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    """

    def __init__(
        self, latent_dim: int, hidden: int, steps: int, channels: int, cell: str = "lstm", *, layers: int = 1
    ) -> None:
        super().__init__()
        self.steps = steps
        self.network = recurrent(cell, latent_dim, hidden, layers=layers)
        self.last = nn.Linear(hidden, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        return self.last(scan(self.network, z.unsqueeze(1), steps))
