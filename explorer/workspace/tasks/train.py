"""Train a run of a project, and keep every epoch in it."""

from __future__ import annotations

import copy
import platform
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from uuid import uuid4

import msgspec
import numpy as np

from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, InputError
from explorer.models.base import RECIPES, LatentModel
from explorer.models.encoding import encode
from explorer.parameters import parameters, validate, values_of
from explorer.progress import Deaf, Progress
from explorer.training.history import Epoch, History
from explorer.workspace.evaluation import evaluate
from explorer.workspace.messages import EpochUpdate, TrainOutcome, TrainRun
from explorer.workspace.past_keeper import PastKeeper
from explorer.workspace.places import untitled_folder
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run, Status

SNAPSHOT_SECONDS = 0.3
"""At least so long between two snapshots."""
TELL_SECONDS = 0.05
"""At least so long between two updates, which tell of all epochs in between."""
SNAPSHOT_SHARE = 0.04
"""At most so much of the time goes into writing weights and history."""
CODES_SHARE = 0.02
"""At most so much of the time goes into the codes of all samples."""
LIBRARIES = ("latentscape", "numpy", "torch")


def train(request: TrainRun, progress: Progress) -> TrainOutcome:
    """Fit the recipe of a run as its row says, and write what it learns to the project; see `TrainRun`.

    Raises
    ------
    InputError
        If the run cannot be trained, or its result not be written; the run is then "failed" and says why.
    Cancelled
        If the person cancelled before the first epoch was done, or deleted the run.
    """
    project = ProjectFile.open(request.project)
    trainer = uuid4().hex
    try:
        run = project.run(request.run)
        project.start_training(run.id, trainer)
        try:
            return _train(project, run, request.data, trainer, progress)
        except (Cancelled, KeyboardInterrupt):
            project.end_training(_ended(run, _cancelled(progress)), trainer=trainer)
            raise
        except Exception as reason:
            told = str(reason) if isinstance(reason, InputError) else f"{type(reason).__name__}: {reason}"
            _tell_failure(project, run, told, trainer)
            raise
    finally:
        project.close()


def _train(project: ProjectFile, run: Run, data: Dataset, trainer: str, progress: Progress) -> TrainOutcome:
    model = _model(run)
    corruption = getattr(model, "corruption", run.corruption)
    # A model that draws no corruption of its own learns from samples that were spoilt once.
    learnt_from = data
    if corruption is not None and not hasattr(model, "corruption"):
        learnt_from = corrupt(data, parse_corruption(corruption), getattr(model, "seed", 0))
    keeper = SnapshotKeeper(project, run.id, trainer, model, data, progress)
    start = time.perf_counter()
    model.fit(learnt_from, progress=keeper)
    keeper.keep_past()
    history = _history(model)
    if history.stopped == "cancelled" and not history.epochs:
        raise Cancelled
    seconds = history.epochs[-1].seconds if history.epochs else time.perf_counter() - start
    history.notes.extend(keeper.notes)
    # Who has cancelled the training still wants the codes of what it has learnt; they are told, but not cancelled.
    after = Deaf(progress) if history.stopped == "cancelled" else progress
    codes = encode(model, data, after)
    progress.report(1.0, "measuring")
    metrics = evaluate(model, data, corruption, getattr(model, "seed", 0), progress=after)
    try:
        number = project.write_snapshot(run.id, model.to_bytes(), codes, history, trainer=trainer)
        status: Status = "diverged" if history.stopped == "diverged" else "done"
        if history.stopped == "cancelled":
            status = _cancelled(progress)
        ended = _ended(
            run, status, history=history, metrics=metrics, seconds=seconds, provenance=_provenance(model, data)
        )
        project.end_training(ended, trainer=trainer)
    except InputError as reason:
        raise _rescued(model, run, reason) from reason
    return TrainOutcome(run.id, history, number, codes, metrics, seconds)


def _cancelled(progress: Progress) -> Status:
    """Return what a run is called that was told to stop: by the person, or by the end of the window."""
    return "interrupted" if getattr(progress, "gone", False) else "cancelled"


def _model(run: Run) -> LatentModel:
    """Return the recipe of a run, ready to fit; the run's corruption is its parameter where it has one."""
    recipe = RECIPES.load(run.recipe)
    params = dict(run.params)
    declared = {parameter.name for parameter in parameters(recipe)}
    if run.corruption is not None and "corruption" in declared:
        params["corruption"] = run.corruption
    return recipe(**validate(recipe, params, owner=f"the model '{run.recipe}'"))


