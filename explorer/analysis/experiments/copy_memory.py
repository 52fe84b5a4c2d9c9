"""Symbols said again after a thousand steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.experiments.causality import past_change
from explorer.analysis.long_memories import CopiedMemory
from explorer.analysis.teaching import held_out, taught
from explorer.parameters import Param
from explorer.progress import Part, Progress

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.models.parts.sequences import StepClassifier

BLOCKS = ("residual", "gated")
WIDTH = 16


@dataclass(kw_only=True, eq=False, repr=False)
class CopyMemory(Experiment):
    """Residual causal convolutions say ten symbols again that they read a thousand steps before.

    Published (Bai, Kolter and Koltun 2018): a loss of 3.5e-5 at T = 1000, where an LSTM and a GRU stay near the guess
    of one who knows all but the symbols. Here the same residual blocks with wider kernels in fewer of them, Adam, and
    fresh series in every step; beside them WaveNet's gated blocks, taught just so. Judged are the cross-entropy in nats
    per step and the share of symbols that are right, both on 1,000 series that no training saw, and by how much the
    past of the taught network changes where its future is replaced.

    Kernel, growth of the dilations, batch, step size and number of steps were chosen by the training losses of seeds 0
    to 2. With kernels of 8 whose dilations grow eightfold, of which 1,010 steps are almost the whole reach, nothing
    was learnt. The gated blocks have one convolution each and so half the reach, which covers the series too.
    """

    title: ClassVar[str] = "Copy memory: ten symbols over a thousand steps"
    minutes: ClassVar[float] = 4.0
    seeds: ClassVar[tuple[int, ...]] = (0, 1)
    targets: ClassVar[tuple[Target, ...]] = (
        Target("residual_loss", "<=", 1e-4),
        Target("residual_past_change", "<=", 0.0),
    )

    gap: Annotated[int, Param("Steps of nothing between the symbols and their copy.", ge=1, le=100_000)] = 1000
    epochs: Annotated[int, Param("Of 2,000 series.", ge=1, le=1000)] = 8

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train blocks of both kinds, and judge them by fresh series."""
        from explorer.models.parts.causal import CausalStack
        from explorer.models.parts.sequences import StepClassifier

        task = CopiedMemory(2000, self.gap)
        channels = task.CLASSES
        fresh = held_out(CopiedMemory(1000, self.gap), seed)
        values: dict[str, float] = {}
        for i, block in enumerate(BLOCKS):
            module = taught(
                lambda block=block: StepClassifier(
                    CausalStack(channels, WIDTH, task.steps, 16, block=block, growth=8), WIDTH, channels
                ),
                task,
                epochs=self.epochs,
                batch_size=8,
                learning_rate=2e-3,
                seed=seed,
                progress=Part(progress, i / 2, 0.5, f"{block}, "),
            )
            assert isinstance(module.stack, CausalStack)
            values |= {f"{block}_{name}": value for name, value in judged(module, fresh).items()}
            values[f"{block}_past_change"] = past_change(module, channels, task.steps)
            values[f"{block}_receptive_field"] = float(module.stack.receptive_field)
        return Measured(values, {"guess_loss": task.guess, "guess_accuracy": 1 / task.SYMBOLS})


def judged(module: StepClassifier, fresh: dict[str, Tensor]) -> dict[str, float]:
    """Return the cross-entropy over all steps, and the share of the symbols that are right."""
    import torch

    losses, right = [], []
    with torch.inference_mode():
        for inputs, answers in zip(fresh["inputs"].split(100), fresh["masks"].split(100), strict=True):
            logits = module(inputs)
            losses.append(torch.nn.functional.cross_entropy(logits.flatten(0, 1), answers.flatten()))
            end = slice(-CopiedMemory.MEMORY, None)
            right.append((logits[:, end].argmax(-1) == answers[:, end]).float().mean())
    return {"loss": float(torch.stack(losses).mean()), "accuracy": float(torch.stack(right).mean())}
