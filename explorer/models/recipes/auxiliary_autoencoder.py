"""Autoencoder with an auxiliary task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import UnsupportedError
from explorer.models.base import Need
from explorer.models.classification import Classifying, class_head
from explorer.models.losses import Loss
from explorer.models.networks import Activation, Hidden, Network
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition


@dataclass(kw_only=True, eq=False, repr=False)
class AuxiliaryAutoencoder(Classifying):
    """Learns to restore each sample and to tell its class from the same code: L = α·L(ŷ, y) + β·L(I, Î).

    Each task helps the other (slides, auxiliary tasks). With β = 0 it is the classifier without the auxiliary
    reconstruction, with α = 0 an autoencoder. Samples without a label (−1) train the reconstruction alone.
    """

    title: ClassVar[str] = "Autoencoder with labels"
    family: ClassVar[str] = "With labels"
    needs: ClassVar[tuple[Need, ...]] = ("labels",)
    exact: ClassVar[bool] = True

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 8
    hidden: Hidden = None
    alpha: Annotated[float, Param("Weight α of the labels' cross-entropy.", ge=0, le=1e6)] = 1.0
    beta: Annotated[float, Param("Weight β of the reconstruction.", ge=0, le=1e6)] = 1.0
    network: Network = "auto"
    head: Annotated[int, Param("Units of the classifier's hidden layer; 0: linear.", ge=0, le=65536)] = 0
    activation: Activation = "elu"
    loss: Loss = "auto"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → linear code → decoder, and a head beside it; both losses weighted."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.labels import LabelCrossEntropy
        from explorer.models.parts.networks import build
        from explorer.models.parts.outputs import reconstruction
        from explorer.models.parts.weighted import Weighted

        encoder, decoder = build(self.network, spec, self.latent_dim, self.hidden, activation=self.activation)
        head = class_head(self.latent_dim, spec.classes, self.head)
        term, link = reconstruction(self.chosen_loss(spec))
        label = LabelCrossEntropy(head.last.out_features)
        return Composition(
            encoder,
            PlainCode(encoder.width, self.latent_dim),
            decoder,
            [Weighted(term, self.beta), Weighted(label, self.alpha)],
            heads={"label": head},
            link=link,
        )

    def warnings(self, data: SampleSpec | Dataset | tuple[int, ...]) -> list[str]:
        """Return what a person should know before they train; see `NeuralModel.warnings`."""
        told = super().warnings(data) if self.beta else []
        if not self.alpha:
            told.append("With α = 0 nothing is learnt from the labels: it is an autoencoder, and predicts nothing.")
        if not self.beta:
            told.append("With β = 0 the decoder learns nothing: it is a classifier, and what it decodes means nothing.")
        return told

    def predict_proba(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the probability of each class; see `Classifying.predict_proba`.

        Raises
        ------
        UnsupportedError
            If α is 0, so that the head has learnt nothing.
        """
        self._check_fitted()
        if not self.alpha:
            raise UnsupportedError("with α = 0 nothing was learnt from the labels", remedy="Fit with alpha above 0")
        return super().predict_proba(X)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return how well it tells the labels; nothing where α is 0."""
        return super().measure(dataset) if self.alpha else {}
