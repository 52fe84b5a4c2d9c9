"""Small pictures of faces, and of what is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._packages import package_file
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Faces(GeneratedSet):
    """100 faces of 25 × 25 pixels, and 100 patches of backgrounds (shipped with the package scikit-image)."""

    title: ClassVar[str] = "Faces in the wild"
    only_faces: Annotated[bool, Param("Leave out the patches without a face.")] = False

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(200, 25, 25, 1)`` images with values from 0 to 1; the first 100 are the faces.

        Only the split depends on `rng`. Source: G. B. Huang, M. Mattar, H. Lee and E. Learned-Miller, Learning to align
        from scratch, NeurIPS 2012 (a part of Labeled Faces in the Wild).
        """
        path = package_file("skimage", "data", "lfw_subset.npy")
        images = np.load(path, allow_pickle=False).astype(np.float32)[..., None]
        labels = np.repeat(np.array([0, 1]), 100)
        if self.only_faces:
            images, labels = images[:100], labels[:100]
        return Dataset(
            values=images,
            name=self.title,
            labels=labels,
            class_names=("face", "no face")[: int(labels.max()) + 1],
            channel_names=("brightness",),
            split=assign_split(len(images), labels=labels, seed=int(rng.integers(2**31))),
        )
