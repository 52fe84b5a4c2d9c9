"""The window in which two runs stand side by side: two maps that answer each other, and what both reach."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.compare.comparison import PCA, Comparison
from explorer.gui.compare.measures import SIMILARITY, MeasuresTable
from explorer.gui.compare.side import Side
from explorer.gui.controller import Controller
from explorer.gui.map.describe import colouring_of, description
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.buttons import quiet_button
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Elided, Words
from explorer.gui.widgets.wording import counted, span

_PART = {"test": "of the test part, which neither run has seen", "all": "of all parts, as the test part is too small"}


class CompareWindow(QDialog):
    """Two maps with one selection, one colouring and an echo of the pointer, over a table of measures."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_window")
        self.setAccessibleName("Two runs side by side")
        self.setWindowTitle("Compare runs")
        self.setWindowFlags(Qt.WindowType.Window)
        self._workspace = controller.workspace
        self.comparison = Comparison(controller, self)
        self.sides = [Side(controller, self.comparison, side, self) for side in (0, 1)]
        self.table = MeasuresTable(self)
        self._make_bar()
        self._make_foot()
        self._lay_out()
        self._connect()
        self._restyle()
        self._fill_colours()
        kept = QSettings().value("compare/size")
        self.resize(kept if isinstance(kept, QSize) else QSize(1120, 720))

    def compare(self, first: int | None = None, second: int | None = None, *, pca: bool = False) -> None:
        """Put two runs side by side, those that are not said by choice; with `pca`, the PCA beside the first."""
        self.comparison.choose(first, second)
        if pca and first is not None:
            self.comparison.with_pca(first)
        self._show_pair()

    # What it is made of

    def _make_bar(self) -> None:
        self.colour_box = QComboBox()
        self.colour_box.setObjectName("compare_colouring")
        self.colour_box.setAccessibleName("Colour the points of both maps by")
        self.colour_box.setToolTip("What the points of both maps are coloured by")
        self.colour_box.activated.connect(lambda i: self._workspace.set_colouring(self.colour_box.itemData(i)))
        self.clear = _button("", "clear", "Clear the selection", "Clear the selection (Esc)")
        self.clear.clicked.connect(lambda: self._workspace.select(np.zeros(0, dtype=np.int64)))
        self.swap = _button("Swap", "swap", "Swap the two runs", "Let the two runs change sides")
        self.swap.clicked.connect(self.comparison.swap)
        self.with_pca = _button(
            "Compare with PCA", "pca", "Compare the first run with PCA",
            "Put a PCA of the same width beside the first run; it is trained where there is none, which takes a moment",
        )  # fmt: skip
        self.with_pca.clicked.connect(self._compare_with_pca)

    def _make_foot(self) -> None:
        self.progress = QProgressBar()
        self.progress.setObjectName("compare_progress")
        self.progress.setAccessibleName("Progress of measuring")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(16 * GRID)
        self.status = Elided("", "small", "muted")
        self.status.setObjectName("compare_status")
        self.cancel = _button("Cancel", "cancel", "Stop measuring", "Stop measuring; the maps stay")
        self.cancel.clicked.connect(self.comparison.cancel)
        self.again = _button("Measure", "measure", "Measure both runs", "Measure both runs as they are now")
        self.again.clicked.connect(self.comparison.measure)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        bar.setSpacing(GRID)
        bar.addWidget(Words("Colour", "small", "muted", wrap=False))
        bar.addWidget(self.colour_box)
        bar.addStretch(1)
        for button in (self.clear, self.swap, self.with_pca):
            bar.addWidget(button)
        maps = QSplitter(Qt.Orientation.Horizontal)
        maps.setObjectName("compare_maps")
        maps.setChildrenCollapsible(False)
        maps.setHandleWidth(3)
        for side in self.sides:
            maps.addWidget(side)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GRID)
        foot.addWidget(self.status, 1)
        for widget in (self.progress, self.cancel, self.again):
            foot.addWidget(widget)
        below = QWidget()
        below.setObjectName("compare_below")
        column = QVBoxLayout(below)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.table)
        column.addLayout(foot)
        self._below = below
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(bar)
        inside.addWidget(maps, 1)
        inside.addWidget(below)
        only = _button("Compare with PCA", "only_pca", "Train a PCA to compare with", "Train a PCA of the same width")
        only.clicked.connect(self._compare_with_pca)
        advice = "Train another model on these data, or put a PCA of the same width beside the one that there is."
        self._layers = QStackedLayout(self)
        self._layers.addWidget(EmptyState("One run is not two", advice, only))
        self._layers.addWidget(body)

    def _connect(self) -> None:
        workspace, comparison = self._workspace, self.comparison
        comparison.pair_changed.connect(self._show_pair)
        comparison.codes_changed.connect(lambda side: self.sides[side].refresh())
        comparison.measures_changed.connect(self._show_measures)
        workspace.selection_changed.connect(self._show_selection)
        workspace.colouring_changed.connect(self._show_colouring)
        workspace.data_changed.connect(self._fill_colours)
        for number, side in enumerate(self.sides):
            other = self.sides[1 - number]
            side.canvas.selection_asked.connect(workspace.select)
            side.canvas.hovered.connect(other.canvas.set_echo)
            side.canvas.set_describe(lambda index: description(workspace, index))
            side.canvas.tool_changed.connect(other.canvas.set_tool)
            side.run_chosen.connect(lambda run, number=number: self._choose(number, run))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, workspace.undo)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Redo), self, workspace.redo)
        theme().changed.connect(self._restyle)

    # The pair

    def _choose(self, side: int, run: int) -> None:
        """Put another run on a side; one that the other side has makes the two change places."""
        pair = list(self.comparison.pair)
        if pair[1 - side] == run:
            self.comparison.swap()
            return
        pair[side] = run
        self.comparison.choose(*pair)

    def _compare_with_pca(self) -> None:
        first = self.comparison.run(0)
        if first is not None:
            self.comparison.with_pca(first.id)

    def _show_pair(self) -> None:
        first, second = self.comparison.run(0), self.comparison.run(1)
        self._layers.setCurrentIndex(1 if first is not None and second is not None else 0)
        for side in self.sides:
            side.show_run()
        names = [run.name for run in (first, second) if run is not None]
        self.setWindowTitle(f"Compare {' and '.join(names)}" if len(names) == 2 else "Compare runs")
        self.with_pca.setEnabled(first is not None and first.recipe != PCA and not self.comparison.waiting)
        self._show_colouring()
        self._show_selection()
        self._show_measures()

    # Measures

    def _show_measures(self) -> None:
        comparison = self.comparison
        first, second = comparison.run(0), comparison.run(1)
        if first is None or second is None:
            return
        self.table.show_measures(comparison.result, first.name, second.name)
        running = comparison.running
        self.progress.setVisible(running)
        self.cancel.setVisible(running)
        known = comparison.fraction == comparison.fraction
        self.progress.setRange(0, 1000 if known else 0)
        if known:
            self.progress.setValue(round(1000 * comparison.fraction))
        self.again.setVisible(not running and (comparison.result is None or comparison.outdated))
        self.status.setText(self._status())

    def _status(self) -> str:
        """Say what the measures are of, or why there are none."""
        comparison = self.comparison
        if comparison.waiting:
            return "Training a PCA of the same width …"
        if comparison.running:
            left = f" · {span(comparison.seconds_left)} left" if comparison.seconds_left else ""
            return f"Measuring both runs{left}"
        if comparison.failure:
            return comparison.failure
        result = comparison.result
        if result is None:
            return "Not measured"
        told = [f"Measured on {counted(result.n_samples, 'sample')} {_PART.get(result.part, '')}".rstrip()]
        told += [
            f"{SIMILARITY[name][0]} {value:.2f}" for name, value in result.similarity.items()
            if name in SIMILARITY and value == value
        ]  # fmt: skip
        if comparison.outdated:
            told.insert(0, "A run has trained on since")
        self.status.setAccessibleDescription("; ".join(f"{title}: {tip}" for title, tip in SIMILARITY.values()))
        return " · ".join(told)

    # Linked views

    def _show_selection(self) -> None:
        selection = self._workspace.selection
        for side in self.sides:
            side.canvas.set_selection(selection)
        self.clear.setVisible(len(selection) > 0)
        self.clear.setText(f"{len(selection):,} selected  ✕")

    def _fill_colours(self) -> None:
        self.colour_box.clear()
        for name in self._workspace.colourings:
            self.colour_box.addItem({"": "none", "split": "part"}.get(name, name), name)
        self._show_colouring()

    def _show_colouring(self) -> None:
        self.colour_box.setCurrentIndex(max(self.colour_box.findData(self._workspace.colouring), 0))
        colouring = colouring_of(self._workspace)
        for side in self.sides:
            side.canvas.set_colouring(colouring)

    # Looks

    def _restyle(self) -> None:
        self.colour_box.setFont(theme().font("small"))
        ground = self._below.palette()
        ground.setColor(QPalette.ColorRole.Window, theme().color("panel"))
        self._below.setPalette(ground)
        self._below.setAutoFillBackground(True)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what only this window waits for, and remember its size."""
        self.comparison.cancel()
        QSettings().setValue("compare/size", self.size())
        super().closeEvent(event)


def _button(text: str, name: str, accessible: str, tip: str) -> QPushButton:
    return quiet_button(text, f"compare_{name}", accessible, tip)
