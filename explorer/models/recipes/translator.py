"""Sequence-to-sequence translation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.base import Decodes, Need
from explorer.models.text import TextModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class Translator(TextModel):
    """Reads a sentence into one code and writes its translation from it, token by token (Sutskever et al. 2014).

    The code is a linear map of what the encoder knows at both ends. With attention the decoder also looks at each word
    of the source (Bahdanau et al. 2015, Luong et al. 2015), and the code no longer holds all: a place on the map is
    then decoded without looking, which it practises on a share of the sentences; a sentence that is given is translated
    with looking.
    """

    title: ClassVar[str] = "Translator (sequence to sequence)"
    needs: ClassVar[tuple[Need, ...]] = ("targets",)
    decodes: ClassVar[Decodes] = "translation"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 64
    attention: Annotated[
        Literal["none", "dot", "additive"],
        Param("Whether the decoder looks at each word of the source, and how the words are scored."),
    ] = "none"
    blind: Annotated[
        float,
        Param("With attention: share of the sentences that are shown as their code alone.", ge=0, le=1, advanced=True),
    ] = 0.25

    def compose(self, spec: SampleSpec) -> Composition:
        """Return bidirectional encoder → linear code → recurrent decoder, cross-entropy of the tokens."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.tokens import TokenCrossEntropy, TokenDecoder
        from explorer.models.parts.translation import AttentiveComposition, AttentiveDecoder, StatesEncoder

        encoder = StatesEncoder(spec.vocabulary, self.table, self.hidden, self.cell, layers=self.layers)
        code = PlainCode(encoder.width, self.latent_dim)
        sizes = (self.latent_dim, self.hidden, spec.target_steps, spec.target_vocabulary, self.table, self.cell)
        if self.attention == "none":
            decoder = TokenDecoder(*sizes, layers=self.layers, target=True)
            return Composition(encoder, code, decoder, [TokenCrossEntropy()])
        decoder = AttentiveDecoder(
            *sizes, layers=self.layers, target=True, memory=encoder.width, kind=self.attention, blind=self.blind
        )
        return AttentiveComposition(encoder, code, decoder, [TokenCrossEntropy()])

    def translate(self, texts: Sequence[str] | str, *, beam: int = 4, normalisation: float = 0.6) -> list[str]:
        """Return the translations of typed sentences.

        Parameters
        ----------
        texts : sequence of str, or str
        beam : int
            1 takes the likeliest token at each step (greedy); more search that many at once.
        normalisation : float
            Of beams; see `explorer.models.parts.writing.beam_search`.

        Raises
        ------
        InputError
            If a sentence is empty, longer than those of the training, or has a token that the model does not know.
        """
        return self._told(self.translated(self.read(texts), beam=beam, normalisation=normalisation))

    def translated(self, X: Dataset | np.ndarray, *, beam: int = 1, normalisation: float = 0.6) -> np.ndarray:
        """Return the translations of all samples as numbers of tokens, int32 ``(N, T2)``; see `translate`."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            found = [
                self._search(module, module.encode(batch).mean, batch, beam, normalisation).cpu().numpy()
                for batch in self._chunks(dataset, module)
            ]
        return np.concatenate(found).astype(np.int32)
