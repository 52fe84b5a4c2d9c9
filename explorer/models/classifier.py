"""A classifier over the encoder of another model: what pre-training is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.models.base import Need
from explorer.models.classification import Classifying, class_head
from explorer.models.neural import NeuralModel
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition

MOST = 4096
"""Codes of so many samples tell the head what codes to expect."""


@dataclass(kw_only=True, eq=False, repr=False)
class EncoderClassifier(Classifying):
    """Encoder and code of a recipe, with a classification head instead of the decoder.

    ``fit(data, start_from=model)`` begins with the weights of a fitted model of that recipe, and scales samples as it
    does (pre-training); they are then learnt further with the head, or stay as they are where `frozen`. Only labelled
    samples train; mean and deviation for the scaling are those of the whole train part.

    It is a tool of analyses, not a recipe: it cannot be saved by itself.

    Parameters
    ----------
    base : NeuralModel
        The recipe, with the parameters that make its encoder; whether it is fitted does not matter here.
    """

    title: ClassVar[str] = "Classifier"
    family: ClassVar[str] = "With labels"
    needs: ClassVar[tuple[Need, ...]] = ("labels",)
    can_decode: ClassVar[bool] = False

    base: NeuralModel
    epochs: Annotated[int, Param("Passes over the labelled samples, at most.", ge=1, le=1_000_000)] = 100
    head: Annotated[int, Param("Units of the classifier's hidden layer; 0: linear.", ge=0, le=65536)] = 0
    frozen: Annotated[bool, Param("Leave encoder and code as they are, and learn the head alone.")] = False

    def __post_init__(self) -> None:
        self.latent_dim = self.base.latent_dim
        self.scaling = self.base.scaling

    def compose(self, spec: SampleSpec) -> Composition:
        """Return the base's encoder and code, and a head; cross-entropy of the labels."""
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.heads import NoDecoder
        from explorer.models.parts.labels import LabelCrossEntropy

        base = self.base.compose(spec)
        head = class_head(self.latent_dim, spec.classes, self.head)
        terms = [LabelCrossEntropy(head.last.out_features)]
        return Composition(base.encoder, base.code, NoDecoder(), terms, heads={"label": head})

    def chosen_loss(self, spec: SampleSpec) -> str:
        """Return the loss of the base, by which samples are scaled or not."""
        return self.base.chosen_loss(spec)

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Raise `UnsupportedError`: there is no decoder."""
        raise UnsupportedError("a classifier does not decode", remedy="Take the model that it began with")

    def reconstruct(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Raise `UnsupportedError`: there is no decoder."""
        return self.inverse_transform(np.empty((0, self.latent_dim)))

    def _check_axes(self, sample_shape: tuple[int, ...], source: str = "") -> None:
        self.base._check_axes(sample_shape, source)

    def _parts(self, dataset: Dataset, *, given: bool) -> tuple[np.ndarray, np.ndarray]:
        labels = dataset.labels
        assert labels is not None  # `needs` says so
        training, validation = (rows[labels[rows] >= 0] for rows in super()._parts(dataset, given=given))
        if not len(training):
            raise InputError("no sample for training has a label", source=dataset.name, remedy="Choose other data")
        return training, validation

    def _sample_for_scaling(self, dataset: Dataset, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        return super()._sample_for_scaling(dataset, dataset.indices("train"))

    def _train(
        self,
        dataset: Dataset,
        rows: tuple[np.ndarray, np.ndarray],
        device: Any,
        notes: list[str],
        progress: Any,
        start_from: NeuralModel | None = None,
    ) -> None:
        from explorer.models.parts.heads import thawed

        if start_from is not None:
            self._scaler = start_from._scaler
        super()._train(dataset, rows, device, notes, progress, start_from)
        self._module.encoder = thawed(self._module.encoder)  # another classifier may start from this one

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        import torch

        from explorer.models.parts.heads import ClassHead, FrozenEncoder

        super()._prepare(module, dataset, rows)
        if self.frozen:
            module.encoder = FrozenEncoder(module.encoder)
            module.code.requires_grad_(False)
        some = dataset.subset(dataset.indices("train")[:MOST])
        module.train(False)
        with torch.inference_mode():
            codes = torch.cat([module.encode(batch).mean for batch in self._chunks(some, module)])
        head = module.heads["label"]
        assert isinstance(head, ClassHead)
        head.settle(codes)
