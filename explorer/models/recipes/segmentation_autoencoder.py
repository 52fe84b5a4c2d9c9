"""Segmentation autoencoder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.errors import InputError
from explorer.models.base import Decodes, Need
from explorer.models.classes import renumbered
from explorer.models.networks import Hidden, Network
from explorer.models.neural import NeuralModel
from explorer.models.overlap import Overlap, overlap
from explorer.models.samples import checked
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition

PIECE = 512
"""Samples that are judged at a time."""


@dataclass(kw_only=True, eq=False, repr=False)
class SegmentationAutoencoder(NeuralModel):
    """Learns to tell the class of every pixel or step from the code of the whole image or series (slides, eq. 6).

    The decoder writes the mask instead of the sample: a code says where and what the regions of interest are.
    """

    title: ClassVar[str] = "Segmentation autoencoder"
    family: ClassVar[str] = "With labels"
    layouts: ClassVar[tuple[Layout, ...]] = ("series", "image")
    needs: ClassVar[tuple[Need, ...]] = ("masks",)
    decodes: ClassVar[Decodes] = "masks"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 32
    hidden: Hidden = None
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    network: Network = "convolutional"
    loss: Annotated[
        Literal["cross-entropy+dice", "cross-entropy", "dice", "mse"],
        Param("What a mask is judged by; Dice keeps rare classes from being given up.", advanced=True),
    ] = "cross-entropy+dice"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → linear code → decoder of a logit for each class and place."""
        from torch import nn

        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.masks import TERMS
        from explorer.models.parts.networks import build

        if spec.mask_classes == 1:
            raise InputError("the masks know one class only", remedy="Choose data with a region beside the background")
        output_shape = (*spec.places, spec.mask_classes or 2)  # two where only the size is asked for
        encoder, decoder = build(self.network, spec, self.latent_dim, self.hidden, output_shape=output_shape)
        terms = [term() for term in TERMS[self.loss]]
        return Composition(encoder, PlainCode(encoder.width, self.latent_dim), decoder, terms, link=nn.Softmax(dim=-1))

    def chosen_loss(self, spec: SampleSpec) -> str:
        """Return the squared error, whatever judges the masks: samples are only read, so they may be scaled."""
        return "mse"

    def segment(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the likeliest class of each step or pixel.

        Returns
        -------
        ndarray, int64 ``(N, T)`` or ``(N, H, W)``
            Indices into `mask_names_`; -1 past the end of a shorter series.
        """
        mask = self.reconstruct(X).argmax(axis=-1)
        if isinstance(X, Dataset) and X.lengths is not None:
            ends = np.arange(mask.shape[1]) < X.lengths[:, None]
            mask = np.where(ends.reshape(ends.shape + (1,) * (mask.ndim - 2)), mask, -1)
        return mask

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return how well the masks fit where the true ones are known; see `explorer.models.overlap.Overlap`.

        Returns
        -------
        dict
            "iou" and "dice", means over the classes but the background; "accuracy"; and where there are several such
            classes the IoU of each that occurs, as "iou disc". Counts are added up over all samples.
        """
        found = self._overlap(dataset)
        if found is None:
            return {}
        values = found.measures()
        names = self.mask_names_[1:]
        if values and len(names) > 1:
            each = zip(names, found.iou[1:], strict=True)
            values |= {f"iou {name}": float(value) for name, value in each if np.isfinite(value)}
        return values

    def score(self, X: Dataset | np.ndarray, y: object = None) -> float:
        """Return the mean IoU over the classes but the background; of an array `y` are the masks. NaN without any."""
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=True)
        if y is not None:
            names = self.mask_names_
            numbers = {name: i for i, name in enumerate(names)}
            masks = np.vectorize(lambda each: numbers.get(str(each), -1), otypes=[np.int64])(np.asarray(y))
            dataset = replace(dataset, masks=masks, mask_names=names)
        return self.measure(dataset).get("iou", float("nan"))

    def errors(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return NaN everywhere: no sample is restored."""
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=True)
        return np.full(dataset.values.shape, np.nan, np.float32)

    def _overlap(self, dataset: Dataset) -> Overlap | None:
        """Return the counts over all samples, None where there are no true masks."""
        if dataset.masks is None:
            return None
        total = None
        for start in range(0, len(dataset), PIECE):
            piece = dataset.subset(np.arange(start, min(start + PIECE, len(dataset))))
            assert piece.masks is not None
            truth, mask = renumbered(piece.masks, piece.mask_names, self.mask_names_), self.segment(piece)
            found = overlap(np.where(mask >= 0, truth, -1), mask, len(self.mask_names_))
            total = found if total is None else total + found
        return total
