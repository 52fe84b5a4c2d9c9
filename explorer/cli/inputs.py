"""What a person writes behind a command, made into data, projects and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.cli.console import warn
from explorer.data.dataset import Dataset
from explorer.data.generated import SETS
from explorer.errors import InputError
from explorer.progress import Progress
from explorer.workspace.messages import LoadData, ModelRef
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run

LARGEST = float(np.finfo(np.float32).max)
"""Models compute in 32 bits."""


def settings(pairs: Iterable[str], *, option: str) -> dict[str, str]:
    """Return ``key=value`` texts as a dict.

    Raises
    ------
    InputError
        If one is not of that form, or a key is given twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise InputError(f"'{pair}' is not key=value", source=option, remedy=f"Write {option} key=value")
        if key in found:
            raise InputError(f"'{key}' is given twice", source=option)
        found[key] = value
    return found


def cut(options: Iterable[str] | None, window: int | None, stride: int | None) -> list[str]:
    """Return the options of a reader with those that cut a recording into windows."""
    given = {"window": window, "stride": stride}
    return [*(options or ()), *(f"{name}={value}" for name, value in given.items() if value is not None)]


def whole_number(text: str, name: str) -> int:
    """Return the text of a whole number."""
    try:
        return int(text)
    except ValueError:
        raise InputError(f"'{name}' cannot be '{text}'", remedy="Give a whole number") from None


def numbers(text: str, option: str) -> np.ndarray:
    """Return numbers that are separated by commas, float64.

    Raises
    ------
    InputError
        If one is no number, or is too large for models.
    """
    found = []
    for part in text.split(","):
        try:
            number = float(part)
        except ValueError:
            number = np.nan
        if not abs(number) <= LARGEST:
            problem = "is too large" if abs(number) > LARGEST else "is not a number"
            raise InputError(f"'{part.strip()}' {problem}", source=option, remedy="Write numbers with commas")
        found.append(number)
    return np.array(found, dtype=np.float64)


def whole_numbers(text: str, option: str) -> list[int]:
    """Return whole numbers that are separated by commas.

    Raises
    ------
    InputError
        If one is none.
    """
    return [whole_number(part.strip(), option) for part in text.split(",")]


def two_axes(text: str, width: int) -> tuple[int, int]:
    """Return two different coordinates of codes of a width, from 0, which people count from 1.

    Raises
    ------
    InputError
        If it says no such two.
    """
    chosen = numbers(text, "--axes")
    if len(chosen) != 2 or (chosen != chosen.astype(int)).any() or (chosen < 1).any() or chosen[0] == chosen[1]:
        raise InputError(f"'{text}' are not two coordinates", source="--axes", remedy="Write two different, as in 1,2")
    if max(chosen) > max(width, 2):
        named = " and ".join(str(int(axis)) for axis in chosen)
        raise InputError(f"axes {named} do not fit codes of {width} coordinates", source="--axes")
    return int(chosen[0]) - 1, int(chosen[1]) - 1


def code(text: str, width: int, option: str = "--z") -> np.ndarray:
    """Return a code of `width` numbers, float64.

    Raises
    ------
    InputError
        If it has another number of them, or one is no number.
    """
    found = numbers(text, option)
    if len(found) != width:
        raise InputError(
            f"the code has {len(found)} numbers where the model has {width}",
            source=option,
            remedy=f"Write {width} with commas",
        )
    return found


def read_data(
    source: str,
    progress: Progress,
    *,
    reader: str | None = None,
    options: Iterable[str] = (),
    clean: str | None = None,
) -> Dataset:
    """Return the data of a file or a built-in set, or of a noisy file and a clean one.

    Raises
    ------
    InputError
        If there is neither, or it cannot be read.
    """
    from explorer.workspace.tasks import run_task

    chosen: dict[str, Any] = dict(settings(options, option="--data-option"))
    clean = chosen.pop("clean", clean)
    generated = reader is None and source in SETS
    if generated and "seed" in chosen:
        chosen["seed"] = whole_number(chosen["seed"], "seed")
    path = Path(source).expanduser()
    if not generated and not path.exists() and path.name == source and not path.suffix:
        raise InputError(
            f"there is no file and no built-in set called '{source}'", remedy=f"The sets are: {', '.join(SETS)}"
        )
    if path.suffix.lower() == ".latentscape":
        raise InputError("this is a project, not data", source=source, remedy="Give the file that its data came from")
    dataset = run_task("load_data", LoadData(source, reader, chosen, clean), progress)
    if not len(dataset):
        raise InputError("there are no samples", source=source)
    if dataset.origin.left_out:
        warn(f"{source}: {dataset.origin.left_out}")
    return dataset


