"""Causal dilated convolutions with gated units: WaveNet's blocks (van den Oord et al. 2016), over ``(B, T, C)``."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.convolutional import channels_first
from explorer.models.parts.positions import sinusoids
from explorer.training.step import Batch, Step


def dilations_for(steps: int, kernel: int) -> list[int]:
    """Return dilations 1, 2, 4, … such that the last step sees `steps` steps; see `receptive_field`."""
    dilations = [1]
    while receptive_field(dilations, kernel) < steps:
        dilations.append(2 * dilations[-1])
    return dilations


def receptive_field(dilations: list[int], kernel: int) -> int:
    """Return how many steps, the present one included, an output depends on: 1 + (kernel − 1) Σ dilations."""
    return 1 + (kernel - 1) * sum(dilations)


class GatedBlock(nn.Module):
    """z = tanh(W_f ∗ x + v_f) ⊙ σ(W_g ∗ x + v_g); 1×1 convolutions of z go to the next block and to the output.

    v comes from what all steps are conditioned on (eq. 2 and 3 of the paper). Where the last block, nothing goes on.
    """

    def __init__(self, width: int, kernel: int, dilation: int, *, last: bool) -> None:
        super().__init__()
        self.kernel, self.dilation = kernel, dilation
        self.convolution = nn.Conv2d(width, 2 * width, (1, kernel), dilation=(1, dilation))
        self.skip = nn.Conv2d(width, width, 1)
        self.onward = None if last else nn.Conv2d(width, width, 1)
        nn.init.xavier_uniform_(self.convolution.weight)

    def forward(self, x: Tensor, condition: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return what goes to the next block and to the output ``(B, width, 1, T)``."""
        before = (self.kernel - 1) * self.dilation
        z = _gated(self.convolution(functional.pad(x, (before, 0))), condition)
        return x if self.onward is None else x + self.onward(z), self.skip(z)

    def thinned(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Do the same where `x` holds every `dilation`-th step up to the last one.

        Returns
        -------
        tuple of Tensor
            Every second of what would go to the next block, up to the last step; the output at the last step alone.
        """
        steps = x.shape[-1]
        wanted = -(-steps // 2)
        before = 2 * (wanted - 1) + self.kernel - steps
        mapped = functional.conv2d(
            functional.pad(x, (before, 0)), self.convolution.weight, self.convolution.bias, stride=(1, 2)
        )
        z = _gated(mapped, None)
        rest = x[..., (steps - 1) % 2 :: 2]
        return rest if self.onward is None else rest + self.onward(z), self.skip(z[..., -1:])


class CausalStack(nn.Module):
    """Blocks of dilation 1, 2, 4, …, as many as it takes for a step to see `steps` steps; outputs are summed.

    Parameters
    ----------
    channels : int
        Of the input.
    width : int
        Channels of each block and of the output.
    steps : int
        The least receptive field.
    kernel : int
        Steps that a convolution spans, at least 2.
    condition : int
        Width of what all steps are conditioned on (global conditioning); 0: nothing.

    Attributes
    ----------
    dilations : list of int
    receptive_field : int
    """

    def __init__(self, channels: int, width: int, steps: int, kernel: int = 2, condition: int = 0) -> None:
        super().__init__()
        self.dilations = dilations_for(steps, kernel)
        self.receptive_field = receptive_field(self.dilations, kernel)
        last = len(self.dilations) - 1
        self.first = nn.Linear(channels, width)
        self.blocks = nn.ModuleList(
            GatedBlock(width, kernel, dilation, last=i == last) for i, dilation in enumerate(self.dilations)
        )
        self.condition = nn.Linear(condition, 2 * width * len(self.dilations)) if condition else None

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Return the outputs ``(B, T, width)`` of inputs ``(B, T, channels)``; step t depends on none after t."""
        hidden = channels_first(self.first(x))
        shifts: list[Tensor | None] = [None] * len(self.blocks)
        if self.condition is not None and condition is not None:
            shifts = list(self.condition(condition)[:, :, None, None].chunk(len(self.blocks), 1))
        total = torch.zeros((), device=x.device, dtype=x.dtype)
        for block, shift in zip(self.blocks, shifts, strict=True):
            hidden, out = block(hidden, shift)
            total = total + out
        return functional.relu(total).squeeze(2).movedim(1, -1)

    def last_step(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return what `forward` gives at the last step of each series, ``(B, width)``, in a fraction of the time.

        Block i is only asked for every 2^(i+1)-th step up to the last. All blocks together then take as many steps
        as one of them does otherwise.
        """
        steps, known = x.shape[1], None
        if lengths is not None:  # move the ends of all series to the right
            source = torch.arange(steps, device=x.device) - steps + lengths.clamp(min=1)[:, None]
            x = x.gather(1, source.clamp(min=0)[:, :, None].expand_as(x))
            known = (source >= 0)[:, None, None, :]
        hidden = channels_first(self.first(x))
        total = torch.zeros((), device=x.device, dtype=x.dtype)
        for block in self.blocks:
            assert isinstance(block, GatedBlock)
            if known is not None:
                hidden = torch.where(known, hidden, 0.0)
                known = known[..., (known.shape[-1] - 1) % 2 :: 2]
            hidden, out = block.thinned(hidden)
            total = total + out
        return functional.relu(total).flatten(1)


class CausalEncoder(Encoder):
    """The state of a causal stack at each series' own last step, from which all steps can be seen.

    Parameters
    ----------
    channels : int
    width : int
    steps : int
        Of the series that it is made for; of longer ones it sees as many of the last steps as its receptive field.
    kernel : int
    """

    def __init__(self, channels: int, width: int, steps: int, kernel: int = 2) -> None:
        super().__init__(width, any_length=True)
        self.stack = CausalStack(channels, width, steps, kernel)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        return self.stack.last_step(batch.inputs, batch.lengths)


class CausalDecoder(Decoder):
    """Positions → causal stack, conditioned on the code at every step → the same linear layer at every step.

    All steps are written at once: none waits for the one before.
    """

    def __init__(self, latent_dim: int, width: int, steps: int, channels: int, kernel: int = 2) -> None:
        super().__init__()
        self.steps, self.width = steps, width
        self.stack = CausalStack(width, width, steps, kernel, latent_dim)
        self.last = nn.Linear(width, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        carrier = sinusoids(steps, self.width, z).expand(len(z), -1, -1)
        return self.last(self.stack(carrier, z))


def _gated(mapped: Tensor, condition: Tensor | None) -> Tensor:
    """Return tanh(a) σ(b) of the halves a, b of the channels."""
    a, b = (mapped if condition is None else mapped + condition).chunk(2, 1)
    return torch.tanh(a) * torch.sigmoid(b)
