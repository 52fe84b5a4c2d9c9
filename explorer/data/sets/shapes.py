"""Discs, squares and triangles before textured backgrounds, with the pixels that are the shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._textures import compose
from explorer.data.split import assign_split
from explorer.parameters import Param

KINDS = ("disc", "square", "triangle")


@dataclass(kw_only=True, eq=False, repr=False)
class Shapes(GeneratedSet):
    """Discs, squares and triangles of random size, place and turn, lighter or darker than a textured background."""

    title: ClassVar[str] = "Shapes on textures"
    n: Annotated[int, Param("Number of images.", ge=1, le=200_000, label="Images")] = 2000
    size: Annotated[int, Param("Width and height of an image.", ge=8, le=256, unit="pixels")] = 28
    noise: Annotated[float, Param("Standard deviation of each pixel's noise; black is 0, white 1.", ge=0, le=10)] = 0.1
    texture: Annotated[float, Param("Standard deviation of the background's texture.", ge=0, le=1)] = 0.15
    contrast: Annotated[float, Param("How much lighter or darker the shape is.", ge=0, le=1)] = 0.35
    masks: Annotated[
        Literal["shape", "kind"], Param("Whether a mask tells the shape from the background, or its kind too.")
    ] = "shape"

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, size, size, 1)`` images, masks and kinds; the images without noise are the targets.

        All kinds have the same area at the same size: π times the square of the column "radius", 0.14 to 0.28 of the
        image's width.
        """
        label = rng.integers(0, len(KINDS), self.n)
        radius = self.size * rng.uniform(0.14, 0.28, self.n)
        reach = 1.6 * radius  # of a triangle's corner
        centre = rng.uniform(0, 1, (2, self.n)) * (self.size - 1 - 2 * reach) + reach
        inside = _inside(label, radius, centre, rng.uniform(0, 2 * np.pi, self.n), self.size)
        clean = compose(rng, inside.astype(np.float32), self.texture, self.contrast)[..., None]
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        by_kind = self.masks == "kind"
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            labels=label,
            class_names=KINDS,
            masks=inside * (label[:, None, None] + 1) if by_kind else inside.astype(np.int64),
            mask_names=("background", *KINDS) if by_kind else ("background", "shape"),
            columns={"radius": radius},
            channel_names=("brightness",),
            split=assign_split(self.n, labels=label, seed=int(rng.integers(2**31))),
        )


def _inside(label: np.ndarray, radius: np.ndarray, centre: np.ndarray, turn: np.ndarray, size: int) -> np.ndarray:
    """Return which pixels are within the shapes, bool ``(n, size, size)``; their area is that of the disc."""
    place = np.arange(size)
    x = (place - centre[0][:, None])[:, None, :]
    y = (place - centre[1][:, None])[:, :, None]
    # A regular polygon is where the distance along each side's normal is at most its apothem.
    inside = np.empty((len(label), size, size), dtype=bool)
    disc = label == 0
    inside[disc] = (x[disc] ** 2 + y[disc] ** 2) <= radius[disc, None, None] ** 2
    for kind, sides in ((1, 4), (2, 3)):
        chosen = label == kind
        apothem = radius[chosen, None, None] * np.sqrt(np.pi / (sides * np.tan(np.pi / sides)))
        normals = turn[chosen, None] + 2 * np.pi * np.arange(sides) / sides
        along = [
            np.cos(angle)[:, None, None] * x[chosen] + np.sin(angle)[:, None, None] * y[chosen] for angle in normals.T
        ]
        inside[chosen] = np.max(along, axis=0) <= apothem
    return inside
