"""What the panels call: it turns a person's wishes into jobs, and their results into the workspace's state."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.data.dataset import Dataset
from explorer.errors import InputError, MissingDataError
from explorer.gui.errands import Errands
from explorer.gui.jobs import Job, Jobs
from explorer.resources import resource
from explorer.workspace.messages import (
    Decode,
    Decoded,
    Denoise,
    Denoised,
    EpochUpdate,
    Estimate,
    EstimateRun,
    ExportArrays,
    ExportFigure,
    FigureKind,
    FigureStyle,
    LoadData,
    ModelRef,
    PreviewData,
    RelocateData,
    TrainOutcome,
    TrainRun,
)
from explorer.workspace.places import untitled_path
from explorer.workspace.project import ProjectFile, with_suffix
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from explorer.data.reader import Preview

HAND_RESTS = 0.15
"""Seconds without a move after which what a training changed is decoded and denoised anew."""
SAMPLE = "samples/sines.latentscape"


class Controller(QObject):
    """The one object that knows the workspace and the workers.

    Parameters
    ----------
    workspace : Workspace
    jobs : Jobs

    Attributes
    ----------
    handle : ndarray or None, float64 ``(L,)``
        The code under the hand.
    axes : tuple of int
        The two coordinates of the code that the map shows; the second is -1 where the code has only one.
    source : int
        The sample whose values the handle's other coordinates keep; -1 where none.
    last_decoded, last_denoised : Decoded, Denoised or None
    map_view : callable or None
        Gives the part of the map that is in view: left, right, bottom, top. The window sets it.
    """

    decoded = Signal(object)
    """`Decoded`: the newest finished decode."""
    denoised = Signal(object)
    """`Denoised`: the newest finished denoising."""
    denoise_failed = Signal(object)
    """Why the sample could not be denoised, as the panel shows it in place of a result."""
    handle_moved = Signal(object)
    """The handle's code, ndarray ``(L,)``, or None where there is none."""
    handle_source = Signal(int)
    """The sample whose other coordinates the handle keeps; -1 where none."""
    axes_changed = Signal(int, int)
    busy = Signal(str, float, object)
    """What is being done, the fraction (NaN where unknown) and seconds left (None where unknown); "" when idle."""
    notice = Signal(str, str)
    """A sentence for the person: its level ("info", "warn", "bad") and text."""
    failed = Signal(object)
    """An error to show in a dialog: `InputError`, or one with ``details``."""
    training_progress = Signal(object, object)
    """`EpochUpdate` and the seconds left (None while unknown)."""
    training_changed = Signal()
    """A training began, paused, went on or ended."""
    file_opened = Signal(str)
    """A data file was read: its path, for the list of recent ones."""
    data_missing = Signal(int, object)
    """A data set's id in the project and the `MissingDataError`: its file must be found."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace, self.jobs = workspace, jobs
        self.handle: np.ndarray | None = None
        self.axes: tuple[int, int] = (0, 1)
        self.source = -1
        self._resting = False
        self.last_decoded: Decoded | None = None
        self.last_denoised: Denoised | None = None
        self.map_view: Callable[[], tuple[float, float, float, float]] | None = None
        self._training: Job | None = None
        self._training_run = -1
        self._errands = Errands(jobs, self)
        self._errands.busy.connect(self.busy)
        self._errands.failed.connect(self.failed)
        self._errands.cancelled.connect(self._tell_cancelled)
        self._denoise_request: tuple[int, str | None, int] | None = None
        workspace.active_run_changed.connect(self._run_changed)
        workspace.codes_changed.connect(self._codes_changed)
        workspace.data_needed.connect(self._read_needed)
        self._begun = False
        self._moved = -HAND_RESTS
        self._at_rest = QTimer(self, singleShot=True, interval=int(1000 * HAND_RESTS))
        self._at_rest.timeout.connect(self._codes_changed)
        self._run_changed()
        self._begun = True

    def begin(self) -> None:
        """Decode at the handle, and read the data that the project waits for, now that the window can show them."""
        self._tell_note()
        self._decode()
        if self.workspace.pending_data is not None:
            self._read_needed(self.workspace.pending_data)
        elif self.workspace.missing is not None:
            self._missing(self.workspace.data_id, self.workspace.missing)

    # The project

    def open_project(self, path: str | Path) -> None:
        """Open a project file in place of the present one, which is kept as it is.

        Raises
        ------
        InputError
            If it cannot be opened; the present one then stays open.
        """
        if Path(path).absolute() != self.workspace.path:
            self._switch(lambda: ProjectFile.open(path))

    def open_sample(self) -> None:
        """Open a fresh copy of the sample project."""
        self._switch(lambda: ProjectFile.open_copy(resource(SAMPLE)))

    def new_project(self) -> None:
        """Start an empty project in place of the present one."""
        self._switch(lambda: ProjectFile.create(untitled_path()))

    def _switch(self, opened: Callable[[], ProjectFile]) -> None:
        self._leave()
        self.workspace.switch(opened())
        self._tell_note()

    def _tell_note(self) -> None:
        """Say what is special about the open project: that it is a copy."""
        if note := self.workspace.project.note:
            self.notice.emit("info", note)

    def save_as(self, path: str | Path) -> None:
        """Write the project to a file and go on in it.

        Raises
        ------
        InputError
            If it cannot be written, or a training writes to the present file.
        """
        self._leave()
        self.workspace.save_as(with_suffix(path))

    def save(self) -> None:
        """Bring all changes into the one file; they are kept as they are made, this makes it fit to be copied."""
        self.workspace.project.checkpoint()

    def _leave(self) -> None:
        if self.training:
            raise InputError(
                "a training writes to the present project", remedy="Cancel the training, or wait until it ends"
            )

    def close(self) -> None:
        """End the workers and close the project file."""
        self._at_rest.stop()
        self.jobs.close()
        self.workspace.close()

    # Data

    def open_file(self, path: str | Path, reader: str | None = None, options: dict[str, Any] | None = None) -> None:
        """Read a file with a reader's options and make it the open data set."""
        self._load(LoadData(str(path), reader, options or {}), f"Reading {Path(path).name}", opened=str(path))

    def open_builtin(self, name: str, options: dict[str, Any] | None = None) -> None:
        """Make a built-in set the open data set."""
        from explorer.data.generated import SETS

        self._load(LoadData(name, None, options or {}), f"Making {SETS.load(name).title}")

    def preview(
        self,
        path: str | Path,
        reader: str | None,
        options: dict[str, Any],
        on_result: Callable[[Preview], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Look at the head of a file; the newest request wins."""
        self.jobs.latest(
            "preview",
            "preview_data",
            PreviewData(str(path), reader, options),
            lane="work",
            on_result=on_result,
            on_error=on_error,
        )

    def _load(self, request: LoadData, message: str, opened: str | None = None) -> None:
        def loaded(dataset: Dataset) -> None:
            if self._guard(lambda: self.workspace.add_data(dataset)) is None:
                return
            self.notice.emit("info", f"Opened {dataset.name}: {len(dataset):,} samples")
            if opened:
                self.file_opened.emit(opened)

        self._errands.send("load_data", request, message, loaded)

    def _read_needed(self, data: int) -> None:
        """Read a data set of the project whose file is not read yet."""
        try:
            request = self.workspace.load_request(data)
        except InputError as reason:
            self._missing(data, reason)
            return
        message = f"Reading {Path(request.path).name}"
        self._errands.send("load_data", request, message, lambda dataset: self._provide(data, dataset))

    def _provide(self, data: int, dataset: Dataset) -> None:
        try:
            self.workspace.provide_data(data, dataset)
        except InputError as reason:
            self._missing(data, reason)

    def relocate_data(
        self, data: int, path: str, on_done: Callable[[], None], on_error: Callable[[Exception], None]
    ) -> None:
        """Take another place for a data set's file, which is read beside the window."""

        def found(dataset: Dataset) -> None:
            self._guard(lambda: self.workspace.accept_relocated(data, dataset))
            on_done()

        request = RelocateData(str(self.workspace.path), data, path)
        self._errands.send("relocate_data", request, f"Reading {Path(path).name}", found, on_error)

    def _missing(self, data: int | None, reason: InputError) -> None:
        if isinstance(reason, MissingDataError) and data is not None:
            self.data_missing.emit(data, reason)
        else:
            self.failed.emit(reason)

    def _tell_cancelled(self, message: str) -> None:
        self.notice.emit("info", f"Cancelled: {message[0].lower()}{message[1:]}")

    def cancel_job(self) -> None:
        """Cancel the work that `busy` tells of."""
        self._errands.cancel()

    def _guard(self, action: Callable[[], Any]) -> Any:
        """Do something to the workspace; what the person can mend is shown, not raised."""
        try:
            return action()
        except InputError as reason:
            self.failed.emit(reason)
            return None

    # Training

    @property
    def training(self) -> bool:
        """Whether a training is under way, paused or not."""
        return self._training is not None

    def start_training(self, recipe: str, params: dict[str, Any], corruption: str | None) -> None:
        """Train a new run on the open data, in the background."""
        data = self.workspace.data
        if data is None:
            self.failed.emit(InputError("there is no data to train on", remedy="Open a file or a built-in set first"))
            return
        if self.training:
            self.failed.emit(InputError("a training is under way", remedy="Cancel it, or wait until it ends"))
            return
        run = self._guard(lambda: self.workspace.begin_run(recipe, params, corruption))
        if run is None:
            return
        self._training_run = run.id
        self._training = self.jobs.submit(
            "train",
            TrainRun(str(self.workspace.path), run.id, data),
            lane="train",
            payload=EpochUpdate,
            on_progress=self._epoch,
            on_result=self._trained,
            on_error=self._training_failed,
            on_cancelled=lambda: self._training_failed(None),
        )
        self.training_changed.emit()

    def _epoch(self, _fraction: float, _message: str, payload: Any, seconds_left: float | None) -> None:
        if isinstance(payload, EpochUpdate):
            self.workspace.note_epoch(payload)
            self.training_progress.emit(payload, seconds_left)

    def _trained(self, outcome: TrainOutcome) -> None:
        self._training = None
        self._guard(lambda: self.workspace.end_run(outcome))
        for note in outcome.history.notes:
            self.notice.emit("warn", note)
        self.training_changed.emit()

    def _training_failed(self, reason: Exception | None) -> None:
        self._training = None
        text = str(reason) if reason else "Cancelled before the first epoch."
        self._guard(lambda: self.workspace.fail_run(self._training_run, text))
        if reason is not None:
            self.failed.emit(reason)
        self.training_changed.emit()

    def pause_training(self) -> None:
        """Hold the training at its next report."""
        self._pause(True)

    def resume_training(self) -> None:
        """Let it go on."""
        self._pause(False)

    def _pause(self, paused: bool) -> None:
        if self._training is None:
            return
        if paused:
            self._training.pause()
        else:
            self._training.resume()
        self.workspace.pause_run(self._training_run, paused)
        self.training_changed.emit()

    def cancel_training(self) -> None:
        """Stop the training; the best weights so far are kept."""
        if self._training is not None:
            self._training.cancel()

    def estimate(
        self,
        recipe: str,
        params: dict[str, Any],
        on_result: Callable[[Estimate], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Tell how large a model would be on the open data and how long its training takes; the newest request wins."""
        data = self.workspace.data
        if data is not None:
            request = EstimateRun(recipe, params, data)
            self.jobs.latest("estimate", "estimate", request, lane="work", on_result=on_result, on_error=on_error)

    # The handle

    def move_handle(self, point: np.ndarray) -> None:
        """Put the handle at a point of the map, ``(2,)`` in the coordinates of `axes`, and decode there."""
        if self.handle is None:
            return
        z = self.handle.copy()
        for axis, value in zip(self.axes, point, strict=True):
            if axis >= 0:
                z[axis] = value
        self._resting = False
        self._moved = time.monotonic()
        self.set_code(z)

    def set_code(self, z: np.ndarray) -> None:
        """Put the handle at a whole code ``(L,)``, and decode it."""
        self.handle = np.asarray(z, dtype=np.float64)
        self.handle_moved.emit(self.handle)
        self._decode()

    def nudge(self, dx: float, dy: float) -> None:
        """Move the handle by a step in the map's coordinates."""
        if self.handle is not None:
            self.move_handle(self.handle_point() + np.array([dx, dy]))

    def handle_point(self) -> np.ndarray:
        """Return where the handle is on the map, ``(2,)``; the second is 0 where the code has only one coordinate."""
        if self.handle is None:
            return np.full(2, np.nan)
        return np.array([self.handle[axis] if axis >= 0 else 0.0 for axis in self.axes])

    def place_handle_on(self, index: int) -> None:
        """Put the handle on a sample: all its coordinates are then that sample's."""
        codes = self.workspace.codes
        if codes is None or not 0 <= index < len(codes) or not np.isfinite(codes[index]).all():
            return
        self.source, self._resting = index, True
        self.handle_source.emit(index)
        self.set_code(codes[index])

    def set_axes(self, first: int, second: int) -> None:
        """Choose which two coordinates of the code the map shows."""
        if (first, second) != self.axes:
            self.axes = (first, second)
            self.axes_changed.emit(first, second)

    def _decode(self) -> None:
        model = self.workspace.model_ref
        if model is None or self.handle is None or not self._begun:
            return

        def decoded(result: Decoded) -> None:
            if self._is_current(result.model):
                self.last_decoded = result
                self.decoded.emit(result)

        self.jobs.latest(
            "decode",
            "decode",
            Decode(model, self.handle),
            lane="hand",
            on_result=decoded,
            on_error=self._hand_failed,
        )

    def _is_current(self, model: ModelRef) -> bool:
        """Whether a result is of the run that is shown, be it of earlier weights."""
        current = self.workspace.model_ref
        return current is not None and (current.project, current.run) == (model.project, model.run)

    def _hand_failed(self, reason: Exception) -> None:
        """Tell of a failed decode in the margin: a dialog under a moving hand would be worse than the failure."""
        self.notice.emit("warn", str(reason))

    def _run_changed(self) -> None:
        codes = self.workspace.codes
        width = 0 if codes is None else codes.shape[1]
        self.set_axes(0, 1 if width != 1 else -1)
        self.last_decoded = self.last_denoised = None
        if codes is None:
            self.handle, self.source = None, -1
            self.handle_moved.emit(None)
            self.handle_source.emit(-1)
        else:
            self._place_at_centre(codes)

    def _place_at_centre(self, codes: np.ndarray) -> None:
        """Put the handle on the sample nearest to the middle of the map: a real one, and in plain sight."""
        finite = np.isfinite(codes).all(axis=1)
        if not finite.any():
            return
        sample = np.flatnonzero(finite)[:: max(1, len(codes) // 20_000)]
        half = len(sample) // 2
        middle = np.partition(codes[sample], half, axis=0)[half]  # np.median imports numpy.ma, for as long as a frame
        self.place_handle_on(int(sample[np.argmin(np.sum((codes[sample] - middle) ** 2, axis=1))]))

    def _hand_moves(self) -> bool:
        """Whether a hand is on its way: its next move decodes with the newest weights, and nothing may delay it."""
        return time.monotonic() - self._moved < HAND_RESTS

    def _codes_changed(self) -> None:
        """Keep the reconstructions as fresh as the map while a run trains."""
        codes = self.workspace.codes
        if codes is None:
            return
        if self.handle is None or len(self.handle) != codes.shape[1]:
            self._run_changed()
        elif self._hand_moves():
            self._at_rest.start()
            return
        elif self._resting and 0 <= self.source < len(codes) and np.isfinite(codes[self.source]).all():
            self.set_code(codes[self.source])  # it lies on a sample until a hand takes it, and goes along with it
        else:
            self._decode()
        if self._denoise_request is not None:
            self.denoise(*self._denoise_request)

    # Denoising

    def denoise(self, index: int, corruption: str | None, seed: int = 0) -> None:
        """Corrupt a sample and pass it through the active model; the newest request wins."""
        model, data = self.workspace.model_ref, self.workspace.data
        self._denoise_request = (index, corruption, seed)
        if model is None or data is None or not 0 <= index < len(data):
            return

        def denoised(result: Denoised) -> None:
            if self._is_current(result.model):
                self.last_denoised = result
                self.denoised.emit(result)

        request = Denoise(model, data, index, corruption, seed)
        self.jobs.latest(
            "denoise", "denoise", request, lane="work", on_result=denoised, on_error=self.denoise_failed.emit
        )

    # Export

    def export_figure(self, kind: FigureKind, path: str, style: FigureStyle) -> None:
        """Write the map, the losses, the decoded sample or the denoising as they are now."""
        content = self._guard(lambda: self._content(kind))
        if content is not None:
            self._export("export_figure", ExportFigure(kind, path, content, style), path)

    def _content(self, kind: FigureKind) -> dict[str, Any]:
        from explorer.workspace import contents

        workspace = self.workspace
        data, codes, run = workspace.data, workspace.codes, workspace.run
        if kind == "map" and data is not None and codes is not None:
            first, second = self.axes
            return contents.map_content(
                data,
                codes,
                workspace.colouring,
                axes=(first, max(second, 0 if first else 1)),
                selection=workspace.selection,
                handle=self.handle,
                view=self.map_view() if self.map_view else None,
            )
        if kind == "loss" and run is not None:
            return contents.loss_content(run)
        if kind == "decode" and data is not None and self.last_decoded is not None:
            return contents.decode_content(data, self.last_decoded)
        if kind == "denoise" and data is not None and self.last_denoised is not None:
            return contents.denoise_content(data, self.last_denoised)
        raise InputError(f"there is no {kind} to export yet", remedy="Train a model, or open a project with one")

    def export_codes(self, path: str) -> None:
        """Write the codes of all samples, with names, labels and parts, to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data, codes = self.workspace.data, self.workspace.codes
        if data is None or codes is None:
            self.failed.emit(InputError("there are no codes to export yet", remedy="Train a model first"))
            return
        self._export("export_arrays", ExportArrays(path, contents.code_columns(data, codes)), path)

    def export_decoded(self, path: str) -> None:
        """Write the decoded sample under the handle to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data, decoded = self.workspace.data, self.last_decoded
        if data is None or decoded is None:
            self.failed.emit(InputError("nothing is decoded yet", remedy="Drag the handle on the map first"))
            return
        self._export("export_arrays", ExportArrays(path, contents.decoded_columns(data, decoded)), path)

    def _export(self, task: str, request: Any, path: str) -> None:
        def written(_path: str) -> None:
            self.notice.emit("info", f"Wrote {path}")

        self._errands.send(task, request, f"Writing {Path(path).name}", written)
