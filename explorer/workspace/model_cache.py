"""Fitted models of projects, kept ready for the hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.analysis.neighbours import Neighbours
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.workspace.messages import ModelRef
from explorer.workspace.project import ProjectFile

KEPT = 4


@dataclass(frozen=True)
class Loaded:
    """A model as it was in the project at `version`, and the codes of its data, if there are some."""

    model: LatentModel
    version: int
    neighbours: Neighbours | None
    file: tuple[int, int]


class ModelCache:
    """The models used last. A newer version is read from the project only when someone asks for it."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[str, int], Loaded] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, ref: ModelRef) -> Loaded:
        """Return a run's model of at least the version asked for.

        Raises
        ------
        InputError
            If the project or the run is gone, or has no weights.
        """
        key = (ref.project, ref.run)
        with self._lock:
            found = self._loaded.get(key)
            # Another project may have been saved in this one's place.
            if found is None or found.version < ref.version or found.file != _identity(ref.project):
                found = self._loaded[key] = _load(ref)
            self._loaded.move_to_end(key)
            while len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
        return found


def _identity(path: str) -> tuple[int, int]:
    try:
        facts = Path(path).stat()
    except OSError as reason:
        raise InputError("the project is gone", source=path, remedy="Open it again") from reason
    return facts.st_dev, facts.st_ino


def _load(ref: ModelRef) -> Loaded:
    file = _identity(ref.project)
    project = ProjectFile.look(ref.project)
    try:
        blob, version = project.weights(ref.run)
        codes: np.ndarray | None = project.codes(ref.run)
    finally:
        project.close()
    model = LatentModel.from_bytes(blob, source=f"{ref.project}, run {ref.run}")
    return Loaded(model, version, None if codes is None else Neighbours(codes), file)


MODELS = ModelCache()
"""Of this process."""
