"""Two tasks that can only be solved by remembering what was seen many steps before, drawn anew whenever asked for.

Sources of batches; see `explorer.training.batches.Source`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SYMBOLS, REMEMBERED = 8, 10


@dataclass(frozen=True)
class CopyMemory:
    """Ten symbols, a long silence, a sign: repeat the symbols. After Arjovsky et al. 2016, as in Bai et al. 2018.

    A series has T + 20 steps of symbols 0 to 9: ten of 1 to 8, T − 1 times 0, eleven times 9. The answers are 0 at the
    first T + 10 steps and the ten symbols at the last ten. Who remembers nothing can but guess these: a mean
    cross-entropy of 10 ln 8 / (T + 20).

    Parameters
    ----------
    count : int
        Series in an epoch.
    delay : int
        T.
    """

    count: int
    delay: int
    fresh: bool = True

    @property
    def steps(self) -> int:
        """Length of a series."""
        return self.delay + 2 * REMEMBERED

    @property
    def sample_bytes(self) -> int:
        """Memory of one series."""
        return self.steps * (4 * (SYMBOLS + 2) + 8)

    @property
    def memoryless(self) -> float:
        """Mean cross-entropy of the best guess without a memory, in nats."""
        return REMEMBERED * float(np.log(SYMBOLS)) / self.steps

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return as many series: ``inputs`` one-hot ``(B, T + 20, 10)``, answers as ``masks`` ``(B, T + 20)``."""
        rng = np.random.default_rng(draw)
        symbols = rng.integers(1, SYMBOLS + 1, (len(indices), REMEMBERED))
        given = np.zeros((len(indices), self.steps), np.int64)
        given[:, :REMEMBERED], given[:, -REMEMBERED - 1 :] = symbols, SYMBOLS + 1
        answers = np.zeros_like(given)
        answers[:, -REMEMBERED:] = symbols
        inputs = np.eye(SYMBOLS + 2, dtype=np.float32)[given]
        return {"inputs": inputs, "targets": inputs, "masks": answers}


@dataclass(frozen=True)
class AddingProblem:
    """Many numbers, two of them marked: what is their sum? After Hochreiter & Schmidhuber 1997, as in Bai et al. 2018.

    Numbers are uniform between 0 and 1, and the two marks are anywhere. Who always answers 1 has a mean squared error
    of 1/6, the variance of the sum.

    Parameters
    ----------
    count : int
        Series in an epoch.
    steps : int
        T.
    """

    count: int
    steps: int
    fresh: bool = True
    constant: float = 1 / 6

    @property
    def sample_bytes(self) -> int:
        """Memory of one series."""
        return 8 * self.steps

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return as many series: ``inputs`` ``(B, T, 2)`` of numbers and marks, sums as ``targets`` ``(B, 1)``."""
        rng, n = np.random.default_rng(draw), len(indices)
        inputs = np.zeros((n, self.steps, 2), np.float32)
        inputs[:, :, 0] = rng.random((n, self.steps))
        first, apart = rng.integers(0, self.steps, n), rng.integers(1, self.steps, n)
        marked = np.stack([first, (first + apart) % self.steps], axis=1)
        np.put_along_axis(inputs[:, :, 1], marked, 1, axis=1)
        sums = np.take_along_axis(inputs[:, :, 0], marked, axis=1).sum(axis=1, keepdims=True)
        return {"inputs": inputs, "targets": sums}
