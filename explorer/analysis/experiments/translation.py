"""Dates and numbers, translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.language import bleu, character_accuracy, exact_match
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.parameters import Param
from explorer.progress import Part, Progress

if TYPE_CHECKING:
    from explorer.models.recipes.translator import Translator

BEAMS = 4
KINDS: dict[str, tuple[str, Literal["none", "dot"]]] = {
    "dates": ("dates", "none"),
    "dates_attention": ("dates", "dot"),
    "numbers": ("number-words", "none"),
}
"""The set and the attention of each translator."""


@dataclass(kw_only=True, eq=False, repr=False)
class Translation(Experiment):
    """Sequence to sequence translates dates into ISO 8601, and numbers in words into digits, all by itself.

    From one code, and for the dates with attention as well; written greedily and by four beams, ended by its own end
    token. Judged on the test part: the share of translations that are right to the last character, BLEU of characters
    (sacrebleu) and the share of characters in their place. Beside it: the source copied, and the control, in which the
    sources are exchanged among the test samples: what is right then is luck, and must be rare. "code_alone" is what is
    decoded from a place on the map: with attention, which is then without its eyes, that is less.
    """

    title: ClassVar[str] = "Translating dates and numbers"
    minutes: ClassVar[float] = 4.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("dates_exact_match", ">=", 0.95),
        Target("dates_attention_exact_match", ">=", 0.95),
        Target("numbers_exact_match", ">=", 0.95),
        Target("dates_shuffled_exact_match", "<=", 0.01),
        Target("numbers_shuffled_exact_match", "<=", 0.01),
    )

    n: Annotated[int, Param("Pairs of each kind; 70 % train.", ge=100, le=36_000)] = 4000
    epochs: Annotated[int, Param("At most.", ge=1, le=1000)] = 25

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train three translators and judge each on its test part."""
        from explorer.models.recipes.translator import Translator

        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        for i, (name, (kind, attention)) in enumerate(KINDS.items()):
            data = make(kind, seed=seed, n=self.n)
            model = Translator(attention=attention, epochs=self.epochs, seed=seed)
            model.fit(data, progress=Part(progress, i / len(KINDS), 1 / len(KINDS), f"{name}: "))
            if progress.cancelled():
                break
            values |= {f"{name}_{key}": value for key, value in judged(model, data.part("test"), seed).items()}
            if attention == "none":
                baselines |= {f"{name}_copy_{key}": value for key, value in copied(data.part("test")).items()}
        return Measured(values, baselines)


def judged(model: Translator, test: Dataset, seed: int) -> dict[str, float]:
    """Return how good the translations of samples are, and those of each other's sources."""
    true = test.translations.tolist()
    greedy, beams = (model._told(model.translated(test, beam=beam)) for beam in (1, BEAMS))
    order = np.random.default_rng(seed).permutation(len(test))
    shuffled = [greedy[i] for i in order]  # the translations of exchanged sources, against the translations here
    alone = model.write(model.transform(test))
    return {
        **_scores(greedy, true),
        "code_alone_exact_match": exact_match(alone, true),
        "beam_exact_match": exact_match(beams, true),
        "shuffled_exact_match": exact_match(shuffled, true),
        "shuffled_bleu": bleu(shuffled, true, characters=True),
    }


def copied(test: Dataset) -> dict[str, float]:
    """Return the same of the sources themselves."""
    return _scores([test.text_of(row) for row in range(len(test))], test.translations.tolist())


def _scores(written: list[str], true: list[str]) -> dict[str, float]:
    return {
        "exact_match": exact_match(written, true),
        "bleu": bleu(written, true, characters=True),
        "character_accuracy": character_accuracy(written, true),
    }
