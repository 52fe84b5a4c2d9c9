"""MNIST-1D: digits as short curves, on which linear, dense, recurrent and convolutional networks differ."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._packages import package_file
from explorer.data.sets._published import published_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Mnist1d(GeneratedSet):
    """MNIST-1D: ten digit-like curves of 40 steps, stretched, shifted, sheared and noisy (package mnist1d)."""

    title: ClassVar[str] = "MNIST-1D"
    n: Annotated[
        int, Param("Number of curves, by tens; 5000 are the published ones.", ge=50, le=1_000_000, label="Curves")
    ] = 5000
    validation: Annotated[
        float, Param("Share of the published training part that validates.", ge=0, le=0.5, advanced=True)
    ] = 0.1

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, 40, 1)`` curves, of which the last fifth tests, as published; labels 0 to 9.

        Only the share that validates depends on `rng`. They are made by the authors' generator, with their settings and
        seed; nothing is downloaded. Source: S. Greydanus and D. Kobak, Scaling down deep learning with MNIST-1D, ICML
        2024.
        """
        package_file("mnist1d", "data.py")  # says so where it is not installed
        made = _generated(self.n)
        labels = np.concatenate([made["y"], made["y_test"]]).astype(np.int64)
        return Dataset(
            values=np.concatenate([made["x"], made["x_test"]]).astype(np.float32)[..., None],
            name=self.title,
            labels=labels,
            class_names=tuple(str(i) for i in range(10)),
            channel_names=("value",),
            split=published_split(labels, len(made["y"]), self.validation, rng),
        )


def _generated(n: int) -> dict[str, np.ndarray]:
    """Return the authors' arrays; their generator uses the global random states, which are put back."""
    from mnist1d.data import get_dataset_args, make_dataset

    settings: Any = get_dataset_args()
    settings.num_samples = n
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - theirs
    try:
        return make_dataset(settings)
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
