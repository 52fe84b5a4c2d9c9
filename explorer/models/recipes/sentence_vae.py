"""Variational autoencoder of sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.samples import checked
from explorer.models.text import TextModel
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class SentenceVAE(TextModel, VariationalModel):
    """Codes a sentence as a distribution and writes it again word by word, so that one can drag from one to another.

    A decoder that sees the words before may well do without the code, whose KL then falls to 0 (posterior collapse).
    Three remedies are on by default: the KL weighs nothing at first (annealing), some nats of each dimension are free,
    and some of the words before are hidden (word dropout; Bowman et al. 2016, Generating sentences from a continuous
    space).
    """

    title: ClassVar[str] = "Sentence VAE"

    decoder: Annotated[
        Literal["conditioned", "inputless"],
        Param("Whether the decoder sees the words that it wrote (conditioned), or has to take all from the code."),
    ] = "conditioned"
    word_dropout: Annotated[
        float, Param("Share of the words before that are hidden from the decoder while it trains.", ge=0, le=1)
    ] = 0.5
    beta: Annotated[float, Param("Weight β of the KL term; 1 is the ELBO.", ge=0)] = 1.0
    warm_up: Annotated[
        int, Param("Epochs over which β rises from 0, so that the code is not given up.", ge=0, unit="epochs")
    ] = 30
    free_bits: Annotated[
        float, Param("KL of each dimension of the code that costs nothing.", ge=0, unit="nats", advanced=True)
    ] = 0.25
    bidirectional: Annotated[bool, Param("Read each sentence in both directions.", advanced=True)] = True

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder → Gaussian code → recurrent decoder, likelihood of the tokens and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.tokens import TokenDecoder, TokenEncoder

        encoder = TokenEncoder(
            spec.vocabulary, self.table, self.hidden, self.cell, layers=self.layers, bidirectional=self.bidirectional
        )
        code = VariationalCode(encoder.width, self.latent_dim)
        decoder = TokenDecoder(
            self.latent_dim,
            self.hidden,
            spec.steps,
            spec.vocabulary,
            self.table,
            self.cell,
            layers=self.layers,
            word_dropout=self.word_dropout,
            inputless=self.decoder == "inputless",
        )
        return Composition(encoder, code, decoder, [self.likelihood_term(spec), self.kl_term()])

    def perplexity_bounds(self, X: Dataset | np.ndarray, k: int = 16, seed: int = 0) -> dict[str, float]:
        """Return upper bounds of the perplexity per token, end tokens included.

        Parameters
        ----------
        X : Dataset or ndarray
        k : int
            Draws of the importance-weighted bound.
        seed : int

        Returns
        -------
        dict
            "elbo" and "iwae": exp(−bound / tokens) of the two lower bounds of log p(x). The perplexity itself cannot
            be computed: it is below both, and the second is the closer.
        """
        dataset = checked(self, X, reset=False, allow_nan=True)
        per_sentence = (
            dataset.values.shape[1] if dataset.lengths is None else float(np.mean(dataset.lengths, dtype=np.float64))
        )
        bounds = {"elbo": self.elbo(dataset, seed=seed)["elbo"], "iwae": self.iwae(dataset, k, seed)}
        return {name: math.exp(-bound / per_sentence) for name, bound in bounds.items()}

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return what a variational model is judged by, and "perplexity_bound" (that of the ELBO)."""
        found = super().measure(dataset)
        tokens = dataset.values.shape[1] if dataset.lengths is None else float(np.mean(dataset.lengths))
        return {**found, "perplexity_bound": math.exp(min(700.0, -found["elbo"] / tokens))}
