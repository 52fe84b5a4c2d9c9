"""Ensemble of skip and sparsely connected recurrent autoencoders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentEnsemble(NeuralModel):
    """Many small recurrent autoencoders whose connections over time differ; their median error tells outliers.

    At each step a unit is fed by the state before it, by the one L steps ago, or by both; which, and L, is drawn once
    for each member. Series are written from their ends. A reconstruction is the median of the members', an error the
    median of their squared errors: a member that happens to fit an outlier does not hide it (T. Kieu et al., Outlier
    Detection for Time Series with Recurrent Autoencoder Ensembles, IJCAI 2019).
    """

    title: ClassVar[str] = "Recurrent autoencoder ensemble"
    family: ClassVar[str] = "Ensembles"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)

    latent_dim: Annotated[int, Param("Width of a member's code, or of the code that they share.", ge=1, le=4096)] = 8
    hidden: Annotated[int, Param("Units of each member's encoder and decoder.", ge=1, le=4096)] = 8
    members: Annotated[int, Param("Number of autoencoders.", ge=1, le=1000)] = 20
    framework: Annotated[
        Literal["independent", "shared"],
        Param("Each member learns by itself, with a code of its own; or all write from one code that all have made."),
    ] = "independent"
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 100
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 1e-2
    longest: Annotated[int, Param("The longest skip L.", ge=1, le=1000, unit="steps")] = 10
    sparsity: Annotated[float, Param("Weight of the L1 norm of a shared code.", ge=0, le=1e6, advanced=True)] = 0.005
    optimiser: Annotated[
        Literal["auto", "adam", "soap"],
        Param("Adam, or SOAP, which mixes the gradients of all members.", advanced=True),
    ] = "adam"
    clip: Annotated[
        float, Param("Largest norm of the gradient of all members together; 0: any.", ge=0, advanced=True)
    ] = 0.0

    @property
    def code_width(self) -> int:
        """Width of all members' codes, one behind the other, or of the one that they share."""
        return self.latent_dim if self.framework == "shared" else self.members * self.latent_dim

    @property
    def breadth(self) -> int:
        """Every member keeps its states."""
        return self.members * self.hidden

    def compose(self, spec: SampleSpec) -> Composition:
        """Return all members' encoders → codes → decoders; the sum of their squared errors."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.ensemble import EnsembleDecoder, EnsembleEncoder, Median, MemberCodes, MemberError
        from explorer.models.parts.sparsity import L1

        steps, channels = spec.shape
        shared = self.framework == "shared"
        encoder = EnsembleEncoder(self.members, channels, self.hidden, steps, self.longest)
        decoder = EnsembleDecoder(
            self.members, self.latent_dim, self.hidden, steps, channels, self.longest, shared=shared
        )
        if shared:
            code = PlainCode(encoder.width, self.latent_dim)
        else:
            code = MemberCodes(self.members, encoder.width, self.latent_dim)
        terms = [MemberError(), L1(self.sparsity)] if shared else [MemberError()]
        return Composition(encoder, code, decoder, terms, link=Median())

    def score(self, X: Dataset | np.ndarray, y: object = None) -> float:
        """Return minus the mean squared error of `reconstruct`; see `LatentModel.score`."""
        errors = super().errors(X)
        known = np.isfinite(errors)
        return -float(errors[known].mean(dtype=np.float64)) if known.any() else float("nan")

    def errors(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the median over the members of their squared errors; see `LatentModel.errors`."""
        return np.concatenate([np.median(each, axis=0) for each in self._member_errors(X)])

    def member_errors(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the squared errors of each member, float32 ``(M, N, T, C)``; NaN where nothing is known."""
        return np.concatenate(list(self._member_errors(X)), axis=1)

    def _member_errors(self, X: Dataset | np.ndarray) -> Iterator[np.ndarray]:
        """Return the errors of some samples at a time."""
        import torch

        module, dataset = self._ready(X)
        start = 0
        with torch.inference_mode():
            for batch in self._chunks(dataset, module):
                written = module.decoder(module.encode(batch).mean, batch).float().cpu().numpy()
                clean = dataset.clean[start : start + len(batch)]
                yield np.square(self._scaler.undo(written.swapaxes(0, 1)) - clean, dtype=np.float32)
                start += len(batch)
