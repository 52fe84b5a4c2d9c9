"""Which two runs stand side by side, and what is measured of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.gui.controller import Controller
from explorer.gui.jobs import Job
from explorer.workspace.messages import Compared, CompareRuns, ModelRef
from explorer.workspace.run import Run

PCA = "pca"


class Comparison(QObject):
    """Keeps the pair, and has it measured beside the window.

    Attributes
    ----------
    pair : list of int or None
        The runs' ids, first and second; None where there is none to choose.
    result : Compared or None
        What was measured of the pair as it is.
    running : bool
        Whether it is being measured.
    fraction : float
        How much of that is done; NaN where nobody knows.
    seconds_left : float or None
    failure : str
        Why it could not be measured.
    """

    pair_changed = Signal()
    """Another pair, or the list of runs to choose from, or a run's name."""
    codes_changed = Signal(int)
    """The codes of the first (0) or second (1) run are others."""
    measures_changed = Signal()
    """Measuring began, went on, or ended."""

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self.pair: list[int | None] = [None, None]
        self.result: Compared | None = None
        self.running, self.fraction, self.seconds_left = False, float("nan"), None
        self.failure = ""
        self._job: Job | None = None
        self._awaited: int | None = None
        self._versions: list[tuple[int | None, int]] = [(None, 0), (None, 0)]
        workspace = self._workspace
        self._listed: list[tuple[int, str]] = []
        for event in (workspace.runs_changed, workspace.data_changed, workspace.project_changed):
            event.connect(self._runs_changed)
        workspace.run_changed.connect(self._run_changed)
        workspace.codes_changed.connect(self._codes_came)

    # The pair

    @property
    def runs(self) -> list[Run]:
        """The runs that can be compared: those on the open data that have a model, the newest first."""
        workspace = self._workspace
        return [run for run in workspace.runs if run.data == workspace.data_id and run.version > 0]

    def run(self, side: int) -> Run | None:
        """Return the first (0) or second (1) run of the pair."""
        return next((run for run in self._workspace.runs if run.id == self.pair[side]), None)

    def codes(self, side: int) -> np.ndarray | None:
        """Return the codes of all samples ``(N, L)`` under a run of the pair."""
        run, workspace = self.run(side), self._workspace
        if run is None:
            return None
        if workspace.run is not None and workspace.run.id == run.id:
            return workspace.codes
        codes = self._controller.guard(lambda: workspace.project.codes(run.id))
        return codes if codes is not None and workspace.data is not None and len(codes) == len(workspace.data) else None

    def choose(self, first: int | None, second: int | None) -> None:
        """Put two runs side by side; where one is not said, or both are the same, another is taken."""
        known = [run.id for run in self.runs]
        chosen = [each if each in known else None for each in (first, second)]
        if chosen[0] == chosen[1]:
            chosen[1] = None
        for side in (0, 1):
            if chosen[side] is None:
                free = [run for run in known if run != chosen[1 - side]]
                active = self._workspace.run
                preferred = active.id if active is not None and side == 0 else None
                chosen[side] = preferred if preferred in free else next(iter(free), None)
        if chosen != self.pair:
            self.cancel()
            self.pair, self.result, self.failure = chosen, None, ""
            self._note_versions()
            self.pair_changed.emit()
            self.measure()

    def swap(self) -> None:
        """Let the two change sides."""
        first, second = self.pair
        if first is not None and second is not None:
            self.cancel()
            self.pair, self.result = [second, first], None
            self._note_versions()
            self.pair_changed.emit()
            self.measure()

    def _note_versions(self) -> None:
        for side in (0, 1):
            run = self.run(side)
            self._versions[side] = (self.pair[side], 0 if run is None else run.version)

    def _runs_changed(self) -> None:
        """Choose anew where a run of the pair is gone, and tell of other runs, or other names."""
        self.choose(*self.pair)
        listed = [(run.id, run.name) for run in self.runs]
        if listed != self._listed:
            self._listed = listed
            self.pair_changed.emit()

    def _codes_came(self) -> None:
        """Follow the active run, whose codes come from its training."""
        active = self._workspace.run
        for side in (0, 1):
            if active is not None and self.pair[side] == active.id:
                self._versions[side] = (active.id, active.version)
                self.codes_changed.emit(side)

    def _run_changed(self, number: int) -> None:
        """Follow the runs of the pair while they train; take up one that was waited for."""
        if number == self._awaited:
            run = next((run for run in self._workspace.runs if run.id == number), None)
            if run is None or not run.active:
                self._awaited = None
                if run is not None and run.version > 0:
                    self.choose(self.pair[0], number)
                return
        active = self._workspace.run
        for side in (0, 1):
            run = self.run(side)
            fresh = run is not None and run.id == number and self._versions[side] != (number, run.version)
            if run is not None and fresh and (active is None or active.id != number):
                self._versions[side] = (number, run.version)
                self.codes_changed.emit(side)
        self._runs_changed()

    # PCA beside it

    def with_pca(self, number: int) -> None:
        """Put the PCA of the same width beside a run; where there is none, it is trained, which takes a moment."""
        run = next((run for run in self.runs if run.id == number), None)
        width = None if run is None else self._width(run)
        if width is None:
            return
        others = (each for each in self.runs if each.recipe == PCA and each.id != number)
        known = next((each for each in others if self._width(each) == width), None)
        if known is not None:
            self.choose(number, known.id)
            return
        before = {run.id for run in self._workspace.runs}
        self._controller.trainer.start(PCA, {"latent_dim": width}, None)
        new = next((each for each in self._workspace.runs if each.id not in before), None)
        if new is None:
            return  # it could not be trained, and why has been told
        self._awaited = new.id
        self._workspace.activate_run(number)  # the map goes on showing what it did
        self.choose(number, self.pair[1])
        self._run_changed(new.id)  # where work is done at once, it has ended already
        self.pair_changed.emit()

    @property
    def waiting(self) -> bool:
        """Whether a PCA is being trained to stand beside the first run."""
        return self._awaited is not None

    def _width(self, run: Run) -> int | None:
        active = self._workspace.run
        if active is not None and active.id == run.id:
            codes = self._workspace.codes
        else:
            codes = self._controller.guard(lambda: self._workspace.project.codes(run.id))
        return None if codes is None else codes.shape[1]

    # Measures

    def measure(self) -> None:
        """Measure the pair as it is now."""
        self.cancel()
        first, second, data = self.run(0), self.run(1), self._workspace.data
        if first is None or second is None or data is None:
            return
        path = str(self._workspace.path)
        request = CompareRuns(ModelRef(path, first.id, first.version), ModelRef(path, second.id, second.version), data)
        pair = list(self.pair)
        self.running, self.fraction, self.seconds_left, self.failure = True, float("nan"), None, ""
        self.measures_changed.emit()

        def current() -> bool:
            return self.running and self.pair == pair

        def progress(fraction: float, _message: str, _payload: object, left: float | None) -> None:
            if current():
                self.fraction, self.seconds_left = fraction, left
                self.measures_changed.emit()

        def ended(result: Compared | None, failure: str = "") -> None:
            if current():
                self._job, self.running = None, False
                self.result, self.failure = result or self.result, failure
                self.measures_changed.emit()

        job = self._controller.jobs.submit(
            "compare_runs",
            request,
            lane="study",
            on_progress=progress,
            on_result=ended,
            on_error=lambda reason: ended(None, str(reason)),
            on_cancelled=lambda: ended(None),
        )
        if current():
            self._job = job

    def cancel(self) -> None:
        """Stop measuring."""
        if self._job is not None:
            self._job.cancel()
            self._job.drop()
            self._job = None
        if self.running:
            self.running = False
            self.measures_changed.emit()

    @property
    def outdated(self) -> bool:
        """Whether a run has trained on since it was measured."""
        if self.result is None:
            return False
        runs = [self.run(0), self.run(1)]
        seen = [self.result.first, self.result.second]
        return any(
            run is None or (run.id, run.version) != (ref.run, ref.version) for run, ref in zip(runs, seen, strict=True)
        )
