"""A task for networks that read and write symbols: say again what you were told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CopiedStrings:
    """Strings of one to `longest` symbols, each followed by its copy; a source of `explorer.training.batches`.

    A series has ``2 longest + 2`` steps: the string and its end, padding, the sign to begin, and the copy. The answers
    are the copy and its end, each a step before it is read. Inputs are one-hot, and all 0 where padded.

    Parameters
    ----------
    count : int
        Strings in an epoch.
    longest : int
    symbols : int
        How many there are. The numbers after them are the end of a string and the sign to begin.
    """

    count: int
    longest: int = 10
    symbols: int = 8
    fresh: bool = True

    @property
    def end(self) -> int:
        """The number that ends a string."""
        return self.symbols

    @property
    def told(self) -> int:
        """Steps up to the sign to begin."""
        return self.longest + 2

    @property
    def sample_bytes(self) -> int:
        """Memory of one series."""
        return 2 * (self.longest + 1) * (4 * (self.symbols + 2) + 8)

    @property
    def chance(self) -> float:
        """How often symbols that are drawn at random, of the right number, are the string."""
        return float(np.mean([self.symbols ** -float(n) for n in range(1, self.longest + 1)]))

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return as many series: ``inputs`` ``(B, T, symbols + 2)``, answers as ``masks`` ``(B, T)``, -1 where none."""
        rng, n = np.random.default_rng(draw), len(indices)
        place, lengths = np.arange(self.longest + 1), rng.integers(1, self.longest + 1, n)[:, None]
        strings = np.where(place < lengths, rng.integers(0, self.symbols, (n, self.longest + 1)), -1)
        strings[place == lengths] = self.end
        begin = np.full((n, 1), self.symbols + 1)
        given = np.concatenate([strings, begin, np.where(place < lengths, strings, -1)[:, : self.longest]], axis=1)
        inputs = (given[:, :, None] == np.arange(self.symbols + 2)).astype(np.float32)
        nothing = np.full((n, self.longest + 1), -1)
        return {"inputs": inputs, "targets": inputs, "masks": np.concatenate([nothing, strings], axis=1)}
