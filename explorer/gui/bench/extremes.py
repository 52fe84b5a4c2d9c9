"""Two buttons that go to the samples that a denoiser does best and worst on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from explorer.gui.bench.buttons import button
from explorer.gui.bench.contest import Contest
from explorer.gui.bench.lineup import Lineup
from explorer.gui.theme import GRID, theme


class Extremes(QWidget):
    """Goes through the test samples from the best or the worst on; each press of the same button to the next.

    Parameters
    ----------
    contest : Contest
        Whose result tells how well each sample came out.
    lineup : Lineup
    current : callable
        Returns the entrant that is meant, by its id; the first that is chosen where it was not measured.
    """

    chosen = Signal(int)
    """The sample to go to."""

    def __init__(
        self, contest: Contest, lineup: Lineup, current: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._contest, self._lineup, self._current = contest, lineup, current
        self._walk: tuple[bool, str, int] | None = None
        self._place = 0
        self.best = button("Best", "best", "Go to the best sample", "")
        self.worst = button("Worst", "worst", "Go to the worst sample", "")
        self.best.clicked.connect(lambda: self._go(best=True))
        self.worst.clicked.connect(lambda: self._go(best=False))
        self.shown = 0
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID // 2)
        for widget in (self.best, self.worst):
            line.addWidget(widget)
        theme().changed.connect(self._restyle)
        self._restyle()

    def refresh(self) -> None:
        """Follow the bench's result and the current entrant."""
        entrant = self._lineup.entrant(self._judge())
        for pressed, word in ((self.best, "best"), (self.worst, "worst")):
            pressed.setEnabled(entrant is not None)
            pressed.setToolTip(
                f"Go to the test sample that {entrant.title} denoises {word}; again for the next"
                if entrant is not None
                else "Run the bench first: it tells which samples come out best and worst"
            )

    def _judge(self) -> str:
        ids = [self._current(), *(each.id for each in self._lineup.chosen)]
        return next((id_ for id_ in ids if id_ and len(self._contest.ratios(id_))), "")

    def _go(self, *, best: bool) -> None:
        judge = self._judge()
        ratios, result = self._contest.ratios(judge), self._contest.result
        known = np.flatnonzero(np.isfinite(ratios))
        if result is None or not len(known):
            return
        order = known[np.argsort(ratios[known] if best else -ratios[known], kind="stable")]
        onwards = self._walk == (best, judge, self.shown)  # unless another sample was looked at meanwhile
        self._place = (self._place + 1) % len(order) if onwards else 0
        index = int(result.indices[order[self._place]])
        self._walk = (best, judge, index)
        self.chosen.emit(index)

    def _restyle(self) -> None:
        for widget in (self.best, self.worst):
            widget.setFont(theme().font("small"))
