"""Projects and a model that learns in no time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import numpy as np
import pytest

from explorer.data.dataset import Dataset, as_dataset
from explorer.models.base import RECIPES, LatentModel
from explorer.parameters import Param
from explorer.progress import Progress, Silent
from explorer.training.history import Epoch, History
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace


@dataclass(kw_only=True, eq=False, repr=False)
class Means(LatentModel):
    """Its code is the mean of a sample, times the epochs it was trained for; it decodes to a constant."""

    title: ClassVar[str] = "Means"
    epochs: Annotated[int, Param("Passes.", ge=1)] = 3
    seconds: Annotated[float, Param("Of an epoch.", ge=0)] = 0.0
    fail_at: Annotated[int, Param("Epoch that fails.", ge=0)] = 0
    corruption: Annotated[str | None, Param("Not looked at.")] = None
    seed: Annotated[int, Param("Not looked at.", ge=0)] = 0

    def fit(self, X: Dataset | np.ndarray, y: object = None, *, progress: Progress | None = None) -> Self:
        progress = progress or Silent()
        self.sample_shape_, self.latent_dim_ = as_dataset(X).sample_shape, 1
        self.history_ = History(stopped="finished")
        for number in range(1, self.epochs + 1):
            if progress.cancelled():
                self.history_.stopped = "cancelled"
                break
            if number == self.fail_at:
                raise RuntimeError("a bug")
            time.sleep(self.seconds)
            epoch = Epoch(number, {"loss": 1 / number}, {}, number * 0.1)
            self.history_.epochs.append(epoch)
            self.history_.best_epoch = number
            progress.report(number / self.epochs, "training", epoch)
        return self

    def transform(self, X: Dataset | np.ndarray) -> np.ndarray:
        values = as_dataset(X).values
        means = np.nanmean(values.reshape(len(values), -1), axis=1, keepdims=True)
        return (means * len(self.history_.epochs)).astype(np.float32)

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        scaled = np.asarray(Z, np.float32) / max(1, len(self.history_.epochs))
        return np.broadcast_to(scaled.reshape(-1, *[1] * len(self.sample_shape_)), (len(Z), *self.sample_shape_))

    def size(self, sample_shape: tuple[int, ...]) -> int:
        return 1

    def _arrays(self) -> dict[str, np.ndarray]:
        return {"shape": np.array(self.sample_shape_)}

    def _facts(self) -> dict[str, Any]:
        return {"epochs": len(self.history_.epochs)}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        self.sample_shape_, self.latent_dim_ = tuple(int(n) for n in arrays["shape"]), 1
        epochs = [Epoch(i, {}, {}, 0.0) for i in range(facts["epochs"])]
        self.history_ = History(epochs=epochs)


@pytest.fixture
def means(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register `Means`, and return its name."""
    monkeypatch.setitem(RECIPES._modules, "means", Means.__module__)
    return "means"


def series(n: int = 20, seed: int = 0, **fields: Any) -> Dataset:
    """Return ``(n, 8, 2)`` series with labels, names and columns."""
    rng = np.random.default_rng(seed)
    return Dataset(
        values=rng.normal(size=(n, 8, 2)).astype(np.float32), name="Reihen", labels=np.arange(n) % 3,
        class_names=("a", "b", "ü"), names=np.array([f"#{i}" for i in range(n)]),
        columns={"age": np.arange(n) / 2, "site": np.array(["x", "y"] * (n // 2))}, unit="mV", sampling_rate=2.0,
        **fields,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    file = ProjectFile.create(tmp_path / "work.latentscape")
    yield file
    file.close()


@pytest.fixture
def workspace(project: ProjectFile) -> Iterator[Workspace]:
    space = Workspace(project)
    yield space
    space.close()


@pytest.fixture
def heard(workspace: Workspace) -> list[str]:
    """Collect the names of the signals that the workspace emits."""
    names: list[str] = []
    for name in (
        "data_changed", "data_needed", "runs_changed", "run_changed", "active_run_changed", "codes_changed",
        "selection_changed", "colouring_changed", "undo_changed", "project_changed",
    ):  # fmt: skip

        def note(*_: object, name: str = name) -> None:
            names.append(name)

        getattr(workspace, name).connect(note)
    return names
