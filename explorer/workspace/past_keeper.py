"""What a training leaves of its maps: codes after its epochs, within bounds of time and of the project's size."""

from __future__ import annotations

import time

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.workspace.project import ProjectFile
from explorer.workspace.stored_past import PastCodes

MOST_EPOCHS = 400
"""Of more, every second is let go, then every fourth, and so on."""
MOST_NUMBERS = 64_000
"""Samples times width of the code that are kept of an epoch."""
FEWEST_SAMPLES = 2000
"""So many samples are kept however long their codes take."""
SHARE = 0.01
"""At most so much of the time goes into codes that nobody else asked for."""


class PastKeeper:
    """Keeps the codes of samples after the epochs of a run that trains.

    Of many samples it keeps every so-many-th, and of many epochs too; where codes take long, fewer samples first, then
    not every epoch.

    Parameters
    ----------
    project : ProjectFile
    run : int
    trainer : str
        The token that the run is trained with.
    model : LatentModel
        That trains.
    data : Dataset
    """

    def __init__(self, project: ProjectFile, run: int, trainer: str, model: LatentModel, data: Dataset) -> None:
        self._project, self._run, self._trainer = project, run, trainer
        self._model, self._data = model, data
        self._stride = 0
        self._every = 1
        self._kept: list[int] = []
        self._pending: list[PastCodes] = []
        self._chosen: Dataset | None = None
        self._due = 0.0
        self._last = time.monotonic()

    def note(self, epoch: int, codes: np.ndarray | None) -> None:
        """Keep the codes after an epoch (from 1): out of those of all samples where there are some, or computed."""
        now = time.monotonic()
        took, self._last = now - self._last, now
        if (epoch - 1) % self._every or (codes is None and now < self._due):
            return
        if not self._stride:
            width = max(1, int(getattr(self._model, "latent_dim_", 1)))
            self._stride = -(-len(self._data) // max(1, MOST_NUMBERS // width))
        if codes is None:
            stride, kept = self._stride, self._encoded()
            cost = time.monotonic() - now
            self._due = now + cost / SHARE
            if cost > SHARE * took and len(kept) > FEWEST_SAMPLES:
                fewer = max(FEWEST_SAMPLES, int(len(kept) * SHARE * took / cost))
                self._stride, self._chosen = -(-len(self._data) // fewer), None
        else:
            stride = self._stride
            kept = np.array(codes[:: self._stride], dtype=np.float32)
        self._pending.append(PastCodes(epoch, stride, kept))
        self._kept.append(epoch)
        if len(self._kept) > MOST_EPOCHS:
            self._every *= 2
            self._kept = [it for it in self._kept if (it - 1) % self._every == 0]
            self._pending = [it for it in self._pending if (it.epoch - 1) % self._every == 0]

    def flush(self) -> None:
        """Write what was kept since the last time.

        Raises
        ------
        InputError
            If it cannot be written; it is then let go.
        """
        if self._pending:
            pending, self._pending = self._pending, []
            self._project.write_past(self._run, pending, every=self._every, trainer=self._trainer)

    def _encoded(self) -> np.ndarray:
        if self._chosen is None:
            rows = np.arange(0, len(self._data), self._stride)
            self._chosen = self._data if self._stride == 1 else self._data.subset(rows)
        return np.asarray(self._model.transform(self._chosen), np.float32)
