"""When the steps of a batch of series were: gaps, and the observed ones alone."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.training.step import Batch


def even_times(batch: Batch) -> Tensor:
    """Return the times ``(B, T)`` of a batch's steps; without any, evenly from 0 to 1."""
    if batch.times is not None:
        return batch.times
    count, steps = batch.inputs.shape[:2]
    like = batch.inputs
    return torch.linspace(0.0, 1.0, steps, dtype=like.dtype, device=like.device).expand(count, steps)


@dataclass(frozen=True)
class Observations:
    """The observed steps of series, the last one first.

    Parameters
    ----------
    values : Tensor ``(K, B, 2 C)``
        Values, 0 where missing, beside 1 where seen and 0 where not.
    gaps : Tensor ``(K + 1, B)``
        Time from each step back to the one before; first of all 0, and at last back to time 0 (below 0 for a series
        that begins earlier). 0 for steps that there are not.
    there : Tensor, bool ``(K, B)``
        False after the first observation of a series that has fewer than others.
    all_there : bool
    """

    values: Tensor
    gaps: Tensor
    there: Tensor
    all_there: bool


def observed_backwards(batch: Batch) -> Observations:
    """Return the observed steps of a batch in the order in which an encoder that runs back in time meets them."""
    inputs, times = batch.inputs, even_times(batch).to(batch.inputs.dtype)
    seen = torch.ones_like(inputs, dtype=torch.bool) if batch.seen is None else batch.seen
    there = seen.any(2)
    if batch.lengths is not None:
        there = there & (torch.arange(inputs.shape[1], device=inputs.device) < batch.lengths[:, None])
    steps = torch.arange(1, inputs.shape[1] + 1, device=inputs.device)
    most = max(1, int(there.sum(1).max()))
    rank, order = torch.where(there, steps, 0).topk(most, dim=1)  # the last first, and those there are not at the end
    there = rank > 0
    values = torch.cat([torch.where(seen, inputs, 0.0), seen.to(inputs.dtype)], dim=2)
    values = values.gather(1, order[:, :, None].expand(-1, -1, values.shape[2])).transpose(0, 1)
    when = times.gather(1, order)
    # Those there are not stand where the first observation is, so that no time passes.
    first = when.gather(1, there.sum(1, keepdim=True).clamp(min=1) - 1)
    when = torch.where(there, when, first)
    gaps = torch.cat([torch.zeros_like(first), when[:, :-1] - when[:, 1:], when[:, -1:]], dim=1)
    return Observations(values.contiguous(), gaps.T.contiguous(), there.T, bool(there.all()))