class SnapshotKeeper:
    """The progress that a model gets: it writes snapshots to the project, and tells the person's progress.

    Weights and history are written after an epoch, as often as every `SNAPSHOT_SECONDS`; the codes of all samples
    with them, as long as they take no more than `CODES_SHARE` of the time.
    """

    def __init__(
        self, project: ProjectFile, run: int, trainer: str, model: LatentModel, data: Dataset, progress: Progress
    ) -> None:
        self._project, self._run, self._trainer = project, run, trainer
        self._model, self._data, self._progress = model, data, progress
        self._version = 0
        self._weights_due = self._codes_due = 0.0
        self._epochs = int(getattr(model, "epochs", 0))
        self._past = PastKeeper(project, run, trainer, model, data)
        self._told = -TELL_SECONDS
        self._untold: list[Epoch] = []
        self.notes: list[str] = []

    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._progress.cancelled()

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Pass a report on; an epoch with the snapshot that was made of it."""
        if not isinstance(payload, Epoch):
            self._progress.report(fraction, message, payload)
            return
        due = time.monotonic() >= self._weights_due
        codes = self._snapshot() if due else None
        self._past.note(payload.number, codes)
        if due:
            self.keep_past()
        now = time.monotonic()
        if not due and now < self._told + TELL_SECONDS:
            # Of a small net come hundreds of epochs a second: who watches is told of some together.
            self._untold.append(payload)
            self._progress.report(fraction, message)
            return
        self._told = now
        earlier, self._untold = self._untold, []
        self._progress.report(
            fraction, message, EpochUpdate(self._run, payload, self._epochs, self._version, codes, earlier)
        )

    def keep_past(self) -> None:
        """Write the maps of the epochs so far."""
        try:
            self._past.flush()
        except InputError as reason:
            self._note_loss(reason)

    def _note_loss(self, reason: InputError) -> None:
        # A full disk may have room again by the end; the training is worth more than its snapshots.
        note = f"A snapshot could not be kept: {reason}"
        if note not in self.notes:
            self.notes.append(note)

    def _snapshot(self) -> np.ndarray | None:
        """Write weights and history, and where they are due the codes, which are returned."""
        begun = time.monotonic()
        codes = None
        if begun >= self._codes_due:
            with suppress(Cancelled):  # the training hears it itself
                codes = encode(self._model, self._data, self._progress)
            self._codes_due = _next(begun, CODES_SHARE)
        begun = time.monotonic()
        # The model goes on changing its own.
        history = copy.copy(_history(self._model))
        try:
            self._version = self._project.write_snapshot(
                self._run, self._model.to_bytes(), codes, history, trainer=self._trainer
            )
        except InputError as reason:
            self._note_loss(reason)
            codes = None
        self._weights_due = _next(begun, SNAPSHOT_SHARE)
        return codes


def _next(begun: float, share: float) -> float:
    """Return when work that began at `begun` and has just ended may be done again to take no more than its share."""
    now = time.monotonic()
    return now + max(SNAPSHOT_SECONDS, (now - begun) * (1 / share - 1))


def _history(model: LatentModel) -> History:
    return getattr(model, "history_", None) or History()


def _ended(run: Run, status: Status, **fields: Any) -> Run:
    return msgspec.structs.replace(run, status=status, **fields)


def _tell_failure(project: ProjectFile, run: Run, told: str, trainer: str) -> None:
    """Write why a run failed. Where that fails as well, the error that is on its way says more."""
    try:
        project.end_training(_ended(project.run(run.id), "failed", error=told), trainer=trainer)
    except InputError:
        return


def _rescued(model: LatentModel, run: Run, reason: InputError) -> InputError:
    """Keep a trained model that could not be written to its project in the program's own folder, and say where."""
    path = untitled_folder() / f"rescued run {run.id} {time.strftime('%Y-%m-%d %H-%M-%S')}.safetensors"
    try:
        model.save(path)
    except InputError:
        return reason
    return InputError(
        reason.problem,
        source=reason.source,
        remedy=f"The trained model was kept in {path}. {reason.remedy or ''}".strip(),
    )


def _provenance(model: LatentModel, data: Dataset) -> dict[str, Any]:
    versions = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:  # in a frozen build without that package's metadata
            continue
    return {
        "sha256": data.sha256,
        "data": data.name,
        "config": values_of(model),
        "seed": getattr(model, "seed", None),
        "versions": versions,
    }
