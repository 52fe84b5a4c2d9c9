"""Where in a series a step is, as numbers that a network can tell apart."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def sinusoids(steps: int, width: int, like: Tensor) -> Tensor:
    """Return the positions of steps as sines and cosines of many wavelengths (Vaswani et al. 2017, section 3.5).

    Parameters
    ----------
    steps : int
    width : int
        Even or odd; of an odd one the last cosine is left out.
    like : Tensor
        Of the device and precision that are wanted.

    Returns
    -------
    Tensor ``(steps, width)``
        sin(t / 10000^(2i/width)) in entry 2i of step t, the cosine in entry 2i+1.
    """
    pairs = (width + 1) // 2
    rates = torch.exp(torch.arange(pairs, device=like.device, dtype=like.dtype) * (-2 * math.log(10_000.0) / width))
    angles = torch.arange(steps, device=like.device, dtype=like.dtype)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :width]


def within(lengths: Tensor | None, steps: int) -> Tensor | None:
    """Return which of `steps` steps belong to their series, bool ``(B, steps)``; None where all of them do.

    The first step always does, so that there is one to look at.
    """
    if lengths is None:
        return None
    return torch.arange(steps, device=lengths.device) < lengths.clamp(min=1)[:, None]
