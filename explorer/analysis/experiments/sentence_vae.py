"""Posterior collapse of a VAE of sentences, and its remedies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.language import count_models
from explorer.data.generated import make
from explorer.parameters import Param
from explorer.progress import Part, Progress

KINDS: dict[str, dict[str, Any]] = {
    "plain": {"warm_up": 0, "free_bits": 0.0, "word_dropout": 0.0},
    "annealed": {"free_bits": 0.0},
    "remedies": {},
    "inputless": {"decoder": "inputless"},
}


@dataclass(kw_only=True, eq=False, repr=False)
class SentenceVAE(Experiment):
    """Without its remedies the code of a VAE of sentences is given up; with them it holds nats, and sentences.

    After Bowman et al. 2016 (Generating sentences from a continuous space), on sentences of a small grammar: "plain"
    has neither KL annealing nor word dropout nor free bits, "annealed" the first two, "remedies" all three (the
    recipe's defaults; its free bits alone are 4 nats, so the reconstructions have to tell whether they are used),
    "inputless" a decoder that sees no words, with annealing and free bits. Of the test part: KL in nats, the share of
    right tokens of a reconstruction that is written freely, and bounds of the perplexity per token from the ELBO and
    from 64 importance-weighted draws (the perplexity itself is below both). Beside them: language models that count;
    "position" is the best that a decoder without input and code can do.
    """

    title: ClassVar[str] = "Sentence VAE: collapse and remedies"
    minutes: ClassVar[float] = 4.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("plain_kl", "<=", 0.5),
        Target("remedies_kl", ">=", 3.0),
        Target("remedies_accuracy_above_plain", ">=", 0.2),
        Target("inputless_kl", ">=", 3.0),
        Target("inputless_to_position_perplexity", "<=", 0.5),
    )

    n: Annotated[int, Param("Sentences; 70 % train.", ge=100, le=50_000)] = 3000
    epochs: Annotated[int, Param("Of each training; the KL is annealed in the first half.", ge=1, le=1000)] = 30

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train all kinds and judge them on the test part."""
        from explorer.models.recipes.sentence_vae import SentenceVAE as Recipe

        data = make("sentences", seed=seed, n=self.n)
        test = data.part("test")
        counted = count_models(data, test)
        values: dict[str, float] = {}
        for i, (name, settings) in enumerate(KINDS.items()):
            chosen = {"epochs": self.epochs, "warm_up": self.epochs // 2, "patience": 0, "seed": seed, **settings}
            model = Recipe(**chosen)
            model.fit(data, progress=Part(progress, i / len(KINDS), 1 / len(KINDS), f"{name}: "))
            if progress.cancelled():
                break
            bounds = model.perplexity_bounds(test, 64, seed)
            values |= {
                f"{name}_kl": model.elbo(test, seed=seed)["kl"],
                f"{name}_active_units": float(model.active_units(test)),
                f"{name}_token_accuracy": 1.0 + model.score(test),
                f"{name}_perplexity_bound": bounds["elbo"],
                f"{name}_perplexity_bound_iwae": bounds["iwae"],
            }
        if "inputless_perplexity_bound" in values:
            above = values["remedies_token_accuracy"] - values["plain_token_accuracy"]
            values["remedies_accuracy_above_plain"] = above
            values["inputless_to_position_perplexity"] = values["inputless_perplexity_bound"] / counted["position"]
        return Measured(values, {f"{name}_perplexity": value for name, value in counted.items()})
