"""Recurrent encoders and decoders of series ``(B, T, C)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.frames import flipped, framed, number_of_frames, unframed, within
from explorer.models.parts.scan import State, last_states, scan
from explorer.training.step import Batch, Step

CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
Order = Literal["forward", "reversed"]
CodeTo = Literal["steps", "state", "both"]


def recurrent(cell: str, width: int, hidden: int, *, layers: int = 1, bidirectional: bool = False) -> nn.RNNBase:
    """Return a recurrent network over ``(B, T, width)`` that starts with gradients that last.

    Recurrent weights are orthogonal (Saxe et al. 2014), and an LSTM's forget gate starts open (Jozefowicz et al. 2015).
    """
    network = CELLS[cell](width, hidden, layers, batch_first=True, bidirectional=bidirectional)
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
    """The last hidden state of every layer and direction, of each series at its own length.

    Parameters
    ----------
    channels : int
    hidden : int
    cell : {"rnn", "gru", "lstm"}
    layers : int
    bidirectional : bool
        A second network reads each series from its own end to its start.
    frame : int
        Steps that are read at once.
    order : {"forward", "reversed"}
        "reversed" reads from the end (Sutskever et al. 2014).
    """

    def __init__(
        self,
        channels: int,
        hidden: int,
        cell: str = "lstm",
        *,
        layers: int = 1,
        bidirectional: bool = False,
        frame: int = 1,
        order: Order = "forward",
    ) -> None:
        super().__init__(hidden * layers * (2 if bidirectional else 1), any_length=True)
        self.network = recurrent(cell, channels * frame, hidden, layers=layers, bidirectional=bidirectional)
        self.frame, self.order = frame, order

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        x, lengths = batch.inputs, batch.lengths
        if self.order == "reversed":
            x = flipped(x, lengths)
        if lengths is not None:
            # What stands beyond a series' end would come into its last frame.
            x = torch.where(within(lengths, x.shape[1]), x, 0.0) if self.frame > 1 else x
            lengths = (lengths.clamp(min=1) + self.frame - 1) // self.frame
        x = framed(x, self.frame)
        return last_states(self.network, x, lengths)


class InitialState(nn.Module):
    """A network's state before the first step, made of the code.

    h₀ = tanh(W z + b), as hidden states are; the cell state c₀ of an LSTM is linear.
    """

    def __init__(self, latent_dim: int, network: nn.RNNBase) -> None:
        super().__init__()
        self.layers, self.hidden = network.num_layers, network.hidden_size
        self.cells = isinstance(network, nn.LSTM)
        self.map = nn.Linear(latent_dim, self.layers * self.hidden * (2 if self.cells else 1))

    def forward(self, z: Tensor) -> State:
        """Return h₀ ``(layers, B, hidden)``, or (h₀, c₀)."""
        made = self.map(z).unflatten(1, (-1, self.layers, self.hidden)).permute(1, 2, 0, 3).contiguous()
        hidden = torch.tanh(made[0])
        return (hidden, made[1]) if self.cells else hidden


class RecurrentDecoder(Decoder):
    """The code at every step → recurrent network → the same linear layer at every step. It does not see what it wrote.

    Parameters
    ----------
    latent_dim, hidden : int
    steps, channels : int
        Of a decoded series.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    frame : int
        Steps that are written at once.
    order : {"forward", "reversed"}
        "reversed" writes each series from its own end to its start.
    code_to : {"steps", "state", "both"}
        Whether the code comes in at every step, as the state before the first, or both.
    fed_back : int
        Channels of what comes in at each step beside the code.
    """

    def __init__(
        self,
        latent_dim: int,
        hidden: int,
        steps: int,
        channels: int,
        cell: str = "lstm",
        *,
        layers: int = 1,
        frame: int = 1,
        order: Order = "forward",
        code_to: CodeTo = "steps",
        fed_back: int = 0,
    ) -> None:
        super().__init__()
        self.steps, self.channels, self.frame = steps, channels, frame
        self.order, self.code_to = order, code_to
        width = (0 if code_to == "state" else latent_dim) + fed_back
        self.network = recurrent(cell, max(1, width), hidden, layers=layers)
        self.last = nn.Linear(hidden, frame * channels)
        self.start = None if code_to == "steps" else InitialState(latent_dim, self.network)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        lengths = None if given is None else given.lengths
        return self._series(self._frames(z, number_of_frames(steps, self.frame), given, step), steps, lengths)

    def _series(self, frames: Tensor, steps: int, lengths: Tensor | None) -> Tensor:
        """Return the series ``(B, steps, C)`` of frames in the order in which they were written."""
        series = unframed(frames, self.frame, steps)
        return flipped(series, lengths) if self.order == "reversed" else series

    def _frames(self, z: Tensor, count: int, given: Batch | None, step: Step | None) -> Tensor:
        """Return `count` frames ``(B, count, frame · C)`` in the order in which they are written."""
        state = None if self.start is None else self.start(z)
        x = z.new_zeros(len(z), 1) if self.code_to == "state" else z
        return self.last(scan(self.network, x.unsqueeze(1), count, state))
