"""Handwritten digits, as an image manifold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import TEST, TRAIN, assign_split
from explorer.errors import InputError
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Digits(GeneratedSet):
    """1797 handwritten digits of 8 × 8 pixels, from 43 people (UCI; shipped with scikit-learn)."""

    title: ClassVar[str] = "Handwritten digits"
    split_at: Annotated[
        int | None,
        Param(
            "Train on the first so many images and test on the others; auto divides every digit 70 / 15 / 15 %.",
            ge=1,
            advanced=True,
        ),
    ] = None

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(1797, 8, 8, 1)`` images with values from 0 to 1 and labels 0 to 9.

        Only the split depends on `rng`. Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits,
        UCI Machine Learning Repository, 1998, its test part.
        """
        from sklearn.datasets import load_digits

        pixels, digit = load_digits(return_X_y=True)
        images = (np.asarray(pixels, dtype=np.float32) / 16).reshape(-1, 8, 8, 1)
        labels = np.asarray(digit, dtype=np.int64)
        if self.split_at is None:
            split = assign_split(len(images), labels=labels, seed=int(rng.integers(2**31)))
        elif self.split_at > len(images):
            raise InputError(
                f"'split_at' is {self.split_at}, but there are {len(images)} images", remedy="Give a smaller number"
            )
        else:
            split = np.where(np.arange(len(images)) < self.split_at, TRAIN, TEST).astype(np.int8)
        return Dataset(
            values=images,
            layout="image",
            name=self.title,
            labels=labels,
            class_names=tuple(str(i) for i in range(10)),
            channel_names=("ink",),
            split=split,
        )