@dataclass(frozen=True)
class TrainedRun:
    """A run of an open project that has weights."""

    project: ProjectFile
    run: Run

    @property
    def ref(self) -> ModelRef:
        """Its weights, for the tasks."""
        return ModelRef(str(self.project.path), self.run.id, self.run.version)

    def data(self) -> Dataset:
        """Return the data that it was trained on.

        Raises
        ------
        MissingDataError
            If their file moved or changed.
        """
        return self.project.read_data(self.run.data)

    def codes(self) -> np.ndarray:
        """Return the codes of its data ``(N, L)``."""
        codes = self.project.codes(self.run.id)
        return self.model().transform(self.data()) if codes is None else codes

    def model(self) -> Any:
        """Return the fitted model."""
        from explorer.workspace.model_cache import MODELS

        return MODELS.get(self.ref).model


@contextmanager
def opened(path: str) -> Iterator[ProjectFile]:
    """Open a project to read it, also where it lies on read-only ground or a window has it open. It stays as it is."""
    project = ProjectFile.look(path)
    try:
        yield project
    finally:
        project.close()


@contextmanager
def trained(path: str, chosen: str | None) -> Iterator[TrainedRun]:
    """Open a project and choose a run of it: by number or name, else the one that the window shows, else the newest.

    Raises
    ------
    InputError
        If there is no such run, or it has no weights.
    """
    with opened(path) as project:
        yield choose(project, chosen)


def choose(project: ProjectFile, chosen: str | None) -> TrainedRun:
    """Return a run of an open project; see `trained`."""
    runs = sorted(project.runs(), key=lambda run: run.id, reverse=True)
    return TrainedRun(project, _chosen(project, runs, chosen))


def given(
    trained: TrainedRun,
    source: str | None,
    progress: Progress,
    *,
    reader: str | None,
    options: Iterable[str] | None,
    clean: str | None = None,
) -> Dataset:
    """Return the data that a person named, or those that the run was trained on."""
    if source is not None:
        return read_data(source, progress, reader=reader, options=options or (), clean=clean)
    if clean is not None:
        raise InputError("there is a clean file without a noisy one", source="--clean", remedy="Give both files")
    return trained.data()


def sample(dataset: Dataset, index: int | None) -> int:
    """Return the number of a sample, by default that of the first to test with.

    Raises
    ------
    InputError
        If there is no such sample.
    """
    if index is None:
        tested = dataset.indices("test")
        return int(tested[0]) if len(tested) else 0
    if not 0 <= index < len(dataset):
        raise InputError(f"there is no sample {index}", source=dataset.name, remedy=f"They are 0 to {len(dataset) - 1}")
    return index


def _chosen(project: ProjectFile, runs: list[Run], chosen: str | None) -> Run:
    if chosen is not None:
        named = [run for run in runs if chosen in (str(run.id), run.name)]
        if not named:
            known = "; ".join(f"{run.id} ({run.name})" for run in runs) or "none"
            raise InputError(f"there is no run '{chosen}'", source=project.path, remedy=f"The runs are: {known}")
        if not named[0].version:
            raise InputError(f"run {named[0].id} has no trained model", source=project.path, remedy="Choose another")
        return named[0]
    ready = [run for run in runs if run.version]
    if not ready:
        raise InputError("the project has no trained model", source=project.path, remedy="Train one first")
    active = project.get_state("active_run")
    return next((run for run in ready if run.id == active), ready[0])
