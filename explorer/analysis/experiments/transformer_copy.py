"""Strings copied by a transformer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.analysis.copied_strings import CopiedStrings
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.teaching import held_out, taught
from explorer.parameters import Param
from explorer.progress import Part, Progress

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.models.parts.sequences import StepClassifier


@dataclass(kw_only=True, eq=False, repr=False)
class TransformerCopy(Experiment):
    """A small causal transformer writes down strings that it was told, whole and by itself.

    Strings of 1 to 20 symbols out of 8, padded; two blocks of width 32 with two heads. While it learns it reads the
    true copy up to each step; judged is what it writes by itself, of which every symbol and the end must be right. The
    control has no causal mask: it sees the answer while it learns, is all right by that count, and writes nonsense by
    itself. Padding that is put between string and copy must not matter once the masks are right.
    """

    title: ClassVar[str] = "Copying strings with a transformer"
    minutes: ClassVar[float] = 1.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("exact_match", ">=", 0.99),
        Target("uncausal_exact_match", "<=", 0.05),
    )

    longest: Annotated[int, Param("Symbols of the longest string.", ge=1, le=1000)] = 20
    epochs: Annotated[int, Param("Of 6,400 strings.", ge=1, le=1000)] = 5

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train with and without the causal mask, and let both write 1,000 fresh strings."""
        from explorer.models.parts.sequences import StepClassifier, TokenTransformer

        task = CopiedStrings(6400, self.longest)
        channels, width = task.symbols + 2, 32
        judging = CopiedStrings(1000, self.longest)
        fresh = held_out(judging, seed)
        values: dict[str, float] = {}
        for i, (name, causal) in enumerate((("", True), ("uncausal_", False))):
            module = taught(
                lambda causal=causal: StepClassifier(
                    TokenTransformer(channels, width, 2, 2, causal=causal), width, channels
                ),
                task,
                epochs=self.epochs,
                batch_size=64,
                learning_rate=3e-3,
                seed=seed,
                progress=Part(progress, i / 2, 0.5, "without the mask, " if i else ""),
            )
            values |= {f"{name}{key}": value for key, value in judged(module, judging, fresh).items()}
        return Measured(values, {"chance_exact_match": judging.chance})


def judged(module: StepClassifier, task: CopiedStrings, fresh: dict[str, Tensor]) -> dict[str, float]:
    """Return how many strings a network writes right by itself, and how many symbols with the truth before each."""
    import torch

    with torch.inference_mode():
        answers = fresh["masks"]
        wanted = answers[:, task.told - 1 :]
        written = module.write(fresh["inputs"][:, : task.told], wanted.shape[1])
        known = answers >= 0
        right = module(fresh["inputs"]).argmax(-1) == answers
    exact = ((written == wanted) | (wanted < 0)).all(1)
    return {"exact_match": float(exact.float().mean()), "taught_accuracy": float(right[known].float().mean())}
