"""Two tasks that ask a network to remember over many steps (Hochreiter & Schmidhuber 1997), as sources of batches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CopiedMemory:
    """Ten symbols, a long nothing, and the sign to say the symbols again (Bai, Kolter & Koltun 2018, sec. 5.2).

    A series has ``gap + 20`` steps: ten symbols out of 8, ``gap − 1`` times nothing, and the sign eleven times. The
    answer is nothing up to the last ten steps, and there the symbols. Inputs are one-hot: 0 is nothing, 1 to 8 are
    symbols, and 9 is the sign. (The published network reads the numbers themselves.)

    Parameters
    ----------
    count : int
        Series in an epoch.
    gap : int
        T in the paper.
    """

    count: int
    gap: int
    fresh: bool = True

    SYMBOLS = 8
    MEMORY = 10
    CLASSES = SYMBOLS + 2

    @property
    def steps(self) -> int:
        """Of a series."""
        return self.gap + 2 * self.MEMORY

    @property
    def sample_bytes(self) -> int:
        """Memory of one series."""
        return self.steps * (4 * self.CLASSES + 8)

    @property
    def guess(self) -> float:
        """Cross-entropy, in nats per step, of one who knows all but the symbols."""
        return self.MEMORY * math.log(self.SYMBOLS) / self.steps

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return as many series: ``inputs`` ``(B, T, 10)``, answers as ``masks`` ``(B, T)``."""
        rng, n = np.random.default_rng(draw), len(indices)
        told = np.zeros((n, self.steps), dtype=np.int64)
        answers = np.zeros_like(told)
        told[:, : self.MEMORY] = answers[:, -self.MEMORY :] = rng.integers(1, self.SYMBOLS + 1, (n, self.MEMORY))
        told[:, -self.MEMORY - 1 :] = self.CLASSES - 1
        inputs = np.zeros((n, self.steps, self.CLASSES), dtype=np.float32)
        np.put_along_axis(inputs, told[:, :, None], 1.0, axis=2)
        return {"inputs": inputs, "targets": inputs, "masks": answers}


@dataclass(frozen=True)
class MarkedNumbers:
    """Numbers of which two are marked, and are to be added (Bai, Kolter & Koltun 2018, sec. 5.1).

    Numbers are uniform in [0, 1], and the marks stand at any two steps. Both channels are scaled to mean 0 and variance
    1, as this program does with all data. (The published network reads them as they are.)

    Parameters
    ----------
    count : int
        Series in an epoch.
    steps : int
        T in the paper.
    """

    count: int
    steps: int
    fresh: bool = True

    @property
    def sample_bytes(self) -> int:
        """Memory of one series."""
        return 8 * self.steps + 4

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return as many series: ``inputs`` ``(B, T, 2)``, their sums as ``targets`` ``(B, 1)``."""
        rng, n = np.random.default_rng(draw), len(indices)
        numbers = rng.random((n, self.steps), dtype=np.float32)
        marked = rng.permuted(np.tile(np.arange(self.steps) < 2, (n, 1)), axis=1)
        share = 2 / self.steps
        marks = (marked - share) / math.sqrt(share * (1 - share))
        inputs = np.stack([(numbers - 0.5) * math.sqrt(12), marks], axis=2, dtype=np.float32)
        return {"inputs": inputs, "targets": (numbers * marked).sum(1, keepdims=True, dtype=np.float32)}
