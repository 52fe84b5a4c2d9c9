"""The foot of the bench: how far it is, what came of it in a line, and the buttons that run and export."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from explorer.analysis.bench import NOISY, Bench
from explorer.gui.bench.buttons import button
from explorer.gui.bench.contest import Asked, Contest
from explorer.gui.bench.lineup import Lineup
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Elided
from explorer.gui.widgets.numbers import decibel
from explorer.gui.widgets.wording import counted, span

RUN_TIP = "Tune all that are ticked on the validation part, and measure them on the test part"


class Foot(QWidget):
    """Tells how the contest stands.

    Parameters
    ----------
    contest : Contest
    lineup : Lineup
    now : callable
        Returns what a bench would be asked for now; None where a setting does not fit.
    titled : callable
        Returns what the row of a name is called.
    """

    run_asked = Signal()
    export_asked = Signal()
    report_asked = Signal()

    def __init__(
        self,
        contest: Contest,
        lineup: Lineup,
        now: Callable[[], Asked | None],
        titled: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._contest, self._lineup, self._now, self._titled = contest, lineup, now, titled
        self.status = Elided("", "small", "muted")
        self.status.setObjectName("bench_status")
        self.status.setAccessibleName("State of the bench")
        self.progress = QProgressBar(self)
        self.progress.setObjectName("bench_progress")
        self.progress.setAccessibleName("Progress of the bench")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(20 * GRID)
        self.cancel = button("Cancel", "cancel", "Cancel the bench", "Stop; what was measured by then is kept")
        self.cancel.clicked.connect(contest.cancel)
        self.export = button("Export…", "export", "Export this view", "Write this view as a figure, or its numbers")
        self.export.clicked.connect(self.export_asked)
        tip = "Write the bench as one HTML page or a PDF: figures, tables, settings, seeds, and scripts that redraw it"
        self.report = button("Report…", "report", "Write a report of the bench", tip)
        self.report.clicked.connect(self.report_asked)
        self.run = button("Run bench", "run", "Run the bench", f"{RUN_TIP} (Ctrl+R)")
        self.run.setProperty("primary", True)
        self.run.clicked.connect(self.run_asked)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID)
        self._line.addWidget(self.status, 1)
        for widget in (self.progress, self.cancel, self.report, self.export, self.run):
            self._line.addWidget(widget)

    def refresh(self) -> None:
        """Show how the contest stands now."""
        contest = self._contest
        self.progress.setVisible(contest.running)
        self.cancel.setVisible(contest.running)
        self.cancel.setEnabled(not contest.stopping)
        known = contest.fraction == contest.fraction
        self.progress.setRange(0, 1000 if known else 0)
        if known:
            self.progress.setValue(round(1000 * contest.fraction))
        self.report.setEnabled(contest.result is not None and not contest.running)
        self.run.setEnabled(not contest.running and bool(self._lineup.chosen))
        self.tell()

    def tell(self) -> None:
        """Say how the contest stands, in a line."""
        words = self._words()
        if words != self.status.text():
            self.status.setText(words)
            failed = bool(self._contest.failure) and not self._contest.running
            self.status.set_color("bad" if failed else "muted")

    def _words(self) -> str:
        contest = self._contest
        if contest.stopping:
            return "Stopping after what is in hand"
        if contest.running:
            left = f" · {span(contest.seconds_left)} left" if contest.seconds_left else ""
            done = f" · {len(contest.rows)} done" if contest.rows else ""
            return f"{contest.message or 'Measuring'}{done}{left}"
        if contest.failure:
            return contest.failure
        if contest.result is None:
            chosen = len(self._lineup.chosen)
            return f"{counted(chosen, 'denoiser')} chosen" if chosen else "Tick the denoisers to compare"
        if contest.asked != self._now():
            return "Settings changed since the bench ran: run again"
        return self._outcome(contest.result)

    def _outcome(self, result: Bench) -> str:
        if not result.complete:
            return f"Stopped early: {counted(max(0, len(result.rows) - 1), 'denoiser')} measured"
        if not result.truth:
            return "No clean sample is known: blind measures only"
        winner = result.ranked()[0]
        if winner.name == NOISY:
            return "Doing nothing is better than all of these"
        gain = winner.measures.get("snr_gain_db")
        words = f"Best: {self._titled(winner.name)}"
        return words if gain is None else f"{words}, {decibel(gain.value)}"
