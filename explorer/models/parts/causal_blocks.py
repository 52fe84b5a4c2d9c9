"""Blocks of causal dilated convolutions over ``(B, C, 1, T)``: WaveNet's gated ones, and residual ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional


class CausalBlock(nn.Module, ABC):
    """Part of a `explorer.models.parts.causal.CausalStack`.

    Parameters
    ----------
    width : int
        Channels.
    kernel : int
        Steps that a convolution spans.
    dilation : int
    last : bool
        Whether no block comes after it.

    Attributes
    ----------
    convolutions : int
        Dilated ones, one after the other: each reaches ``(kernel − 1) dilation`` steps further back.
    """

    convolutions: ClassVar[int] = 1

    def __init__(self, width: int, kernel: int, dilation: int, *, last: bool) -> None:
        super().__init__()
        self.width, self.kernel, self.dilation, self.last = width, kernel, dilation, last

    @staticmethod
    @abstractmethod
    def shifts(width: int) -> int:
        """Return how many numbers a block takes of what all steps are conditioned on."""

    @abstractmethod
    def forward(self, x: Tensor, condition: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return what goes to the next block, and what is added to the stack's output (None: nothing)."""

    @abstractmethod
    def thinned(self, x: Tensor, keep: int, known: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Do the same where `x` holds every `dilation`-th step up to the last one.

        Parameters
        ----------
        x : Tensor
        keep : int
        known : Tensor or None, bool, to be broadcast with `x`
            Where a series has begun; None: everywhere.

        Returns
        -------
        tuple of Tensor
            Every `keep`-th of what would go to the next block, up to the last step; the output at the last step alone.
        """


class GatedBlock(CausalBlock):
    """z = tanh(W_f ∗ x + v_f) ⊙ σ(W_g ∗ x + v_g); 1×1 convolutions of z go to the next block and to the output.

    v comes from what all steps are conditioned on (van den Oord et al. 2016, eq. 2 and 3). Where the last block,
    nothing goes on.
    """

    def __init__(self, width: int, kernel: int, dilation: int, *, last: bool) -> None:
        super().__init__(width, kernel, dilation, last=last)
        self.convolution = nn.Conv2d(width, 2 * width, (1, kernel), dilation=(1, dilation))
        self.skip = nn.Conv2d(width, width, 1)
        self.onward = None if last else nn.Conv2d(width, width, 1)
        nn.init.xavier_uniform_(self.convolution.weight)

    @staticmethod
    def shifts(width: int) -> int:
        """One for each channel and for its gate; see `CausalBlock.shifts`."""
        return 2 * width

    def forward(self, x: Tensor, condition: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return what goes to the next block and to the output; see `CausalBlock.forward`."""
        z = _gated(self.convolution(_padded(x, self.kernel, self.dilation)), condition)
        return x if self.onward is None else x + self.onward(z), self.skip(z)

    def thinned(self, x: Tensor, keep: int, known: Tensor | None) -> tuple[Tensor, Tensor]:
        """Do the same for some steps; see `CausalBlock.thinned`."""
        x = _silent(x, known)
        z = _gated(_thinning(x, self.convolution.weight, self.convolution.bias, keep), None)
        rest = every(x, keep)
        return rest if self.onward is None else rest + self.onward(z), self.skip(z[..., -1:])


class ResidualBlock(CausalBlock):
    """relu(x + relu(V ∗ relu(W ∗ x + c))): two convolutions with weight normalisation (Bai, Kolter & Koltun 2018).

    c comes from what all steps are conditioned on, which the paper does not do; biases are not written. The output is
    the last block's. The paper's dropout is left out: its own settings for long memories have none.
    """

    convolutions: ClassVar[int] = 2

    def __init__(self, width: int, kernel: int, dilation: int, *, last: bool) -> None:
        super().__init__(width, kernel, dilation, last=last)
        self.reading = NormedConvolution(width, kernel, dilation)
        self.writing = NormedConvolution(width, kernel, dilation)

    @staticmethod
    def shifts(width: int) -> int:
        """One for each channel; see `CausalBlock.shifts`."""
        return width

    def forward(self, x: Tensor, condition: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return what goes to the next block or to the output; see `CausalBlock.forward`."""
        read = self.reading(_padded(x, self.kernel, self.dilation))
        h = functional.relu(read if condition is None else read + condition)
        y = functional.relu(x + functional.relu(self.writing(_padded(h, self.kernel, self.dilation))))
        return y, y if self.last else None

    def thinned(self, x: Tensor, keep: int, known: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Do the same for some steps; see `CausalBlock.thinned`."""
        x = _silent(x, known)
        h = _silent(functional.relu(_thinning(x, self.reading.normed(), self.reading.bias, 1)), known)
        written = functional.relu(_thinning(h, self.writing.normed(), self.writing.bias, keep))
        y = functional.relu(every(x, keep) + written)
        return y, y[..., -1:] if self.last else None


BLOCKS: dict[str, type[CausalBlock]] = {"gated": GatedBlock, "residual": ResidualBlock}
"""Kinds of blocks by name."""


class NormedConvolution(nn.Conv2d):
    """W = g w / ‖w‖ for each channel that is written: weight normalisation (Salimans & Kingma 2016)."""

    def __init__(self, width: int, kernel: int, dilation: int) -> None:
        super().__init__(width, width, (1, kernel), dilation=(1, dilation))
        self.length = nn.Parameter(torch.linalg.vector_norm(self.weight.detach(), dim=(1, 2, 3), keepdim=True))

    def normed(self) -> Tensor:
        """Return W."""
        return self.weight * (self.length / torch.linalg.vector_norm(self.weight, dim=(1, 2, 3), keepdim=True))

    def forward(self, input: Tensor) -> Tensor:
        """Return W ∗ x + b."""
        return self._conv_forward(input, self.normed(), self.bias)


def _gated(mapped: Tensor, condition: Tensor | None) -> Tensor:
    """Return tanh(a) σ(b) of the halves a, b of the channels."""
    a, b = (mapped if condition is None else mapped + condition).chunk(2, 1)
    return torch.tanh(a) * torch.sigmoid(b)


def _padded(x: Tensor, kernel: int, dilation: int) -> Tensor:
    """Return `x` with as many zeros before it as a convolution looks back."""
    return functional.pad(x, ((kernel - 1) * dilation, 0))


def _thinning(x: Tensor, weight: Tensor, bias: Tensor | None, keep: int) -> Tensor:
    """Return every `keep`-th step, up to the last, of the causal convolution of neighbouring steps."""
    steps = x.shape[-1]
    before = keep * (-(-steps // keep) - 1) + weight.shape[-1] - steps
    return functional.conv2d(functional.pad(x, (before, 0)), weight, bias, stride=(1, keep))


def every(x: Tensor, keep: int) -> Tensor:
    """Return every `keep`-th step up to the last."""
    return x[..., (x.shape[-1] - 1) % keep :: keep]


def _silent(x: Tensor, known: Tensor | None) -> Tensor:
    """Return `x` with 0 before a series begins."""
    return x if known is None else torch.where(known, x, 0.0)
