"""The codes of a run after each of its epochs, kept in a project file: the map as it was while the run trained."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from explorer.errors import InputError
from explorer.workspace.database import Database, unpacking
from explorer.workspace.packing import pack_array, unpack_array


class PastCodes(msgspec.Struct, frozen=True):
    """Codes of every `stride`-th sample, from the first, after an epoch of a run.

    `codes` ``(⌈N / stride⌉, L)`` are kept as float16, which is finer than a pixel of any map, and read as float32.
    """

    epoch: int
    stride: int
    codes: np.ndarray

    def spread(self, n: int) -> np.ndarray:
        """Return codes of all of `n` samples ``(n, L)``, float32: NaN for those that were not kept.

        Raises
        ------
        InputError
            If they are of other data.
        """
        if len(self.codes) != -(-n // self.stride):
            raise InputError(f"the project is damaged: the codes of epoch {self.epoch} are of other samples")
        if self.stride == 1:
            return self.codes
        whole = np.full((n, self.codes.shape[1]), np.nan, dtype=np.float32)
        whole[:: self.stride] = self.codes
        return whole


class StoredPast:
    """The past codes of the runs of a `ProjectFile`."""

    _db: Database

    def write_past(self, run: int, past: Iterable[PastCodes], *, every: int = 1, trainer: str = "") -> None:
        """Keep codes of epochs of a run, if it still is this trainer's.

        Parameters
        ----------
        run : int
        past : iterable of PastCodes
        every : int
            Of those that are kept, only the first epoch and each `every`-th after it stay.
        trainer : str
            The token of `explorer.workspace.stored_runs.StoredRuns.start_training`.
        """
        packed = [(run, it.epoch, it.stride, pack_array(_halved(it.codes))) for it in past]
        with self._db.transaction():
            if not self._db.rows("SELECT 1 FROM runs WHERE id = ? AND trainer = ?", (run, trainer)):
                return
            for row in packed:
                self._db.write("INSERT OR REPLACE INTO past_codes VALUES (?, ?, ?, ?)", row)
            if every > 1:
                self._db.write("DELETE FROM past_codes WHERE run = ? AND (epoch - 1) % ? != 0", (run, every))

    def past_epochs(self, run: int) -> list[int]:
        """Return the epochs of a run whose codes are kept, ascending, from 1."""
        return [row[0] for row in self._db.rows("SELECT epoch FROM past_codes WHERE run = ? ORDER BY epoch", (run,))]

    def past_codes(self, run: int, epoch: int) -> PastCodes:
        """Return the codes after an epoch of a run.

        Raises
        ------
        InputError
            If they were not kept, or the project is damaged there.
        """
        found = self._db.rows("SELECT stride, codes FROM past_codes WHERE run = ? AND epoch = ?", (run, epoch))
        if not found:
            raise InputError(f"the map of epoch {epoch} of run {run} was not kept", source=self._db.path)
        stride, packed = found[0]
        with unpacking(self._db.path):
            codes = unpack_array(packed)
            if codes.ndim != 2 or codes.dtype != np.float16 or not isinstance(stride, int) or stride < 1:
                raise ValueError("no codes of an epoch")
        return PastCodes(epoch, stride, codes.astype(np.float32))


def _halved(codes: np.ndarray) -> np.ndarray:
    """Return codes as float16; those beyond its range, which no map could show beside others, at its edge."""
    edge = float(np.finfo(np.float16).max)
    return np.clip(codes, -edge, edge).astype(np.float16)
