"""The bench itself: all that are compared are measured on the test part, beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.analysis.bench import Bench, Row
from explorer.gui.bench.lineup import Lineup
from explorer.gui.controller import Controller
from explorer.gui.jobs import Job
from explorer.workspace.messages import RunBench


@dataclass(frozen=True)
class Asked:
    """What a bench was asked for, so that one can tell whether it still is what would be asked."""

    entrants: tuple[tuple[str, str], ...]
    corruption: str | None
    seed: int
    runs: tuple[tuple[int, int], ...]


class Contest(QObject):
    """Runs benches one at a time, and keeps the last one's result while its data stay open.

    Attributes
    ----------
    result : Bench or None
    asked : Asked or None
        Of `result`.
    request : RunBench or None
        What `result` answers.
    running, stopping : bool
        Whether one is under way, and whether it was told to end, which it does after what it has in hand.
    fraction, message, seconds_left
        How far it is: as `explorer.gui.jobs.Jobs.submit` tells.
    rows : list of Row
        Those that are there already while it runs.
    failure : str
        Why there is no result.
    """

    changed = Signal()

    def __init__(self, controller: Controller, lineup: Lineup, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._workspace, self._lineup = controller.jobs, controller.workspace, lineup
        self.result: Bench | None = None
        self.asked: Asked | None = None
        self.request: RunBench | None = None
        self.running = self.stopping = False
        self.fraction, self.message = float("nan"), ""
        self.seconds_left: float | None = None
        self.rows: list[Row] = []
        self.failure = ""
        self._job: Job | None = None
        self._run = 0
        self._data: object = None
        self._workspace.data_changed.connect(self._data_changed)

    def would_ask(self, corruption: str | None, seed: int) -> Asked:
        """Return what a bench asked for now would be of."""
        entrants = tuple((each.id, each.text) for each in self._lineup.chosen)
        texts = " ".join(text for _, text in entrants).split()
        runs = tuple((ref.run, ref.version) for ref in self._lineup.runs() if f"run:{ref.run}" in texts)
        return Asked(entrants, corruption, seed, runs)

    def start(self, corruption: str | None, seed: int, levels: list[float]) -> None:
        """Measure all that are chosen, under this corruption and at further strengths of it; one at a time."""
        if self.running:
            return
        data = self._workspace.data
        asked = self.would_ask(corruption, seed)
        if data is None or not asked.entrants:
            return
        self._run += 1
        run = self._run
        numbers = {number for number, _ in asked.runs}
        request = RunBench(
            data,
            [ref for ref in self._lineup.runs() if ref.run in numbers],
            [text for id_, text in asked.entrants if not id_.startswith("run:")],
            corruption,
            seed,
            levels,
        )
        self.running, self.stopping, self.rows, self.failure = True, False, [], ""
        self.fraction, self.message, self.seconds_left = float("nan"), "", None
        self.changed.emit()

        def current() -> bool:
            return self._run == run

        def progress(fraction: float, message: str, payload: Any, left: float | None) -> None:
            if current():
                self.fraction, self.message, self.seconds_left = fraction, message, left
                if isinstance(payload, Row):
                    self.rows = [*self.rows, payload]
                self.changed.emit()

        def ended(result: Bench | None, failure: str = "") -> None:
            if not current():
                return
            self._job, self.running, self.stopping, self.failure = None, False, False, failure
            if result is not None:
                self.result, self.asked, self.request = result, asked, request
                self._lineup.tuned = {
                    **self._lineup.tuned,
                    **{row.name: row.settings for row in result.rows[1:] if row.criterion},
                }
                self._lineup.changed.emit()
            self.changed.emit()

        job = self._jobs.submit(
            "run_bench",
            request,
            lane="study",
            payload=Row,
            on_result=ended,
            on_error=lambda reason: ended(None, str(reason)),
            on_progress=progress,
            on_cancelled=lambda: ended(None),
        )
        if self.running and current():
            self._job = job

    def cancel(self) -> None:
        """Stop; what is there comes as the result."""
        if self._job is not None and not self.stopping:
            self._job.cancel()
            self.stopping = True
            self.changed.emit()

    def _data_changed(self) -> None:
        """Forget what was measured of other samples."""
        values = None if self._workspace.data is None else self._workspace.data.values
        if values is self._data:
            return
        self._data = values
        if self._job is not None:
            self._job.cancel()
            self._job.drop()
        self._job, self.running, self.stopping = None, False, False
        self.result, self.asked, self.rows, self.failure = None, None, [], ""
        self.request = None
        self._run += 1
        self.changed.emit()

    def row(self, id_: str) -> Row | None:
        """Return what an entrant reached."""
        if self.result is None or self.asked is None:
            return None
        text = dict(self.asked.entrants).get(id_)
        return next((row for row in self.result.rows if row.name == text), None)

    def id_of(self, name: str) -> str:
        """Return the entrant of a row's name; the name itself where there is none."""
        found = () if self.asked is None else self.asked.entrants
        return next((id_ for id_, text in found if text == name), name)

    def ratios(self, id_: str) -> np.ndarray:
        """Return the squared error of each sample over that of its noisy self ``(N,)``; empty where not measured."""
        row = self.row(id_)
        if row is None or self.result is None or not self.result.truth:
            return np.zeros(0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return row.squares.sum(axis=1) / self.result.noise.sum(axis=1)
