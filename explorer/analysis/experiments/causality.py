"""Nothing of the future reaches the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.progress import Progress

if TYPE_CHECKING:
    from torch import Tensor

STEPS, CHANNELS, WIDTH = 200, 3, 16


@dataclass(kw_only=True, eq=False, repr=False)
class Causality(Experiment):
    """WaveNet's blocks, residual ones and the transformer decoder write each step from the steps before it alone.

    All that comes after a step is replaced by large random numbers; what is written up to that step stays the same to
    the last bit. The same transformer without its mask shows what a leak looks like. The receptive field of the blocks
    is counted from gradients: the steps that the last one depends on. What stands beyond the end of a series leaves its
    code as it was, for every encoder.
    """

    title: ClassVar[str] = "Causality, receptive field and padding"
    minutes: ClassVar[float] = 0.2
    targets: ClassVar[tuple[Target, ...]] = (
        Target("wavenet_past_change", "<=", 0.0),
        Target("residual_past_change", "<=", 0.0),
        Target("transformer_past_change", "<=", 0.0),
        Target("wavenet_receptive_field", ">=", STEPS),
        Target("residual_receptive_field", ">=", STEPS),
        Target("padding_change", "<=", 1e-6),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Spoil the future after many steps, look back from the last one, and spoil what is beyond the ends."""
        from explorer.models.parts.attention import TransformerStack
        from explorer.models.parts.causal import CausalStack
        from explorer.training.device import seeded

        with seeded(seed):
            blocks, residual = (CausalStack(CHANNELS, WIDTH, STEPS, block=block) for block in ("gated", "residual"))
            masked, unmasked = (TransformerStack(WIDTH, 2, 2, causal=causal) for causal in (True, False))
            values = {
                "wavenet_past_change": past_change(blocks, CHANNELS),
                "residual_past_change": past_change(residual, CHANNELS),
                "transformer_past_change": past_change(masked, WIDTH),
                "wavenet_receptive_field": float(seen_steps(blocks)),
                "residual_receptive_field": float(seen_steps(residual)),
                "padding_change": padding_change(),
            }
            return Measured(values, {"unmasked_transformer_past_change": past_change(unmasked, WIDTH)})


def past_change(stack: Callable[[Tensor], Tensor], channels: int, steps: int = STEPS) -> float:
    """Return the largest change of an output up to some step when all inputs after that step are replaced."""
    import torch

    inputs = torch.randn(4, steps, channels)
    largest = 0.0
    with torch.no_grad():
        before = stack(inputs)
        for step in range(0, steps - 1, steps // 10):
            spoilt = inputs.clone()
            spoilt[:, step + 1 :] = 100 * torch.randn(4, steps - step - 1, channels)
            change = (stack(spoilt) - before)[:, : step + 1].abs().max()
            largest = max(largest, float(change))
    return largest


def seen_steps(stack: Callable[[Tensor], Tensor]) -> int:
    """Return on how many steps of a long series the last output depends."""
    import torch

    inputs = torch.randn(1, 2 * STEPS, CHANNELS, dtype=torch.float32, requires_grad=True)
    (gradient,) = torch.autograd.grad(stack(inputs)[0, -1].square().sum(), inputs)
    return int((gradient[0].abs().sum(-1) > 0).sum())


def padding_change() -> float:
    """Return the largest change of any feature when what stands beyond the ends of series is replaced."""
    import torch

    from explorer.models.networks import AXES
    from explorer.models.parts.networks import BUILDERS, build
    from explorer.models.spec import SampleSpec
    from explorer.training.step import Batch

    lengths = torch.arange(1, STEPS + 1, 7)
    inputs = torch.randn(len(lengths), STEPS, CHANNELS)
    beyond = (torch.arange(STEPS) >= lengths[:, None])[:, :, None]
    largest = 0.0
    for network in (name for name in BUILDERS if AXES[name] != (1, 2, 3)):
        encoder, _ = build(network, SampleSpec((STEPS, CHANNELS)), 2)
        with torch.no_grad():
            features = [
                encoder(Batch(x, x, None, lengths)) for x in (inputs, torch.where(beyond, torch.tensor(50.0), inputs))
            ]
        largest = max(largest, float((features[0] - features[1]).abs().max()))
    return largest
