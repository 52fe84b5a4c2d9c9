"""What all recipes of sentences share: what they are made of, and text in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.data.tokens import lengths_of, read_text, text_of
from explorer.errors import InputError
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.composition import Composition
    from explorer.training.step import Batch


@dataclass(kw_only=True, eq=False, repr=False)
class TextModel(NeuralModel):
    """A recipe that reads sentences into a code, and writes sentences from it, token by token."""

    layouts: ClassVar[tuple[Layout, ...]] = ("text",)
    family: ClassVar[str] = "Text"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 16
    hidden: Annotated[int, Param("Units of each recurrent layer, in each direction.", ge=1, le=4096)] = 64
    table: Annotated[int, Param("Numbers that stand for a token in the networks.", ge=1, le=4096, advanced=True)] = 32
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 5e-3
    cell: Annotated[
        Literal["gru", "lstm", "rnn"],
        Param("Kind of recurrent unit: gated, long short-term memory, or a plain tanh layer."),
    ] = "gru"
    layers: Annotated[int, Param("Recurrent layers of encoder and decoder.", ge=1, le=16, advanced=True)] = 1
    # Tokens have no noise, no scale and no clean version: these are no parameters here.
    corruption: Any = None
    scaling: Any = "none"
    target: Any = "input"

    @property
    def words_(self) -> tuple[str, ...]:
        """The tokens that it writes."""
        return self.target_vocabulary_ if self.decodes == "translation" else self.vocabulary_

    def read(self, texts: Sequence[str] | str) -> Dataset:
        """Return typed sentences as data, in the model's own tokens.

        Raises
        ------
        InputError
            If one is empty, longer than the model's, or has a token that the model does not know.
        """
        self._check_fitted()
        texts = [texts] if isinstance(texts, str) else list(texts)
        if not texts:
            raise InputError("there is no sentence", remedy="Give one or more")
        most = self.sample_shape_[0]
        ids = np.zeros((len(texts), most), dtype=np.int32)
        for row, text in enumerate(texts):
            found, unknown = read_text(text, self.vocabulary_, most)
            if unknown:
                few = ", ".join(f"'{token}'" for token in unknown[:5])
                raise InputError(
                    f"the model does not know {few}{' and others' if len(unknown) > 5 else ''}",
                    remedy="Use words and marks of the sentences that it was trained on",
                )
            ids[row, : found.shape[1]] = found[0]
        return Dataset(
            values=ids,
            vocabulary=self.vocabulary_,
            layout="text",
            lengths=lengths_of(ids),
            split=np.full(len(ids), 2, np.int8),
        )

    def encode_texts(self, texts: Sequence[str] | str) -> np.ndarray:
        """Return the codes of typed sentences, float32 ``(N, latent_dim_)``; see `read` for what is raised."""
        return self.transform(self.read(texts))

    def write(self, Z: np.ndarray, *, beam: int = 1, normalisation: float = 0.6) -> list[str]:
        """Return the sentences of codes ``(N, latent_dim_)`` as text.

        Parameters
        ----------
        Z : ndarray
        beam : int
            1 takes the likeliest token at each step (greedy); more search that many at once.
        normalisation : float
            Of beams; see `explorer.models.parts.writing.beam_search`.
        """
        import torch

        codes = self._checked_codes(Z)
        module = self._inference()
        like = next(module.parameters())
        with torch.inference_mode():
            ids = self._search(module, torch.tensor(codes, dtype=like.dtype), None, beam, normalisation)
        return self._told(ids.cpu().numpy())

    def _search(
        self, module: Composition, z: torch.Tensor, given: Batch | None, beam: int, normalisation: float
    ) -> torch.Tensor:
        from explorer.models.parts.tokens import TokenDecoder
        from explorer.models.parts.translation import AttentiveComposition

        if not 1 <= beam <= 64:
            raise InputError(f"there cannot be {beam} beams", remedy="Give 1 to 64")
        if isinstance(module, AttentiveComposition):
            return module.search(z, given, beam, normalisation)
        assert isinstance(module.decoder, TokenDecoder)
        return module.decoder.search(z, beam, normalisation)

    def _told(self, ids: np.ndarray) -> list[str]:
        return [text_of(row, self.words_) for row in ids]
