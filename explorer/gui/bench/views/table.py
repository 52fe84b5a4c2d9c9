"""The table of what each denoiser reaches, by channel and by class, and the paired test of two of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from explorer.analysis.bench import NOISY, Bench
from explorer.analysis.confidence import PairedTest
from explorer.analysis.look import FigureKind
from explorer.analysis.verdicts import verdicts
from explorer.gui.bench.lineup import Lineup
from explorer.gui.bench.scores import WHOLE, ScoresModel
from explorer.gui.plots.style import CurveStyle, style_of
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.flow import FlowLayout
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import number

_SENTENCES = 2
"""Of the verdict that are shown; the report has them all."""


class TablePage(QWidget):
    """Who wins, by how much, and how sure that is."""

    name = "table"
    title = "Table"
    tip = "What each denoiser reaches over the test part, and whether one beats another"
    figure: ClassVar[FigureKind | None] = "bench_scores"

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bench_view_table")
        self.setAccessibleName(self.title)
        self._lineup = lineup
        self._result: Bench | None = None
        self._ids: dict[str, str] = {}
        self.model = ScoresModel()
        self.words = Words("", "body", "text")
        self.words.setObjectName("bench_verdict")
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName("bench_table_caption")
        self.breakdown = _combo("bench_breakdown", "Channel or class", "All together, or one channel or class alone")
        self.breakdown.activated.connect(self._fill)
        self.table = QTableView(self)
        self.table.setObjectName("bench_table")
        self.table.setAccessibleName("What each denoiser reaches")
        self.table.setToolTip("Sorted by mean squared error; the best of each column is in strong letters")
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.setStyleSheet("QTableView::item { padding: 0 6px; }")
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.first = _combo("bench_first", "First of the paired test", "One of the two denoisers")
        self.second = _combo("bench_second", "Second of the paired test", "The other of the two denoisers")
        for box in (self.first, self.second):
            box.activated.connect(self._tell_pair)
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("bench_pair")
        self.refused = Words("", "small", "warn")
        self.refused.setObjectName("bench_refused")
        head, foot = QWidget(self), QWidget(self)
        top, below = FlowLayout(head, spacing=GRID), FlowLayout(foot, spacing=GRID)
        top.addWidget(Words("Of", "small", "muted", wrap=False))
        top.addWidget(self.breakdown)
        for widget in (Words("Is", "small", "muted", wrap=False), self.first):
            below.addWidget(widget)
        for widget in (Words("better than", "small", "muted", wrap=False), self.second):
            below.addWidget(widget)
        self._head, self._foot = head, foot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for widget in (self.words, self.caption, head):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        for widget in (self.refused, foot, self.verdict):
            column.addWidget(widget)
        theme().changed.connect(self._restyle)
        self._restyle()

    def look(self, name: str) -> CurveStyle:
        """Return how a row's entrant looks everywhere in the bench."""
        if name == NOISY:
            return style_of("noisy")
        id_ = self._ids.get(name, name)
        if self._lineup.entrant(id_) is None and self._result is not None:  # it is gone since
            return CurveStyle(next(row.title for row in self._result.rows if row.name == name), "muted")
        return self._lineup.style(id_)

    def show_result(self, result: Bench, ids: dict[str, str], unit: str = "") -> None:
        """Show a bench; `ids` are the entrants of its rows by their names."""
        anew = result is not self._result
        self._result, self._ids = result, ids
        if anew:
            self._offer(result)
        self._fill()
        where = "the test part" if result.part == "test" else "all samples, as the test part is empty"
        spoilt = f"spoilt by {result.corruption}" if result.corruption else "with the noise that they have"
        judged = (
            "± is half a 95 % confidence interval over the samples." if result.truth else "These are blind measures."
        )
        named = [replace(row, title=self.look(row.name).title) if row.name != NOISY else row for row in result.rows]
        self.words.setText(" ".join(verdicts(replace(result, rows=named))[:_SENTENCES]))
        self.words.set_color("text" if result.truth else "muted")
        unfinished = "" if result.complete else "Stopped early: what there was. "
        self.caption.setText(f"{unfinished}{len(result.indices):,} samples of {where}, {spoilt}. {judged}")
        names = [f"{self._title(name)}: {reason}" for name, reason in result.refused.items()]
        self.refused.setText("Not measured: " + "; ".join(names) if names else "")
        self.refused.setVisible(bool(names))

    def _title(self, name: str) -> str:
        entrant = self._lineup.entrant(self._ids.get(name, name))
        return name if entrant is None else entrant.title

    def _offer(self, result: Bench) -> None:
        self.breakdown.clear()
        self.breakdown.addItem("all channels and classes", WHOLE)
        rows = result.rows
        for kind in ("channel", "class"):
            known = rows[0].channels if kind == "channel" else rows[0].classes
            for name in known:
                self.breakdown.addItem(f"{kind} {name}", (kind, name))
        self._head.setVisible(self.breakdown.count() > 1)
        ranked = [row for row in result.ranked() if row.name != NOISY] if result.truth else []
        for box, place in ((self.first, 0), (self.second, 1)):
            box.clear()
            for row in ranked:
                box.addItem(self.look(row.name).title, row.name)
            box.setCurrentIndex(min(place, box.count() - 1))
        self._foot.setVisible(len(ranked) > 1)
        self.verdict.setVisible(len(ranked) > 1)

    def _fill(self, *_: object) -> None:
        self.model.show_result(self._result, self.look, self.breakdown.currentData() or WHOLE)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if self.model.columnCount() > 1:
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._tell_pair()

    def _tell_pair(self, *_: object) -> None:
        first, second = self.first.currentData(), self.second.currentData()
        if self._result is None or first is None or second is None:
            return
        if first == second:
            self.verdict.set_color("muted")
            self.verdict.setText("Choose two different denoisers.")
            return
        found = self._result.pair(str(first), str(second))
        if found is None:
            self.verdict.set_color("muted")
            self.verdict.setText("These two were not tested against each other.")
            return
        color, words = pair_words(found, str(first), (self.first.currentText(), self.second.currentText()))
        self.verdict.set_color(color)
        self.verdict.setText(words)

    def _restyle(self) -> None:
        for widget in (self.breakdown, self.first, self.second):
            widget.setFont(theme().font("small"))
        self.table.horizontalHeader().setFont(theme().font("small"))


def pair_words(test: PairedTest, first: str, titles: tuple[str, str]) -> tuple[str, str]:
    """Return the palette's role and the words for a paired test, from the point of view of the one called `first`."""
    turn = 1.0 if test.first == first else -1.0
    effect, dz = turn * test.rank_biserial, turn * test.cohens_dz
    wins = test.wins if turn > 0 else 1 - test.wins
    if math.isnan(test.p):
        return "muted", f"It cannot be told: on fewer than 6 of {test.n_samples:,} samples do they differ."
    p = "p < 0.001" if test.p_adjusted < 0.001 else f"p = {test.p_adjusted:.3f}"
    facts = (
        f"lower error on {100 * wins:.0f} % of {test.n_samples:,} samples; rank-biserial r {number(effect, 2)},"
        f" Cohen's d {number(dz, 2)}; Wilcoxon signed-rank {p} (Holm)"
    )
    if test.p_adjusted >= 0.05:
        return "muted", f"Not told apart: {titles[0]} has {facts}."
    if effect > 0:
        return "good", f"Yes: {titles[0]} has {facts}."
    return "warn", f"No, {titles[1]} is better: {titles[0]} has {facts}."


def _combo(name: str, accessible: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box
