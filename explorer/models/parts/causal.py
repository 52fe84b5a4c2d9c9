"""Stacks of causal dilated convolutions over ``(B, T, C)``, and the encoder and the decoder made of them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.models.parts.causal_blocks import BLOCKS, CausalBlock, every
from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.convolutional import channels_first
from explorer.models.parts.positions import sinusoids
from explorer.training.step import Batch, Step


def dilations_for(steps: int, kernel: int, convolutions: int = 1, growth: int = 2) -> list[int]:
    """Return dilations 1, g, g², … such that the last step sees `steps` steps; see `receptive_field`."""
    dilations = [1]
    while receptive_field(dilations, kernel, convolutions) < steps:
        dilations.append(growth * dilations[-1])
    return dilations


def receptive_field(dilations: list[int], kernel: int, convolutions: int = 1) -> int:
    """Return how many steps, the present one included, an output depends on: 1 + n (kernel − 1) Σ dilations.

    Each dilation is that of n `convolutions`, one after the other.
    """
    return 1 + convolutions * (kernel - 1) * sum(dilations)


class CausalStack(nn.Module):
    """Blocks whose reach grows from one to the next, as many as it takes for a step to see `steps` steps.

    What they give is summed.

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
    block : str
        Kind of the blocks, one of `explorer.models.parts.causal_blocks.BLOCKS`.
    growth : int
        Of the dilation from block to block, from 2 to `kernel`: beyond that, steps would be left out.

    Attributes
    ----------
    dilations : list of int
    receptive_field : int
    """

    def __init__(
        self,
        channels: int,
        width: int,
        steps: int,
        kernel: int = 2,
        condition: int = 0,
        *,
        block: str = "gated",
        growth: int = 2,
    ) -> None:
        super().__init__()
        kind, self.growth = BLOCKS[block], growth
        self.dilations = dilations_for(steps, kernel, kind.convolutions, growth)
        self.receptive_field = receptive_field(self.dilations, kernel, kind.convolutions)
        last = len(self.dilations) - 1
        self.first = nn.Linear(channels, width)
        self.blocks = nn.ModuleList(
            kind(width, kernel, dilation, last=i == last) for i, dilation in enumerate(self.dilations)
        )
        self.condition = nn.Linear(condition, kind.shifts(width) * len(self.dilations)) if condition else None

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Return the outputs ``(B, T, width)`` of inputs ``(B, T, channels)``; step t depends on none after t."""
        hidden = channels_first(self.first(x))
        shifts: list[Tensor | None] = [None] * len(self.blocks)
        if self.condition is not None and condition is not None:
            shifts = list(self.condition(condition)[:, :, None, None].chunk(len(self.blocks), 1))
        total = torch.zeros((), device=x.device, dtype=x.dtype)
        for block, shift in zip(self.blocks, shifts, strict=True):
            hidden, out = block(hidden, shift)
            total = total if out is None else total + out
        return functional.relu(total).squeeze(2).movedim(1, -1)

    def last_step(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return what `forward` gives at the last step of each series, ``(B, width)``, in a fraction of the time.

        Each block is only asked for the steps, up to the last, that those after it look at: every second one of
        the block before it, where dilations double. All blocks together then take few more steps than the first.
        """
        steps, known = x.shape[1], None
        if lengths is not None:  # move the ends of all series to the right
            source = torch.arange(steps, device=x.device) - steps + lengths.clamp(min=1)[:, None]
            x = x.gather(1, source.clamp(min=0)[:, :, None].expand_as(x))
            known = (source >= 0)[:, None, None, :]
        hidden = channels_first(self.first(x))
        total = torch.zeros((), device=x.device, dtype=x.dtype)
        for block in self.blocks:
            assert isinstance(block, CausalBlock)
            hidden, out = block.thinned(hidden, self.growth, known)
            known = None if known is None else every(known, self.growth)
            total = total if out is None else total + out
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
    block : str
    growth : int
    """

    def __init__(
        self, channels: int, width: int, steps: int, kernel: int = 2, *, block: str = "gated", growth: int = 2
    ) -> None:
        super().__init__(width, any_length=True)
        self.stack = CausalStack(channels, width, steps, kernel, block=block, growth=growth)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        return self.stack.last_step(batch.inputs, batch.lengths)


class CausalDecoder(Decoder):
    """Positions → causal stack, conditioned on the code at every step → the same linear layer at every step.

    All steps are written at once: none waits for the one before.
    """

    def __init__(
        self, latent_dim: int, width: int, steps: int, channels: int, kernel: int = 2, *, block: str = "gated"
    ) -> None:
        super().__init__()
        self.steps, self.width = steps, width
        self.stack = CausalStack(width, width, steps, kernel, latent_dim, block=block)
        self.last = nn.Linear(width, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        carrier = sinusoids(steps, self.width, z).expand(len(z), -1, -1)
        return self.last(self.stack(carrier, z))
