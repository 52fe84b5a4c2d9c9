"""Sparse autoencoder: a dictionary of atoms, and an encoder that finds the few that make up a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.losses import Loss
from explorer.models.networks import Hidden, Network, network_for
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class SparseAutoencoder(NeuralModel):
    """Writes each sample as a sum of a few atoms, out of more than there are dimensions.

    The loss is the reconstruction's and λ Σ |h|. Atoms are the columns of a linear decoder and have length 1: else h
    would shrink while they grow. L0, the number of active entries of a code, stands in the history beside the loss.
    A code is 0 or more (as in B. Olshausen and D. Field, Nature 381, 1996, and later on), or signed.
    """

    title: ClassVar[str] = "Sparse autoencoder"
    exact: ClassVar[bool] = True

    latent_dim: Annotated[int, Param("Width of the code: the number of atoms.", ge=1, le=4096)] = 128
    l1: Annotated[float, Param("Weight λ of Σ |h|: how dear an active entry is.", ge=0, log=True)] = 0.01
    signed: Annotated[
        bool, Param("Whether entries may be negative: then values below a learnt threshold become 0.")
    ] = False
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 1e-2
    network: Network = "dense"
    hidden: Hidden = None
    loss: Loss = "auto"

    @property
    def regularised(self) -> bool:
        """Whether an active entry costs something."""
        return self.l1 > 0 or super().regularised

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder (dense: one layer where none are chosen) → sparse code → dictionary."""
        from torch import nn

        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.networks import build
        from explorer.models.parts.outputs import reconstruction
        from explorer.models.parts.sparsity import L1, ActiveEntries, Dictionary, SoftThreshold

        hidden = () if self.hidden is None and network_for(self.network, spec) == "dense" else self.hidden
        encoder, _ = build(self.network, spec, self.latent_dim, hidden)
        encoder.any_length = False  # the atoms have one length
        activation = SoftThreshold(self.latent_dim) if self.signed else nn.ReLU()
        code = PlainCode(encoder.width, self.latent_dim, activation=activation)
        decoder = Dictionary(self.latent_dim, spec.shape)
        if isinstance(code.map, nn.Linear) and code.map.weight.shape == decoder.directions.T.shape:
            code.map.weight.data = decoder.atoms().T.detach().clone()  # an entry begins with its own atom
        term, link = reconstruction(self.chosen_loss(spec))
        return Composition(encoder, code, decoder, [term, L1(self.l1), ActiveEntries()], link=link)

    @property
    def atoms_(self) -> np.ndarray:
        """What one unit of each entry of the code adds to a sample, float32 ``(latent_dim_, *sample_shape_)``."""
        self._check_fitted()
        directions = self._inference().state_dict()["decoder.directions"].float().numpy().T
        atoms = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        return atoms.reshape(-1, *self.sample_shape_) * self._scaler.scale_[0]

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return "l0", the mean number of active entries of a code, and "dead_share", of those that never are."""
        active = self.transform(dataset) != 0
        return {"l0": float(active.sum(axis=1).mean()), "dead_share": float(1 - active.any(axis=0).mean())}
