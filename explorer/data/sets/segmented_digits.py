"""Handwritten digits before textured backgrounds, with the pixels that are ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet, make
from explorer.data.sets._textures import compose
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class SegmentedDigits(GeneratedSet):
    """Handwritten digits, three times as large and anywhere in a picture with a textured background."""

    title: ClassVar[str] = "Digits on textures"
    size: Annotated[int, Param("Width and height of an image; a digit takes 24.", ge=24, le=256, unit="pixels")] = 32
    noise: Annotated[float, Param("Standard deviation of each pixel's noise; black is 0, white 1.", ge=0, le=10)] = 0.05
    texture: Annotated[float, Param("Standard deviation of the background's texture.", ge=0, le=1)] = 0.12
    contrast: Annotated[float, Param("How much lighter or darker the ink is.", ge=0, le=1)] = 0.5

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(1797, size, size, 1)`` images with their masks; the clean images are the targets.

        Every digit of the set `digits` is there once. A mask is where its ink, drawn larger, is above a half.
        """
        digits = make("digits")
        n, labels = len(digits), digits.labels
        ink = np.zeros((n, self.size, self.size), dtype=np.float32)
        for picture, drawn, (top, left) in zip(
            ink, _enlarged(digits.values[..., 0], 3), rng.integers(0, self.size - 24 + 1, (n, 2)), strict=True
        ):
            picture[top : top + 24, left : left + 24] = drawn
        clean = compose(rng, ink, self.texture, self.contrast)[..., None]
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            labels=labels,
            class_names=digits.class_names,
            masks=(ink > 0.5).astype(np.int64),
            mask_names=("background", "ink"),
            channel_names=("brightness",),
            split=assign_split(n, labels=labels, seed=int(rng.integers(2**31))),
        )


def _enlarged(images: np.ndarray, factor: int) -> np.ndarray:
    """Return images ``(n, h, h)`` enlarged, by linear interpolation between the centres of their pixels."""
    size = images.shape[1]
    place = (np.arange(size * factor) + 0.5) / factor - 0.5
    weights = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(size))).astype(np.float32)
    return np.einsum("yi,nij,xj->nyx", weights, images, weights, optimize=True)
