"""Series by the frame: several steps at once, and series written backwards, each within its own length."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.spec import SampleSpec

LONGEST_FRAME = 8
FEWEST_FRAMES = 10


def usual_frame(spec: SampleSpec) -> int:
    """Return how many steps a recurrent network reads and writes at once where nobody chose.

    A tenth of the series, at most 8. On noisy waves of 50 steps, frames of 5 gave 4.5 times as many updates a second
    and 11.6 dB after a minute, where single steps gave 10.0 and frames of 10 gave 11.3 (one run each). Characters are
    read one by one.
    """
    if spec.kind == "one-hot" or len(spec.shape) != 2:
        return 1
    return max(1, min(LONGEST_FRAME, spec.steps // FEWEST_FRAMES))


def framed(x: Tensor, size: int) -> Tensor:
    """Return series ``(B, T, C)`` as frames of `size` steps, ``(B, ⌈T / size⌉, size · C)``; the last filled with 0."""
    if size == 1:
        return x
    missing = -x.shape[1] % size
    if missing:
        x = nn.functional.pad(x, (0, 0, 0, missing))
    return x.reshape(len(x), -1, size * x.shape[2])


def unframed(frames: Tensor, size: int, steps: int) -> Tensor:
    """Return the series ``(B, steps, C)`` of frames."""
    if size == 1:
        return frames
    return frames.reshape(len(frames), frames.shape[1] * size, -1)[:, :steps]


def number_of_frames(steps: int, size: int) -> int:
    """Return how many frames `steps` steps fill."""
    return -(-steps // size)


def within(lengths: Tensor, steps: int) -> Tensor:
    """Return which of `steps` steps are within each series' length, bool ``(B, steps, 1)``."""
    return (torch.arange(steps, device=lengths.device) < lengths[:, None]).unsqueeze(-1)


def flipped(x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Return series ``(B, T, C)`` backwards in time, each within its own length: padding stays where it is."""
    if lengths is None:
        return x.flip(1)
    steps = torch.arange(x.shape[1], device=x.device).expand(len(x), -1)
    ends = lengths[:, None]
    source = torch.where(steps < ends, ends - 1 - steps, steps)
    return x.gather(1, source.unsqueeze(-1).expand_as(x))
