"""Samples made of a few atoms each of an overcomplete dictionary, which can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.errors import InputError
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Dictionary(GeneratedSet):
    """Sums of a few atoms, of more than there are dimensions, in Gaussian noise; the atoms are known by the seed."""

    title: ClassVar[str] = "Planted dictionary"
    n: Annotated[int, Param("Number of samples.", ge=1, le=1_000_000, label="Samples")] = 10_000
    dimensions: Annotated[int, Param("Features of a sample.", ge=2, le=10_000)] = 64
    atoms: Annotated[int, Param("Atoms in the dictionary.", ge=1, le=10_000)] = 128
    active: Annotated[int, Param("Atoms in each sample.", ge=1, le=1000)] = 5
    noise: Annotated[float, Param("Standard deviation of each feature's noise.", ge=0, le=100)] = 0.02
    signed: Annotated[bool, Param("Whether coefficients may be negative.")] = True

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, dimensions)`` samples; those without noise are the targets.

        The atoms, of length 1, point anywhere. A sample has `active` of them, all as likely, with coefficients of 0.5
        to 1.5. See `planted_atoms` for the atoms. After M. Aharon, M. Elad and A. Bruckstein, K-SVD: an algorithm for
        designing overcomplete dictionaries for sparse representation, IEEE Trans. Signal Processing 54, 2006, sec. V.
        """
        if self.active > self.atoms:
            raise InputError(f"{self.active} atoms cannot be active of {self.atoms}", remedy="Make 'active' smaller")
        atoms = self._atoms(rng)
        # The first places of a random order of all atoms, for each sample.
        chosen = np.argsort(rng.random((self.n, self.atoms), dtype=np.float32), axis=1)[:, : self.active]
        weights = rng.uniform(0.5, 1.5, chosen.shape)
        if self.signed:
            weights *= rng.choice([-1, 1], chosen.shape)
        coefficients = np.zeros((self.n, self.atoms), dtype=np.float32)
        np.put_along_axis(coefficients, chosen, weights.astype(np.float32), axis=1)
        clean = coefficients @ atoms
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            layout="profile",
            name=self.title,
            channel_names=tuple(f"dimension {i + 1}" for i in range(self.dimensions)),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )

    def _atoms(self, rng: np.random.Generator) -> np.ndarray:
        """Return the atoms: what is drawn first."""
        directions = rng.standard_normal((self.atoms, self.dimensions))
        return (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32)


def planted_atoms(dataset: Dataset) -> np.ndarray:
    """Return the atoms ``(atoms, dimensions)`` of length 1 of which a data set of this kind was made.

    Raises
    ------
    InputError
        If it was not made so.
    """
    if dataset.origin.name != "dictionary" or dataset.origin.kind != "generated":
        raise InputError("no dictionary was planted in these data", source=dataset.name)
    options = dict(dataset.origin.options)
    seed = options.pop("seed")
    return Dictionary(**options)._atoms(np.random.default_rng(seed))
